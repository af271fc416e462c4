"""Our hooks go in beside what is there, once, and come out so that not a byte of anybody else's has moved."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import CockpitError
from cockpit.hooks import AGENTS, END, install, installed, remove

CLAUDE = AGENTS["claude"]
OTHERS = {"type": "command", "command": "agent-doc hook"}
KINDS = ["SessionStart", "PreToolUse", "Stop", "AfterTool", "SessionEnd"]

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)
entry = st.fixed_dictionaries(
    {"hooks": st.lists(st.just(OTHERS), max_size=2)}, optional={"matcher": st.text(max_size=3)}
)
hooks = st.dictionaries(st.sampled_from(KINDS), st.lists(entry, max_size=2), max_size=4)
files = st.dictionaries(
    st.sampled_from(["model", "env", "permissions", "z"]),
    scalars | st.dictionaries(st.text(max_size=3), scalars),
    max_size=3,
).flatmap(lambda rest: st.one_of(st.just(rest), hooks.map(lambda own: {**rest, "hooks": own})))
styles = st.sampled_from([{"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"separators": (",", ":")}])


def ours(data: bytes) -> dict[str, int]:
    """How many hooks of ours each event has."""
    entries = json.loads(data)["hooks"]
    return {
        name: sum(hook["command"].endswith(END) for entry in rows for hook in entry["hooks"])
        for name, rows in entries.items()
    }


@settings(max_examples=200, deadline=None)
@given(files, styles, st.sampled_from(sorted(AGENTS)), st.sampled_from(["", "\n", "\r\n"]))
def test_install_and_remove_are_exact_inverses(value: object, style: dict, name: str, end: str):
    agent = AGENTS[name]
    before = (json.dumps(value, **style) + end).encode()
    after = install(before, agent)
    assert {event: ours(after)[event] for event in agent.events} == dict.fromkeys(agent.events, 1)
    assert installed(after, agent) == list(agent.events)
    assert install(after, agent) == after
    assert remove(after, agent) == before
    kept = json.loads(after)
    for event, rows in json.loads(before).get("hooks", {}).items():
        assert kept["hooks"][event][: len(rows)] == rows


@pytest.mark.parametrize("agent", AGENTS.values(), ids=lambda agent: agent.name)
def test_a_file_that_we_made_goes_when_our_hooks_go(agent):
    made = install(None, agent)
    assert install(made, agent) == made
    assert remove(made, agent) is None


def test_comments_and_trailing_commas_stay():
    before = b"""// mine
{
  "model": "x", /* why */
  "hooks": {
    "Stop": [
      {"hooks": [{"type": "command", "command": "mine"}]}, // last
    ],
  },
}
"""
    after = install(before, CLAUDE)
    assert b"// last" in after
    assert b"/* why */" in after
    assert remove(after, CLAUDE) == before


def test_what_was_put_in_after_ours_stays_when_ours_goes():
    after = json.loads(install(b'{"hooks": {"Stop": []}}', CLAUDE))
    after["hooks"]["Stop"].append({"hooks": [OTHERS]})
    after["hooks"]["SessionStart"][0]["hooks"].append(OTHERS)
    after["hooks"]["PreCompact"] = [{"hooks": [OTHERS]}]
    left = json.loads(remove(json.dumps(after, indent=2).encode(), CLAUDE) or b"")
    theirs = [{"hooks": [OTHERS]}]
    assert left == {"hooks": {"Stop": theirs, "SessionStart": theirs, "PreCompact": theirs}}


def test_a_comment_beside_ours_stays_when_ours_goes():
    text = install(b'{"hooks": {"Stop": [{"hooks": []}]}}', CLAUDE).decode()
    text = text.replace("},{", "}, /* here */ {", 1).replace("}, {", "}, /* here */ {", 1)
    assert b"/* here */" in (remove(text.encode(), CLAUDE) or b"")


def test_the_hooks_of_an_older_version_are_renewed_and_removed():
    old = install(b'{"model": "x"}', CLAUDE).replace(b"timeout 5", b"timeout 9")
    assert installed(old, CLAUDE) == list(CLAUDE.events)
    assert install(old, CLAUDE) == install(b'{"model": "x"}', CLAUDE)
    assert remove(old, CLAUDE) == b'{"model": "x"}'
    assert remove(install(None, CLAUDE).replace(b"timeout 5", b"timeout 9"), CLAUDE) is None


def test_one_hook_left_of_a_file_that_we_made_goes_too():
    left = install(None, CLAUDE).replace(b"SessionStart", b"PreCompact")
    assert json.loads(remove(left, CLAUDE) or b"") == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[]", "no JSON object"),
        (b"{", "name is missing"),
        (b"", "no JSON"),
        (b'{"a": 1} x', "something follows"),
        (b'{"hooks": []}', "not what they should be"),
        (b'{"hooks": {"Stop": {}}}', "not what they should be"),
        (b'{"a":' * 200, "nested too deep"),
        (b'{"a": "\\x"}', "badly escaped"),
        (b'model = "x"\n', "no JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, words: str):
    for act in (install, remove, installed):
        with pytest.raises(CockpitError, match=words):
            act(data, CLAUDE)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | files.map(lambda value: json.dumps(value, indent=1).encode()[:-3]))
def test_no_bytes_crash_it(data: bytes):
    for act in (install, remove):
        try:
            act(data, CLAUDE)
        except CockpitError:
            continue
