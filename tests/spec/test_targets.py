"""What a mute names: one signal, or all of an item, a delegate, a source, a rule, a path."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec.targets import Subject, means, scopes, wrong

LINT = Subject(("ruff: E501 in a", "1.finding.ab"), "q3", "q3", "lint", "ruff/E501", ("src/gen/a.py", "src/gen/b/c.py"))


@pytest.mark.parametrize(
    "target",
    ["ruff: E501 in a", "1.finding.ab", "q3", "^q3", "delegate/q3", "source:lint", "rule:ruff/E501", "rule:ruff",
     "path:src/gen/**", "path:src/gen", "path:src/*"],
)  # fmt: skip
def test_a_target_means_a_signal_by(target: str):
    assert means(target, LINT)


@pytest.mark.parametrize(
    "target", ["", "q", "delegate/q4", "source:", "source:lin", "rule:ruff/E50", "path:src/gen/b/**", "path:src/ge"]
)
def test_a_target_does_not_mean_it_by(target: str):
    assert not means(target, LINT)


def test_a_path_means_only_what_lies_in_it_with_all_its_files():
    assert not means("path:src/gen/**", Subject(("k",), paths=("src/gen/a.py", "src/b.py")))
    assert not means("path:**", Subject(("k",)))


def test_the_scopes_of_a_signal_go_from_itself_to_its_source():
    assert scopes(LINT) == ["ruff: E501 in a", "^q3", "rule:ruff/E501", "path:src/gen/**", "source:lint"]
    assert scopes(Subject(("k",), source="ci", paths=("a.py",))) == ["k", "path:a.py", "source:ci"]


def test_a_scope_of_nothing_and_a_path_outside_are_wrong():
    assert wrong("source:")
    assert wrong("path: ")
    assert wrong("path:/etc")
    assert wrong("path:a/../../b")
    assert not any(map(wrong, ("tests", "source: of a key that says so", "push: source:", "path:src/**")))


names = st.text(st.sampled_from("abq/.:*-"), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(st.builds(Subject, st.tuples(names), names, names, names, names, st.lists(names, max_size=3).map(tuple)))
def test_every_scope_that_is_offered_means_the_signal(subject: Subject):
    assert all(means(target, subject) for target in scopes(subject))
