"""What tokens cost: data with a date, the human's over ours, unknown never nothing (R157, R195)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cockpit.act.prices import OURS, Price, price_of, priced, prices
from cockpit.errors import CockpitError
from cockpit.spent import Part, Usage

KNOWN = {"small-*": Price(read=1.0, out=10.0, date="2026-01", cached=0.1)}


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "cockpit"
    folder.mkdir(parents=True)
    return folder


def own(root: Path, text: str) -> None:
    (root / ".cockpit").mkdir(exist_ok=True)
    (root / ".cockpit" / "prices.toml").write_text(text)


def test_each_of_our_prices_says_when_it_was_read(tmp_path: Path):
    assert OURS.exists()
    for price in prices(tmp_path).values():
        assert re.fullmatch(r"20\d\d-\d\d", price.date)
        assert price.out >= price.read >= (price.cached or 0)


def test_tokens_cost_what_their_model_costs():
    used = Usage(3_000_000, None, (Part("small-7b", read=1_000_000, cached=1_000_000, out=1_000_000),))
    assert priced(used, KNOWN).usd == pytest.approx(1.0 + 0.1 + 10.0)


def test_what_has_no_price_of_its_own_costs_as_what_is_read():
    used = Usage(2_000_000, None, (Part("small-7b", stored=2_000_000),))
    assert priced(used, KNOWN).usd == pytest.approx(2.0)


def test_what_the_agent_tells_goes_before_our_prices():
    assert priced(Usage(5, 0.75, (Part("small-7b", read=5),)), KNOWN).usd == 0.75


def test_an_unknown_model_has_no_price_and_never_costs_nothing():
    for parts in ((Part("other", read=5),), (Part("small-7b", read=5), Part("", read=5)), ()):
        assert priced(Usage(5, None, parts), KNOWN).usd is None
        assert priced(Usage(5, 0.0, parts), KNOWN).usd is None, "the agent's own list lacks the model"


def test_a_model_that_is_free_is_one_that_somebody_says_is_free(tmp_path: Path):
    own(tmp_path, '["local-*"]\nin = 0\nout = 0\ndate = "2026-11"\n')
    assert priced(Usage(5, 0.0, (Part("ollama/local-1", read=5),)), prices(tmp_path)).usd == 0.0


def test_the_repository_goes_over_the_user_and_the_user_over_us(tmp_path: Path, config: Path):
    ours = price_of("gpt-5.2", prices(tmp_path))
    assert ours is not None
    (config / "prices.toml").write_text(
        '["gpt-5.2"]\nin = 7\nout = 8\ndate = "2026-11"\n["x"]\nin=1\nout=1\ndate="1"\n'
    )
    assert price_of("openai/gpt-5.2", prices(tmp_path)) == Price(read=7, out=8, date="2026-11")
    own(tmp_path, '["gpt-5.2"]\nin = 9\nout = 9\ndate = "2026-11"\n')
    assert price_of("gpt-5.2", prices(tmp_path)) == Price(read=9, out=9, date="2026-11")
    assert price_of("x", prices(tmp_path)) is not None


def test_the_longest_glob_that_fits_counts():
    known = KNOWN | {"small-7b*": Price(read=2, out=2, date="2026-01")}
    assert price_of("small-7b-instruct", known) == known["small-7b*"]
    assert price_of("small-9b", known) == known["small-*"]


@pytest.mark.parametrize("text", ["[x\n", '["x"]\nin = 1\n', '["x"]\nin = "much"\nout = 1\ndate = "1"\n', "x = 3\n"])
def test_prices_that_cannot_be_read_are_told_with_their_file(tmp_path: Path, text: str):
    own(tmp_path, text)
    with pytest.raises(CockpitError, match="prices cannot be read"):
        prices(tmp_path)
