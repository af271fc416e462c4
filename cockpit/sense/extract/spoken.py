"""What gates and supervisors say in plain words: preflights, session checks, the head of a queue, closeouts, routes."""

from __future__ import annotations

import re

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told

_GOOD = "ok|OK|Ok|passed|PASSED|pass|PASS|clean|green|good|healthy|alive|up|ready"
_BAD = (
    "FAILED|failed|FAIL|fail|failing|not ok|NOT OK|not responding|error|ERROR|broken|dead|down|missing|unhealthy"
    "|red|stale"
)
_WORD = rf"(?P<word>{_GOOD}|{_BAD}|warn(?:ing)?)\b"
_NAME = r"(?P<name>\w[\w./+-]{0,60})"
_ITEM = r"(?P<name>[\w.-]{1,60})"
_PREFLIGHT = re.compile(rf"[Pp]reflight(?: check)?[: ]+{_NAME}:? +{_WORD}")
_PREFLIGHT_ROW = re.compile(rf"[Pp]reflight(?: check)? {_NAME}: .")
_PREFLIGHT_FREE = re.compile(r"[Pp]reflight: (?P<name>[\w.-]{1,60}) .")
_CHECK = re.compile(rf"(?:session |health)?[Cc]heck {_NAME}[: ]+{_WORD}")
_ALIVE = re.compile(rf"{_NAME} (?:is )?(?P<word>alive|healthy|unhealthy|dead|not responding)\b(?:[,;: (]|$)")
_STALE = re.compile(rf"{_ITEM}(?: \(?pid \d+\)?)? (?:was )?started before .")
_COUNTED = re.compile(
    r"(?P<name>\w[\w -]{1,50}?)(?: check)?: (?P<count>\d+|no) [\w -]{0,40}"
    r"(?:differ|dead|broken|missing|stale|drift|mismatch|out of date|outdated|unresolved|violat)[\w ,-]{0,80}$"
)
_BLOCKED = re.compile(
    rf"(?:head )?{_ITEM}(?: \(position (?P<position>\d{{1,6}})\))? (?:is )?blocked by (?P<by>[\w.#/-]{{1,80}})"
)
_HEAD = re.compile(rf"head {_ITEM} (?:is )?(?P<word>running|ready|paused|empty)\b(?:, depth (?P<depth>\d{{1,6}}))?")
_CLOSEOUT = re.compile(rf"closeout {_ITEM}:? (?P<word>clean|ok|done|failed|dirty)\b")


def spoken(line: Line, stream: Stream) -> Told:  # noqa: ARG001 - the stream is what all recognisers get
    """A check with its outcome, or where a lane stands."""
    text = line.text
    if "reflight" in text:
        found = _PREFLIGHT.match(text)
        if found is not None:
            return [_outcome(line, "preflight", found["name"], found["word"])]
        found = _PREFLIGHT_ROW.match(text) or _PREFLIGHT_FREE.match(text)
        return None if found is None else [_outcome(line, "preflight", found["name"], "failed")]
    if "blocked by" in text or "head " in text or "closeout" in text:
        told = _lane(line)
        if told is not None:
            return told
    found = _CHECK.match(text) or _ALIVE.match(text)
    if found is not None:
        return [_outcome(line, "session.check", found["name"], found["word"])]
    found = _STALE.match(text)
    if found is not None:
        return [_outcome(line, "session.check", f"{found['name']}-build", "warn")]
    found = _COUNTED.match(text)
    if found is not None:
        good = found["count"] in ("0", "no")
        return [_outcome(line, "preflight", found["name"].lower().replace(" ", "-"), "ok" if good else "failed")]
    return None


def _outcome(line: Line, kind: str, name: str, word: str) -> Event:
    if word.startswith("warn"):
        return line.tell(kind, name, "warn", "warning")
    if re.fullmatch(_GOOD, word):
        return line.tell(kind, name, "ok")
    return line.tell(kind, name, "fail", "error")


def _lane(line: Line) -> Told:
    text = line.text
    found = _BLOCKED.match(text)
    if found is not None:
        item, by = found["name"], found["by"]
        if text.startswith("head "):
            return [line.tell("queue.state", _of(item), "blocked", "error", item=item, blocked_by=by)]
        position = _number(found["position"])
        return [line.tell("queue.item", item, "blocked", "warning", item=item, blocked_by=by, position=position)]
    found = _HEAD.match(text)
    if found is not None:
        item = found["name"]
        return [line.tell("queue.state", _of(item), found["word"], item=item, depth=_number(found["depth"]))]
    found = _CLOSEOUT.match(text)
    if found is not None:
        item = found["name"]
        if found["word"] in ("clean", "ok", "done"):
            return [line.tell("closeout", _of(item), "ok", item=item)]
        return [line.tell("closeout", _of(item), "fail", "error", item=item)]
    return None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _of(item: str) -> str:
    """The lane of an item that is named after its lane (main-7), else the item itself."""
    lane, dash, number = item.rpartition("-")
    return lane if dash and number.isdigit() else item
