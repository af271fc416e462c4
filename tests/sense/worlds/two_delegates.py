"""A repository in Python with two delegates: they contradict each other, one goes round, one asks."""

from __future__ import annotations

from tests.sense.worlds.world import World

TESTS = tuple(f"tests/test_{word}.py::test_{word}" for word in ("load", "save", "merge", "export", "quota"))


def _run(world: World, fails: dict[str, str], *, delegate: str = "") -> None:
    results = []
    for name in TESTS:
        error = fails.get(name, "")
        results.append((name, error, (f"{name} {'FAILED' if error else 'PASSED'} [ 20%]",)))
    tail = [f"FAILED {name} - {error}" for name, error in fails.items()]
    tail.append(
        f"==== {len(fails)} failed, {5 - len(fails)} passed in 1.20s ====" if fails else "==== 5 passed in 1.18s ===="
    )
    head = (
        "==== test session starts ====",
        "platform linux -- Python 3.12.3, pytest-8.2.0, pluggy-1.5.0",
        "collected 5 items",
    )
    world.job("checks", results, passed=not fails, head=head, tail=tail, delegate=delegate)


def _claim(world: World, who: str, topic: str, claim: str, paths: tuple[str, ...] = ()) -> None:
    world.event("delegate.note", topic, what=f"assuming {topic} = {claim}", source="agent", delegate=who, paths=paths,
                attrs={"type": "assumption", "claim": claim}, keep=True)  # fmt: skip


def world() -> World:
    """The stream with its moments."""
    made = World(seed=53)
    for _ in range(4):
        _run(made, {})
        made.wait(110)
    for number in range(3):  # red, then green, by who works on it: no signal worth the first place
        made.event(
            "diff",
            what="modified tests/test_quota.py",
            source="git",
            delegate="mia",
            paths=("tests/test_quota.py", "src/quota.py"),
            keep=True,
        )
        _run(made, {TESTS[4]: f"AssertionError: assert {number} == 3"}, delegate="mia")
        made.wait(60)
        _run(made, {}, delegate="mia")
        made.wait(60)
    made.expect("", after=5)
    for claim in ("seconds", "minutes"):
        _claim(made, "mia", "retry.unit", claim)  # one who changes her mind
        made.wait(30)
    for _ in range(3):
        _claim(made, "mia", "page.start", "0")
        made.wait(70)
        _claim(made, "tom", "page.start", "1")
        made.wait(70)
    made.expect("page.start", words="disagree", never="retry.unit")
    made.event(
        "user.correction",
        "page.start",
        what="pages start at 1, decided",
        source="user",
        attrs={"type": "decision", "claim": "1"},
        keep=True,
    )
    made.expect("", never="page.start", after=5)
    for _ in range(9):
        made.wait(20)
        made.event("agent.step", "", "fail", what="apply patch src/export.py", source="agent", delegate="tom",
                   attrs={"err": "error: patch failed: src/export.py:40"}, keep=True)  # fmt: skip
    made.expect("tom", words="same error", never="retry.unit")
    made.event("agent.step", "", "ok", what="apply patch src/export.py", source="agent", delegate="tom", keep=True)
    made.wait(30)
    made.event(
        "delegate.state",
        "delegate/q7",
        "asks",
        what="q7 asks: may I drop the column?",
        source="delegate",
        item="q7",
        keep=True,
    )
    made.expect("q7", words="asks", never="page.start|retry.unit")
    return made
