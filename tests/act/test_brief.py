"""The brief says all six things a delegate needs, and none of what it must not know."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from cockpit import spec
from cockpit.act.brief import brief
from cockpit.act.claims.inventory import NAMELESS
from cockpit.act.lint import lint
from cockpit.act.news import News, Stub, concern, said
from cockpit.facts import Check, Dispatch, Review
from cockpit.paths import Places
from cockpit.spec.corrections import Correction
from cockpit.spec.fields import commands, paths
from cockpit.spec.words import FIELDS

SPEC = b"""---
cockpit:
  verify: pytest -q
  protect: [tests/**]
---
## Goal
Recover stuck sessions.

## Queue
- [ ] Recycle the supervisor ^q1
  - after: q0
  - verify: `pytest tests/test_recycle.py`
  - paths: src/supervisor/**, docs/*.md
  - protect: Makefile
  - branch: delegate/q1
  - steer: hurry up
  - only at an idle point, never in the middle of a turn
- [ ] Another ^q2

## Acceptance
- no session is recycled twice

## Decisions
- [x] which signal? ^d1
  - chosen: TERM
"""

Write = Callable[..., str]


@pytest.fixture
def write(places: Places, intend: Callable[..., Dispatch]) -> Write:
    """The brief of item q1 of SPEC, or of the item given."""

    def make(data: bytes = SPEC, id: str = "q1", *, note: str = "", turn: int = 1, **more: object) -> str:
        document = spec.parse(data)
        item = document.item(id)
        assert item is not None
        dispatch = msgspec.structs.replace(intend(turn=turn), note=note)
        return brief(item, document, places, dispatch, News(**more))  # pyright: ignore[reportArgumentType]

    return make


def test_a_first_brief_has_all_its_parts(write: Write):
    text = write()
    for words in (
        "# Recycle the supervisor",
        "Recover stuck sessions.",
        "only at an idle point, never in the middle of a turn",
        "no session is recycled twice",
        "chosen: TERM",
        "Change only `src/supervisor/**`, `docs/*.md`.",
        "Protected, never to be changed: `tests/**`, `Makefile`.",
        "```\npytest tests/test_recycle.py\n```",
        "`delegate/q1`",
        "`.cockpit/answer.json`",
        "respected outcome",
        "Do not edit the spec `SPEC.md`",
        "Do not push",
        "--no-verify",
    ):
        assert words in text
    for words in ("hurry up", "New in this turn", "Another", "after: q0"):
        assert words not in text


def test_the_words_and_rules_of_the_domain_are_in_each_first_brief_and_their_changes_in_later_ones(write: Write):
    rules = (
        b"\n## Constraints\nA *session* is one tmux pane.\n\n## Parameters\n- grace: 5 (1 to 60 s)\n\n## Notes\nmine\n"
    )
    text = write(SPEC + rules)
    assert "## Constraints\n\nA *session* is one tmux pane.\n" in text
    assert "## Parameters\n\n- grace: 5 (1 to 60 s)\n" in text
    assert "mine" not in text
    later = write(SPEC + rules.replace(b"grace: 5", b"grace: 9"), turn=2, before=SPEC + rules)
    assert "grace: 9" in later
    assert "tmux pane" not in later


def test_a_brief_has_its_six_parts_in_order_and_passes_its_own_lint(write: Write):
    text = write(inventory=["Checked:", "", "- `src/supervisor/core.py`: 120 lines"])
    titles = [said[3:] for said in text.split("\n") if said.startswith("## ")]
    assert titles[-5:] == ["Confirmed inventory", "Execution plan", "Verification", "What to hand in", "Guardrails"]
    assert lint(text) == []


def test_the_plan_says_what_to_do_in_order_with_the_exact_commands(write: Write):
    plan = part(write(), "Execution plan")
    assert [step.partition(". ")[0] for step in plan] == ["1", "2", "3", "4", "5"]
    assert "git grep" in plan[0]
    assert "Change what the task asks" in plan[1]
    assert "Run `pytest tests/test_recycle.py`" in plan[2]
    assert "git commit" in plan[3]
    assert "`.cockpit/answer.json`" in plan[4]
    assert "*New in this turn*" in part(write(turn=2, note="again"), "Execution plan")[0]
    assert "confirmed inventory names" in part(write(inventory=["- a"]), "Execution plan")[0]
    assert "Find where the task belongs" in part(write(inventory=[NAMELESS]), "Execution plan")[0]


def test_an_item_s_own_steps_are_the_plan(write: Write):
    nested = b"""## Queue
- [ ] Do it ^q1
  - [x] read the lexer
  - [ ] change `lex()`, then its callers
  - [>] the docs
  - [-] the rest
"""
    task = part(write(nested), "The task in full")
    assert task[:2] == ["- [x] read the lexer", "- [ ] change `lex()`, then its callers"], "steps beside each other"
    plan = part(write(nested), "Execution plan")
    assert plan[1] == "2. change `lex()`, then its callers"
    assert "Commit" in plan[2]
    more = b"  - plan:\n    1. `make gen`\n    2. mend what it says,\n       one, two\n  - plan: `make check`\n"
    text = write(nested + more)
    assert part(text, "Execution plan")[1:4] == ["2. `make gen`", "3. mend what it says, one, two", "4. `make check`"]
    assert "plan:" not in text


def test_a_task_of_a_change_begins_with_the_pages_of_the_change(write: Write):
    item = b"## Queue\n- [ ] Do it ^q1\n  - origin: openspec/changes/add-x/tasks.md#1.2\n"
    first = part(write(item), "Execution plan")[0]
    folder = "openspec/changes/add-x"
    assert f"`cat {folder}/proposal.md {folder}/design.md {folder}/tasks.md`" in first
    assert "Yours is task 1.2." in first
    assert "cat" not in part(write(item.replace(b"openspec/changes/add-x/", b"notes/")), "Execution plan")[0]


def test_a_change_that_the_item_names_is_the_stub_of_its_plan(write: Write):
    item = b"## Queue\n- [ ] Do it ^q1\n  - openspec: add-x\n  - verify: `make`\n"
    stub = Stub(
        "openspec/changes/add-x",
        {"proposal.md": "## Why\n\nIt is slow.\n"},
        ["ADDED Be fast (specs/x/spec.md)"],
        ["1.1 Measure", "1.2 Mend"],
    )
    text = write(item, stub=stub)
    said = "\n".join(part(text, "The change"))
    assert "goes by the OpenSpec change `openspec/changes/add-x`" in said
    assert "Its proposal.md:" in said
    assert "> ## Why\n>" in text
    assert "- ADDED Be fast (specs/x/spec.md)" in said
    plan = part(text, "Execution plan")
    assert plan[0].startswith("1. Read the change")
    assert plan[2:5] == [
        "3. 1.1 Measure",
        "4. 1.2 Mend",
        "5. Tick those of the change that are done in `openspec/changes/add-x/tasks.md`, and no other.",
    ]
    assert "openspec: add-x" not in text
    assert [finding.words for finding in lint(text)] == ["no confirmed inventory"]
    own = write(item + b"  - plan: `make gen`\n  - paths: src/**\n", stub=stub)
    assert "1.1 Measure" not in own
    assert "Tick those" not in own, "its file is not the item's"


def test_the_task_in_full_has_what_is_part_of_the_task_and_no_bookkeeping(write: Write):
    told = {"accept": "a1", "because": "users wait", "ticket": "PER-9", "repo": "the other one"}
    others = ("recommended", "superseded", "supersedes", "drive", "measure", "metric", "target")
    fields = {key: "x" for key in FIELDS if key not in (*told, *others)} | told
    item = "## Queue\n- [ ] Do it ^q1\n" + "".join(f"  - {key}: {value}\n" for key, value in fields.items())
    assert sorted(part(write(item.encode()), "The task in full")) == [f"- {key}: {told[key]}" for key in sorted(told)]


def test_guardrails_name_the_files_and_identifiers_that_are_not_to_be_touched(write: Write):
    text = write(SPEC.replace(b"  - branch:", b"  - keep: `Supervisor`, `recycle()`\n  - branch:"))
    rails = "\n".join(part(text, "Guardrails"))
    assert "All else is out of scope" in rails
    assert "Leave these as they are, name and meaning, wherever they stand: `Supervisor`, `recycle()`." in rails
    assert "keep:" not in text


def test_what_a_finding_opened_stays_open_when_a_turn_in_between_came_to_none(write: Write):
    conflict = Check(number=13, name="conflicts", result="fail", evidence="conflicts with the target in a.py")
    judged = Review(base="b", head="h", recommendation="iterate", checks=[conflict], at=1.0)
    text = write(turn=3, judged=judged)
    assert "git merge --no-edit main" in "\n".join(part(text, "Execution plan"))
    assert "merge nothing but `main`, as the plan says" in "\n".join(part(text, "Guardrails"))
    assert "do not merge" in "\n".join(part(write(turn=3), "Guardrails"))


def part(text: str, title: str) -> list[str]:
    """The lines of that part of a brief."""
    return text.partition(f"## {title}\n\n")[2].partition("\n\n## ")[0].strip().split("\n")


def test_the_specs_own_verification_stands_in(write: Write):
    document = spec.parse(SPEC)
    other = document.item("q2")
    assert other is not None
    assert commands(other, document.controls) == ["pytest -q"]
    assert paths(other) == ()


def test_an_item_with_nothing_else_makes_a_brief(write: Write):
    text = write(b"## Queue\n- [ ] Do it ^q1\n")
    assert "# Do it" in text
    assert "## Verification" not in text
    assert "Change only what the task needs." in text
    assert "Protected" not in text
    assert [finding.words for finding in lint(text)] == ["no confirmed inventory", "no verification command"]
    assert "## The task in full" not in text


def test_a_later_turn_begins_with_what_is_new(write: Write):
    review = Review(
        base="a",
        head="b",
        recommendation="iterate",
        checks=[
            Check(number=2, name="verification", result="fail", evidence="1 failed"),
            Check(number=3, name="scope", result="pass", evidence="inside"),
        ],
        output="E assert 1 == 2\n```\n",
        at=1,
    )
    text = write(turn=2, note="keep the old name\nplease", steers=["and the docs"], review=review)
    new = text.partition("## Goal")[0]
    assert "This is turn 2." in new
    assert "> keep the old name\n> please" in new
    assert "> and the docs" in new
    assert "- 2 verification: fail. 1 failed" in new
    assert "````\nE assert 1 == 2\n```\n````" in new, "the fence is longer than any inside"
    assert "scope: pass" not in new


def test_secrets_and_escapes_do_not_reach_a_brief(write: Write):
    key = "ghp_" + "a1B2" * 9
    text = write(b"## Queue\n- [ ] Use \x1b[31m" + key.encode() + b" to log in ^q1\n")
    assert key not in text
    assert "\x1b" not in text


def test_decisions_that_stand_come_first_and_what_no_longer_holds_says_why(write: Write):
    data = SPEC + (
        b"- [-] poll the process ^d2\n  - because: simple\n  - superseded: d3\n- [x] watch it ^d3\n"
        b"  - because: polling wakes the machine\n  - supersedes: d2\n\nAsk Ada for more.\n"
    )
    text = write(data)
    part = text[text.index("## Decisions") : text.index("## The task in full")]
    assert part.index("which signal?") < part.index("watch it") < part.index("Ask Ada") < part.index("No longer")
    assert "- No longer: poll the process (d2, now d3), because polling wakes the machine\n" in part
    assert "because: simple" not in part


# A later brief: the diff


def test_a_later_brief_tells_what_changed_and_not_the_document(write: Write):
    now = (
        SPEC.replace(b"[ ] Another ^q2", b"[ ] Another thing altogether ^q2")
        .replace(b"- no session is recycled twice\n", b"")
        .replace(b"## Decisions", b"- restarts keep the queue\n\n## Decisions")
    )
    text = write(now, turn=2, before=SPEC, earlier=(1,))
    diff = text.partition("## Changed in the spec")[2].partition("## Goal")[0]
    assert "Another" in diff
    assert "Another thing altogether" in diff
    assert "no session is recycled twice" in diff, "a deletion is told with what is gone"
    assert "restarts keep the queue" in diff
    assert "Unchanged: Recover stuck sessions." in text
    assert "chosen: TERM" not in text
    assert "`.cockpit/brief.1.md`" in text.partition("## Changed")[0]
    for words in (
        "## What to hand in",
        "## Guardrails",
        "## Verification",
        "## Execution plan",
        "only at an idle point",
    ):
        assert words in text


def test_an_unchanged_document_gives_no_diff(write: Write):
    text = write(turn=2, before=SPEC, earlier=(1,))
    assert "## Changed in the spec" not in text
    assert text.count("Recover stuck sessions.") == 1


def test_a_new_goal_is_told_with_the_old_one(write: Write):
    text = write(SPEC.replace(b"Recover stuck", b"Forget old"), turn=2, before=SPEC, earlier=(1,))
    goal = text.partition("## Goal")[2].partition("## ")[0]
    assert "Forget old sessions." in goal
    assert "> Recover stuck sessions." in goal


TABLE = b"""## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|
| a | b | c | d |

"""


def test_the_loop_s_own_bookkeeping_is_no_news(write: Write):
    now = (
        SPEC.replace(b"- [ ] Recycle", b"- [/] Recycle")
        .replace(b"- [ ] Another ^q2", b"- [x] Another ^q2\n  - branch: delegate/q2\n  - review: 14 pass; accept")
        .replace(b"## Queue", TABLE + b"## Queue")
        .replace(b"  verify: pytest -q", b"  loop: on\n  wip: 4\n  verify: pytest -q")
    ) + b"\n## Exchange\n\n### q2 turn 1: done (sh, now)\n\nI did it.\n\n## Muted\n- `x` always: loud\n"  # fmt: skip
    assert "## Changed in the spec" not in write(now, turn=2, before=SPEC, earlier=(1,))


def test_a_struck_item_is_news(write: Write):
    now = SPEC.replace(b"- [ ] Another ^q2", b"- [-] Another ^q2")
    changed = write(now, turn=2, before=SPEC, earlier=(1,)).partition("## Changed in the spec")[2].partition("## ")[0]
    assert "is struck" in changed
    assert "it was:" not in changed


def test_a_long_deletion_is_told_in_full(write: Write):
    gone = "the last word of a long paragraph that says much and is cut where it is quoted on one line, here"
    before = SPEC + f"\n## Notes\n\n{gone}\n\nkept\n".encode()
    now = before.replace(f"{gone}\n\n".encode(), b"")
    assert f"> {gone}" in write(now, turn=2, before=before, earlier=(1,))


def test_what_concerns_a_delegate_keeps_every_line_in_its_place():
    data = SPEC + b"\n## Exchange\n\n### you (now)\n\nhello\n"
    assert concern(data).count(b"\n") == data.count(b"\n")
    assert concern(b"\xff") == b"\xff"


def test_corrections_go_first_bound_to_their_answer(write: Write):
    heading = "q1 turn 1: done (sh, now)"
    text = write(
        turn=2, note="again", before=SPEC, earlier=(1,),
        corrections=[
            Correction("q1", 1, heading, "This is not the real issue.", "", "> This is not the real issue.", 40),
            Correction("q1", 1, heading, "It was late.", "It was early.", "It was late.", 42),
            Correction("q0", 3, heading, "deleted: nothing to do", "nothing to do", "", 50),
        ],
    )  # fmt: skip
    first, changed, gone = (
        text.index("not the real issue"),
        text.index("> It was early."),
        text.index("> nothing to do"),
    )
    assert first < changed < gone < text.index("> again")
    assert "your answer of turn 1 (SPEC.md:40)" in text
    assert "the answer to q0 of turn 3" in text


def test_what_the_human_said_since_is_told_once():
    before = b"## Exchange\n\n### you (2026-11-21 10:00)\n\nold\n"
    after = before + b"\n### q1 turn 1: done (sh, now)\n\nmine\n\n### you (2026-11-21 10:20)\n\nmind the accents\n"
    assert said(spec.parse(after), before) == ["mind the accents\n\n(2026-11-21 10:20)"]
    assert len(said(spec.parse(after))) == 2
    loose = b"## Exchange\n<!-- newest last -->\nWhat about the log?\n\n### User\n\nhello\n\n### Re: hello\n\nhi\n"
    assert said(spec.parse(loose)) == ["What about the log?", "hello"]


def test_a_very_long_word_of_the_human_is_cut(write: Write):
    assert len(write(said=["x" * 50_000])) < len(write()) + 4200


# What concerns it: failures, code map, runbooks

MEMORY = (
    SPEC
    + b"""
## Known failures
- [ ] `src/supervisor/loop.py` times out ^f1
- [x] `src/supervisor/old.py` is green again ^f2
- [ ] `web/index.html` is blank ^f3

## Code map
- src/supervisor/tick.py:12 where the idle point is
- web/: the pages

## Runbooks
- [Recycle a supervisor by hand](docs/runbooks/recycle.md)
- [Publish the pages](web/publish.md)
"""
)


def test_a_first_brief_cites_only_what_concerns_the_item(write: Write):
    text = write(MEMORY)
    assert "- `src/supervisor/loop.py` times out (SPEC.md:28)" in text
    assert "- `src/supervisor/tick.py:12` where the idle point is (SPEC.md:33)" in text
    assert "- `docs/runbooks/recycle.md` Recycle a supervisor by hand (SPEC.md:37)" in text
    for words in ("green again", "web/"):
        assert words not in text


def test_what_the_human_said_about_lines_is_told_with_the_lines(write: Write):
    said = ["`src/a.py:12` on `time.sleep(2)`: add jitter", "`src/a.py:-3`: keep it", "fewer files"]
    data = SPEC.replace(b"  - steer: hurry up\n", b"".join(f"  - comment: {value}\n".encode() for value in said))
    text = write(data, turn=2, note="see the 3 comments", comments=said)
    assert "- `src/a.py:12`, `time.sleep(2)`:\n  > add jitter\n" in text
    assert "- `src/a.py:3` (a line that you took away):\n  > keep it\n" in text
    assert "- the whole:\n  > fewer files\n" in text
    assert text.count("add jitter") == 1
