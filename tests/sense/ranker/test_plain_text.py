"""Logs as text only: what the extractor reads ranks as what a structured source says."""

from tests.sense.ranker.stream import Stream


def run(stream: Stream, number: int, state: str, *lines: str) -> None:
    name = {"run": f"build-{number}"}
    stream.say("ci.run", "build", "started", source="ci", **name)
    for line in lines:
        stream.say("log.line", "build", what=line, source="ci", after=0.2, **name)
    stream.say("ci.run", "build", state, source="ci", after=1.0, **name)


def test_a_test_whose_passes_have_no_lines_turned_red_after_green_runs():
    stream = Stream()
    for number in range(3):
        run(stream, number, "passed", "[INFO] Tests run: 9, Failures: 0, Errors: 0, Skipped: 0")
    stream.say(
        "commit", "", what="Bump log4j-core from 2.16.0 to 2.20.0", source="git", commit="5f1c2aa", paths=("pom.xml",)
    )
    run(
        stream,
        3,
        "failed",
        "[ERROR] org.acme.CartTest.sums  Time elapsed: 0.01 s  <<< ERROR!",
        "java.lang.NoClassDefFoundError: org/apache/logging/log4j/core/Appender",
        "[ERROR] Tests run: 9, Failures: 0, Errors: 1, Skipped: 0",
    )
    first = stream.rank(after=20)[0]
    assert first.key == "org.acme.CartTest.sums"
    assert any("log4j-core" in suspect for suspect in first.suspects), first


def test_many_tests_with_one_error_are_one_signal_with_their_suspect():
    stream = Stream()
    for number in range(3):
        run(stream, number, "passed", "[INFO] BUILD SUCCESS")
    stream.say(
        "commit", "", what="Bump log4j-core from 2.16.0 to 2.20.0", source="git", commit="5f1c2aa", paths=("pom.xml",)
    )
    failed = (
        [
            f"[ERROR] org.acme.Cart{number}Test.sums  Time elapsed: 0 s  <<< ERROR!",
            "java.lang.NoClassDefFoundError: Could not initialize class org.apache.logging.log4j.core.Log",
        ]
        for number in range(6)
    )
    run(stream, 3, "failed", *(line for lines in failed for line in lines))
    first = stream.rank(after=20)[0]
    assert first.what.startswith("6 tests: NoClassDefFoundError")
    assert any("log4j-core" in suspect for suspect in first.suspects), first
