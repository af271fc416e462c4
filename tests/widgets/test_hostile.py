"""Uncleaned text through every widget: what leaves for the terminal is Textual's own vocabulary and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widget import Widget

from tests.widgets.wire import on_wire
from widgets.checklist import Check, Checklist
from widgets.diff_lines import DiffLines
from widgets.key_bar import KeyBar
from widgets.line_log import LineLog
from widgets.markdown_lines import MarkdownLines
from widgets.ranked_list import Column, RankedList, Row
from widgets.status_line import Segment, StatusLine
from widgets.terminal import DiffDisplay

HOSTILE = [
    "\x1b[2J\x1b[H",
    "\x1b]0;owned\x07",
    "\x1b]52;c;b3duZWQ=\x1b\\",
    "\x9b2J",
    "\x9d0;t\x9c",
    "\x90q\x9c",
    "\x1bc",
    "\x1b[6n",
    "\x1bP+q544e\x1b\\",
    "\x1b[?1049l",
    "\x1b_G\x1b\\",
    "\x1b[201~",
    "a\rb",
    "a\nb",
    "a\bb",
    "a\x0bb\x0cc",
    "\x00\x01\x7f\x84\x85",
    "user\u202egnp.exe",
    "\u2066x\u2069",
    "\u200e\u200f\u061c",
    "a\u200bb\u2060c",
    "\ufeffbom",
    "\u2028line\u2029",
    "\ud800",
    "x\udfff",
    "\U000e0041\U000e0042",
    "👩\u200d🚀\ufe0f",
    "z\u0301\u0302\u0303\u0304algo",
    "[bold red]markup[/]",
    "[@click=app.quit]x[/]",
    "日本語テキスト",
    "\t\ttabs\t",
    "x" * 500,
    "\x1b[31mred\x1b[0m",
    "\x1b[38;5;1;4:3mx",
    "\x1b]8;;file:///etc\x1b\\link\x1b]8;;\x1b\\",
]

VOCABULARY = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b\[[0-9]*;?[0-9]*H|\x1b\[[0-9]+G"  # the cursor's place
    r"|\x1b\]22;[a-z-]+\x07"  # the mouse pointer's shape
    r"|\x1b\[\?(?:1049|1000|1002|1003|1004|1006|1015|1016|2004|2026|2048|25|7)[hl]|\x1b\[\?(?:2026|2048)\$p|\x1b\[>[0-9]*u|\x1b\[<u"
)


def forbidden(data: str) -> list[str]:
    """Every character that is left when Textual's own vocabulary is taken out and that a terminal might obey."""
    left = VOCABULARY.sub("", data)
    return re.findall("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", left)


class Gallery(App[None]):
    CSS = "LinePane { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield StatusLine()
        yield RankedList(Column("one", 9, "right"), Column("two"))
        yield MarkdownLines()
        yield LineLog()
        yield DiffLines()
        yield Checklist()
        yield KeyBar()

    def fill(self, text: str) -> None:
        link = Text(text, style=Style(link=text or None))
        self.query_one(StatusLine).set_segments([Segment(text), Segment("ok")], [Segment(text, "warn")])
        self.query_one(RankedList).set_rows([Row("a", (text, link)), Row("b", (Text(text), text), text)])
        self.query_one(MarkdownLines).show([text, f"- [{text}] `{text}`"], marks={1: text, 2: "●"}, changed={1: text})
        log = self.query_one(LineLog)
        log.append([text, "plain"])
        log.empty = text
        self.query_one(DiffLines).show(f"diff --git a/{text} b/{text}\n@@ -1 +1 @@ {text}\n-{text}\n+{text}\n")
        self.query_one(Checklist).set_checks([Check(1, text, "fail", text), Check(2, text, text, text)])
        self.query_one(KeyBar).set_keys([("a", text, True), (text, "b", False), ("?", "help", True)])


class DiffGallery(DiffDisplay, Gallery):
    pass


@pytest.mark.parametrize("kind", [Gallery, DiffGallery])
async def test_no_raw_control_leaves(kind: type[Gallery]):
    async def session(pilot: Any, wire: Any) -> None:
        for text in HOSTILE:
            pilot.app.fill(text)
            await pilot.pause()
            assert forbidden(wire.take().replace("\n", "") if kind is Gallery else wire.take()) == [], repr(text)
        for pane in pilot.app.query("LinePane").results(Widget):
            pane.set_filter("\x1b")
            pane.set_filter("x")
        await pilot.pause()
        wire.all.encode()

    await on_wire(kind(), session, size=(90, 50))


async def test_every_line_is_as_wide_as_the_screen():
    async def session(pilot: Any, wire: Any) -> None:
        for text in HOSTILE:
            pilot.app.fill(text)
            await pilot.pause()
            for strip in pilot.app.screen._compositor.render_strips():
                assert strip.cell_length == 60

    await on_wire(DiffGallery(), session, size=(60, 50))


async def test_stock_widgets_pass_the_last_gate_too():
    from textual.widgets import OptionList, Static

    class Stock(DiffDisplay, App[None]):
        def compose(self) -> ComposeResult:
            for text in HOSTILE:
                if not any("\ud800" <= char <= "\udfff" for char in text):
                    yield Static(Text(text))
            yield OptionList(*[Text(text.replace("\n", "")) for text in HOSTILE])

    async def session(pilot: Any, wire: Any) -> None:
        links = re.sub(r"\x1b\]8;;[ -~]*\x1b\\", "", wire.all)
        assert forbidden(links) == []
        wire.all.encode()

    await on_wire(Stock(), session, size=(90, 50))
