"""One reading of an item's fields, whoever asks: the brief, the checks, the queue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cockpit.spec import Item, SpecError, edit, fields, parse
from cockpit.spec.words import FIELDS

FRONT = "---\ncockpit:\n  verify: pytest -q\n  protect: [tests/**]\n  timeout: 30\n---\n## Queue\n- [ ] one ^q1\n"


def item(*lines: str) -> Item:
    return parse((FRONT + "".join(f"  - {line}\n" for line in lines)).encode()).queue[0]


CONTROLS = parse(FRONT.encode()).controls


@pytest.mark.parametrize("words", ["q1, q2", "q1 q2", "^q1, ^q2", "`q1`, `q2`", "[#q1] [#q2]"])
def test_after_names_ids_in_every_usual_form(words: str):
    assert fields.after_ids(item(f"after: {words}")) == ["q1", "q2"]


def test_the_item_s_protected_paths_add_to_the_spec_s_and_none_switches_all_off():
    assert fields.protected(item("protect: Makefile"), CONTROLS) == ("tests/**", "Makefile")
    assert fields.protected(item(), CONTROLS) == ("tests/**",)
    assert fields.protected(item("protect: none"), CONTROLS) == ()


def test_a_kind_there_is_not_is_told_with_the_word_it_may_be():
    problems = parse(b"## Queue\n- [ ] one ^q1\n  - kind: opps\n- [ ] two ^q2\n  - kind: `DevOps`\n").problems
    assert [(one.line, one.what, one.remedy) for one in problems] == [
        (3, "kind: cannot be `opps`", "did you mean `ops`?")
    ]
    kinds = [fields.kind(item(f"kind: {word}")) for word in ("", "opps", "ops", "Dataops")]
    assert kinds == ["impl", "impl", "ops", "data"]


def test_the_item_s_own_command_goes_before_the_spec_s():
    assert fields.commands(item("verify: `make it`"), CONTROLS) == ["make it"]
    assert fields.commands(item(), CONTROLS) == fields.commands(None, CONTROLS) == ["pytest -q"]


def test_all_commands_of_an_item_count_and_of_an_ops_item_those_of_its_state():
    assert fields.commands(item("verify: make", "verify: `make test`"), CONTROLS) == ["make", "make test"]
    assert fields.commands(item("kind: ops", "verify: false", "verify: true"), CONTROLS) == ["false", "true"]
    assert fields.commands(item("kind: ops", "state: up", "verify: true"), CONTROLS) == ["up"]
    assert fields.commands(item("kind: data"), CONTROLS) == []


def test_a_step_of_the_verification_may_have_a_name():
    make, unit = fields.Step("make -j", "build"), fields.Step("pytest -q", "unit")
    assert fields.steps(item("verify: build: `make -j`", "verify: unit: `pytest -q`"), CONTROLS) == [make, unit]
    assert fields.steps(item("verify:\n    - build: `make -j`\n    - unit: `pytest -q`"), CONTROLS) == [make, unit]
    assert fields.commands(item("verify: `make`, `make test`"), CONTROLS) == ["make", "make test"]
    for plain in ("sh -c 'a: b'", "echo: `date`s", "echo `date`", "a b: `date`"):
        assert fields.steps(item(f"verify: {plain}"), CONTROLS) == [fields.Step(plain.strip("`"))]


@pytest.mark.parametrize(
    "value",
    [
        "{build: make -j, unit: pytest -q}",
        "[{build: make -j}, {unit: '`pytest -q`'}]",
        "\n    build: make -j\n    unit: pytest -q",
    ],
)
def test_the_front_matter_names_them_in_a_map(value: str):
    document = parse(f"---\ncockpit:\n  verify: {value}\n---\n## Queue\n- [ ] one ^q1\n".encode())
    assert fields.steps(document.queue[0], document.controls) == [
        fields.Step("make -j", "build"),
        fields.Step("pytest -q", "unit"),
    ]
    shorter = parse(edit.set_control(document.data, "verify", "make"))
    assert fields.commands(None, shorter.controls) == ["make"]


def test_the_front_matter_takes_a_list_of_commands_and_refuses_a_step_without_one():
    def controls(value: str) -> list[str]:
        return fields.commands(None, parse(f"---\ncockpit:\n  verify: {value}\n---\n".encode()).controls)

    assert controls("[make, 'pytest -q']") == ["make", "pytest -q"]
    assert controls('""') == controls("[]") == []
    for wrong in ("{build: }", "{build: [make]}", "{'a b': make}"):
        with pytest.raises(SpecError, match="verify"):
            controls(wrong)


@pytest.mark.parametrize(("words", "minutes"), [("5", 5.0), ("5m", 5.0), ("5 min", 5.0), ("soon", None), ("-1", None)])
def test_a_time_out_is_a_count_of_minutes(words: str, minutes: float | None):
    assert fields.minutes(item(f"timeout: {words}"), CONTROLS) == minutes
    assert fields.minutes(item(), CONTROLS) == 30.0


def test_the_page_of_the_grammar_names_every_field():
    page = (Path(__file__).parents[2] / "docs" / "spec.md").read_text()
    told = re.findall(r"`([a-z]+)`", page[page.index("Known are ") : page.index("Several `verify:`")])
    assert told == sorted(FIELDS)


def test_a_phase_has_no_phases_and_says_so():
    document = parse(b"## Queue\n- [ ] All ^q1\n  - phased: on\n  - [ ] One ^p1\n    - phased: on\n    - [ ] a ^p2\n")
    assert [(one.line, one.what) for one in document.problems] == [(5, "phased: counts for nothing below another item")]
