"""The end gate: the review of a feature branch as a whole, and bringing it into its base once the human said so."""

from __future__ import annotations

from cockpit import facts, verify
from cockpit.clean import line
from cockpit.engine import proving
from cockpit.engine.carry.acts import record
from cockpit.engine.carry.bring import bring
from cockpit.engine.carry.decided import message
from cockpit.engine.carry.judge import no_worse
from cockpit.engine.look import Look
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.landing import Landing
from cockpit.spec import Document, criteria, edit, parse


def whole(places: Places, seen: Look, landing: Landing) -> str:
    """The fourteen checks on what the base would be. A yes from before stays only if nothing more is found."""
    document = seen.document
    made_of = verify.landed(places, document, zip(landing.items, landing.merges, strict=True))
    wanted = criteria(document)
    review = verify.review_branch(
        places,
        landing.target,
        document.controls,
        landing.home,
        wanted,
        made_of,
        lambda tree: proving.greens(places, tree),
    )
    before = landing.review
    facts.write(landing.folder, review)
    proving.keep(places, review)
    words = verify.summary(review)
    if document.controls.land and not no_worse(before, review):
        reason = f"{landing.name} or {landing.short} has moved: {words}"
        record(places, "wait", landing.name, _taken_back, reason, f"Not landed {landing.name}: it was reviewed again")
    return f"{landing.name} onto {landing.short}: {words}"


def land(places: Places, seen: Look, landing: Landing) -> str:
    """Merge the feature branch into its base. After a kill in between it is found merged, and only said."""
    if not landing.ahead:
        ours = landing.merge is not None and landing.merge.head == landing.head
        return _landed(places, landing, landing.merge.commit if ours and landing.merge else landing.head)
    review, said = landing.review, seen.document.controls.land
    if review is None or len(said) < 7 or not review.head.startswith(said):
        record(places, "wait", landing.name, _taken_back, f"land: {line(said, 60)} is not what was reviewed")
        return f"{landing.name}: the yes was for another commit"
    brought = bring(places, landing.folder, landing.home, landing.head, _message(places, seen.document, landing))
    if not brought.commit:
        raise CockpitError(f"{landing.name} {brought.waits}")  # told to the human for as long as it stands
    return _landed(places, landing, brought.commit)


def _landed(places: Places, landing: Landing, commit: str) -> str:
    """Take the controls out of the front matter: the next dispatch makes another feature branch."""

    def op(data: bytes) -> bytes:
        data = edit.drop_control(data, "land")
        return edit.drop_control(data, "feature") if parse(data).controls.feature == landing.name else data

    subject = f"Landed {landing.name} in {landing.short}: {commit[:12]}"
    record(places, "landed", landing.name, op, commit, subject)
    return subject


def _taken_back(data: bytes) -> bytes:
    return edit.drop_control(data, "land")


def _message(places: Places, document: Document, landing: Landing) -> str:
    """What was landed, on what review, and who decided it when (R161)."""
    count = f"{len(landing.items)} item{'s' * (len(landing.items) != 1)}"
    found = (document.item(id) for id in landing.items)
    rows = [f"- {item.id} {line(item.text, 80)} ({item.value('merged')})" for item in found if item is not None]
    return message(places, f"Land {landing.name}: {count}", "\n".join(rows), landing.review, landing.name, "land", 0.0)
