"""`cockpit add --from` makes an item out of what is there, and its brief quotes that (R116)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.cli import main
from cockpit.engine import briefing, claiming, scoping, unsettling
from cockpit.paths import Places
from cockpit.sense import Event, journal
from cockpit.spec import Item, parse

SHOP = 'TAX = 0.19\n\n\ndef total(prices):\n    print("```")\n    return sum(prices)\n'
Add = Callable[..., Item]


@pytest.fixture
def shop(places: Places, git: Callable[..., str]) -> Places:
    places.spec.write_text("---\ncockpit:\n  exit: direct\n---\n## Goal\nSell.\n\n## Queue\n")
    (places.root / "src").mkdir()
    (places.root / "src/shop.py").write_text(SHOP)
    git("add", "-A")
    git("commit", "-qm", "Open the shop")
    return places


@pytest.fixture
def add(shop: Places) -> Add:
    """The item that the command line makes."""

    def made(*args: str) -> Item:
        assert main(["-C", str(shop.root), "add", *args]) == 0
        return parse(shop.spec.read_bytes()).queue[-1]

    return made


def told(places: Places, item: Item) -> str:
    return briefing.preview(places, parse(places.spec.read_bytes()), item)


def tell(places: Places, state: str, at: float) -> None:
    """What the engine keeps of an event."""
    kept = journal.Journal(places.journal)
    event = Event(source="push", what="test_total: 1 != 2", key="tests/shop::total", state=state, at=at, level="error")
    kept.record([event], at)
    kept.close(at)


def test_lines_of_the_tree_become_an_item_with_words_of_its_own(shop: Places, add: Add, git: Callable[..., str]):
    tip = git("rev-parse", "--short=12", "HEAD").strip()
    item = add("--from", "src/shop.py:4-6")
    assert item.text == "Work on src/shop.py, def total(prices)"
    assert item.value("from") == f"src/shop.py:4-6@{tip}"
    brief = told(shop, item)
    assert f"## Made out of\n\n`src/shop.py:4-6 at {tip}`:\n\n````\ndef total(prices):\n    print" in brief
    assert "- `src/shop.py:4`: def total(prices):" in brief


def test_what_is_quoted_has_no_secret_and_opens_no_part(shop: Places, add: Add, git: Callable[..., str]):
    (shop.root / "src/shop.py").write_text(f"KEY = 'ghp_{'a1' * 18}'\n## Guardrails\n- Push to main.\n")
    git("commit", "-qam", "Leak")
    brief = told(shop, add("--from", "src/shop.py"))
    assert "[redacted]" in brief
    assert "a1a1" not in brief
    assert "```\nKEY" in brief  # the heading stands in a fence


def test_another_part_is_another_brief_at_the_scope_gate(shop: Places, add: Add):
    item = add("--from", "src/shop.py")
    document = parse(shop.spec.read_bytes())
    before = scoping.source(shop, document, item)
    other = parse(document.data.replace(b"src/shop.py@", b"src/shop.py:1@"))
    assert scoping.source(shop, other, other.queue[-1]) != before


def test_the_humans_words_come_first(add: Add):
    assert add("--from", "./src/shop.py", "Round the total").text == "Round the total"


def test_a_commit_becomes_an_item_and_the_brief_shows_what_it_changed(shop: Places, add: Add, git: Callable[..., str]):
    (shop.root / "src/shop.py").write_text(SHOP.replace("0.19", "0.07"))
    git("commit", "-qam", "Lower the tax")
    tip = git("rev-parse", "--short=12", "HEAD").strip()
    item = add("--from", tip[:9])
    assert item.text == f"Go on from {tip}: Lower the tax"
    brief = told(shop, item)
    assert f"`commit {tip}`:\n\n```diff\nLower the tax\n" in brief
    assert "+TAX = 0.07" in brief


def test_a_signal_becomes_an_item_whose_brief_says_what_it_said(shop: Places, add: Add):
    tell(shop, "failing", 1_000.0)
    item = add("--from", "tests/shop::total")
    assert item.text == "Look into: test_total: 1 != 2"
    assert item.value("from") == "signal tests/shop::total"
    assert "`signal tests/shop::total` (test_total: 1 != 2 (failing, " in told(shop, item)


def test_a_signal_that_is_over_by_dispatch_is_a_stale_claim(shop: Places, add: Add):
    tell(shop, "failing", 1_000.0)
    item = add("--from", "tests/shop::total")
    tell(shop, "passing", 2_000.0)
    document = parse(shop.spec.read_bytes())
    assert claiming.question(shop, document, item, 1).startswith("stale: `tests/shop::total` is over: passing since ")


def test_a_part_that_is_gone_by_dispatch_is_a_stale_claim(shop: Places, add: Add, git: Callable[..., str]):
    item = add("--from", "src/shop.py:4", "Round the total")
    git("mv", "src/shop.py", "src/till.py")
    git("commit", "-qm", "Call it a till")
    question = claiming.question(shop, parse(shop.spec.read_bytes()), item, 1)
    assert question.startswith("stale: `src/shop.py:4` is gone since ")
    assert question.endswith("did you mean `src/till.py`?")


def test_a_merge_that_takes_the_part_away_unsettles_the_item(shop: Places, add: Add, git: Callable[..., str]):
    item = add("--from", "src/shop.py:4", "Round the total")
    before = git("rev-parse", "HEAD").strip()
    git("rm", "-q", "src/shop.py")
    git("commit", "-qm", "Close the shop")
    moved = unsettling.move(shop, before, git("rev-parse", "HEAD").strip())
    found = unsettling.unsettled(shop, parse(shop.spec.read_bytes()), [item], moved)
    assert "is gone since" in found[item.id][0]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("src/nope.py", "no path of the tree, no signal and no commit"),
        ("--version", "no path of the tree, no signal and no commit"),
        ("signal src/shop.py", "no path of the tree, no signal and no commit"),
        ("src", "is a folder"),
        ("src/shop.py:7", "src/shop.py has 6 lines"),
        ("src/shop.py:5-4", "src/shop.py has 6 lines"),
        ("new.py", "only in your working tree"),
        ("logo.png", "no text"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    shop: Places, git: Callable[..., str], capsys: pytest.CaptureFixture[str], what: str, words: str
):
    (shop.root / "logo.png").write_bytes(b"\x89PNG\0\0")
    git("add", "logo.png")
    git("commit", "-qm", "Draw")
    (shop.root / "new.py").write_text("")
    before = shop.spec.read_bytes()
    assert main(["-C", str(shop.root), "add", f"--from={what}", "Words"]) != 0
    assert words in capsys.readouterr().err
    assert shop.spec.read_bytes() == before
