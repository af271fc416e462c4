"""What a brief demands of every delegate, whatever its task: what to hand in, and what to leave alone (R249, R250).

The titles and first words stand here because `lint` looks for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.act.mending import Mending
from cockpit.clean import line
from cockpit.spec import Document, Item, fields, nested
from cockpit.spec.guards import files, guards
from cockpit.spec.words import code

TASK = "The task in full"
INVENTORY = "Confirmed inventory"
PLAN = "Execution plan"
VERIFICATION = "Verification"
CONTRACT = "What to hand in"
GUARDRAILS = "Guardrails"
ANSWER = ".cockpit/answer.json"
"""Where the answer goes, from the worktree's top."""
ONLY = "Change only "
PROTECTED = "Protected, never to be changed: "

_CONTRACT = """\
1. Work in this folder only and commit your work to the branch you are on (`{branch}`). Small commits, honest messages.
2. At the end write your answer as JSON to `{answer}` in this folder (the file is ignored by git):

```json
{{
  "status": "done",
  "summary": "What you changed and why, in two or three sentences.",
  "question": "",
  "assumptions": ["What you took for granted"],
  "claims": ["pytest tests/test_a.py passes"],
  "follow_ups": ["Work you noticed and left alone"]
}}
```

`status` is one of
- `done`: the task is finished and committed;
- `asks`: you need a decision that only the human can take; put it into `question` and stop;
- `blocked`: it cannot be done here, `summary` says why. This is a respected outcome: better blocked than made up;
- `escalate`: the task is wrong or dangerous as it stands, `summary` says why.

What the human should know before you are done, say at once: `cockpit say WORDS` puts a line into their document.
What you claim is no evidence: the verification runs again on the merged tree, with protected files as they were. A
claim that names one of its commands, a file or a name is held against what we find; any other is shown as unverified.
"""


_STEPS = """
The task has steps of its own, the checkboxes of the plan. Say in the answer which of them are done, word for word:
`"steps": ["{step}"]`. Those are ticked when your work is merged; what you leave out stays open.
"""


def contract(branch: str, item: Item) -> str:
    """What to hand in, and where (R249); of an item with steps of its own also which of them are done (R186)."""
    steps = nested.own(item)
    told = _STEPS.format(step=line(steps[0].text, 200).replace('"', "'")) if steps else ""
    return _CONTRACT.format(branch=branch, answer=ANSWER) + told


def guardrails(item: Item, document: Document, spec_name: str, mending: Mending) -> str:
    """What must not be touched: files, identifiers, the spec, history, tests, secrets (R250).

    What `mending` needs is open, and nothing beside it.
    """
    paths, kept = fields.paths(item), guards(item)
    protected = files(item, document.controls)
    alone = [guard.shown for guard in kept if guard.kind != "file"]
    lines = [
        f"- {ONLY}{_listed(paths)}. All else is out of scope, however wrong it looks: name it in `follow_ups`."
        if paths
        else "- Change only what the task needs. What else looks wrong, name in `follow_ups`.",
        f"- {PROTECTED}{_listed(protected)}." if protected else "",
        f"- Leave these as they are, name and meaning, wherever they stand: {', '.join(alone)}." if alone else "",
        f"- Do not edit the spec `{spec_name}`: it is the human's.",
        f"- Do not push, {_merging(mending)}, {_rewriting(mending)}, do not use `--no-verify`.",
        "- A hook runs the verification on each commit and refuses what does not pass: mend the cause. What cannot be "
        "mended leave uncommitted, and say so."
        if document.controls.precommit == "on"
        else "",
        "- Never weaken, skip or delete a test to make it pass.",
        "- Put no secret into a file, a commit message or the answer.",
    ]
    return "\n".join(line for line in lines if line)


def _merging(mending: Mending) -> str:
    return f"merge nothing but {code(mending.merges)}, as the plan says" if mending.merges else "do not merge"


def _rewriting(mending: Mending) -> str:
    if mending.rewrites:
        return "do not switch branches, rewrite nothing but your own commits on this one, as the plan says"
    return "do not switch or rewrite branches"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
