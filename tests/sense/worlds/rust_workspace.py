"""A workspace in Rust: a bump that breaks the build, another that only warns, an upgrade that nothing came of."""

from __future__ import annotations

from tests.sense.worlds.world import World

CRATES = ("depot-core", "depot-http", "depot-cli")
TESTS = (
    "codec::tests::round_trip",
    "codec::tests::rejects_short_frames",
    "pool::tests::reuses_idle",
    "cli::tests::prints_help",
)
COMMON = (
    "warning: unused variable: `ctx`",
    "  --> depot-cli/src/main.rs:41:9",
    "   |",
    "41 |     let ctx = Context::new();",
    "   |         ^^^",
)


def _run(world: World, *, commit: str, extra: tuple[str, ...] = (), passed: bool = True) -> None:
    head = (
        "    Updating crates.io index",
        *(f"   Compiling {crate} v0.9.2 (/build/{crate})" for crate in CRATES),
        *COMMON,
        *extra,
    )
    if not passed:
        world.job(
            "cargo",
            [],
            passed=False,
            head=head,
            tail=("error: could not compile `depot-http` (lib) due to 1 previous error",),
            commit=commit,
        )
        return
    results = [(name, "", (f"test {name} ... ok",)) for name in TESTS]
    head = (
        *head,
        "    Finished `test` profile [unoptimized + debuginfo] target(s) in 14.21s",
        "     Running unittests src/lib.rs (target/debug/deps/depot_core-0a1b)",
        "running 4 tests",
    )
    world.job(
        "cargo",
        results,
        passed=True,
        head=head,
        tail=("test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.31s",),
        commit=commit,
    )


WARNED = (
    "warning: use of deprecated method `hyper::Server::serve_old`: use `serve` instead",
    "   --> depot-http/src/lib.rs:17:10", "    |",
    "17  |     server.serve_old(make)", "    |            ^^^^^^^^^",
)  # fmt: skip
BROKEN = (
    "error[E0308]: mismatched types", "   --> depot-http/src/body.rs:52:23", "    |",
    "52  |     Body::from_bytes(frame)",
    "    |     ---------------- ^^^^^ expected `bytes::Bytes`, found `Vec<u8>`",
)  # fmt: skip


def world() -> World:
    """The stream with its moments."""
    made = World(seed=23)
    for number in range(4):
        _run(made, commit=f"11aa22b{number}")
        made.wait(150)
    made.expect("", after=5)
    made.event(
        "commit",
        what="build(deps): bump log from 0.4.20 to 0.4.21",
        source="git",
        commit="22bb33c1",
        paths=("Cargo.lock",),
        keep=True,
    )
    _run(made, commit="22bb33c1")
    made.wait(60)
    made.expect("", after=5)
    made.event(
        "commit",
        what="build(deps): bump hyper from 0.14.28 to 1.2.0",
        source="git",
        commit="33cc44d1",
        paths=("Cargo.lock", "depot-http/Cargo.toml"),
        keep=True,
    )
    _run(made, commit="33cc44d1", extra=WARNED)
    made.expect("serve_old|hyper", words="hyper", never="unused variable")
    made.wait(90)
    made.event(
        "commit",
        what="build(deps): bump bytes from 1.5.0 to 2.0.0",
        source="git",
        commit="44dd55e1",
        paths=("Cargo.lock",),
        keep=True,
    )
    _run(made, commit="44dd55e1", extra=BROKEN, passed=False)
    made.expect("mismatched types|bytes", words="bytes|new since", never="unused variable|could not compile")
    made.wait(200)
    _run(made, commit="55ee66f1")
    made.wait(60)
    made.expect("", never="mismatched", after=5)
    return made
