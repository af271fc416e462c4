"""The screen: one frozen view in, verbs out (design, section 3). It never imports the engine or a station.

Until the first paint only what that frame shows is imported; the other screens and what steers come when asked for.
"""

from __future__ import annotations

import os

os.environ.setdefault("TEXTUAL_FPS", "60")
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen

import themes
from cockpit import start, wire
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.panes.delegates import DelegatesPane
from cockpit.panes.pane import Pane
from cockpit.panes.signals import SignalsPane
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import feeds, looks, outside
from cockpit.screens.acting import Acting
from cockpit.screens.attention import Attention
from cockpit.screens.following import Following
from cockpit.screens.host import Command
from cockpit.screens.main import MainScreen
from cockpit.screens.steerable import Steerable
from cockpit.spec import gates
from cockpit.verbs import Verb
from widgets.terminal import DiffDisplay, quiet_driver


def _steering() -> type[Provider]:
    from cockpit.screens.palette import Steering

    return Steering


class CockpitApp(DiffDisplay, App[None]):
    """The app of one repository. With `connect=False` no engine is started or asked: tests feed snapshots."""

    CSS_PATH = str(themes.STYLESHEET)
    TITLE = "Cockpit"
    COMMANDS = {_steering}  # noqa: RUF012 - as Textual types it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "redraw", "Paint everything anew", show=False, id="redraw"),
        Binding("ctrl+c", "interrupted", "Twice: quit", show=False, id="interrupted"),
        Binding("ctrl+q", "leave", "Quit; the engine goes on", show=False, id="leave"),
    ]

    def __init__(self, places: Places, *, connect: bool = True, clock: Callable[[], float] = time.time) -> None:
        # Without colours Textual turns them grey unless it is told to keep the terminal's own: black on black.
        super().__init__(driver_class=quiet_driver(), watch_css=False, ansi_color="NO_COLOR" in os.environ or None)
        self.places, self._connect, self._clock = places, connect, clock
        self.view = View(name=line(places.root.name, 40), spec=places.spec_name, now=clock())
        self._main = MainScreen(self.view)
        self._following = Following(colour=not self.no_color)
        self._acting = Acting(self, clock)
        self._leaving = self._begun = False
        self._complaint = looks.dress(self)
        self._attention = Attention(self._write)

    # Life

    def on_mount(self) -> None:
        """Show the spec at once, and everything that takes longer after it."""
        self.view = feeds.read_spec(self.places, self.view).but(branch=feeds.read_branch(self.places))
        self._main = MainScreen(self.view)
        self.push_screen(self._main)
        self.theme_changed_signal.subscribe(self, lambda _theme: self.show(self.view))
        self.call_after_refresh(self._live)

    def _live(self) -> None:
        """The first frame is painted: now what watches, reads git and asks the engine, with all that these import."""
        _settle_memory()
        self._begun = True
        self.weigh()
        self.run_worker(self._saves(), group="watch")
        self.run_worker(self._reports(), group="watch")
        self.run_worker(self.refresh_facts(), group="read")
        if self._connect:
            self.run_worker(self._engine(), group="watch")
        if self._complaint:
            self.say(self._complaint, "alert")

    @property
    def steerable(self) -> Steerable:
        """The uppermost screen that steers: modal windows lie over it."""
        found = next((s for s in reversed(self.screen_stack) if isinstance(s, Steerable)), None)
        return found if found is not None else self._main

    def say(self, words: str, tone: str = "ok") -> None:
        """One line to the human."""
        if self._standing:
            self.steerable.foot.say(words, tone)

    @property
    def _standing(self) -> bool:
        """Whether the screen still has its widgets: workers may end while it closes."""
        return self.is_running and self.steerable.stands

    def _fatal_error(self) -> None:
        """A bug: leave the terminal clean; the rim of the command line tells it in one line."""
        self._close_messages_no_wait()

    # State

    def show(self, view: View) -> None:
        """The one way to change what is shown."""
        self.view = view.but(now=self._clock())
        if not self.is_running:
            return
        for screen in self.screen_stack:
            if isinstance(screen, Steerable) and screen.stands:
                with self.batch_update():
                    screen.show(self.view)
        self._follow_log()

    def feed(self, snapshot: wire.Snapshot) -> None:
        """A snapshot of the engine."""
        told = self.view.snapshot if self.view.snapshot.version else snapshot
        self.show(self.view.but(snapshot=snapshot, engine="up", branch=snapshot.branch or self.view.branch))
        self._attention.tell(told, snapshot, self.view.name)

    def lost(self) -> None:
        """The engine does not answer; nothing is painted when that is known already."""
        if self.view.engine != "down":
            self.show(self.view.but(engine="down", snapshot=self.view.snapshot))

    async def reload(self) -> None:
        """Read the spec and what belongs to it again."""
        view = feeds.read_spec(self.places, self.view)
        if view is not self.view and view != self.view:
            self.show(view)
        await self.refresh_facts()

    async def refresh_facts(self) -> None:
        """Facts, stale verdicts, branch and changed lines, read in a thread."""
        view = self.view
        try:
            known = await asyncio.to_thread(feeds.read_known, self.places, view)
            changed = await asyncio.to_thread(feeds.read_changed, self.places, view.document.data)
        except CockpitError as error:
            self.say(line(str(error), 200), "alert")
            return
        branch = feeds.read_branch(self.places)
        after = self.view.but(known=known, branch=branch)
        if view.document is self.view.document:
            after = after.but(changed=changed)
        if after != self.view:
            self.show(after)

    async def _saves(self) -> None:
        with contextlib.suppress(OSError):
            async for _what in feeds.saves(self.places):
                await self.reload()

    async def _reports(self) -> None:
        with contextlib.suppress(OSError):
            async for files in feeds.reports(self.places):
                self._following.grown(self._main.query_one(DelegatesPane), files)
                if any(file.name != "pane.log" for file in files):
                    await self.refresh_facts()

    async def _engine(self) -> None:
        try:
            await asyncio.to_thread(start.engine, self.places)
        except CockpitError as error:
            self.say(str(error), "alert")
        async for snapshot in feeds.snapshots(self.places, self.lost):
            self.feed(snapshot)

    def _follow_log(self) -> None:
        if found := self._main.query(DelegatesPane):
            self._following.turn_to(found.first())

    def on_ranked_list_highlighted(self) -> None:
        """Another delegate has another log."""
        self._follow_log()

    # Verbs

    async def weighed(self) -> list[tuple[Verb, str]]:
        """Every verb with the reason it is refused for what is selected now."""
        return await self._acting.weighed()

    def weigh(self) -> None:
        """Tell the screen which keys are valid now."""
        if self._begun:
            self.run_worker(self._weigh, group="weigh", exclusive=True)

    async def _weigh(self) -> None:
        if not self._standing:
            return
        verbs = await self.weighed()
        if self._standing:
            self.steerable.show_keys(verbs)

    def action_verb(self, name: str) -> None:
        """A key that steers: asks what the verb needs, then writes and commits."""
        self.run_worker(self._acting.key(name), group=f"steer {self._clock()} {name}")

    def act(self, name: str, target: str, words: Mapping[str, str]) -> None:
        """Steer with words that are known already."""
        self.run_worker(self._acting.act(name, target, words), group=f"steer {self._clock()} {name}")

    def heeded(self, signal: wire.SignalView) -> None:
        """The human opened this signal: an act on it that follows is an answer to it."""
        self._acting.heeded(signal)

    # Other keys

    def review(self, item: str) -> bool:
        """Open what waits for the human's word: the brief at the scope gate, else the review of an item that some
        delegate has worked on; False when there is neither.
        """
        found = self.view.document.item(item)
        if found is not None and gates.at_scope(found):
            self.brief(item)
            return True
        if self.view.known.reviewed(item) is None:
            return False
        from cockpit.screens.review import ReviewScreen

        self.push_screen(ReviewScreen(self.places, self.view, item))
        return True

    def brief(self, item: str) -> None:
        """Open the brief of an item: the one that waits, was sent, or would be sent now."""
        from cockpit.screens.brief import BriefScreen

        self.push_screen(BriefScreen(self.places, self.view, item))

    def action_timeline(self) -> None:
        """What was steered, by whom and why."""
        from cockpit.screens.timeline import TimelineScreen

        self.push_screen(TimelineScreen(self.places, self.view))

    def why(self, pane: Pane) -> None:
        """Say why the selected row stands where it stands."""
        from cockpit.screens import why

        target = pane.target
        if isinstance(pane, SignalsPane):
            facts = why.of_signal(self.view, pane.row)
            if pane.signal is not None:
                self.heeded(pane.signal)
        else:
            facts = why.of_item(self.view, target.item, self.places)
        if facts:
            self.push_screen(why.WhyScreen(line(target.row or target.item, 60), facts))
        else:
            self.say("nothing is selected", "warn")

    def action_goal(self) -> None:
        """The completion graph: what can begin first, below it what waits for that."""
        from cockpit.screens import why

        self.push_screen(
            why.WhyScreen(line(self.view.document.goal or "no goal yet: R says it", 100), why.of_goal(self.view))
        )

    async def action_help(self) -> None:
        """Every key that works here."""
        from cockpit.screens import help

        screen = self.steerable
        focused = screen.focused
        about = next((node.TITLE for node in focused.ancestors if isinstance(node, Pane)), "") if focused else ""
        verbs = await self.weighed()
        self.push_screen(help.HelpScreen(help.entries(cast("Screen[object]", screen), verbs), about))

    def action_command_palette(self) -> None:
        """Textual's palette, with our verbs, at rest when nobody types."""
        from cockpit.screens.palette import Palette

        if not Palette.is_open(self):
            self.push_screen(Palette(id="--command-palette"))

    def commands(self) -> list[Command]:
        """The palette's entries beside the verbs: what screens and app can do, and the themes."""
        found: list[Command] = [
            ("timeline  l", "what was steered, by whom and why", self.action_timeline),
            ("goal", "what is left of it, in the order in which it can be done", self.action_goal),
            ("help  ?", "every key that works here", self.action_help),
            ("edit  E", "the spec in $EDITOR", lambda: self.edit_spec(1)),
            ("redraw  ctrl+l", "paint everything anew", self.action_redraw),
            ("quit  q", "the engine and the delegates go on", self.action_leave),
        ]
        dress = partial(setattr, self, "theme")
        names = sorted(self.available_themes, key=lambda name: (not name.startswith("cockpit"), name))
        return [*found, *((f"theme {name}", "another palette", partial(dress, name)) for name in names)]

    def edit_spec(self, number: int) -> None:
        """Open the spec in the human's editor; what they save is seen like any other save."""
        self._edit(lambda: self.places.spec, number)

    def open_file(self, named: str, number: int) -> None:
        """Open a file of the repository that the spec names."""
        self._edit(lambda: outside.inside(self.places, named), number)

    def open_named(self, named: Sequence[tuple[str, int]]) -> bool:
        """Open the first of these (path, line) that is a file of the repository; False when none is."""
        for path, number in named:
            with contextlib.suppress(CockpitError):
                outside.inside(self.places, path)
                self.open_file(path, number or 1)
                return True
        return False

    def _edit(self, file: Callable[[], Path], number: int) -> None:
        try:
            outside.edit(self, file(), number)
        except CockpitError as error:
            self.say(line(str(error), 200), "alert")
        self.run_worker(self.reload(), group="read")

    def attach(self, session: str) -> None:
        """Go to a delegate's tmux session and come back when it is left (ctrl+b d)."""
        try:
            outside.attach(self, self.places.tmux, session)
        except CockpitError as error:
            self.say(str(error), "warn")

    def action_redraw(self) -> None:
        """The terminal shows something else: paint everything anew."""
        self.forget_frame()
        self.screen.refresh(layout=True)

    def action_leave(self) -> None:
        """Quit. The engine and the delegates go on."""
        self._attention.close()
        self.exit(message="The engine and the delegates go on; `cockpit stop` ends the engine.")

    def action_interrupted(self) -> None:
        """ctrl+c twice quits; any other key forgets the first."""
        if self._leaving:
            self.action_leave()
            return
        self._leaving = True
        self.say("ctrl+c again quits; the engine goes on", "dim")

    def on_key(self, event: object) -> None:
        """Any other key is no second ctrl+c; the engine hears that somebody is here."""
        if getattr(event, "key", "") != "ctrl+c":
            self._leaving = False
        if self._attention.presence.key():
            self._present("here")

    def on_app_blur(self) -> None:
        """The human looks elsewhere: from now on they are interrupted."""
        self._attention.presence.blur()
        self._present("away")

    def _present(self, what: str) -> None:
        if self._connect and self.view.engine == "up":
            self.run_worker(asyncio.to_thread(wire.ask, self.places.socket, what), group="presence")

    def _write(self, data: str) -> None:
        """Bytes for the terminal that are no part of the picture."""
        driver = self._driver
        if driver is not None and not driver.is_headless:
            driver.write(data)
            driver.flush()


def _settle_memory() -> None:
    """What lives now lives until the end: take it out of every later collection (limits-screen D6)."""
    gc.freeze()
    gc.enable()


def run(places: Places) -> int:
    """Open the screen and stay until it is left; the exit status. A bug of ours is raised once the terminal is back."""
    app = CockpitApp(places)
    app.run()
    if app._exception is not None:  # pyright: ignore[reportPrivateUsage]
        raise app._exception  # pyright: ignore[reportPrivateUsage]
    return app.return_code or 0
