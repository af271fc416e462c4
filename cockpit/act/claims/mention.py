"""What a text mentions of a tree: paths, lines, identifiers, quoted strings, and what its words say of each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from cockpit.act.claims import forms
from cockpit.act.claims.tense import HOLE, Expect, expect, leads, wanted
from cockpit.facts import ClaimKind

LONGEST = 200
"""Characters of a quote that is looked for."""
MOST = 200
"""Mentions of one text."""
BEFORE, BEHIND = 300, 100
"""Characters of a sentence before and behind a mention that are read."""
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[.\]\s+)?")
_SENTENCE = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!cf\.)(?<!vs\.)(?<=[.!?;])\s+(?=\S)")
_TOKEN = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\[[^\]]*\]\((?P<link>[^()\s]+)[^)]*\)"
    r"|(?P<web>[a-z][a-z0-9+.-]*://\S+)"
    r"|“(?P<curly>[^”]+)”|(?<![\w=(])\"(?P<quote>[^\"]+)\"(?!\w)"
    r"|(?<![\w])[Ll]ines? (?P<first>\d{1,7})(?:\s*(?:-|–|to|and|through)\s*(?P<last>\d{1,7}))?(?!\w|\.\d)"
    r"|(?P<word>[^\s`\"“”\[\]()<>{},;]+(?:\(\))?)"
)
_SAYS = re.compile(
    r"(?<![\w-])(?:says?|said|reads?|contains?|has|holds?|prints?|shows?|states?|mentions?|claims?|lists?|still|stands?"
    r"|text|string|heading|title|comment|message|error|label|sentence|words?)(?![\w-])"
)
_BEHIND = re.compile(r"[\s:,]*(?:still |now )?(?:says?|reads?|contains?|has|holds?|prints?|is)[\s:]*")
"""Between a file and code in backticks that it is said to hold."""
_NAMED = re.compile(
    r"(?<![\w-])(?:string|message|error|text|label|literal|heading|title|comment|sentence)"
    r"(?: (?:is|says|that says))?[:,]? *$"
)
_FILLED = re.compile(r"\.\.\.|…|\{\w*\}|<[\w -]+>|%[sdrf]|\bN\b|\bXX+\b|\$\w")


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that a text says of the tree."""

    kind: ClaimKind
    what: str
    """As it is written, without its backticks or quotes."""
    expect: Expect
    path: str = ""
    """The path itself; for the others the file that they are said to be in, empty when none is named."""
    first: int = 0
    last: int = 0
    """The lines named, 0 when none is."""
    name: str = ""
    """The identifier without its call; of a line, the identifier that is said to stand there."""
    loose: bool = False
    """It may be something else: what is not there is not told."""
    hard: bool = False
    """Something is to be done with it as it is (fix, remove, rename ...), so that it must be there."""
    source: str = ""
    """Where it is said: `item`, a field, another file with its line."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    at: tuple[int, int] = (0, 0)


def mentions(text: str, source: str = "item") -> list[Mention]:
    """The mentions of a text in markdown, in order, each once; fenced code says nothing."""
    found: list[Mention] = []
    lead: Expect | None = None
    for block, nested in _blocks(text):
        if not nested:
            lead = None
        here: list[Mention] = []
        for sentence in _SENTENCE.split(block):
            last = next((each.path for each in reversed([*found, *here]) if each.kind == "path"), "")
            here += _sentence(sentence, lead, last)
        found += here
        lead = leads(block) or lead
        if len(found) > MOST:
            break
    return list(dict.fromkeys(replace(each, source=source) for each in found[:MOST]))


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Paragraphs and list items on one line each, and whether they are nested below the first."""
    fenced, kept, nested = False, "", False
    for row in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split("\n"):
        if _FENCE.match(row):
            fenced = not fenced
            continue
        if fenced:
            continue
        bullet = _BULLET.match(row)
        if bullet or not row.strip() or row.lstrip().startswith(("#", "|")):
            if kept:
                yield kept, nested
            kept, nested = row[bullet.end() if bullet else 0 :].strip("# |\t\r"), row[:1].isspace()
        else:
            kept = f"{kept} {row.strip()}".strip()
    if kept:
        yield kept, nested


def _tokens(sentence: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(sentence):
        kind = found.lastgroup or ""
        if found["code"] is not None:
            yield _Token("code", found["code"].strip(), found.start(), found.end())
        elif found["link"] is not None:
            target = found["link"].partition("#")[0] if not re.search(r"#L\d", found["link"]) else found["link"]
            yield _Token("web" if "://" in target else "code", target.strip("<>"), found.start(), found.end())
        elif found["curly"] is not None or found["quote"] is not None:
            yield _Token("quote", found["curly"] or found["quote"], found.start(), found.end())
        elif found["first"] is not None:
            first = int(found["first"])
            yield _Token("line", found[0], found.start(), found.end(), (first, max(first, int(found["last"] or 0))))
        elif kind == "word":
            word = found["word"].rstrip(".:!?'*_").lstrip("'*_")
            yield _Token("word", word, found.start(), found.start() + len(found["word"]))


def _masked(sentence: str, tokens: list[_Token]) -> str:
    """The sentence with code, quotes and paths as holes, character for character."""
    masked = list(sentence)
    for token in tokens:
        if token.kind in ("code", "quote", "web") or (token.kind == "word" and _meant(token)):
            masked[token.start : token.end] = HOLE * (token.end - token.start)
    return "".join(masked)


def _meant(token: _Token) -> forms.Path | str | None:
    """The path or the identifier that a token is."""
    code = token.kind == "code"
    if token.kind not in ("code", "word"):
        return None
    return forms.path_of(token.text, code=code) or forms.name_of(token.text, code=code) or None


def _sentence(sentence: str, lead: Expect | None, last: str) -> list[Mention]:
    tokens = list(_tokens(sentence))
    masked = _masked(sentence, tokens)
    seen: list[tuple[_Token, Mention]] = []
    for token in tokens:
        meant = _meant(token)
        if meant is None:
            continue
        before, after = _around(masked, token)
        how, verb = expect(before, after, lead)
        if isinstance(meant, forms.Path):
            if meant.loose and re.search(
                r"(?:branch(?:es)?|tag|remote|endpoint|route|package|image|url) *$", before.lower()
            ):
                continue
            mention = Mention("path", token.text, how, meant.path, loose=meant.loose, hard=verb in ("hard", "move"))
            seen.append((token, mention))
            if meant.first:
                seen.append((token, Mention("line", token.text, how, meant.path, meant.first, meant.last)))
            if meant.node:
                node = re.split(r"::|\[", meant.node.rstrip("]"))
                names = [part for part in node if re.fullmatch(r"\w+", part)]
                how = "maybe" if how == "there" else how
                seen += [(token, Mention("identifier", part, how, meant.path, name=part)) for part in names[:2]]
        else:
            if re.search(
                r"(?:variable|env|environment|setting|flag|option|column|table|key|header) *$", before.lower()
            ):
                continue
            how = "maybe" if how == "there" and verb in ("use", "make") else how
            mention = Mention("identifier", token.text, how, name=meant, hard=verb in ("hard", "move"))
            seen.append((token, mention))
    seen = _placed(masked, seen)
    paths = [(token, mention) for token, mention in seen if mention.kind == "path" and not mention.loose]
    lines = [token for token in tokens if token.kind == "line"]
    for token in lines:
        path = _file_of(token, paths, masked) or ("" if paths else last)
        if path:
            how, _ = expect(*_around(masked, token), lead)
            how = "maybe" if how == "made" else how
            seen.append((token, Mention("line", f"{path}:{token.at[0]}", how, path, *token.at)))
    located = [(token, each) for token, each in seen if each.kind == "line"]
    for token in tokens:
        quote = _quote(token, masked, paths, located, last if lines else "")
        if quote is not None:
            seen.append((token, quote))
    return [mention for _, mention in sorted(seen, key=lambda pair: pair[0].start)]


def _around(masked: str, token: _Token) -> tuple[str, str]:
    """The words before and behind it that can say something of it."""
    return masked[max(0, token.start - BEFORE) : token.start], masked[token.end : token.end + BEHIND]


def _placed(masked: str, seen: list[tuple[_Token, Mention]]) -> list[tuple[_Token, Mention]]:
    """Identifiers with the file that the words beside them name: `` `parse()` in src/a.py``, ``a.py:12 `parse` ``."""
    placed = dict(enumerate(seen))
    for (at, (one, first)), (beyond, (two, second)) in pairwise(enumerate(seen)):
        between = masked[one.end : two.start]
        if first.kind == "identifier" and second.kind == "path" and not second.loose:
            if re.fullmatch(r",? *(?:\(?(?:in|of|from|at) *|\() *", between) and first.hard:
                placed[at] = (one, replace(first, path=second.path))
            follows = seen[beyond + 1][1] if beyond + 1 < len(seen) else second
            if re.fullmatch(r",? *(?:\(?(?:in|at) *|\() *", between) and follows.kind == "line":
                placed[beyond + 1] = (two, replace(follows, name=first.name))
        elif first.kind == "line" and second.kind == "identifier" and re.fullmatch(r"[:,]? *\(?", between):
            placed[at] = (one, replace(first, name=second.name))
    return [placed[at] for at in sorted(placed)]


def _file_of(token: _Token, paths: list[tuple[_Token, Mention]], masked: str) -> str:
    """The file that a `line 40` is of: the one that `of` or `in` names next, else the last one before it."""
    for other, mention in paths:
        if other.start > token.end and re.fullmatch(
            r" *(?:of|in) +(?:the +)?(?:file +)?", masked[token.end : other.start]
        ):
            return mention.path
    if re.match(r" *(?:of|in) +(?!·)", masked[token.end :]):
        return ""  # of something that is no file
    return next((mention.path for other, mention in reversed(paths) if other.end <= token.start), "")


def _quote(
    token: _Token,
    masked: str,
    paths: list[tuple[_Token, Mention]],
    located: list[tuple[_Token, Mention]],
    last: str,
) -> Mention | None:
    """A quoted string that the sentence says is somewhere; None for other quotes."""
    text = token.text.strip()
    if token.kind == "code" and (not re.search(r"\s", text) or forms.name_of(text, code=True)):
        return None
    if (
        token.kind not in ("quote", "code")
        or len(text) < 4
        or len(text) > LONGEST
        or not re.search(r"[A-Za-z]{2}", text)
    ):
        return None
    if _FILLED.search(text):
        return None
    before, after = _around(masked, token)
    how, verb = expect(before, after)
    line = next((each for _, each in located), None)
    path = line.path if line else next((each.path for _, each in paths), last)
    if path:
        where = [other for other, each in (*paths, *located) if each.path == path]
        ahead = [other for other in where if other.end <= token.start]
        said = masked[ahead[-1].end if ahead else 0 : token.start].lower()
        says = bool(_SAYS.search(said)) or any(
            re.fullmatch(r" *(?:at|in|on|\() *", masked[token.end : other.start]) for other in where
        )
        if not says and not (line is not None and verb in ("change", "hard")):
            return None
        if token.kind == "code" and not _BEHIND.fullmatch(said):
            return None
        how = "there" if how == "maybe" and not verb else how
    elif token.kind == "code" or not _NAMED.search(before.lower()):
        return None
    if how == "there" and wanted(before) and verb not in ("change", "hard"):
        how = "made"
    if verb in ("use", "make") and how == "there":
        how = "maybe"
    first, end = (line.first, line.last) if line else (0, 0)
    return Mention("quote", text, how, path, first, end)
