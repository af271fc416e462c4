"""The command line: every verb of the table, one clear line for every error, nothing loaded that isn't needed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit import commands, facts, persist
from cockpit.cli import main, parser, settle
from cockpit.commands import telling
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from cockpit.verbs import VERBS
from tests.select.test_steps import turn

NAMES = frozenset(parser()[1])
SPEC = """\
---
cockpit:
  loop: hold
  agent: rehearsal
  verify: "true"
---
## Goal
Make it work.

## Queue
- [ ] First thing ^q1
- [ ] Second thing ^q2
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cockpit(repo: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command line in the repository: status, what it printed, what it complained of."""

    def run(*args: str) -> tuple[int, str, str]:
        status = main(["-C", str(repo), *args])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    yield run
    persist.close()


@pytest.fixture
def spec(places: Places) -> Places:
    """The repository with a committed spec of two items."""
    persist.create(places, SPEC.encode(), persist.Act(verb="init", target="spec", by="human"))
    return places


def shell(cwd: Path, *args: str, input: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cockpit", *args],
        cwd=cwd,
        env=os.environ | environment,
        input=input,
        capture_output=True,
        text=True,
        check=False,
    )


def one_line(text: str) -> bool:
    return text.startswith("cockpit: ") and text.count("\n") == 1 and "Traceback" not in text


# What is typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([], ["open"]),
        (["-C", "accept"], ["-C", "accept", "open"]),
        (["SPEC.md"], ["open", "SPEC.md"]),
        (["-C", "x", "docs/plan"], ["-C", "x", "open", "docs/plan"]),
        (["--spec", "a.md", "accept", "q3"], ["--spec", "a.md", "accept", "q3"]),
        (["accept", "accept"], ["accept", "accept"]),
        (["--version"], ["--version", "open"]),
        (["--", "accept"], ["open", "--", "accept"]),
    ],
)
def test_the_first_word_is_a_command_if_there_is_one_else_a_spec(typed: list[str], meant: list[str]):
    assert settle(typed, NAMES) == meant


def test_a_file_that_is_there_is_a_spec_whatever_it_is_called(tmp_path: Path):
    (tmp_path / "plan").write_text("")
    assert settle(["-C", str(tmp_path), "plan"], NAMES) == ["-C", str(tmp_path), "open", "plan"]


def test_a_misspelt_command_gets_the_nearest_one(cockpit: Run):
    status, _, complaint = cockpit("acept", "q1")
    assert status == 2
    assert complaint == "cockpit: acept: no such command or file (did you mean accept?)\n"


@pytest.mark.parametrize(
    "typed",
    [["accept"], ["accept", "q1", "--nonsense"], ["log", "-n", "0"], ["loop", "maybe"], ["push", "--level", "x"]],
)
def test_what_is_not_understood_is_one_line_and_status_two(cockpit: Run, typed: list[str]):
    status, shown, complaint = cockpit(*typed)
    assert status == 2
    assert shown == ""
    assert one_line(complaint)
    assert "--help" in complaint


def test_every_verb_of_the_table_is_a_command():
    for verb in VERBS:
        assert verb.name.split()[0] in NAMES


def test_every_command_has_help_and_its_function(capsys: pytest.CaptureFixture[str]):
    verbs = {verb.name for verb in VERBS}
    for name in NAMES:
        assert main([name, "--help"]) == 0
        assert f"usage: cockpit {name}" in capsys.readouterr().out
        assert name in verbs or callable(commands.command(name))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "cockpit 0.1.0\n"


# Verbs


def test_a_verb_is_one_commit_and_one_line(cockpit: Run, spec: Places, git: Callable[..., str]):
    before = git("rev-parse", "HEAD")
    status, shown, _ = cockpit("defer", "q2", "--until", "the release")
    assert status == 0
    assert shown.count("\n") == 1
    assert git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert git("log", "-1", "--format=%(trailers:key=Cockpit-By,valueonly)") == "human"
    item = parse(persist.read(spec)).item("q2")
    assert item is not None
    assert item.mark is Mark.DEFERRED


def test_words_may_come_as_words_as_an_option_or_on_stdin(cockpit: Run, spec: Places, monkeypatch: pytest.MonkeyPatch):
    cockpit("reword", "q1", "First", "thing,", "better")
    assert parse(persist.read(spec)).queue[0].text == "First thing, better"
    cockpit("reword", "q1", "--text", "By option")
    assert parse(persist.read(spec)).queue[0].text == "By option"
    monkeypatch.setattr("sys.stdin", io.StringIO("One part\nAnother part\n"))
    cockpit("split", "q1", "-")
    assert [item.text for item in parse(persist.read(spec)).queue[:2]] == ["One part", "Another part"]


def test_add_takes_its_place_as_an_option(cockpit: Run, spec: Places):
    assert cockpit("add", "At the end")[0] == 0
    assert cockpit("add", "--below", "q1", "In between")[0] == 0
    texts = [item.text for item in parse(persist.read(spec)).queue]
    assert texts == ["First thing", "In between", "Second thing", "At the end"]


def test_the_loop_is_a_verb_of_two_words(cockpit: Run, spec: Places):
    assert cockpit("loop", "on")[0] == 0
    assert parse(persist.read(spec)).controls.loop == "on"


def test_undo_takes_the_last_act_back(cockpit: Run, spec: Places):
    cockpit("strike", "q1")
    assert cockpit("undo")[0] == 0
    assert persist.read(spec) == SPEC.encode()


def test_a_verb_that_makes_no_sense_now_is_refused_with_the_reason(cockpit: Run, spec: Places):
    status, _, complaint = cockpit("accept", "q1")
    assert (status, complaint) == (1, "cockpit: q1 has no result to accept\n")
    status, _, complaint = cockpit("accept", "q9")
    assert status == 1
    assert complaint.startswith("cockpit: no item q9 in the spec")


def test_a_verb_without_its_words_says_which(cockpit: Run, spec: Places):
    status, _, complaint = cockpit("reword", "q1")
    assert (status, complaint) == (1, "cockpit: text is missing (cockpit reword --help)\n")


def test_an_act_from_a_delegates_shell_is_not_taken_for_the_humans(
    cockpit: Run, spec: Places, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COCKPIT_ITEM", "q2")
    cockpit("add", "A follow-up")
    assert git("log", "-1", "--format=%(trailers:key=Cockpit-By,valueonly)") == "delegate/q2"


def test_a_delegate_may_propose_work_but_not_judge_or_redirect(
    cockpit: Run, spec: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    for words in (["accept", "q1"], ["loop", "on"], ["undo"], ["reframe", "Ship it"]):
        status, _, complaint = cockpit(*words)
        assert status == 1
        assert "is the human's to say" in complaint


def test_reframe_without_words_opens_the_editor_on_the_goal(
    cockpit: Run, spec: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\ncat "$1" > "$0.saw"\necho \'Another goal.\' > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setattr("sys.stdin", type("Terminal", (io.StringIO,), {"isatty": lambda _: True})())
    assert cockpit("reframe")[0] == 0
    assert (tmp_path / "editor.saw").read_text() == "Make it work.\n"
    assert parse(persist.read(spec)).goal == "Another goal."


# What is printed


def test_promote_lists_what_an_answer_found_out_and_takes_what_is_named(cockpit: Run, spec: Places):
    dispatch = turn("q1").dispatch
    folder = spec.turn("q1", 1)
    facts.write(folder, dispatch)
    facts.write(folder, facts.Answer(status="done", summary="did it", follow_ups=["Split it"], assumptions=["ASCII"]))
    assert cockpit("promote", "q1")[1] == "  1 follow-up, to backlog: Split it\n  2 assumption, to decisions: ASCII\n"
    status, out, _ = cockpit("promote", "q1", "1", "--to", "queue")
    assert (status, out.startswith("promoted from q1: 1 · ")) == (0, True)
    assert parse(persist.read(spec)).queue[-1].value("from") == "q1 turn 1 #1"
    assert cockpit("promote", "q1")[1].startswith("✓ 1 follow-up")
    assert cockpit("promote", "q2")[0] == 1


def test_the_log_tells_who_did_what_and_why_newest_first(cockpit: Run, spec: Places):
    cockpit("strike", "q1", "--reason", "not worth it")
    cockpit("loop", "step")
    _, shown, _ = cockpit("log")
    lines = shown.splitlines()
    assert "loop step" in lines[0]
    assert "human" in lines[1]
    assert "strike" in lines[1]
    assert "not worth it" in lines[1]
    _, shown, _ = cockpit("log", "--verb", "strike", "--json")
    (entry,) = (json.loads(row) for row in shown.splitlines())
    assert (entry["verb"], entry["target"], entry["by"], entry["reason"]) == ("strike", "q1", "human", "not worth it")
    assert cockpit("log", "--by", "engine")[1] == ""
    assert len(cockpit("log", "-n", "1")[1].splitlines()) == 1


def test_the_log_shows_what_each_act_changed(cockpit: Run, spec: Places):
    cockpit("strike", "q1")
    spec.spec.write_text(spec.spec.read_text() + "\n<!-- a note \x1b[31m -->\n")
    cockpit("defer", "q2")
    _, shown, _ = cockpit("log", "--diff", "--item", "q1")
    assert [row.strip()[:4] for row in shown.splitlines()[1:]] == ["~ q1"]
    _, shown, _ = cockpit("log", "-p", "--by", "external")
    assert "\x1b" not in shown
    assert "a note" in shown
    row = json.loads(cockpit("log", "-p", "--json", "--item", "q1")[1])
    assert (row["verb"], row["changes"][0]["item"]) == ("strike", "q1")


def test_at_gives_the_document_as_it_was(cockpit: Run, spec: Places):
    cockpit("strike", "q1")
    code = "import sys; from cockpit.cli import main; sys.exit(main(sys.argv[1:]))"
    told = subprocess.run(
        [sys.executable, "-c", code, "-C", str(spec.root), "at", "HEAD^"], capture_output=True, check=True
    )
    assert told.stdout == SPEC.encode()
    status, _, complaint = cockpit("at", "nosuch")
    assert status == 1
    assert one_line(complaint)


def test_at_says_which_item_stood_where(cockpit: Run, spec: Places):
    cockpit("strike", "q1")
    then, now = (cockpit("at", revision, "--status")[1].splitlines() for revision in ("HEAD^", "HEAD"))
    assert ("1 struck" in then[0], "1 struck" in now[0]) == (False, True)
    assert now[2] == "queue"
    (row,) = [row for row in map(json.loads, cockpit("at", "HEAD", "--json")[1].splitlines()) if row["id"] == "q1"]
    assert (row["mark"], row["section"]) == ("-", "queue")
    assert any(line.startswith("  [-] q1 ") for line in now)
    assert any(line.startswith("  [ ] q1 ") for line in then)


def test_redo_brings_back_what_undo_took(cockpit: Run, spec: Places):
    cockpit("strike", "q1")
    assert cockpit("undo")[1].startswith("took back: strike q1 · ")
    assert cockpit("redo")[1].startswith("brought back: strike q1 · ")
    assert "nothing to redo" in cockpit("redo")[2]


def test_the_status_needs_no_engine_and_changes_nothing(cockpit: Run, spec: Places, git: Callable[..., str]):
    before = git("rev-parse", "HEAD"), persist.read(spec)
    _, shown, _ = cockpit("status")
    assert "main" in shown.splitlines()[0]
    assert "no engine" in shown.splitlines()[0]
    assert "First thing" in shown
    _, shown, _ = cockpit("status", "--json")
    assert json.loads(shown)["branch"] == "main"
    assert (git("rev-parse", "HEAD"), persist.read(spec)) == before


@pytest.mark.parametrize("command", [["status"], ["log"], ["accept", "q1"], ["push", "x"], ["--version"]])
def test_the_shell_never_loads_the_screen(spec: Places, command: list[str]):
    code = (
        "import sys; from cockpit.cli import main; main(sys.argv[1:]); "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'textual', 'rich', 'libtmux'}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=spec.root, capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(spec: Places):
    command = f"{sys.executable} -m cockpit log | true"
    done = subprocess.run(["sh", "-c", command], cwd=spec.root, capture_output=True, text=True, check=False)
    assert done.stderr == ""


# Pushing


def test_a_push_lands_on_the_spool_without_an_engine(cockpit: Run, spec: Places):
    status, shown, _ = cockpit(
        "push", "the", "build", "fails", "--key", "build", "--state", "failing", "--level", "warning"
    )
    assert (status, shown) == (0, "")
    event = json.loads(spec.spool.read_text())
    assert (event["what"], event["key"], event["state"], event["level"]) == (
        "the build fails",
        "build",
        "failing",
        "warning",
    )


def test_changes_say_what_was_meant_between_two_versions(cockpit: Run, spec: Places):
    assert cockpit("changes") == (0, "", "")
    cockpit("strike", "q2", "--reason", "no")
    spec.spec.write_bytes(spec.spec.read_bytes().replace(b"First thing", b"The first thing") + b"- [ ] Third\n")
    assert cockpit("changes")[1].splitlines() == [
        "~ q1: “First thing” became “The first thing”",
        "+ “Third” is new in Queue",
    ]
    assert "~ q2 “Second thing” is struck" in cockpit("changes", "HEAD~1", "HEAD")[1].splitlines()
    (row, _) = (json.loads(row) for row in cockpit("changes", "--json")[1].splitlines())
    assert (row["kind"], row["item"], row["before"], row["after"]) == (
        "reworded",
        "q1",
        "First thing",
        "The first thing",
    )
    status, _, words = cockpit("changes", "nowhere")
    assert status == 1
    assert words.startswith("cockpit: ")


def test_ndjson_keeps_the_good_lines_and_names_the_bad_ones(spec: Places):
    lines = '{"source": "ci", "what": "one"}\nnonsense\n\n{"source": "ci", "what": "two"}\n'
    done = shell(spec.root, "push", "--ndjson", input=lines)
    assert done.returncode == 1
    assert done.stderr.startswith("cockpit: line 2: ")
    assert done.stderr.count("\n") == 1
    assert [json.loads(row)["what"] for row in spec.spool.read_text().splitlines()] == ["one", "two"]


def test_a_push_from_a_worktree_goes_to_the_repositorys_spool(
    cockpit: Run, spec: Places, monkeypatch: pytest.MonkeyPatch
):
    there = spec.local / "elsewhere.ndjson"
    monkeypatch.setenv("COCKPIT_SPOOL", str(there))
    cockpit("push", "from a delegate")
    assert json.loads(there.read_text())["what"] == "from a delegate"
    assert not spec.spool.exists()


def test_the_line_of_sh_does_it_without_us(cockpit: Run, spec: Places):
    _, line, _ = cockpit("push", "--sh")
    subprocess.run(["sh", "-c", line], check=True)
    assert {"source", "what"} <= json.loads(spec.spool.read_text()).keys()


def test_a_push_without_words_says_what_to_say(cockpit: Run, spec: Places):
    status, _, complaint = cockpit("push")
    assert status == 1
    assert one_line(complaint)


# Errors


def test_outside_a_repository_everything_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for command in (
        ["status"],
        ["log"],
        ["init"],
        ["accept", "q1"],
        ["run"],
        ["stop"],
        ["push", "x"],
        ["attach", "q1"],
    ):
        assert main(["-C", str(tmp_path), *command]) == 1
        complaint = capsys.readouterr().err
        assert one_line(complaint)
        assert complaint.endswith("not a git repository (run git init first)\n")


def test_a_missing_folder_or_spec_is_named(cockpit: Run, repo: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["-C", "/nowhere", "status"]) == 1
    assert capsys.readouterr().err == "cockpit: /nowhere: no such folder\n"
    status, _, complaint = cockpit("status")
    assert status == 1
    assert complaint == f"cockpit: {repo / 'SPEC.md'}: there is no spec (cockpit init writes one)\n"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"---\ncockpit: [\n---\n"])
def test_a_spec_that_cannot_be_read_is_told_with_its_line(cockpit: Run, spec: Places, data: bytes):
    spec.spec.write_bytes(data)
    status, _, complaint = cockpit("strike", "q1")
    assert status == 1
    assert one_line(complaint)
    assert "line" in complaint
    assert spec.spec.read_bytes() == data


def test_a_bug_is_one_line_and_its_trace_is_kept(cockpit: Run, spec: Places, monkeypatch: pytest.MonkeyPatch):
    def broken(_: object) -> int:
        raise ZeroDivisionError("not our day")

    monkeypatch.setattr(telling, "status", broken)
    status, _, complaint = cockpit("status")
    assert status == 70
    assert one_line(complaint)
    assert "ZeroDivisionError: not our day" in complaint
    (kept,) = (Path(os.environ["XDG_STATE_HOME"]) / "cockpit" / "crashes").iterdir()
    assert str(kept) in complaint
    assert "Traceback" in kept.read_text()


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (CockpitError("no", where="x"), 1)])
def test_an_interrupt_is_quiet_and_an_error_of_ours_is_said(
    cockpit: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
):
    def stopped(_: object) -> int:
        raise error

    monkeypatch.setattr(telling, "status", stopped)
    assert cockpit("status") == (status, "", "cockpit: x: no\n" if status == 1 else "")


def test_a_terminal_that_is_not_utf8_gets_an_answer_too(spec: Places):
    done = shell(spec.root, "doctor", PYTHONIOENCODING="ascii")
    assert "Traceback" not in done.stderr
    assert "git version" in done.stdout


def only(folder: Path, *programs: str) -> str:
    """A PATH that has these programs and no other."""
    folder.mkdir()
    for program in programs:
        found = subprocess.run(["sh", "-c", f"command -v {program}"], check=True, capture_output=True, text=True).stdout
        (folder / program).symlink_to(found.strip())
    return str(folder)


@pytest.mark.parametrize("command", [[], ["run"], ["demo", "--headless"], ["attach", "q1"]])
def test_without_tmux_one_line_names_what_to_install(spec: Places, tmp_path: Path, command: list[str]):
    done = shell(spec.root, *command, PATH=only(tmp_path / "bin", "git"))
    assert done.returncode == 1
    assert done.stderr == "cockpit: tmux is not installed (install tmux 3.2 or newer)\n"


def test_without_git_one_line_names_what_to_install(spec: Places, tmp_path: Path):
    done = shell(spec.root, "status", PATH=only(tmp_path / "bin", "sh"))
    assert done.returncode == 1
    assert done.stderr == "cockpit: git is not installed (install git 2.38 or newer)\n"


def test_a_tmux_that_is_too_old_is_named_with_what_it_lacks(spec: Places, tmp_path: Path):
    path = only(tmp_path / "bin", "git", "sh")
    old = tmp_path / "bin" / "tmux"
    old.write_text("#!/bin/sh\necho tmux 2.9a\n")
    old.chmod(0o755)
    done = shell(spec.root, "run", PATH=path)
    assert done.returncode == 1
    assert done.stderr.startswith("cockpit: tmux 2.9a is too old: ")
    assert done.stderr.endswith("(install tmux 3.2 or newer)\n")


def test_the_screen_needs_a_terminal(spec: Places):
    done = shell(spec.root)
    assert done.returncode == 1
    assert done.stderr == "cockpit: the screen needs a terminal (cockpit status says how things stand)\n"
    assert not spec.socket.exists()


# The engine from outside


def test_the_engine_is_started_once_told_of_and_ended(spec: Places):
    assert shell(spec.root, "run", "--detach").stdout == "the engine runs\n"
    try:
        assert shell(spec.root, "run", "--detach").stdout == "an engine runs already\n"
        assert "engine running" in shell(spec.root, "status").stdout
        second = shell(spec.root, "run")
        assert second.returncode == 1
        assert "an engine runs here already" in second.stderr
    finally:
        done = shell(spec.root, "stop")
    assert done.stdout == "the engine has ended; delegates go on\n"
    assert shell(spec.root, "stop").stdout == "no engine runs here\n"


def test_an_engine_of_another_spec_is_not_taken_for_this_ones(spec: Places):
    (spec.root / "OTHER.md").write_text(SPEC)
    shell(spec.root, "run", "--detach")
    try:
        done = shell(spec.root, "run", "--detach", "OTHER.md")
    finally:
        shell(spec.root, "stop")
    assert done.returncode == 1
    assert "the engine of this repository runs" in done.stderr


def test_an_engine_that_cannot_start_says_why(spec: Places):
    spec.lock.mkdir()
    done = shell(spec.root, "run", "--detach")
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert str(spec.lock) in done.stderr


def test_attaching_to_what_never_ran_is_refused(cockpit: Run, spec: Places):
    status, _, complaint = cockpit("attach", "q1")
    assert status == 1
    assert complaint == "cockpit: q1: no delegate has worked on it (see cockpit status)\n"
