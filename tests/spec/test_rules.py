"""`checks:` in the front matter: what a project adds to the fourteen checks."""

from __future__ import annotations

import pytest

from cockpit.spec import SpecError, parse


def text(checks: str) -> bytes:
    return f"---\ncockpit:\n  checks: {checks}\n---\n## Queue\n".encode()


def test_rules_are_read_by_check_and_key():
    controls = parse(text("{branding: {forbid: [Acme, 'Old Name'], except: legal/**}, off: [tasks]}")).controls
    assert controls.rule("branding", "forbid") == ("Acme", "Old Name")
    assert controls.rule("branding", "except") == ("legal/**",)
    assert controls.rule("checks", "off") == ("tasks",)
    assert controls.rule("secrets", "allow") == ()


def test_without_rules_nothing_is_added():
    assert parse(b"## Queue\n").controls.checks == ()
    assert parse(text("{branding: , secrets: {allow: }}")).controls.checks == ()


@pytest.mark.parametrize(
    ("checks", "what", "remedy"),
    [
        ("{brandin: {}}", "unknown control `checks.brandin`", "did you mean `branding`?"),
        ("{secrets: {alow: [x]}}", "unknown control `checks.secrets.alow`", "did you mean `allow`?"),
    ],
)
def test_a_check_or_key_there_is_not_is_told(checks: str, what: str, remedy: str):
    (problem,) = parse(text(checks)).problems
    assert (problem.line, problem.what, problem.remedy) == (3, what, remedy)


@pytest.mark.parametrize(
    ("checks", "what"),
    [
        ("[secrets]", "`checks` is not a mapping"),
        ("{secrets: [x]}", "`checks.secrets` is not a mapping"),
        ("{secrets: {allow: {a: b}}}", "`checks.secrets.allow` is not a list"),
        ("{secrets: {allow: [[a]]}}", "`checks.secrets.allow` is not a single value"),
        ("{off: [scope]}", "the check `scope` cannot be switched off"),
    ],
)
def test_a_value_that_means_nothing_is_refused_with_its_line(checks: str, what: str):
    with pytest.raises(SpecError, match=what) as caught:
        parse(text(checks))
    assert caught.value.line == 3
