"""A service in Go: an integration test that flaps, then a real regression, then a stalled lane."""

from __future__ import annotations

from tests.sense.worlds.world import World

UNIT = ("TestParseConfig", "TestRouterMatches", "TestRateLimiter", "TestCursorRoundTrip")
FLAKY = "TestOrdersEventuallyConsistent"
PACKAGE = "example.org/depot/internal/orders"


def _lines(name: str, error: str) -> tuple[str, ...]:
    if not error:
        return (f"=== RUN   {name}", f"--- PASS: {name} (0.04s)")
    return (f"=== RUN   {name}", f"    orders_test.go:88: {error}", f"--- FAIL: {name} (2.31s)")


def _run(world: World, fails: dict[str, str], *, commit: str) -> None:
    results = [(name, fails.get(name, ""), _lines(name, fails.get(name, ""))) for name in (*UNIT, FLAKY)]
    tail = (
        (f"FAIL\t{PACKAGE}\t3.120s", "FAIL", "make: *** [Makefile:14: integration] Error 1")
        if fails
        else ("PASS", f"ok  \t{PACKAGE}\t3.120s")
    )
    head = ("go: downloading github.com/jackc/pgx/v5 v5.5.4", "go vet ./...", "docker compose up -d postgres")
    world.job("integration", results, passed=not fails, head=head, tail=tail, commit=commit)


def world() -> World:
    """The stream with its moments."""
    made = World(seed=11)
    for number in range(9):
        made.event(
            "commit",
            what=f"Tidy handler {number}",
            source="git",
            commit=f"c0ffee{number}",
            paths=(f"internal/api/h{number}.go",),
        )
        _run(
            made,
            {FLAKY: "orders not visible after 2s: got 3, want 4"} if number in (2, 5, 7) else {},
            commit=f"c0ffee{number}",
        )
        if number == 3:
            made.expect("", never="healthz|collector", after=400)
        made.wait(120)
    made.expect(FLAKY, words=r"3 of \d+ runs|flak", never="collector|replica")
    made.event(
        "commit",
        what="Take limits from the tenant's plan",
        source="git",
        commit="badcafe1",
        paths=("internal/limit/limit.go",),
        keep=True,
    )
    for _ in range(2):
        _run(made, {"TestRateLimiter": "limit_test.go: burst of 10 let 14 through"}, commit="badcafe1")
        made.wait(100)
    made.expect("TestRateLimiter", words="red|green|since", never="collector")
    _run(made, {}, commit="badcafe2")
    made.wait(60)
    made.event("queue.state", "ops", "running", source="queue", item="ops/7", keep=True)
    for _ in range(4):
        made.wait(80)
        made.event("closeout", "ops", "ok", what="closeout ops/7 clean", source="harness", item="ops/7", keep=True)
    made.expect("ops", words="closeouts", never="TestRateLimiter")
    return made
