"""What an agent claims, beside the commands that we ran (R193). Pure; nothing of the agent's words is ever run.

A claim is confirmed or contradicted only when it names a command that we ran and says how that ends. All else stays
unverified, whatever else it may name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cockpit.clean import line
from cockpit.facts import Checked

LONGEST = 300
"""Characters of a claim that are kept."""
_CODE = re.compile(r"`+ ?(.+?) ?`+")
_EXIT = re.compile(r"\bexit(?:s|ed)?(?: (?:with|status|code))* (\d{1,3})\b", re.IGNORECASE)
_GREEN = re.compile(
    r"\b(?:pass(?:es|ed|ing)?|green|succeeds?|succeeded|is ok|runs? clean|without errors?)\b", re.IGNORECASE
)
_NO = re.compile(
    r"\b(?:not|no|never|cannot|unless|except|but|only|fails?|failed|failing|red|errors?|broken|skip(?:s|ped)?|before|until"
    r"|would|should|used to)\b|n't\b",
    re.IGNORECASE,
)
"""What turns the sense of a claim, or may: then it is the human's to read."""


def checked(claims: Sequence[str], ran: Mapping[str, str]) -> list[Checked]:
    """Each claim with what `ran` says of it, a command and how it ended (`exit 0`)."""
    return [_one(line(claim, LONGEST).strip(), ran) for claim in claims if line(claim, LONGEST).strip()]


def _one(claim: str, ran: Mapping[str, str]) -> Checked:
    command = max((known for known in ran if _names(claim, known)), key=len, default="")
    if not command:
        return Checked(words=claim)
    ended = ran[command]
    rest = claim.replace(command, " ")
    said = _EXIT.search(rest)
    if said is not None and not _NO.search(rest):
        state = "confirmed" if ended.startswith("exit ") and ended.split()[1] == said[1] else "contradicted"
    elif _GREEN.search(rest) and not _NO.search(re.sub(r"\bwithout errors?\b", "", rest, flags=re.IGNORECASE)):
        state = "confirmed" if ended == "exit 0" else "contradicted"
    else:
        return Checked(words=claim, evidence=f"we ran {line(command, 60)}: {ended}")
    return Checked(words=claim, state=state, evidence=f"{line(command, 60)} {ended}")


def _names(claim: str, command: str) -> bool:
    """Whether the command stands in the claim whole; one of a single word only as code, or as the claim's subject."""
    if command in _CODE.findall(claim):
        return True
    if " " not in command:
        return bool(re.match(rf"{re.escape(command)} ", claim))
    return re.search(rf"(?<![^\s`“\"'(]){re.escape(command)}(?![^\s`”\"'),.;:])", claim) is not None
