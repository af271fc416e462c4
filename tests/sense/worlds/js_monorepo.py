"""A monorepo in TypeScript: a linter that floods on every run, a head that waits for a small thing, a full disk."""

from __future__ import annotations

from tests.sense.worlds.world import World

RULES = ("no-unused-vars", "prefer-const", "no-console", "eqeqeq", "@typescript-eslint/no-explicit-any")
TESTS = ("adds a line", "drops a line", "keeps the order", "says what is missing")


def _flood(number: int) -> tuple[str, ...]:
    lines: list[str] = []
    for file in range(14):
        lines.append(f"/repo/packages/ui/src/part{file}.tsx")
        for row in range(6):
            rule, level = RULES[row % 5], "error" if row % 4 == 3 else "warning"
            lines.append(f"  {3 * row + number % 3 + 1}:{row + 2}  {level}  Some words on {rule}  {rule}")
        lines.append("")
    return (*lines, "✖ 84 problems (14 errors, 70 warnings)")


def _run(world: World, number: int, fails: dict[str, str], extra: tuple[str, ...] = ()) -> None:
    file = "packages/list/src/list.test.ts"
    results = []
    for name in TESTS:
        error = fails.get(name, "")
        mark = f"  ✕ {name} (12 ms)" if error else f"  ✓ {name} (3 ms)"
        results.append((f"{file} > {name}", error, (mark,)))
    head = (
        "yarn run v1.22.22",
        "$ turbo run lint test",
        *_flood(number),
        *extra,
        f"{'FAIL' if fails else 'PASS'} {file}",
    )
    tail: tuple[str, ...] = ()
    if fails:
        for name, error in fails.items():
            tail += (
                f"  ● list › {name}",
                "",
                f"    {error}",
                "",
                "      at Object.<anonymous> (packages/list/src/list.test.ts:31:20)",
            )
    count = f"{len(fails)} failed, {len(TESTS) - len(fails)} passed" if fails else f"{len(TESTS)} passed"
    tail += (f"Test Suites: 1 {'failed' if fails else 'passed'}, 1 total", f"Tests:       {count}, 4 total")
    world.job("web", results, passed=not fails and not extra, head=head, tail=tail)


def world() -> World:
    """The stream with its moments."""
    made = World(seed=37)
    made.event("queue.state", "shop", "running", source="queue", item="shop/3")
    for number in range(20):
        made.event(
            "pending",
            f"note/{number}",
            "open",
            what=f"TODO: say why in part {number}",
            source="pending",
            paths=(f"packages/ui/src/part{number}.tsx",),
        )
    for number in range(4):
        _run(made, number, {})
        made.wait(140)
    made.expect("", never="no-console|prefer-const|part", after=5)
    made.event(
        "queue.state",
        "shop",
        "blocked",
        what="head shop/3 blocked by note/12",
        source="queue",
        item="shop/3",
        attrs={"blocked_by": "note/12"},
        keep=True,
    )
    made.expect("note/12", words="blocks", never="no-console|note/11")
    made.event("pending", "note/12", "done", source="pending", keep=True)
    made.event("queue.state", "shop", "running", source="queue", item="shop/3", keep=True)
    made.wait(60)
    for number in (5, 6):
        _run(made, number, {"keeps the order": "expected [1, 3, 2] to equal [1, 2, 3]"})
        made.wait(140)
    made.expect("keeps the order", never="no-console|prefer-const")
    _run(made, 7, {})
    made.wait(30)
    _run(made, 8, {}, extra=('error An unexpected error occurred: "ENOSPC: no space left on device, write".',))
    made.expect("disk full", never="no-console|keeps the order")
    return made
