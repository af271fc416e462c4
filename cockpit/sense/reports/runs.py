"""One run of a job as events: it starts, its tests or findings, its end (docs/events.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec

from cockpit.clean import line
from cockpit.sense.events import Event, Level, safe
from cockpit.sense.reports.places import inside
from cockpit.sense.reports.told import About, Found, Tested

APART = 500
"""Findings of one report that are told file by file; of more, each rule is told once."""
TEXT = 1900
"""Characters of a failure's text that go along as evidence."""
KEY = 120
"""Characters a key may have."""

_LEVELS: tuple[Level, ...] = get_args(Level)
_ERROR = re.compile(r"\b([A-Z]\w{0,80}(?:Error|Exception|Failure|Warning|Exit|Interrupt))\b")
_FRAME = re.compile(r"(?<![\w@+./\\-])([\w@+./\\-]*\w\.[A-Za-z]\w{0,4}):(\d{1,7})\b")
_FOREIGN = ("node_modules/", "site-packages/", "/python3", "internal/")


class Run:
    """A run that a report tells of; `id` tells it from the job's other runs."""

    def __init__(self, tool: str, about: About, id: str) -> None:
        self.tool = tool
        self.about = about
        self.job = self._key(about.job or f"{tool} {about.name}".strip())
        """The job it is a run of: tool and report, unless the caller knows better."""
        self.id = f"{self.job[:60]}-{id}"  # the job first: what knows only the run knows the job too

    def started(self) -> Event:
        """The event that begins it."""
        return self._event(Event(source="", what=f"{self.tool} started", kind="ci.run", key=self.job, state="started"))

    def test(self, test: Tested) -> Event:
        """The event of one test."""
        key = self._key(test.key)
        if test.state == "pass" and not test.tries:  # by far the most, and nothing but the key is foreign
            seconds = round(test.seconds, 3)
            attrs = {"seconds": seconds} if seconds else {}
            about = self.about
            return Event(
                source=self.tool, what=f"PASSED {key}", at=about.at, kind="test.result", key=key, state="pass",
                run=self.id, commit=about.commit, paths=test.paths, item=about.item, delegate=about.delegate,
                attrs=attrs,
            )  # fmt: skip
        failed = test.state == "fail"
        words = line(test.words, 400)
        if not words or words == "Failed":  # all that go's reports say
            words = _first_words(test.text) or words
        verb = {"pass": "PASSED", "fail": "ERROR" if test.broken else "FAILED", "skip": "SKIPPED"}[test.state]
        said = words or "no reason given" if failed else words if test.state == "skip" else f"at try {test.tries + 1}"
        frame, paths = self._frame(test) if failed else ("", test.paths)
        error = test.error or (found[1] if (found := _ERROR.search(words)) else "")
        event = Event(
            source="",
            what=f"{verb} {key}" + (f" - {said}" if said else ""),
            kind="test.result",
            key=key,
            state=test.state,
            level="error" if failed else "info",
            paths=paths,
            evidence=_ends(test.text.strip() or test.words),
            attrs=_filled(
                seconds=round(test.seconds, 3),
                tries=test.tries,
                type=("error" if test.broken else "failure") if failed else "",
                error=error if failed else "",
                message=words if failed else "",
                frame=frame,
                properties=dict(test.more),
            ),
        )
        return self._event(event)

    def tests(self, tests: Sequence[Tested], trouble: str = "") -> list[Event]:
        """All events of a run of tests. `trouble` is what makes it a failed one whatever its tests say."""
        return [self.started(), *map(self.test, tests), self.ended(tests, trouble)]

    def ended(self, tests: Iterable[Tested], trouble: str = "") -> Event:
        """The event that ends a run of tests. One without any test proves nothing: its state is `empty`."""
        count = {"pass": 0, "fail": 0, "skip": 0}
        broken, seconds = 0, 0.0
        for test in tests:
            count[test.state] += 1
            broken += test.broken and test.state == "fail"
            seconds += test.seconds
        total, failed, skipped = sum(count.values()), count["fail"], count["skip"]
        whole = _many(total, "test")
        parts = [
            f"{failed} of {whole} failed" if failed else f"{whole} passed" if total else "",
            f"{skipped} skipped" if skipped else "",
            trouble,
        ]
        state = "failed" if failed or trouble else "passed" if total else "empty"
        attrs = _filled(tests=total, failed=failed, errors=broken, skipped=skipped, seconds=round(seconds, 3))
        return self._end(state, parts, "error" if state == "failed" else "info", attrs)

    def findings(self, findings: Sequence[Found], trouble: str = "") -> list[Event]:
        """All events of a run of a linter: one a rule and file, or one a fingerprint where the tool gives it.

        Over `APART` of them, one a rule. It passed when it found nothing.
        """
        live = [found for found in findings if not found.gone]
        groups = self._groups(live, rules_only=False)
        if len(groups) > APART:
            groups = self._groups(live, rules_only=True)
        told = [self._finding(key, group) for key, group in list(groups.items())[:APART]]
        gone = [self._gone(found) for found in findings if found.gone and found.fingerprint]
        left = len(groups) - len(told)
        parts = [
            _many(len(live), "finding") if live else "clean",
            f"{_many(left, 'rule')} more" if left else "",
            trouble,
        ]
        end = self._end(
            "failed" if live or trouble else "passed",
            parts,
            "error" if trouble else _worst(live),
            _filled(findings=len(live)),
        )
        return [self.started(), *gone[:APART], *told, end]

    def _groups(self, findings: Iterable[Found], *, rules_only: bool) -> dict[str, list[Found]]:
        groups: dict[str, list[Found]] = {}
        for found in findings:
            what = "" if rules_only else f":{found.fingerprint or found.path}"
            groups.setdefault(f"{self.tool}:{found.rule}{what}", []).append(found)
        return groups

    def _finding(self, key: str, group: list[Found]) -> Event:
        first = group[0]
        more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
        return self._event(
            Event(
                source="",
                what=f"{_place(first)}{first.rule} {line(first.words, 120)}{more}",
                kind="finding",
                key=self._key(key),
                state="open",
                level=_worst(group),
                paths=tuple(dict.fromkeys(found.path for found in group if found.path)),
                evidence=_ends("\n".join(f"{_place(found)}{found.words}" for found in group[:20])),
                attrs=_filled(tool=self.tool, rule=first.rule, line=first.line, count=len(group)),
            )
        )

    def _gone(self, found: Found) -> Event:
        key = self._key(f"{self.tool}:{found.rule}:{found.fingerprint}")
        what = f"{found.rule} is gone: {line(found.words, 120)}"
        return self._event(Event(source="", what=what, kind="finding", key=key, state="closed"))

    def _end(self, state: str, parts: Sequence[str], level: Level, attrs: dict[str, Any]) -> Event:
        words = ", ".join(part for part in parts if part) or "no test ran"
        name = self.about.name
        what = f"{self.tool}: {words}" + (f" ({name})" if name else "")
        event = Event(
            source="", what=what, kind="ci.run", key=self.job, state=state, level=level, evidence=name, attrs=attrs
        )
        return self._event(event)

    def _key(self, key: str) -> str:
        """A key that fits, and stays another one than any other."""
        key = line(self.about.prefix + key, 4000).replace("`", "'")
        if len(key) <= KEY:
            return key
        digest = hashlib.blake2s(key.encode("utf-8", "replace"), digest_size=4).hexdigest()
        return f"{key[: KEY - 9]}~{digest}"

    def _event(self, event: Event) -> Event:
        """The event as one of this run, its words harmless."""
        about = self.about
        ours = msgspec.structs.replace(
            event, source=self.tool, at=about.at, run=self.id, commit=about.commit, item=about.item,
            delegate=about.delegate,
        )  # fmt: skip
        return safe(ours, about.at)

    def _frame(self, test: Tested) -> tuple[str, tuple[str, ...]]:
        """The innermost place of the text that is in the repository, and all files the failure names."""
        frame = ""
        named = list(test.paths)
        for found in _FRAME.finditer(test.text[-8000:]):
            path = inside(found[1], self.about.root)
            if not path or not (path in named or path.partition(".")[0] in test.key or _own(found[1], path)):
                continue
            if self.tool == "pytest" or not frame:  # Python's traces end where it failed, others begin there
                frame = f"{path}:{found[2]}"
            if "/" in path:
                named.append(path)
        return frame, tuple(dict.fromkeys(named))


def _own(said: str, path: str) -> bool:
    """Whether a path out of a trace is probably the project's own."""
    return "/" in path and not any(part in f"/{said}" for part in _FOREIGN)


def _first_words(text: str) -> str:
    """The first line that says something: one with a place in a file, if there is one."""
    rows = [row for row in text[:8000].split("\n") if row.strip()]
    return line(next((row for row in rows if _FRAME.match(row.strip())), rows[0] if rows else ""), 400)


def _place(found: Found) -> str:
    return f"{found.path}:{found.line} " if found.path and found.line else f"{found.path} " if found.path else ""


def _worst(findings: Iterable[Found]) -> Level:
    return _LEVELS[max((_LEVELS.index(found.level) for found in findings), default=1)]


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _filled(**given: object) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}


def _ends(text: str) -> str:
    """The two ends of a long text: what it began with, and where it failed."""
    return text if len(text) <= TEXT else f"{text[: TEXT // 3]} … {text[-TEXT * 2 // 3 + 3 :]}"
