"""Made-up specs for the properties: sane ones of ordinary lines, with any line end, indent and bullet style."""

from __future__ import annotations

from hypothesis import strategies as st

VOCABULARY = """
fix the parser 漢字 naïve 😀 of socket `code` *now* a|b
x^2 C# <b> x] [y key: value -- 1. # end until always
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
MARKS = st.sampled_from(" /?x->!")
FOREIGN = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\n\r\t`#-^ []>|:\\*~<!\"'{}\0\u2028\x85")),
    max_size=40,
)
"""Words from outside: anything at all."""

VALUED = ("after", "verify", "paths", "why", "branch", "steer", "iterate", "note")
HEADINGS = ("Goal", "Queue", "Backlog", "Decisions", "Notes", "Done", "Acceptance criteria", "Muted", "Pinned")


@st.composite
def items(draw: st.DrawFn, ids: list[int], indent: str = "", depth: int = 0) -> list[str]:
    bullet = draw(st.sampled_from(["-", "*", "+"])) if depth == 0 else "-"
    text = draw(TEXTS)
    id = ""
    if draw(st.booleans()):
        ids[0] += 1
        id = f" ^q{ids[0]}"
    lines = [f"{indent}{bullet} [{draw(MARKS)}] {text}{id}"]
    inner = indent + draw(st.sampled_from(["  ", "\t" if not indent.strip(" ") and not indent else "  "]))
    if draw(st.integers(0, 5)) == 0:
        lines.append(f"{inner}and so on {draw(TEXTS)}")
    keys = draw(st.lists(st.sampled_from(VALUED), max_size=3))
    lines.extend(f"{inner}- {key}: {draw(TEXTS)}" for key in keys)
    if draw(st.integers(0, 4)) == 0:
        lines.append(f"{inner}- {draw(TEXTS)}")
    if depth < 2 and draw(st.integers(0, 4)) == 0:
        lines.extend(draw(items(ids, inner, depth + 1)))
    return lines


@st.composite
def sane(draw: st.DrawFn) -> bytes:
    """A spec as people write it; ids are never given twice."""
    ids = [0]
    lines: list[str] = []
    if draw(st.booleans()):
        lines += ["---", "cockpit:", "  loop: hold  # stop", f"  wip: {draw(st.integers(1, 4))}"]
        lines += ["  budget: {turns: 3}"] if draw(st.booleans()) else []
        lines += ["title: mine", "---"]
    for title in draw(st.lists(st.sampled_from(HEADINGS), max_size=5, unique=True)):
        if lines and draw(st.booleans()):
            lines.append("")
        lines.append(f"{'#' * draw(st.integers(1, 3))} {title}")
        if draw(st.booleans()):
            lines.append("")
        if title == "Muted":
            for _ in range(draw(st.integers(0, 2))):
                ids[0] += 1
                lines.append(f"- `t{ids[0]}` until it changes: {draw(TEXTS)} (2026-11-21 10:12) ^m{ids[0]}")
            continue
        for _ in range(draw(st.integers(0, 4))):
            what = draw(st.integers(0, 9))
            if what < 6:
                lines.extend(draw(items(ids)))
            elif what == 6:
                lines += ["", f"Some words {draw(TEXTS)}", ""]
            elif what == 7:
                lines += ["```text", "- [ ] no item ^q900", "## no heading", "```"]
            elif what == 8:
                lines += ["", "<!-- a note", "- [ ] no item", "-->", ""]
            else:
                lines += ["> - [ ] quoted", ""]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(lines) + (end if lines and draw(st.booleans()) else "")
    return (b"\xef\xbb\xbf" if draw(st.integers(0, 9)) == 0 else b"") + text.encode()


ODD = rb"""
---|cockpit:|  loop: on|# Goal|## Queue|- [ ] a|- [x] b ^q1|  - after: q1|```|~~~|<!--|-->|> - [ ] q|    - [ ] code
\t- [/] tab|1. [ ] one|Queue|===|\x7c a \x7c b \x7c|\x7c---\x7c---\x7c|- `t` until x: y (2026-01-01) ^m1|## Muted
## Live Signals||\r|a\rb|- - [ ] x|- [~] odd|- [] none|  - afer: q1|\xef\xbb\xbf|\xe2\x80\xa8- [ ] u|- [ ]|-
*  [ ] w  ^w
"""
ODD_LINES = [
    line.decode("unicode_escape").encode("latin-1") for line in ODD.strip(b"\n").replace(b"\n", b"|").split(b"|")
]
odd = st.builds(
    lambda lines, ends: b"".join(line + end for line, end in zip(lines, ends, strict=False)),
    st.lists(st.sampled_from(ODD_LINES), max_size=14),
    st.lists(st.sampled_from([b"\n", b"\r\n", b"\n", b""]), min_size=14, max_size=14),
)
"""Lines that mean something, in an order that means nothing."""
