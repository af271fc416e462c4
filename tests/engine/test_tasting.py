"""The taste in its file: written when something is learned, taken as another hand leaves it."""

from __future__ import annotations

from cockpit.engine.tasting import Tasting, load, save
from cockpit.paths import Places
from cockpit.sense import Event, Ranker, taste

NOW = 1_790_000_000.0


def learned(acts: int = 3) -> Ranker:
    ranker = Ranker()
    ranker.feed(Event(source="ci", what="it fails", kind="preflight", key="b", state="fail", at=NOW))
    for number in range(acts):
        ranker.feed(Event(source="user", kind="user.accept", what="x", attrs={"target": "b"}, at=NOW + number))
    return ranker


def test_what_is_learned_is_in_the_file_and_there_after_a_restart(places: Places):
    places.local.mkdir(exist_ok=True)
    ranker = learned()
    Tasting(places, ranker.people).sync(NOW)
    assert load(places.taste)["source ci"].acts == 3.0
    anew = Ranker()
    Tasting(places, anew.people)
    assert anew.people.taste["source ci"].acts == 3.0


def test_without_anything_learned_there_is_no_file(places: Places):
    Tasting(places, Ranker().people).sync(NOW)
    assert not places.taste.exists()


def test_what_another_hand_edits_or_takes_away_counts(places: Places):
    places.local.mkdir(exist_ok=True)
    ranker = learned()
    tasting = Tasting(places, ranker.people)
    tasting.sync(NOW)
    save(places.taste, taste.write({}, NOW))
    tasting.sync(NOW)
    assert ranker.people.taste == {}
    ranker.feed(Event(source="user", kind="user.accept", what="x", attrs={"target": "b"}, at=NOW + 9))
    tasting.sync(NOW)
    assert load(places.taste)["source ci"].acts == 1.0
    places.taste.unlink()
    tasting.sync(NOW)
    assert ranker.people.taste == {}


def test_what_another_hand_takes_away_is_gone_before_the_next_ranking(places: Places):
    """Not after it: nothing may happen then that would have it ranked once more."""
    places.local.mkdir(exist_ok=True)
    ranker = learned()
    tasting = Tasting(places, ranker.people)
    tasting.sync(NOW)
    assert not tasting.take()
    save(places.taste, taste.write({}, NOW))
    assert tasting.take()
    assert ranker.people.taste == {}


def test_a_file_that_cant_be_read_is_told_and_not_written_over(places: Places):
    places.local.mkdir(exist_ok=True)
    places.taste.write_text("not mine", encoding="utf-8")
    ranker = learned()
    tasting = Tasting(places, ranker.people)
    tasting.sync(NOW)
    assert "taste.toml" in tasting.trouble[0]
    assert places.taste.read_text("utf-8") == "not mine"
    places.taste.unlink()
    tasting.sync(NOW)
    assert tasting.trouble == []
