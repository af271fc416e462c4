"""Permission requests: shown in the spec, their answers handed over, the receipts put down."""

from __future__ import annotations

import time

from cockpit import facts
from cockpit.act import dispatch as delegates
from cockpit.act import permits
from cockpit.clean import line, redact
from cockpit.engine.carry.acts import if_mark, record
from cockpit.paths import Places
from cockpit.spec import Item, Mark, edit, parse
from cockpit.spec.permits import Answer


def ask(places: Places, item: Item, words: str) -> str:
    """Write the request into the item, or take away one that is over."""

    def show(data: bytes) -> bytes:
        return edit.set_field(data, item.id, "permission", words)

    def drop(data: bytes) -> bytes:
        return edit.drop_field(data, item.id, "permission")

    op = if_mark(item.id, {Mark.RUNNING}, show) if words else if_mark(item.id, set(Mark), drop)
    subject = f"{item.id} asks permission {words}" if words else f"{item.id} asks no permission any more"
    record(places, "permission", item.id, op, words, line(subject, 120))
    return subject


def permit(turn: facts.Turn, answer: Answer, rule: str) -> str:
    """Hand an answer to the runner."""
    told = permits.Permit(
        id=answer.id,
        allow=answer.allow,
        scope=answer.scope,
        words=redact(answer.words),
        rule=rule,
        at=time.time(),
    )
    delegates.permit(turn, told)
    return f"{turn.item}: {answer.id} {'allowed' if answer.allow else 'denied'}{f' by the rule {rule}' if rule else ''}"


def settle(places: Places, item: Item, answer: str, receipt: str) -> str:
    """Put the receipt in the place of the answer, and take the request's line away."""

    def op(data: bytes) -> bytes:
        data = edit.replace_field(data, item.id, "permit", answer, receipt)
        now = parse(data).item(item.id)
        shown = now.value("permission") if now is not None else ""
        over = bool(shown) and answer.lstrip("^`").startswith(shown.split(" ")[0])
        return edit.drop_field(data, item.id, "permission") if over else data

    record(places, "permitted", item.id, if_mark(item.id, set(Mark), op), receipt, line(f"{item.id}: {receipt}", 120))
    return f"{item.id}: {receipt}"
