"""The verb on the controls: one knob of the front matter, by its name (R131)."""

from __future__ import annotations

from difflib import get_close_matches

from cockpit.choices import KNOBS
from cockpit.clean import line
from cockpit.edits.world import Words, World, needs
from cockpit.errors import Refused
from cockpit.spec import Document, SpecError, edit

LISTS = ("gates", "protect", "reports")
DEFAULT = "default"
"""The value that takes a knob out of the front matter."""
VERBS = {"loop": "cockpit loop on, step or hold", "land": "cockpit land", "feature": "the engine names it"}


def set_knob(document: Document, _target: str, words: Words, world: World) -> bytes:
    """Write one control, judged as the front matter is read; `default` takes it out again. Raises Refused."""
    if world.by.startswith("delegate/"):
        raise Refused("the controls are the human's to set")
    key, value = needs(words, "key", "the control"), needs(words, "value", "the value")
    if key not in KNOBS:
        near = get_close_matches(key.casefold(), KNOBS, n=1)
        remedy = VERBS.get(key) or (f"did you mean {near[0]}?" if near else f"known are {', '.join(KNOBS)}")
        raise Refused(f"{line(key, 40)} is no control that can be set", remedy=remedy)
    try:
        changed = _changed(document.data, key, value)
    except SpecError as error:
        raise Refused(error.what, remedy=error.remedy) from None
    except ValueError as error:
        raise Refused(line(str(error), 200), remedy="edit it by hand") from None
    if changed == document.data:
        raise Refused(f"{key} is {line(value, 60)} already")
    return changed


def _changed(data: bytes, key: str, value: str) -> bytes:
    if value == DEFAULT:
        return edit.drop_control(data, key)
    inside = value.strip("[]").replace(",", " ").split()
    return edit.set_control(data, key, inside if key in LISTS and inside != ["none"] else value)
