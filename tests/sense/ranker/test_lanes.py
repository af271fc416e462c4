"""Queues: a TODO that blocks the head (R80), a head that stays although all is done (R83)."""

from tests.sense.ranker.stream import Stream


def test_a_small_todo_that_blocks_the_head_is_the_first_signal():
    stream = Stream()
    stream.say("pending", "P1", "open", what="TODO: pick a default", paths=("src/a.py",))
    stream.say("queue.state", "main", "running", item="q1")
    assert not stream.rank()
    stream.say("queue.state", "main", "blocked", item="q1", attrs={"blocked_by": "P1"})
    first = stream.rank()[0]
    assert (first.key, first.blocks) == ("P1", True)
    assert first.reasons == ("blocks head q1",)
    stream.say("pending", "P1", "done")
    assert not stream.rank()


def test_a_todo_that_blocks_the_sixth_item_is_no_signal():
    stream = Stream()
    stream.say("queue.state", "main", "running", item="q1")
    stream.say("pending", "P1", "open", what="FIXME: decide", level="warning")
    stream.say("queue.item", "q6", "blocked", item="q6", attrs={"blocked_by": "P1", "position": 6})
    assert not stream.rank()


def test_a_todo_is_found_by_the_file_that_the_head_cannot_start_for():
    stream = Stream()
    stream.say("pending", "P1", "open", what="TODO: may it be null", paths=("docs/schema.md",))
    stream.say("queue.state", "main", "ready", item="q1")
    stream.say("route.attempt", "model", "fail", item="q1", what="cannot start q1: unresolved TODO in docs/schema.md")
    assert [signal.key for signal in stream.rank()] == ["P1"]


def test_three_clean_closeouts_without_a_new_head_are_a_stale_supervisor():
    stream = Stream()
    stream.say("queue.state", "main", "running", item="q1")
    for _ in range(2):
        stream.say("closeout", "main", "ok", item="q1")
        assert not stream.rank()
    stream.say("closeout", "main", "ok", item="q1")
    assert stream.rank()[0].reasons == ("3 clean closeouts, head not advancing",)
    stream.say("queue.state", "main", "running", item="q2")
    assert not stream.rank()


def test_closeouts_of_a_paused_lane_are_no_signal():
    stream = Stream()
    stream.say("queue.state", "night", "paused", item="n1")
    for _ in range(5):
        stream.say("closeout", "night", "ok", item="n1")
    assert not stream.rank()
