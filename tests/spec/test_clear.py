"""Whether an item says enough to be sent."""

from __future__ import annotations

import pytest

from cockpit.spec import clear, parse

QUEUE = "---\ncockpit:\n  verify: make test\n---\n## Queue\n"


def said(item: str, *, proved: bool = True, spec: str = QUEUE) -> str:
    document = parse((spec + item).encode())
    return clear.unclear(document.queue[0], document.controls, proved=proved)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("- [ ] Improve things ??? ^q1\n", "“???” is not filled in"),
        ("- [ ] Call the <service?> once ^q1\n", "“<service?>” is not filled in"),
        ("- [ ] Cap retries at TBD ^q1\n", "“TBD” is not filled in"),
        ("- [ ] Cap retries ^q1\n  - verify: pytest -k ???\n", "“???” is not filled in"),
        ("- [ ] TODO ^q1\n", "it says no task"),
        ("- [ ] ... ^q1\n", "it says no task"),
    ],
)
def test_what_was_left_open_is_no_task_yet(item: str, words: str):
    assert said(item) == words


@pytest.mark.parametrize(
    "item",
    [
        "- [ ] Fix the typo ^q1\n",
        "- [ ] Refactor ^q1\n",
        "- [ ] Replace `???` in the template by the name ^q1\n",
        "- [ ] Why does it hang? Find out ^q1\n",
        "- [ ] Remove every TODO from src/ ^q1\n",
        "- [ ] Cap retries at TBD ^q1\n  - clear: yes\n",
        "- [ ] Cap retries at TBD ^q1\n  - iterate: at five\n",
        "- [ ] TBD ^q1\n  - phased: on\n  - [ ] Write the first half\n",
    ],
)
def test_a_short_request_is_a_whole_one(item: str):
    assert said(item) == ""


def test_what_nothing_proves_and_nobody_sees_is_asked_about():
    bare = "## Queue\n"
    assert "nothing proves" in said("- [ ] Write a ^q1\n", proved=False, spec=bare)
    assert said("- [ ] Write a ^q1\n", spec=bare) == ""
    assert said("- [ ] Write a ^q1\n", proved=False) == ""
    assert said("- [ ] Write a ^q1\n  - verify: true\n", proved=False, spec=bare) == ""
    assert said("- [ ] Write a ^q1\n  - accept: a1\n", proved=False, spec=bare) == ""
