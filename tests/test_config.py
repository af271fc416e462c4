"""The user's own settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import config
from cockpit.errors import CockpitError


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path):
    assert config.load(tmp_path / "none.toml") == config.Config()


def test_all_fields_are_read(tmp_path: Path):
    file = written(
        tmp_path,
        '[notify]\ncommand = ["ntfy", "publish", "me"]\nquiet = "22:00-07:00"\nterminal = "osc9"\ntitle = false\n',
    )
    notify = config.load(file).notify
    assert (notify.command, notify.terminal, notify.title) == (["ntfy", "publish", "me"], "osc9", False)
    assert notify.hours is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[notify", "Expected"),
        ("[notify]\nquiet = 'late'\n", "quiet hours 'late'"),
        ("[notify]\nterminal = 'loud'\n", "terminal 'loud'"),
        ("[notify]\ncomand = []\n", "comand"),
        ("[notify]\ncommand = 'ntfy'\n", "notify.command"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, text: str, words: str):
    file = written(tmp_path, text)
    with pytest.raises(CockpitError, match=words) as caught:
        config.load(file)
    assert str(file) in str(caught.value)
