"""Write the pages that are made from the code: `keys.md` from the verb table, `commands.md` from the parser.

`--check` writes nothing and exits 1 when a page on disk says something else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from textual.binding import Binding

from cockpit.act import agents
from cockpit.cli import parser
from cockpit.hooks import AGENTS, STOPS
from cockpit.hooks.prompts import PROMPTED
from cockpit.screens.brief import BriefScreen
from cockpit.screens.help import NAMES
from cockpit.screens.main import MainScreen
from cockpit.screens.review import ReviewScreen
from cockpit.screens.timeline import TimelineScreen
from cockpit.verbs import BY_NAME, VERBS, Verb
from widgets.diff_lines import DiffLines
from widgets.line_pane import LinePane
from widgets.markdown_lines import MarkdownLines

HERE = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py (`make docs`); edit the code, not this page. -->"
PLACES = {
    "On the screen": MainScreen,
    "In every pane": LinePane,
    "In the spec": MarkdownLines,
    "In a review": ReviewScreen,
    "In a brief": BriefScreen,
    "In a diff": DiffLines,
    "In the timeline": TimelineScreen,
}


def keys() -> str:
    """The verbs as a table (key, shell command, what it does), then the keys that steer nothing, by place."""
    rows = [f"| `{cell(verb.key)}` | `{cell(shell(verb))}` | {cell(verb.help)} |" for verb in VERBS]
    return "\n".join(
        [
            "# Keys and verbs",
            "",
            NOTE,
            "",
            "Every way to steer is one edit of the spec and one commit, whether it comes from a key, the palette",
            "or the shell. `?` on the screen shows the keys that are valid now.",
            "",
            "| key | in the shell | what it does |",
            "|---|---|---|",
            *rows,
            "",
            *(part for title, place in PLACES.items() for part in moving(title, place.BINDINGS)),
        ]
    )


def moving(title: str, bindings: Sequence[object]) -> list[str]:
    """The keys of one place that steer nothing, as a table."""
    found = [
        entry for entry in bindings if isinstance(entry, Binding) and entry.description and entry.id not in BY_NAME
    ]
    shown = [entry for entry in found if not entry.action.startswith("app.verb(")]
    rows = [
        f"| {' '.join(f'`{cell(NAMES.get(key, key))}`' for key in entry.key.split(','))} | {cell(entry.description)} |"
        for entry in shown
    ]
    return [f"## {title}", "", "| key | what it does |", "|---|---|", *rows, ""]


def shell(verb: Verb) -> str:
    """The command line of a verb: `cockpit mute ITEM|SIGNAL [--until UNTIL] [--reason REASON]`."""
    words = ["cockpit", verb.name]
    if verb.name == "add":
        words.append("[--below ITEM]")
    elif verb.history:
        words.append("[COMMIT]")
    elif verb.target != "none":
        words.append("ITEM" if verb.target == "item" else "ITEM|SIGNAL")
    for argument in verb.arguments:
        name = argument.name.upper()
        text = f"{name}..." if argument.positional else f"--{argument.name} {name}"
        text = argument.prompt.split()[-1] if argument.word else text
        words.append(text if argument.required else f"[{text}]")
    return " ".join(words)


def cell(text: str) -> str:
    """`text` with the one character escaped that would end a cell."""
    return text.replace("|", r"\|")


def commands() -> str:
    """The help of every command, as the shell prints it at 100 columns."""
    os.environ.update(COLUMNS="100", NO_COLOR="1")
    top, readers = parser()
    parts = ["# Commands", "", NOTE, ""]
    for reader in (top, *(reader for name, reader in readers.items() if name != "open")):
        parts += [f"## {reader.prog}", "", "```", reader.format_help().rstrip(), "```", ""]
    return "\n".join(parts)


class Proved(msgspec.Struct):
    """What was proved of one agent: words of a test to `passed`, `failed`, or why it cannot."""

    package: str
    version: str
    date: str
    proved: dict[str, str]


def proof(agent: Proved, words: str) -> str:
    """A cell: whether that holds for this agent, or why it does not apply."""
    outcome = agent.proved.get(words, "")
    return {"passed": "yes", "failed": "**no**", "": ""}.get(outcome, f"n/a: {outcome}")


def proofs(agents: list[tuple[str, Proved]]) -> str:
    """The table of these agents, a row a test; nothing for none."""
    if not agents:
        return ""
    tests = sorted({words for _, agent in agents for words in agent.proved})
    heads = [f"{name} {agent.version}" for name, agent in agents]
    rows = [f"| {words} | {' | '.join(proof(agent, words) for _, agent in agents)} |" for words in tests]
    return "\n".join([f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|", *rows])


def prompts() -> str:
    """Which harness takes our commands in its prompt, from which file, and which one our Stop hook can send back."""
    rows = ["| harness | our commands | form | sent back |", "|---" * 4 + "|"]
    for name in dict.fromkeys((*PROMPTED, *AGENTS)):
        found, back = PROMPTED.get(name), "yes" if name in STOPS else "no"
        where = f"`{found.folder}/`" if found else "none in a repository"
        form = "" if found is None else "TOML" if found.toml else "markdown"
        rows.append(f"| {name} | {where} | {form} | {back} |")
    return "\n".join(rows)


def agents_page() -> str:
    """The presets as data, and what `make test-agents` last proved of each with which version (agents.json)."""
    told = msgspec.json.decode((HERE / "agents.json").read_bytes(), type=dict[str, Proved])
    found = {name: agents.decode(agents.PRESETS / f"{name}.toml", name, [agents.PRESETS]) for name in PRESETS}
    rows = [
        f"| {name} | {agent.kind} | {agent.events} | {'yes' if agent.resume else 'no'} | {agent.interrupt}"
        f" | {'its exit status' if agent.answer == 'exit status' else 'its answer file'}"
        f" | {', '.join(f'`{place}`' for place in agent.login)} |"
        for name, agent in found.items()
    ]
    columns = [name for name in found if name in told]
    tables = [
        proofs([(name, told[name]) for name in columns if found[name].kind == kind])
        for kind in ("stream", "acp", "tty")
    ]
    own = (HERE / "agents.in.md").read_text(encoding="utf-8")
    presets = [
        "| preset | runs | stream | goes on | interrupt | answer | key or login, any of |",
        "|---" * 7 + "|",
        *rows,
    ]
    dates = ", ".join(sorted({told[name].date for name in columns}))
    parts = {
        "{prompts}": prompts(),
        "{note}": NOTE,
        "{presets}": "\n".join(presets),
        "{proofs}": "\n\n".join(filter(None, tables)),
        "{dates}": dates,
    }
    for mark, text in parts.items():
        own = own.replace(mark, text)
    return own


PRESETS = (
    "claude",
    "claude-ask",
    "codex",
    "pi",
    "gemini",
    "qwen",
    "opencode",
    "opencode-acp",
    "gemini-acp",
    "qwen-acp",
    "aider",
    "mini",
    "claude-tty",
    "codex-tty",
)
PAGES = {"keys.md": keys, "commands.md": commands, "agents.md": agents_page}


def main() -> int:
    """Write the pages, or with `--check` name the ones that are not up to date."""
    checking = "--check" in sys.argv[1:]
    stale: list[str] = []
    for name, make in PAGES.items():
        text = make()
        page = HERE / name
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not checking:
            page.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/{name}: " + ("not up to date: run make docs" if checking else "written"))
    return 1 if checking and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
