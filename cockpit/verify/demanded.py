"""What has to pass for a result: the item's commands, of a feature branch those of all that it is made of (R256)."""

from __future__ import annotations

from cockpit.spec import Controls, Item, fields
from cockpit.verify.case import Case


def demanded(case: Case) -> list[fields.Step]:
    """What proves the item; of a feature branch the spec's commands and then those of the items it is made of."""
    steps = fields.steps(case.item, case.controls)
    own = [step for one in case.landed for step in _own(one.item, case.controls)]
    for step in own:
        if step.command not in {one.command for one in steps}:
            steps.append(step)
    return steps


def minutes(case: Case) -> float:
    """The item's `timeout:`, else the front matter's; and that of each item of a feature branch that has commands."""
    found = fields.minutes(case.item, case.controls) if case.item else None
    own = [fields.minutes(one.item, case.controls) for one in case.landed if _own(one.item, case.controls)]
    return (found or case.controls.timeout) + sum(each or case.controls.timeout for each in own)


def _own(item: Item, controls: Controls) -> list[fields.Step]:
    """What an item of the code names itself."""
    return fields.steps(item, controls) if item.values("verify") and not fields.worldly(item) else []
