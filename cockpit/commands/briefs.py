"""The command that shows what a delegate was told, or would be told now."""

from __future__ import annotations

from cockpit.clean import clean, line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError
from cockpit.paths import Places


def brief(given: Given) -> int:
    """The brief of an item's latest turn, of the one named, or of the next; with --lint what is wrong with it.

    0, or 1 when the lint found something.
    """
    found = here(given)
    id = given.target.removeprefix("^")
    if given.edit:
        return _edit(found, id)
    text = _next(found, id) if given.next else _told(found, id, given.turn)
    if not given.lint:
        if given.json:
            raise CockpitError("only what the lint found is told as JSON", where="--json", remedy="add --lint")
        print(clean(text), end="")
        return 0
    from cockpit.act.lint import lint

    findings = lint(text, str(found.root))
    if given.json:
        import msgspec

        told = [{"part": finding.part, "words": finding.words, "line": finding.line} for finding in findings]
        print(msgspec.json.encode({"item": id, "words": len(text.split()), "findings": told}).decode())
    else:
        many = f"{len(findings)} finding{'s' * (len(findings) > 1)}" if findings else "no findings"
        print(f"{line(id, 60)} · brief of {len(text.split())} words · {many}")
        for finding in findings:
            where = f"brief.md:{finding.line}: " if finding.line else ""
            print(f"✗ {where}{line(finding.words, 200)}")
    return 1 if findings else 0


def _next(found: Places, id: str) -> str:
    from cockpit import persist
    from cockpit.engine.briefing import preview
    from cockpit.spec import parse

    document = parse(persist.read(found))
    item = document.item(id)
    if item is None:
        raise CockpitError("no such item in the spec", where=line(id, 60), remedy="see cockpit status")
    return preview(found, document, item)


def _told(found: Places, id: str, number: int) -> str:
    """The file as it lies there: of that turn, else of the latest; one that waits for a yes counts as one."""
    from cockpit import facts

    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == id), None)
    waits = facts.prepared(found.turn(id, 1)) if turn is None else None
    if waits is not None:
        return waits[1]
    if turn is None:
        raise CockpitError("no delegate has worked on it", where=line(id, 60), remedy="--next shows the first")
    path = found.turn(turn.item, number or turn.number) / facts.BRIEF
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError as error:
        remedy = f"it has turns 1 to {turn.number}"
        raise CockpitError(f"turn {number or turn.number} has no brief", where=turn.item, remedy=remedy) from error


def _edit(found: Places, target: str) -> int:
    """The brief at the scope gate in the human's editor; the engine reads it again, and exactly that is sent."""
    from cockpit import editor, facts, persist
    from cockpit.spec import gates, parse

    item = parse(persist.read(found)).item(target)
    before = facts.prepared(found.turn(target, 1)) if item is not None and gates.at_scope(item) else None
    if before is None:
        remedy = "--next shows what it would be told; reword and steer change it"
        raise CockpitError("no brief of it waits for your word", where=line(target, 60), remedy=remedy)
    editor.edit(found.turn(target, 1) / facts.BRIEF)
    after = facts.prepared(found.turn(target, 1))
    same = after is not None and after[1] == before[1]
    print(f"{target}: nothing changed" if same else f"{target}: the engine reads it again; then accept sends it")
    return 0
