from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from textual.app import App, ComposeResult
from textual.theme import Theme
from textual.widgets import Input, OptionList, Static

import themes
from tests.widgets.wire import Wire, on_wire
from widgets.ranked_list import Column, RankedList, Row
from widgets.terminal import DiffDisplay

TONES = ("success", "warning", "error", "primary", "foreground")
BUILT_IN = {theme.name: theme for theme in themes.load()}
COLOURED = [theme for theme in BUILT_IN.values() if not theme.ansi]


def test_three_palettes_are_always_there():
    assert set(BUILT_IN) == {themes.DARK, themes.LIGHT, themes.MONO}


def luminance(color: str) -> float:
    parts = [part / 255 for part in Color.parse(color).triplet]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("under", ["background", "surface", "panel", "block-cursor-background"])
def test_tones_are_read_with_ease_wherever_they_stand(theme: Theme, under: str):
    ground = theme.variables.get(under) or getattr(theme, under)
    for tone in TONES:
        assert contrast(getattr(theme, tone), ground) >= 4.5, tone


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("depth", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
def test_tones_stay_apart_in_a_poorer_terminal(theme: Theme, depth: ColorSystem):
    shown = [Color.parse(getattr(theme, tone)).downgrade(depth).number for tone in (*TONES, "background")]
    assert len(set(shown)) == len(shown)
    cursor = Color.parse(theme.variables["block-cursor-background"]).downgrade(depth).number
    assert cursor not in shown[:-1]


class Small(DiffDisplay, App[None]):
    CSS = (
        "Input:ansi > .input--cursor, Input:ansi > .input--selection { background: ansi_default; color: ansi_default; }"
    )

    def compose(self) -> ComposeResult:
        yield RankedList(Column("what"))
        yield Input("text")
        yield OptionList("one", "two")
        yield Static("words", markup=False)

    def on_mount(self) -> None:
        for theme in themes.load():
            self.register_theme(theme)
        self.query_one(RankedList).set_rows([Row("a", ("alert",), "alert"), Row("b", ("dim",), "dim")])
        self.query_one(Input).cursor_blink = False


@pytest.mark.parametrize("name", list(BUILT_IN))
async def test_every_palette_dresses_stock_widgets_too(name: str):
    async def session(pilot, wire: Wire) -> None:
        pilot.app.theme = name
        await pilot.press("tab", "tab", "down")
        await pilot.pause()
        assert wire.take()

    await on_wire(Small(), session)


@pytest.mark.parametrize("no_color", [True, False])
async def test_the_mono_palette_sends_no_colour_at_all(no_color: bool, monkeypatch: pytest.MonkeyPatch):
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")

    async def session(pilot, wire: Wire) -> None:
        pilot.app.theme = themes.MONO
        await pilot.pause()
        pilot.app.forget_frame()
        wire.take()
        await pilot.pause()
        for key in ("j", "tab", "tab", "down", "shift+tab"):
            await pilot.press(key)
        await pilot.pause()
        data = wire.take()
        codes = {code for part in data.split("\x1b[")[1:] if "m" in part for code in part.split("m")[0].split(";")}
        assert codes <= {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29"} | {
            code for code in codes if not code.isdecimal()
        }
        assert "7" in codes
        assert "2" in codes

    await on_wire(Small(ansi_color=True) if no_color else Small(), session)


def test_a_palette_of_the_user_is_found_and_wins(tmp_path: Path):
    (tmp_path / "mine.toml").write_text('[colors]\nprimary = "red"\n')
    (tmp_path / "dark.toml").write_text('name = "cockpit-dark"\n[colors]\nprimary = "#ff0000"\n')
    found = {theme.name: theme for theme in themes.load(tmp_path)}
    assert found["mine"].primary == "red"
    assert found["cockpit-dark"].primary == "#ff0000"


def test_a_folder_that_does_not_exist_has_no_palettes(tmp_path: Path):
    assert len(themes.load(tmp_path / "none")) == 3


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colors = 3", "colors"),
        ("[colors]\n", "colors.primary"),
        ('[colors]\nprimary = "blurple"', "colors.primary"),
        ("[colors]\nprimary = 3", "colors.primary"),
        ('[colors]\nprimary = "red"\ntertiary = "red"', "colors.tertiary"),
        ('[colors]\nprimary = "red 400%"', "colors.primary"),
        ('[colors]\nprimary = "red"\n[variables]\nborder = "no"', "variables.border"),
        (
            '[colors]\nprimary = "red"\n[variables]\nblock-cursor-text-style = "loud"',
            "variables.block-cursor-text-style",
        ),
        ('dark = "yes"\n[colors]\nprimary = "red"', "dark"),
        ('name = ""\n[colors]\nprimary = "red"', "name"),
        ('colour = "red"', "colour"),
        ("not toml", ""),
    ],
)
def test_what_is_wrong_with_a_palette_is_told_by_file_and_key(text: str, key: str, tmp_path: Path):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(themes.ThemeError) as caught:
        themes.load(tmp_path)
    assert caught.value.path == path
    assert caught.value.key == key
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_text_is_told_too(tmp_path: Path):
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(themes.ThemeError, match=r"bad\.toml"):
        themes.load(tmp_path)
