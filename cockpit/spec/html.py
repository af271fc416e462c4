"""Where raw HTML begins and ends, by CommonMark's rules (section 4.6): what is in it is no structure."""

from __future__ import annotations

import re

COMMENT = re.compile(rb"-->")
UNTIL_BLANK = re.compile(rb"(?!)")
"""The end of HTML that a blank line ends: `<details>` and other blocks, and a line that is one tag."""

_ATTRIBUTE = rb"\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
_TAG = rb"<(?:/[a-z][a-z0-9-]*\s*|[a-z][a-z0-9-]*(?:" + _ATTRIBUTE + rb")*\s*/?)>"
_RAW = rb"script|pre|style|textarea"
_BLOCKS = b"|".join(
    rb"""address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt
    fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link
    main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead
    title tr track ul""".split()
)
_ENDS = (
    (
        re.compile(rb"<(?:" + _RAW + rb")(?:\s|>|$)", re.IGNORECASE),
        re.compile(rb"</(?:" + _RAW + rb")>", re.IGNORECASE),
    ),
    (re.compile(rb"<!--"), COMMENT),
    (re.compile(rb"<\?"), re.compile(rb"\?>")),
    (re.compile(rb"<!\[CDATA\["), re.compile(rb"\]\]>")),
    (re.compile(rb"<![A-Za-z]"), re.compile(rb">")),
    (re.compile(rb"</?(?:" + _BLOCKS + rb")(?:\s|/?>|$)", re.IGNORECASE), UNTIL_BLANK),
)
_ALONE = re.compile(_TAG + rb"\s*$", re.IGNORECASE)


def html_end(line: bytes, *, paragraph: bool) -> re.Pattern[bytes] | None:
    """What ends the raw HTML that begins with this line; None when it begins none.

    A line that is one tag of any other name does not interrupt a paragraph.
    """
    for begin, end in _ENDS:
        if begin.match(line):
            return end
    return UNTIL_BLANK if not paragraph and _ALONE.match(line) else None
