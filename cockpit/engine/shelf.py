"""Mutes that are over leave `## Muted`, each with the reason in its commit: what stands there is what is silent."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit import persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Document, NoSuchItem, SpecError, edit, parse


def clear(places: Places, document: Document, ended: Mapping[str, str]) -> tuple[Document, list[str]]:
    """Take the ended ones (`mute/ID` to why) out of the spec; gives it as it is then, and what hindered."""
    for mute in document.mutes:
        why = ended.get(f"mute/{mute.id}")
        if why is None:
            continue
        what = line(mute.target, 60)
        act = persist.Act("unmute", mute.target, "engine", why, f"Unmute {what}: {why}")
        try:
            receipt = persist.record(places, lambda data, id=mute.id: edit.drop_mute(data, id), act)
        except (NoSuchItem, SpecError):
            continue  # taken back meanwhile, or half a save of somebody's: the next pass looks again
        except CockpitError as error:
            return document, [f"unmute {what}: {line(str(error), 160)}"]
        document = parse(receipt.after)
    return document, []
