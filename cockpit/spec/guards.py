"""What an item's `keep:` names: identifiers, files and strings that its delegate leaves as they are (R250). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cockpit.spec import fields
from cockpit.spec.globs import matches
from cockpit.spec.item import Item
from cockpit.spec.plain import Controls

_WORD = re.compile(
    r'"(?P<quote>[^"]+)"|“(?P<curly>[^”]+)”|`(?P<code>[^`]+)`|(?P<word>[\w.$:#>-]+\([^()]*\)|[^\s,`"“”]+)'
)
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)*(?:\(.*\))?")


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that must stay as it is."""

    kind: Literal["name", "file", "string"]
    """`file`: a path or a glob. A name may be a file's too: `Makefile`, `setup.py`."""
    what: str
    """The identifier as it is written (`fetch()`, `Store.save`), the glob, or the string without its quotes."""

    def covers(self, path: str) -> bool:
        """Whether that file must stay as it is."""
        if self.kind == "name":
            return self.what in (path, path.rpartition("/")[2])
        return self.kind == "file" and matches(path, [self.what])

    @property
    def shown(self) -> str:
        """As markdown."""
        return f'"{self.what}"' if self.kind == "string" else f"`{self.what}`"


def guards(item: Item) -> tuple[Guard, ...]:
    """Those of its `keep:` fields, parted by commas or spaces; a string stands in double quotes."""
    found: list[Guard] = []
    for value in item.values("keep"):
        for word in _WORD.finditer(value.strip().removeprefix("[").removesuffix("]")):
            text = (word[word.lastgroup or 0] or "").strip()
            if text:
                found.append(Guard(_kind(text, quoted=word.lastgroup in ("quote", "curly")), text))
    return tuple(dict.fromkeys(found))


def files(item: Item, controls: Controls) -> tuple[str, ...]:
    """Globs of all files that its delegate may not change: those that are protected, and those of `keep:`."""
    return (*fields.protected(item, controls), *(guard.what for guard in guards(item) if guard.kind == "file"))


def _kind(text: str, *, quoted: bool) -> Literal["name", "file", "string"]:
    if quoted:
        return "string"
    if _NAME.fullmatch(text):
        return "name"
    return "file" if re.search(r"[/*]|\w\.\w", text) and not re.search(r"\s", text) else "string"
