"""Agents are data: where they come from, what is wrong with a bad one, and that ours know their screens."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cockpit.act import agents
from cockpit.act.launch import fill
from cockpit.errors import CockpitError

HERE = Path(__file__).parent / "payloads"


@pytest.mark.parametrize("name", [name for name in agents.names(Path("/nowhere")) if name != "shell"])
def test_every_preset_can_be_read(name: str, tmp_path: Path):
    agent = agents.load(name, tmp_path)
    assert agent.name == name
    assert agent.command
    assert agent.kind == "tty" or not agent.ready


def test_the_presets_are_the_ones_we_promise(tmp_path: Path):
    assert set(agents.names(tmp_path)) == {
        *(
            "claude",
            "codex",
            "opencode",
            "gemini",
            "mini",
            "qwen",
            "pi",
            "aider",
            "shell",
            "rehearsal",
            "claude-ask",
            "opencode-acp",
            "gemini-acp",
            "qwen-acp",
            "claude-tty",
            "codex-tty",
        ),
    }


def test_the_repository_goes_before_the_user_and_both_before_ours(tmp_path: Path):
    user = tmp_path / "config" / "cockpit" / "agents"  # XDG_CONFIG_HOME of the tests
    own = tmp_path / "repo" / ".cockpit" / "agents"
    for folder, program in ((user, "theirs"), (own, "mine")):
        folder.mkdir(parents=True)
        (folder / "claude.toml").write_text(f'kind = "stream"\ncommand = ["{program}"]\n')
    (user / "extra.toml").write_text('kind = "tty"\ncommand = ["extra"]\ninterrupt = "Escape"\n')
    assert agents.load("claude", tmp_path / "repo").command == ["mine"]
    assert agents.load("claude", tmp_path / "other").command == ["theirs"]
    assert agents.load("extra", tmp_path / "repo").kind == "tty"
    assert "extra" in agents.names(tmp_path / "repo")


def test_a_file_may_say_only_what_is_different(tmp_path: Path):
    user = tmp_path / "config" / "cockpit" / "agents"
    own = tmp_path / "repo" / ".cockpit" / "agents"
    user.mkdir(parents=True)
    own.mkdir(parents=True)
    (user / "claude.toml").write_text('like = "claude"\n[env]\nA = "1"\nB = "1"\n')
    (own / "claude.toml").write_text('like = "claude"\n[env]\nB = "2"\n')
    (own / "careful.toml").write_text('like = "claude"\nmodel_flag = "--careful"\n')
    preset = agents.decode(agents.PRESETS / "claude.toml", "claude")
    mine = agents.load("claude", tmp_path / "repo")
    assert mine.command == preset.command
    assert mine.env == {**preset.env, "A": "1", "B": "2"}
    careful = agents.load("careful", tmp_path / "repo")
    assert (careful.name, careful.model_flag, careful.env["B"]) == ("careful", "--careful", "2")


def test_a_key_may_be_a_variable_of_ours_or_of_the_agents_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    agent = agents.Agent(name="a", kind="stream", command=["a"], login=["A_KEY", "~/.a/login"])
    assert not agents.authorised(agent)
    assert agents.authorised(msgspec.structs.replace(agent, env={"A_KEY": "k"}))
    assert agents.authorised(msgspec.structs.replace(agent, login=[]))
    monkeypatch.setenv("A_KEY", "k")
    assert agents.authorised(agent)
    monkeypatch.delenv("A_KEY")
    (Path.home() / ".a").mkdir()
    (Path.home() / ".a" / "login").touch()
    assert agents.authorised(agent)


@pytest.mark.parametrize("like", ["itself", "nobody", "../claude"])
def test_what_is_like_nobody_is_told(like: str, tmp_path: Path):
    own = tmp_path / ".cockpit" / "agents"
    own.mkdir(parents=True)
    (own / "itself.toml").write_text(f'like = "{like}"\n')
    with pytest.raises(CockpitError, match="like: no agent called"):
        agents.load("itself", tmp_path)


def test_shell_takes_the_humans_own_command_as_it_stands(tmp_path: Path):
    for name in ("shell make fix && echo '{brief}'", "shell: make fix && echo '{brief}'"):
        agent = agents.load(name, tmp_path)
        assert agent.command == ["sh", "-c", "make fix && echo '{brief}'"]
        assert agent.answer == "exit status"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('kind = "stream"\n', "command"),
        ('kind = "robot"\ncommand = ["a"]\n', "kind"),
        ('kind = "stream"\ncommand = []\n', "command is empty"),
        ('kind = "stream"\ncommand = ["a"]\ncolour = "red"\n', "colour"),
        ('kind = "stream"\ncommand = ["a"]\ninterrupt = "Escape"\n', "interrupt"),
        ('kind = "tty"\ncommand = ["a"]\nready = "("\n', "ready"),
        ("kind = \n", "line 1"),
    ],
)
def test_a_bad_agent_names_file_and_key(tmp_path: Path, text: str, words: str):
    folder = tmp_path / ".cockpit" / "agents"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(text)
    with pytest.raises(CockpitError) as caught:
        agents.load("mine", tmp_path)
    assert words in str(caught.value)
    assert "mine.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["", "nobody", "../../etc/passwd", "claude --dangerously", "shell", "shell  "])
def test_a_name_that_is_no_agent_is_refused(tmp_path: Path, name: str):
    with pytest.raises(CockpitError):
        agents.load(name, tmp_path)


def test_the_model_is_put_in_only_when_there_is_one(tmp_path: Path):
    agent = agents.load("opencode", tmp_path)
    assert agent.words(agent.command, "p/m")[-2:] == ["-m", "p/m"]
    assert agent.words(agent.command, "") == ["opencode", "run", "--format", "json"]


def test_a_verification_of_plain_words_is_permitted_and_one_with_signs_of_the_shell_is_not(tmp_path: Path):
    agent = agents.load("claude", tmp_path)
    words = agent.words(
        agent.command, "", ["pytest -q tests/x.py", "make a && make b", "sh -c 'rm -rf /'", "x), Bash(*"]
    )
    assert [word for word in words if "pytest" in word] == ["Bash(pytest -q tests/x.py:*)"]
    assert not [word for word in words if "make" in word or "rm -rf" in word or "*), " in word or "{verify}" in word]
    assert not [word for word in agent.words(agent.command, "") if "verify" in word]


def test_only_known_placeholders_are_filled():
    assert fill(["{brief}", "a{answer}b", "{x}", "awk '{print}'"], {"brief": "/b", "answer": "/{brief}"}) == [
        "/b",
        "a/{brief}b",
        "{x}",
        "awk '{print}'",
    ]


def test_installed_looks_for_the_program(tmp_path: Path):
    assert agents.installed(agents.load("rehearsal", tmp_path))
    assert agents.installed(agents.load("shell true", tmp_path))
    folder = tmp_path / ".cockpit" / "agents"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('kind = "stream"\ncommand = ["no-such-program"]\n')
    assert not agents.installed(agents.load("mine", tmp_path))


def test_a_scratch_folder_is_a_name_in_the_worktree(tmp_path: Path):
    (tmp_path / "bad.toml").write_text('kind = "stream"\ncommand = ["x"]\nscratch = ["../elsewhere"]\n')
    with pytest.raises(CockpitError, match="scratch"):
        agents.decode(tmp_path / "bad.toml", "bad")
