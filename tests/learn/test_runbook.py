"""A runbook is a file and a line in the spec, in one commit; it is ours to make and yours to keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from cockpit import facts, persist
from cockpit.cli import main
from cockpit.errors import Refused
from cockpit.learn import sources
from cockpit.learn.sources import offered
from cockpit.paths import Places
from cockpit.spec import parse
from cockpit.steer import steer
from tests.select.test_steps import FINISHED, turn

SPEC = b"## Queue\n- [/] one ^q1\n- [/] two ^q2\n- [/] three ^q3\n"
Git = Callable[..., str]


@pytest.fixture
def spec(places: Places) -> Iterator[Places]:
    persist.create(places, SPEC)
    yield places
    persist.close()


def say(places: Places) -> None:
    for item in ("q1", "q2", "q3"):
        steer(places, "steer", item, {"message": "run make lint first"})


def offers(places: Places) -> list[str]:
    return [offer.key for offer in offered(places, parse(persist.read(places)))]


def test_the_same_steering_three_times_becomes_a_file_and_a_line(spec: Places, git: Git):
    say(spec)
    said = steer(spec, "runbook", "", {"name": "Lint first"})
    assert said.commit
    assert git("show", "--name-only", "--format=").split() == ["SPEC.md", "runbooks/lint-first.md"]
    assert git("status", "--porcelain") == ""
    assert spec.spec.read_text().endswith(
        "## Runbooks\n- [Lint first](runbooks/lint-first.md) when: as in q1, q2, q3\n"
    )
    page = (spec.root / "runbooks/lint-first.md").read_text()
    assert "## Steps\n\n1. run make lint first\n" in page
    assert "- q2 on 2" in page
    assert offers(spec) == []


@pytest.mark.parametrize("note", ["see the findings of the review", "see the comment", "see the 2 comments"])
def test_what_stands_in_for_words_nobody_said_is_not_offered(places: Places, note: str):
    rows = "".join(f"- [ ] item {number} ^q{number}\n  - iterate: {note}\n" for number in (1, 2, 3))
    persist.create(places, b"## Queue\n" + rows.encode())
    assert offers(places) == []
    persist.close()


def test_undo_takes_both_back_and_it_is_offered_again(spec: Places):
    say(spec)
    steer(spec, "runbook")
    steer(spec, "undo")
    assert not (spec.root / "runbooks").exists() or not list((spec.root / "runbooks").iterdir())
    assert b"Runbooks" not in spec.spec.read_bytes()
    assert len(offers(spec)) == 1


def test_a_file_that_is_there_is_left_and_the_new_one_gets_a_number(spec: Places):
    say(spec)
    (spec.root / "runbooks").mkdir()
    (spec.root / "runbooks/lint.md").write_text("mine\n")
    steer(spec, "runbook", "", {"name": "Lint", "when": "before a commit"})
    assert (spec.root / "runbooks/lint.md").read_text() == "mine\n"
    assert "- [Lint](runbooks/lint-2.md) when: before a commit\n" in spec.spec.read_text()


def test_an_act_that_was_taken_back_does_not_count(spec: Places):
    say(spec)
    steer(spec, "undo")
    assert offers(spec) == []


def test_a_field_typed_by_hand_counts_and_an_act_not_twice(spec: Places):
    for item in ("q1", "q2"):
        steer(spec, "steer", item, {"message": "run make lint first"})
    assert offers(spec) == []
    data = spec.spec.read_bytes()
    spec.spec.write_bytes(data.replace(b"- [/] three ^q3\n", b"- [/] three ^q3\n  - steer: Run make lint first.\n"))
    assert len(offers(spec)) == 1


def test_the_commands_of_three_turns_are_found_in_any_dialect(spec: Places):
    events = (
        '{"type": "assistant", "message": {"content": [{"input": {"command": "make a && make b"}}]}}',
        '{"type": "item.completed", "item": {"command": "make a; make b"}}',
        'torn {\n{"type": "tool_use", "parameters": {"command": "make a\\nmake b"}}',
    )
    for number, told in enumerate(events, 1):
        folder = spec.turn(f"q{number}", 1)
        facts.write(folder, turn(f"q{number}").dispatch)
        facts.write(folder, FINISHED)
        (folder / "events.ndjson").write_text(told + "\n")
    (offer,) = offered(spec, parse(persist.read(spec)))
    assert offer.steps == ("make a", "make b")
    steer(spec, "runbook", offer.key, {"name": "Build"})
    assert "1. `make a`\n2. `make b`\n" in (spec.root / "runbooks/build.md").read_text()


def test_without_events_the_code_in_claims_is_what_ran(spec: Places):
    folder = spec.turn("q1", 1)
    facts.write(folder, turn("q1").dispatch)
    assert sources.ran(spec) == {}
    facts.write(folder, FINISHED)
    facts.write(folder, facts.Answer(status="done", summary="s", claims=["`make a` passes, then `make b`"]))
    assert sources.ran(spec) == {"q1 turn 1": ("make a", "make b")}


def test_with_nothing_to_offer_it_is_refused_and_with_several_it_asks_which(spec: Places):
    with pytest.raises(Refused, match="nothing repeats"):
        steer(spec, "runbook")
    say(spec)
    for item in ("q1", "q2", "q3"):
        steer(spec, "steer", item, {"message": "never touch the lockfile"})
    with pytest.raises(Refused, match="which of them"):
        steer(spec, "runbook")
    with pytest.raises(Refused, match="not offered"):
        steer(spec, "runbook", "runbook/00000000")


def test_the_shell_lists_offers_and_how_often_a_runbook_was_seen(spec: Places, capsys: pytest.CaptureFixture[str]):
    say(spec)
    assert main(["-C", str(spec.root), "learn"]) == 0
    assert "you said this 3 times: “run make lint first”" in capsys.readouterr().out
    steer(spec, "runbook", "", {"name": "Lint first"})
    steer(spec, "steer", "q1", {"message": "run make lint first!"})
    assert main(["-C", str(spec.root), "learn", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert (only["sort"], only["id"], only["seen"]) == ("runbook", "runbooks/lint-first.md", 4)
