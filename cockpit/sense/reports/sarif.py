"""SARIF 2.1.0, what analysers of any language write: levels, suppressions, what is new and what is gone."""

from __future__ import annotations

import re

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event, Level
from cockpit.sense.reports.places import inside
from cockpit.sense.reports.runs import Run
from cockpit.sense.reports.told import MOST, About, Found

_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "note": "info", "none": "debug"}
_SLOT = re.compile(r"\{(\d{1,3})\}")


class _Message(msgspec.Struct):
    text: str | None = None
    id: str | None = None
    markdown: str | None = None
    arguments: list[str] = []


class _Configuration(msgspec.Struct):
    level: str = "warning"


class _Rule(msgspec.Struct, rename="camel"):
    id: str = ""
    default_configuration: _Configuration | None = None
    message_strings: dict[str, _Message] = {}
    short_description: _Message | None = None


class _Driver(msgspec.Struct):
    name: str = ""
    rules: list[_Rule] = []


class _Tool(msgspec.Struct):
    driver: _Driver = msgspec.field(default_factory=_Driver)


class _Artifact(msgspec.Struct):
    uri: str = ""
    index: int = -1


class _Listed(msgspec.Struct):
    location: _Artifact | None = None


class _Region(msgspec.Struct, rename="camel"):
    start_line: int = 0


class _Physical(msgspec.Struct, rename="camel"):
    artifact_location: _Artifact | None = None
    region: _Region | None = None


class _Location(msgspec.Struct, rename="camel"):
    physical_location: _Physical | None = None


class _Suppression(msgspec.Struct):
    status: str = "accepted"


class _Reference(msgspec.Struct):
    id: str = ""
    index: int = -1


class _Result(msgspec.Struct, rename="camel"):
    rule_id: str = ""
    rule_index: int = -1
    rule: _Reference | None = None
    level: str = ""
    kind: str = "fail"
    message: _Message = msgspec.field(default_factory=_Message)
    locations: list[_Location] = []
    fingerprints: dict[str, str] = {}
    partial_fingerprints: dict[str, str] = {}
    suppressions: list[_Suppression] | None = None
    baseline_state: str = ""


class _Invocation(msgspec.Struct, rename="camel"):
    execution_successful: bool = True


class _Run(msgspec.Struct):
    tool: _Tool = msgspec.field(default_factory=_Tool)
    results: list[_Result] | None = None
    invocations: list[_Invocation] = []
    artifacts: list[_Listed] = []


class _Log(msgspec.Struct):
    runs: list[_Run]
    version: str = ""


_decoder = msgspec.json.Decoder(_Log)


def read(data: bytes, about: About) -> list[Event]:
    """The events of a SARIF log, one run of a job for each tool in it.

    Raises CockpitError with the field at fault.
    """
    try:
        log = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CockpitError(f"no SARIF: {line(str(error), 160)}", where=line(about.name, 120)) from None
    if not log.version.startswith("2.1"):
        raise CockpitError(
            f"SARIF of version {line(log.version, 20) or 'unknown'}, 2.1.0 is read", where=line(about.name, 120)
        )
    if not log.runs:
        raise CockpitError("SARIF without a run", where=line(about.name, 120))
    if sum(len(run.results or ()) for run in log.runs) > MOST:
        raise CockpitError(f"more than {MOST} findings in one report", where=line(about.name, 120))
    tools: dict[str, list[_Run]] = {}
    for run in log.runs:
        tools.setdefault(_name(run.tool.driver.name), []).append(run)
    events: list[Event] = []
    for tool, runs in tools.items():
        findings = [found for run in runs for found in _findings(run, about)]
        failed = any(not call.execution_successful for run in runs for call in run.invocations)
        trouble = "the tool itself failed" if failed else ""
        events += Run(tool, about, about.run(data)).findings(findings, trouble)
    return events


def _name(said: str) -> str:
    return re.sub(r"[^\w.+-]+", "-", said.lower()).strip("-")[:40] or "sarif"


def _findings(run: _Run, about: About) -> list[Found]:
    rules = run.tool.driver.rules
    known = {rule.id: rule for rule in rules}
    found: list[Found] = []
    for result in run.results or ():
        if result.kind not in ("fail", "open", "review", ""):
            continue
        index = result.rule.index if result.rule is not None and result.rule.index >= 0 else result.rule_index
        named = result.rule_id or (result.rule.id if result.rule is not None else "")
        rule = rules[index] if 0 <= index < len(rules) else known.get(named) or known.get(named.rpartition("/")[0])
        path, number = _place(run, result, about)
        prints = result.fingerprints or result.partial_fingerprints
        level = result.level or (rule.default_configuration.level if rule and rule.default_configuration else "warning")
        hidden = any(entry.status == "accepted" for entry in result.suppressions or ())
        found.append(
            Found(
                rule=named or (rule.id if rule else "") or "finding",
                path=path,
                words=_words(result.message, rule),
                line=number,
                level=_LEVELS.get(level, "warning"),
                fingerprint=min(prints.items())[1] if prints else "",
                gone=hidden or result.baseline_state == "absent",
            )
        )
    return found


def _place(run: _Run, result: _Result, about: About) -> tuple[str, int]:
    physical = next((place.physical_location for place in result.locations if place.physical_location), None)
    if physical is None:
        return "", 0
    where = physical.artifact_location
    uri = where.uri if where else ""
    if where and not uri and 0 <= where.index < len(run.artifacts):
        listed = run.artifacts[where.index].location
        uri = listed.uri if listed else ""
    return inside(uri, about.root), max(0, physical.region.start_line) if physical.region else 0


def _words(message: _Message, rule: _Rule | None) -> str:
    text = message.text or message.markdown or ""
    if not text and rule is not None:
        named = rule.message_strings.get(message.id or "")
        text = (named.text if named else "") or (rule.short_description.text if rule.short_description else "") or ""
    return _SLOT.sub(lambda slot: _argument(message.arguments, slot), text)


def _argument(arguments: list[str], slot: re.Match[str]) -> str:
    number = int(slot[1])
    return arguments[number] if number < len(arguments) else slot[0]
