"""Whether a sentence takes a thing for there, asks for it to be made, or says that it is gone. Pure.

Told by the last verb before the mention and the preposition between: `add X to Y` makes X and needs Y. Where the words
leave a doubt the answer is `maybe`, and only hard evidence speaks against such a mention.
"""

from __future__ import annotations

import re
from typing import Literal

Expect = Literal["there", "maybe", "made", "gone"]

HOLE = "·"
"""Stands for each character of code and quotes: their words are no verbs of the sentence."""


def _any(words: str, endings: str = "") -> str:
    return rf"(?:{'|'.join(words.split())}){endings}"


_FORMS = r"(?:s|es|ed|d|ing|ped|ping)?"
_MAKE = _any(
    "add create introduc[e]? generat[e]? implement buil[dt] mak[e]? writ[e]? wrote made draft scaffold put plac[e]?",
    _FORMS,
)
_MOVE = _any("renam[e]? mov[e]? extract split convert cop[yi] port rewrit[e]? migrat[e]? promot[e]? factor", _FORMS)
_CHANGE = _any("replac[e]? chang[e]? swap substitut[e]? switch reword correct", _FORMS)
_HARD = _any(
    "fix remov[e]? delet[e]? drop refactor simplif[yi] inlin[e]? deprecat[e]? debug speed harden tighten updat[e]? edit"
    " see read look follow speak stand lie",
    _FORMS,
)
_USE = _any(
    "us[e]? call support allow accept pass set show print giv[e]? return emit expos[e]? export provid[e]? offer"
    " register wir[e]? handl[e]? reus[e]? import document keep take produc[e]? sav[e]? stor[e]? want need",
    _FORMS,
)
_GROUPS = (("make", _MAKE), ("move", _MOVE), ("change", _CHANGE), ("hard", _HARD), ("use", _USE))
_VERB = re.compile(rf"(?<![\w-])(?:{'|'.join(f'(?P<{name}>{verbs})' for name, verbs in _GROUPS)})(?![\w-])")
_NOUN = re.compile(r"(?<![\w-])(?:the|a|an|per|each|every|this|that|no|any|its|our|their|last|first|next|new|of) $")
_BESIDE = (
    r"for|of|from|like|beside|besides|after|before|below|above|near|by|via|through|using|against|than|around|over"
    r"|behind|next to|similar to|based on|on top of|instead of|between|on|see|calls?|uses?"
)
_INTO = r"to|into|in|under|inside|within|at|that|which|where|when|so|as"
_PREPOSITION = re.compile(rf"(?<![\w-])(?:(?P<there>{_BESIDE})|(?P<into>{_INTO}))(?![\w-])")
_DESTINATION = re.compile(r"(?<![\w-])(?:to|into|as|onto|with|by)(?![\w-])|→|->|=>")
_NEW = re.compile(r"(?<![\w-])new(?: \w+)?[ :]*\W?$|(?<![\w-])(?:called|named) *$")
_NO = re.compile(
    r"(?<![\w-])(?:there (?:is|was|are) (?:no|not yet)|no(?: such| longer)?|without|missing|lacks?|absent|non-?existent"
    r"|used to (?:be|live|stand)|formerly|old name)(?: \w+)? *$"
)
_GONE_AFTER = re.compile(
    r"^\W*(?:\w+ ){0,4}?(?:(?:is|are|was|were|has|have|had|got)(?:n't| not)? (?:\w+ )?"
    r"(?:missing|gone|absent|there|removed|deleted|vanished|renamed|dropped)"
    r"|(?:does|do|did)(?:n't| not) (?:\w+ )?exist|no longer exists?|never existed|not found)"
)
_MADE_AFTER = re.compile(
    r"^\W*(?:(?:should|must|shall|will|would|needs? to|has to|have to|is to|are to|can) (?:\w+ )?(?:exist|be (?:\w+ )?"
    r"(?:created|added|made|written|introduced|generated|there))|(?:is|are|gets?) (?:\w+ )?(?:created|written|generated"
    r"|added|made)|\(new\b|\(to be (?:made|added|written|created)|\(does ?n.t exist)"
)
_STATES = _any(
    "is are was were has have does do did fails? drops? returns? reads? writes? loses? still now takes? uses? calls?"
    " raises? throws? crash(?:es)? hangs? ignores? misses skips? never always can(?:not|'t)? swallows? leaks? says?"
    " holds? contains? shows? stands? lies? prints? gives? runs? starts? stops? ends? makes? sends? gets? goes breaks?"
    " blocks? keeps? forgets? needs? should must"
)
_STATE_AFTER = re.compile(rf"^\W*(?:(?:in|of|at|from|on) {HOLE}+\W*)?(?:\w+ly )?{_STATES}(?![\w-])")
_OTHERWISE = _any(
    "faster slower shorter longer smaller larger bigger simpler clearer safer stricter cleaner quieter better cheaper"
    " more less safe private public async optional accept return raise retry work stop read write fail ignore handle"
    " print show use take wait reusable testable readable importable configurable available"
)
_BECOMES = re.compile(rf"^[`\"' ]*(?:in {HOLE}+[`\"']* )?(?:{_OTHERWISE}|{_STATES})(?![\w-])")
"""Behind what is made to be or do something else: "make X faster", "make X accept a path"."""
_THERE_BEFORE = re.compile(
    r"(?<![\w-])(?:in|inside|of|from|at|the|this|our|see|per|file|module|class|function|method) *[(]?$"
)
_ONE_MORE = re.compile(
    r"(?<![\w-])(?:an?|another)(?: [\w-]+){0,2}"
    r" (?:file|module|class|function|method|helper|page|table|script|test) *[(]?$"
)
_EXAMPLE = re.compile(r"(?<![\w-])(?:e\.g\.|for example|for instance|such as|say|something like),? *$")
_WANTED = re.compile(
    r"(?<![\w-])(?:should|must|shall|will|would|to|let|make|so that|instead|say|saying|print|warn|answer|reply)"
    r"(?![\w-])"
)


def expect(before: str, after: str, lead: Expect | None = None) -> tuple[Expect, str]:
    """What a sentence says of a mention, and the kind of verb that says so (make, move, change, hard, use or none).

    Without a verb before it a mention is taken for there when something is said of it ("drops", "is") or it stands
    behind "in", "of", "the"; a bare list of names is not.

    `before` and `after` are the words around it, code and quotes as `HOLE`s; `lead` is what the line above asks for
    when it ends with a colon.
    """
    before, after = before.lower(), after.lower()
    verbs = _verbs(before)
    kind = verbs[-1].lastgroup or "" if verbs else ""
    if _GONE_AFTER.search(after) or _NO.search(before):
        return "gone", kind
    if _MADE_AFTER.search(after) or _NEW.search(before):
        return "made", kind
    if re.search(rf"{HOLE}+[`\"”' ]*(?:→|->|=>) *[`\"“']?$", before):
        return "made", kind
    if _EXAMPLE.search(before):
        return "maybe", kind
    if not verbs:
        if lead:
            return lead, ""
        if _ONE_MORE.search(before):
            return "maybe", ""
        if _STATE_AFTER.search(after):
            return "there", "hard"
        return ("there" if _THERE_BEFORE.search(before) else "maybe"), ""
    tail = before[verbs[-1].end() :]
    if re.match("ma[kd]", verbs[-1][0]) and not tail.strip("`\"' ") and _BECOMES.match(after):
        return "there", "hard"
    if ": " in tail and _STATE_AFTER.search(after):
        return "there", "hard"
    return _governed(kind, tail), kind


def _verbs(before: str) -> list[re.Match[str]]:
    """The verbs that say something of what follows: no nouns ("the fix"), and through a colon only those that make."""
    colon = before.rfind(": ")
    return [
        found
        for found in _VERB.finditer(before)
        if not _NOUN.search(before[max(0, found.start() - 12) : found.start()])
        and (found.start() > colon or found.lastgroup == "make")
    ]


def _governed(kind: str, tail: str) -> Expect:
    match kind:
        case "make":
            words = list(_PREPOSITION.finditer(tail))
            if not words:
                return "made"
            return "there" if words[-1]["there"] else "maybe"
        case "move":
            return "made" if _DESTINATION.search(tail) else "there"
        case "change":
            at = tail.find(HOLE)
            return "made" if at >= 0 and _DESTINATION.search(tail[at:]) else "there"
        case _:
            return "there"


def wanted(before: str) -> bool:
    """Whether the words before a quote say how it should be, not how it is."""
    return bool(_WANTED.search(before.lower()))


def leads(text: str) -> Expect | None:
    """What a line that ends with a colon says of those nested below it."""
    words = text.rstrip("*_ ").lower()
    if not words.endswith(":"):
        return None
    verbs = list(_VERB.finditer(words))
    if verbs and verbs[-1].lastgroup == "make":
        return "made"
    return "made" if re.search(r"(?<![\w-])new (?:files?|modules?|classes|functions?|tests?)", words) else None
