"""What the ranking says when a sender lost what it should have told: by what the rest says, never by a guess alone."""

from __future__ import annotations

from tests.sense.ranker.stream import Stream


def _run(stream: Stream, number: int, lines: list[str], end: str = "") -> None:
    """One run of the job `site`; without an end when that was lost."""
    run = f"site-{number}"
    stream.say("ci.run", "site", "started", run=run, after=100)
    for line in lines:
        level = "error" if line.startswith("error") else "info"
        stream.say("log.line", "site", what=line, run=run, level=level, after=0.5)
    if end:
        stream.say("ci.run", "site", end, run=run, after=1, level="error" if end == "failed" else "info")


GREEN = ["fetching 12 modules", "rendering 40 pages", "wrote sitemap", "bye"]
RED = ["fetching 12 modules", "error: page about/team has no template", "bye"]


def test_a_run_whose_end_was_lost_is_green_when_it_ends_as_green_runs_do():
    stream = Stream()
    _run(stream, 1, GREEN, "passed")
    _run(stream, 2, GREEN, "passed")
    _run(stream, 3, RED, "failed")
    assert "no template" in stream.rank(after=5)[0].what
    _run(stream, 4, GREEN)
    stream.rank(after=20)
    assert stream.rank(after=60) == []


def test_a_run_whose_end_was_lost_is_red_when_it_says_an_error_that_no_green_run_says():
    stream = Stream()
    _run(stream, 1, GREEN, "passed")
    _run(stream, 2, GREEN, "passed")
    _run(stream, 3, RED)
    assert "no template" in stream.rank(after=15)[0].what
    assert "site" in stream.keys(after=60)


def test_new_words_without_an_error_make_no_run_red():
    stream = Stream()
    _run(stream, 1, GREEN, "passed")
    _run(stream, 2, GREEN, "passed")
    _run(stream, 3, ["fetching 14 modules", "warning: 3 pages have no date", "bye"])
    assert stream.keys(after=70) == []


def test_an_end_that_comes_late_counts_more_than_a_guess():
    stream = Stream()
    _run(stream, 1, GREEN, "passed")
    _run(stream, 2, GREEN, "passed")
    _run(stream, 3, RED)
    stream.rank(after=70)
    stream.say("ci.run", "site", "passed", run="site-3", after=1)
    assert stream.keys(after=10) == []


def test_a_lane_that_tells_its_head_again_counts_for_one_lost_closeout():
    stream = Stream()
    stream.say("queue.state", "web", "running", item="web/4")
    for _ in range(2):
        stream.say("closeout", "web", "ok", item="web/4", after=60)
        stream.say("queue.state", "web", "running", item="web/4", after=2)
    assert stream.keys() == []
    stream.say("queue.state", "web", "running", item="web/4", after=90)
    assert [(signal.key, signal.action) for signal in stream.rank()] == [("web", "recycle")]


def test_a_lane_that_talks_much_is_no_stall():
    stream = Stream()
    stream.say("queue.state", "web", "running", item="web/4", after=60)
    stream.say("closeout", "web", "ok", item="web/4", after=60)
    for _ in range(12):
        stream.say("queue.state", "web", "running", item="web/4", after=20)
    stream.say("closeout", "web", "ok", item="web/4", after=60)
    assert stream.keys() == []


def test_a_finding_without_a_level_has_the_one_that_its_words_tell():
    stream = Stream()
    stream.say("finding", "types:1", what="src/cart.ts: error: no overload matches this call", attrs={"tool": "types"})
    assert [signal.level for signal in stream.rank()] == ["error"]


def test_two_ends_that_were_lost_are_settled_at_once():
    stream = Stream()
    _run(stream, 1, GREEN, "passed")
    stream.rank(after=20)
    _run(stream, 2, GREEN, "passed")
    _run(stream, 3, RED)
    assert "no template" in stream.rank(after=70)[0].what


def test_a_broken_environment_that_a_line_of_no_run_tells_fades_when_nobody_says_that_it_works():
    stream = Stream()
    stream.say("log.line", "", what="error: write failed: No space left on device", level="error")
    assert stream.rank()[0].kind == "environment"
    assert stream.keys(after=6 * 3600) == []
