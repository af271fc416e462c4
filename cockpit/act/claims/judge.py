"""What the tree says to each mention: holds, stale, to be made, unknown. Pure.

False alarms are worse than misses: `stale` needs that the sentence takes the thing for there (`tense`), or hard
evidence (git saw it go, the working tree has it, the file has fewer lines).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.act.claims import forms, near
from cockpit.act.claims.ground import HITS, Ground, defines, defining, prose
from cockpit.act.claims.mention import Mention
from cockpit.act.claims.said import Said
from cockpit.clean import line as flat
from cockpit.facts import Claim, ClaimState
from cockpit.persist.tree import Hit


@dataclass(frozen=True, slots=True)
class _Told:
    """A state with its words."""

    state: ClaimState
    evidence: str = ""
    suggestion: str = ""
    path: str = ""
    line: int = 0


def judge(said: Said, ground: Ground) -> list[Claim]:
    """The claims in the order they are made, each once; what turns out to be no claim is left out."""
    found: dict[tuple[str, str, str], Claim] = {}
    for mention in said.mentions:
        told = _TELL[mention.kind](mention, said, ground)
        if told is None:
            continue
        claim = Claim(
            kind=mention.kind,
            what=flat(mention.what, 160),
            state=told.state,
            source=flat(mention.source, 120),
            evidence=flat(told.evidence, 240),
            suggestion=flat(told.suggestion, 200),
            path=told.path,
            line=told.line,
        )
        key = (claim.kind, claim.what, claim.suggestion if claim.kind == "line" else "")
        known = found.get(key)
        if known is None or (known.state != "stale" and claim.state == "stale"):
            found[key] = claim
    stale = {claim.what for claim in found.values() if claim.kind == "path" and claim.state == "stale"}
    return [claim for claim in found.values() if not (claim.kind == "line" and claim.what in stale)]


def _made(name: str, mention: Mention, said: Said) -> _Told | None:
    """Told of what is not there, when that is as it should be."""
    if mention.expect == "gone":
        return _Told("holds", "is not there, as it says")
    folder = next((made for made in said.made if made.endswith("/") and name.startswith(made)), "")
    by = said.made.get(name, said.made.get(folder, "") if folder else None)
    if mention.expect == "made" or by is not None:
        return _Told("to be made", f"{by} makes it" if by else "")
    return None


def _path(mention: Mention, said: Said, ground: Ground) -> _Told | None:
    found = ground.index.find(mention.path)
    if len(found) == 1:
        lines = ground.texts.get(found[0])
        size = f"{_count(lines)} lines" if lines is not None else "a folder" if found[0].endswith("/") else "is there"
        elsewhere = "" if found[0].rstrip("/") == mention.path.rstrip("/") else f"`{found[0]}`, "
        return _Told("holds", elsewhere + size, path=found[0])
    if found:
        return _Told("holds", f"{len(found)} of that name: {', '.join(found[:3])}")
    return _made(mention.path, mention, said) or _missing(mention, ground)


def _missing(mention: Mention, ground: Ground) -> _Told | None:
    path = mention.path.rstrip("/")
    gone = ground.gone.get(path)
    if gone is not None and (gone.to or mention.expect != "maybe"):
        how = (
            f"moved in {gone.commit} ({gone.subject})" if gone.to else f"was deleted in {gone.commit} ({gone.subject})"
        )
        return _Told("stale", how, gone.to)
    if mention.loose:
        return None
    if path in ground.dirty and path not in ground.ignored:
        return _Told("stale", "is only in your working tree, not committed", "commit it first")
    if path in ground.ignored:
        return _Told("unknown", "git ignores it")
    module = next(
        (part for part in _above(path) if (entry := ground.index.paths.get(part)) and entry.mode != "100644"), ""
    )
    if module:
        return _Told("unknown", f"lies behind `{module}`, a submodule or link")
    name = path.rpartition("/")[2]
    code = [hit for hit in ground.hits.get(name, ()) if not prose(hit.path)]
    if code and not forms.hand_written(path):
        return _Told("unknown", f"the code names it at {_at(code[0])}: perhaps made when it runs")
    named = [each for each in ground.index.names.get(name, ()) if each.rpartition("/")[2] == name]
    suggestion = near.path(path, ground.index.paths, named)
    evidence = "is not there"
    if mention.expect == "maybe":
        folder = path.rpartition("/")[0]
        astray = bool(folder) and not ground.index.find(folder) and len(named) == 1 and suggestion == named[0]
        return _Told("stale", evidence, suggestion) if astray else _Told("unknown", evidence, suggestion)
    if forms.test_like(path) and not mention.hard and suggestion not in named:
        return _Told("unknown", "is not there: perhaps still to be written", suggestion)
    if suggestion:
        return _Told("stale", evidence, suggestion)
    if mention.hard or (forms.hand_written(path) and "/" in path):
        return _Told("stale", evidence) if forms.hand_written(path) or "/" in path else _Told("unknown", evidence)
    return _Told("unknown", evidence)


def _line(mention: Mention, _said: Said, ground: Ground) -> _Told | None:
    found = ground.index.find(mention.path)
    if len(found) != 1 or (lines := ground.texts.get(found[0])) is None:
        return None  # the path's own claim says what there is to say
    path, count = found[0], _count(lines)
    stands = _stands(mention.name, lines) if mention.name else 0
    if mention.last > count:
        where = f"{path}:{stands}" if stands else ""
        return _Told("stale", f"line {mention.last} is past its end: `{path}` has {count} lines", where)
    if not mention.first:
        return _Told("stale", "lines count from 1")
    here = lines[mention.first - 1].strip()
    if stands and not _belongs(mention, lines):
        what = f"`{forms.last_of(mention.name)}` stands at line {stands} of `{path}` now"
        return _Told("stale", what, f"{path}:{stands}")
    return _Told(
        "holds",
        f"`{path}:{mention.first}`: {here}" if here else f"`{path}` has {count} lines",
        path=path,
        line=mention.first,
    )


def _stands(name: str, lines: Sequence[str]) -> int:
    """The line where a name is defined, else where it stands first; 0 when nowhere."""
    word = re.compile(rf"(?<!\w){re.escape(forms.last_of(name))}(?!\w)")
    here = [number for number, text in enumerate(lines, 1) if word.search(text)]
    defined = [number for number in here if defines(forms.last_of(name), lines[number - 1])]
    return next(iter(defined or here), 0)


def _belongs(mention: Mention, lines: Sequence[str]) -> bool:
    """Whether the name stands at the lines named, beside them, or above them as what they are inside of."""
    word = re.compile(rf"(?<!\w){re.escape(forms.last_of(mention.name))}(?!\w)")
    first, last = max(1, mention.first - 2), min(len(lines), mention.last + 2)
    if any(word.search(lines[number - 1]) for number in range(first, last + 1)):
        return True
    inner = _indent(lines[mention.first - 1])
    for number in range(mention.first - 1, 0, -1):
        text = lines[number - 1]
        if not text.strip():
            continue
        if _indent(text) < inner:
            inner = _indent(text)
            if word.search(text):
                return True
    return not lines[mention.first - 1].strip()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _identifier(mention: Mention, said: Said, ground: Ground) -> _Told | None:
    name = forms.last_of(mention.name)
    hits = [hit for hit in ground.hits.get(name, ()) if not prose(hit.path)]
    owner = forms.parts_of(mention.name)[0]
    if owner != name and owner[:1].isupper() and owner not in ground.hits:
        hits = []  # another thing of that name
    best = defining(name, hits)
    files = ground.index.find(mention.path) if mention.path else []
    lines = ground.texts.get(files[0]) if len(files) == 1 else None
    if (
        lines is not None
        and mention.expect == "there"
        and mention.hard
        and not _stands(name, lines)
        and name not in said.made
    ):
        if best is not None:
            return _Told("stale", f"is not in `{files[0]}`", _at(best))
        suggestion = near.name(name, {word for text in lines for word in re.findall(r"[A-Za-z_$][\w$]{3,60}", text)})
        return _Told("stale", f"is not in `{files[0]}`", suggestion or near.name(name, ground.like))
    if best is not None:
        places = len({hit.path for hit in hits})
        most = " or more" if len(hits) >= HITS else ""
        count = f"{len(hits)} line{'s' * (len(hits) > 1)}{most} in {places} file{'s' * (places > 1)}"
        return _Told("holds", f"{count}, `{_at(best)}`: {best.text.strip()}", path=best.path, line=best.line)
    module = ground.index.module(mention.name)
    if module:
        return _Told("holds", f"`{module[0]}`", path=module[0])
    made = _made(name, mention, said)
    if made is not None:
        return made
    suggestion = near.name(name, ground.like)
    told = ground.hits.get(name, ())
    evidence = f"only prose has it, `{_at(told[0])}`" if told else "is nowhere in the tree"
    if mention.expect == "there" and suggestion:
        return _Told("stale", evidence, suggestion)
    end = ground.dropped.get(name)
    if end is not None:
        return _Told("stale", f"is gone since {end[0]} ({end[1]})")
    if mention.path and not files:
        return _Told("unknown", f"{evidence}, nor is its file", suggestion)
    if (
        mention.expect == "there"
        and mention.hard
        and forms.called(mention.what)
        and not told
        and "." not in mention.name
    ):
        return _Told("stale", evidence)
    return _Told("unknown", evidence, suggestion)


def _quote(mention: Mention, _said: Said, ground: Ground) -> _Told | None:
    files = ground.index.find(mention.path) if mention.path else []
    if mention.path and not files:
        return None
    if mention.expect == "gone":
        return None
    lines = ground.texts.get(files[0]) if len(files) == 1 else None
    hits = ground.hits.get(mention.what, ())
    if lines is None:
        if hits:
            return _Told("holds", f"`{_at(hits[0])}`: {hits[0].text.strip()}", path=hits[0].path, line=hits[0].line)
        return (
            _Told("to be made")
            if mention.expect == "made"
            else _Told("unknown", "is nowhere in the tree as it is written")
        )
    path = files[0]
    here = _lines_with(mention.what, lines)
    inside = [number for number in here if not mention.first or mention.first <= number <= mention.last]
    if inside:
        return _Told("holds", f"`{path}:{inside[0]}`", path=path, line=inside[0])
    if mention.expect == "made":
        return _Told("to be made")
    if here:
        named = f"line {mention.first}" if mention.first == mention.last else f"lines {mention.first} to {mention.last}"
        nearest = min(here, key=lambda number: abs(number - mention.first))
        return _Told("stale", f"is not at {named} of `{path}`: it stands at line {nearest} now", f"{path}:{nearest}")
    if hits and mention.expect == "there":
        return _Told("stale", f"is not in `{path}`", _at(hits[0]))
    number = near.line(mention.what, lines)
    if mention.expect == "there":
        suggestion = f"{path}:{number} {lines[number - 1].strip()}" if number else ""
        return _Told("stale", f"is nowhere in `{path}`", suggestion)
    return _Told("unknown", f"is not in `{path}`")


_TELL = {"path": _path, "line": _line, "identifier": _identifier, "quote": _quote}


def _lines_with(words: str, lines: Sequence[str]) -> list[int]:
    """The lines where the words begin, whatever the spaces between them and also across line ends."""
    flat = " ".join(words.split())
    here = [number for number, text in enumerate(lines, 1) if flat in " ".join(text.split())]
    if here:
        return here
    for number in range(1, len(lines)):
        pair = " ".join(" ".join(lines[number - 1 : number + 2]).split())
        if flat in pair and flat not in " ".join(" ".join(lines[number : number + 2]).split()):
            return [number]
    return []


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _at(hit: Hit) -> str:
    return f"{hit.path}:{hit.line}"


def _count(lines: Sequence[str]) -> int:
    """Lines of a file that was split at its newlines."""
    return len(lines) - (not lines[-1]) if lines else 0
