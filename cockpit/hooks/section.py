"""The section of AGENTS.md that tells agents of the checks when they stop (R182): put at the end, taken out exactly."""

from __future__ import annotations

import re

BEGIN, END = "<!-- cockpit: checks -->", "<!-- cockpit: end -->"
JOINED = "<!-- cockpit: checks, after a line without an end -->"
"""The opening mark where the file before did not end with a line break: by it that is restored."""
WORDS = """\
## Checks run when you stop

- When you stop, the harness runs the verification of the task (`verify:` in SPEC.md). If it fails you are sent back
  with what it said: mend the cause. It is run again out of your reach, on the merged tree, with protected files as
  they were.
- Do not edit, skip, loosen or delete a check or a test to get past it, and do not pass hooks by (`--no-verify`).
- When you cannot go on, say so: an answer with status `blocked`, `escalate` or `asks` and a reason is a good end.
"""
_SECTION = re.compile(
    rf"(?P<gap>\n?)(?P<mark>{re.escape(BEGIN)}|{re.escape(JOINED)})\n.*?{re.escape(END)}\n?", re.DOTALL
)


def with_section(data: bytes | None) -> bytes:
    """The file with our section as it is now, at its end or where an older one stands. None is no file."""
    text = (data or b"").decode("utf-8", "surrogateescape")
    found = _SECTION.search(text)
    if found is not None:
        written = f"{found['gap']}{found['mark']}\n{WORDS}{END}\n"
        text = text[: found.start()] + written + text[found.end() :]
    elif not text:
        text = f"{BEGIN}\n{WORDS}{END}\n"
    else:
        mark = f"\n{BEGIN}" if text.endswith("\n") else f"\n{JOINED}"
        text = f"{text}{mark}\n{WORDS}{END}\n"
    return text.encode("utf-8", "surrogateescape")


def without_section(data: bytes | None) -> bytes | None:
    """The file as it was before; None when it held nothing else, or is none."""
    if data is None:
        return None
    text = data.decode("utf-8", "surrogateescape")
    text = _SECTION.sub("", text, count=1)
    return text.encode("utf-8", "surrogateescape") if text else None


def has_section(data: bytes | None) -> bool:
    """Whether the section is there, of this version or an older one."""
    return data is not None and _SECTION.search(data.decode("utf-8", "surrogateescape")) is not None
