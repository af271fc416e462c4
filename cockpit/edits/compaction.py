"""The verb that moves what is old out of the spec into its archive, in one commit of both (R153)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from cockpit import learn
from cockpit.clean import line
from cockpit.edits.world import Words, World, flat
from cockpit.errors import Refused
from cockpit.spec import Document


def compact(document: Document, _target: str, words: Words, world: World) -> bytes:
    """The spec without its old parts. What is decided, open, unanswered, unmerged or waited for stays."""
    found = _compacted(document, words, world)
    if not found.moved:
        raise Refused("nothing is old enough to move", remedy="say --keep 0 to keep none of what is done")
    return found.data


def archived(
    document: Document, _target: str, words: Words, world: World
) -> Mapping[str, Callable[[bytes | None], bytes | None]]:
    """The archive with what `compact` took out of that document at its end."""
    since = f" at {world.tip[:12]}" if world.tip else ""
    title = f"{world.now:%Y-%m-%d %H:%M} from {PurePosixPath(world.spec_name).name}{since}"
    text = _compacted(document, words, world).text(title)

    def change(now: bytes | None) -> bytes:
        before = now or b""
        return before + (b"" if not before or before.endswith(b"\n") else b"\n") + text

    return {learn.archive_name(world.spec_name): change}


def _compacted(document: Document, words: Words, world: World) -> learn.Compacted:
    keep = flat(words, "keep") or str(learn.KEEP)
    if not keep.isdecimal() or len(keep) > 6:
        raise Refused(f"keep {line(keep, 20)!r} is no number")
    archive = PurePosixPath(learn.archive_name(world.spec_name)).name
    return learn.compact(document, archive, int(keep), world.stay(document))
