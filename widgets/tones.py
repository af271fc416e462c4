"""The five tones text may have, the same in every widget: a colour, and a weight for where there is no colour."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

TONES = ("ok", "warn", "alert", "dim", "accent")
"""The tones; the stylesheet knows each as the component class `tone--<name>`."""

COMPONENTS = {f"tone--{tone}" for tone in TONES}
"""The component classes a toned widget has."""


def tones_css(widget: str) -> str:
    """Default styles of the tones for a widget class. Terminals without colour (`:ansi`) get weights instead."""
    return f"""
    {widget} > .tone--ok {{ color: $success; }}
    {widget} > .tone--warn {{ color: $warning; }}
    {widget} > .tone--alert {{ color: $error; text-style: bold; }}
    {widget} > .tone--dim {{ color: $foreground 55%; }}
    {widget} > .tone--accent {{ color: $primary; }}
    {widget}:ansi > .tone--warn {{ text-style: bold; }}
    {widget}:ansi > .tone--alert {{ text-style: bold reverse; }}
    {widget}:ansi > .tone--dim {{ color: $foreground; text-style: dim; }}
    {widget}:ansi > .tone--accent {{ text-style: bold; }}
    """


def tone_style(widget: Widget, component: str) -> Style:
    """A component's colour and weight without its background, so that it lies on any row. Costs 80 us: keep it."""
    full = widget.get_component_rich_style(component, default=Style())
    part = widget.get_component_rich_style(component, partial=True, default=Style())
    return Style.from_color(full.color) + part.without_color
