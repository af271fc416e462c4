"""The review of a delegate's branch, on real repositories: fourteen checks, whatever happens."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit import facts, spec
from cockpit.paths import Places
from cockpit.spec.rules import Rules
from cockpit.verify import NAMES, Cut, cut, review

Git = Callable[..., str]
TEST = "python -c 'import calc, test_calc'"


@pytest.fixture(autouse=True)
def project(repo: Path, git: Git) -> None:
    """A small program with a test, committed on main."""
    (repo / "SPEC.md").write_text("## Queue\n- [/] Add minus ^q1\n")
    (repo / "calc.py").write_text("def plus(a, b):\n    return a + b\n")
    (repo / "test_calc.py").write_text("import calc\nassert calc.plus(1, 2) == 3\n")
    with (repo / ".git" / "info" / "exclude").open("a") as exclude:
        exclude.write(".cockpit/\n")  # as cockpit init does
    git("add", "-A")
    git("commit", "-qm", "A program")


def on_branch(repo: Path, git: Git, name: str, files: dict[str, str | None]) -> None:
    """Commit these files (None: deleted) on the branch, made from main's tip if need be; main stays checked out."""
    folder = repo.parent / f"work-{name.replace('/', '-')}"
    if not folder.exists():
        git("worktree", "add", "-q", "-b", name, str(folder), "main")
    for path, text in files.items():
        if text is None:
            (folder / path).unlink()
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "Work", cwd=folder)


def on_main(repo: Path, git: Git, files: dict[str, str]) -> None:
    for path, text in files.items():
        (repo / path).write_text(text)
    git("add", "-A")
    git("commit", "-qm", "Meanwhile")


def turn(places: Places, git: Git, item: str = "q1", answer: facts.Answer | None = None, **broken: str) -> facts.Turn:
    dispatch = facts.Dispatch(
        item=item,
        turn=1,
        text="Add minus",
        agent="rehearsal",
        branch=f"delegate/{item}",
        base=git("rev-parse", "main"),
        target="refs/heads/main",
        worktree="",
        session="",
        timeout=60,
        at=0.0,
    )
    done = facts.Answer(status="done", summary="Added minus.")
    return facts.Turn(
        folder=places.turn(item, 1),
        dispatch=dispatch,
        running=None,
        sentinel=None,
        answer=answer if answer or broken else done,
        review=None,
        merge=None,
        broken=broken,
    )


def item(fields: str = "") -> spec.Item:
    lines = "".join(f"  - {line}\n" for line in fields.split("\n") if line)
    found = spec.parse(f"## Queue\n- [/] Add minus ^q1\n{lines}".encode()).item("q1")
    assert found is not None
    return found


@pytest.fixture
def look(places: Places, git: Git) -> Callable[..., facts.Review]:
    """`look("verify: pytest", protect=...)`: the review of delegate/q1 against main; the repository is as before."""

    def run(
        fields: str = "",
        *,
        controls: spec.Controls | None = None,
        answer: facts.Answer | None = None,
        others: tuple[str, ...] = (),
        acceptance: str = "",
        **broken: str,
    ) -> facts.Review:
        before = git("for-each-ref"), git("status", "--porcelain"), git("worktree", "list")
        found = review(
            places,
            turn(places, git, answer=answer, **broken),
            item(fields),
            controls or spec.Controls(),
            [turn(places, git, other) for other in others],
            "refs/heads/main",
            spec.criteria(spec.parse(f"## Acceptance\n{acceptance}".encode())),
        )
        assert [(check.number, check.name) for check in found.checks] == list(enumerate(NAMES, 1))
        assert (git("for-each-ref"), git("status", "--porcelain"), git("worktree", "list")) == before
        assert list(places.worktrees.glob("verify-*")) == []
        return found

    return run


Look = Callable[..., facts.Review]
MINUS = "def plus(a, b):\n    return a + b\n\n\ndef minus(a, b):\n    return a - b\n"


def check(found: facts.Review, number: int) -> tuple[str, str]:
    return found.checks[number - 1].result, found.checks[number - 1].evidence


def test_good_work_is_accepted(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(f"verify: `{TEST}`\npaths: calc.py")
    assert found.recommendation == "accept"
    assert (found.base, found.head) == (git("rev-parse", "main"), git("rev-parse", "delegate/q1"))
    assert found.tree == git("rev-parse", "delegate/q1^{tree}")
    assert found.stat == "1 file, +4 -0"
    result, evidence = check(found, 2)
    assert result == "pass"
    assert evidence.startswith(f"`{TEST}` exit 0 in ")
    assert check(found, 3) == ("pass", "all inside calc.py; 1 file, +4 -0")
    assert check(found, 9)[0] == "n/a"
    assert check(found, 13) == ("pass", "merges with the target")
    assert check(found, 14) == ("pass", "Added minus.")
    assert check(found, 1) == ("n/a", "no acceptance criteria in the spec")


def test_verification_runs_on_the_merge_not_on_the_branch(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"new.py": "import calc\ncalc.plus\n"})
    on_main(repo, git, {"calc.py": "def add(a, b):\n    return a + b\n", "test_calc.py": "import calc\n"})
    found = look("verify: python new.py")
    assert check(found, 2)[0] == "fail"
    assert "AttributeError" in found.output
    assert found.recommendation == "iterate"


def test_the_front_matter_names_the_command_for_items_without_one(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    assert check(look(controls=spec.Controls(verify=("false",))), 2)[1].startswith("`false` exit 1 in ")
    assert check(look("verify: true", controls=spec.Controls(verify=("false",))), 2)[0] == "pass"


def test_every_command_has_to_pass_in_order_up_to_the_first_that_is_red(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    result, evidence = check(look("verify: false\nverify: `true`"), 2)
    assert result == "fail", "the last one alone would let it pass"
    assert re.match(r"1 `false` exit 1 in \d\.\d s; not run: `true` on [0-9a-f]{10}$", evidence)
    found = look("verify: echo built > built; echo one\nverify: cat built\nverify: echo three; false")
    one, two, three = re.sub(r" in [\d.]+ s", "", check(found, 2)[1]).split("; ", 2)
    assert (one, two) == ("1 `echo built > built", "echo one` exit 0")
    assert three.startswith("2 `cat built` exit 0; 3 `echo three; false` exit 1 on ")
    assert found.output == ("$ echo built > built; echo one\none\n$ cat built\nbuilt\n$ echo three; false\nthree\n"), (
        "in one scratch"
    )
    assert found.recommendation == "iterate"
    assert look("verify: true\nverify: true").recommendation == "accept"


def test_steps_have_names_in_the_evidence(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    controls = spec.parse(b"---\ncockpit:\n  verify: {build: 'true', unit: 'false', end-user: 'true'}\n---\n").controls
    words = re.sub(r" in [\d.]+ s", "", check(look(controls=controls), 2)[1])
    assert words.startswith("build `true` exit 0; unit `false` exit 1; not run: end-user `true` on ")


def test_commands_have_the_time_of_the_item_together(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    result, evidence = check(look("timeout: 0.03\nverify: sleep 1\nverify: sleep 60"), 2)
    assert result == "fail"
    assert "2 `sleep 60` time-out in " in evidence


def test_the_name_of_a_command_is_no_echo_of_the_environment(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    rules = (Rules("endpoints", "echo", ("staging",)),)
    found = look("verify: true staging\nverify: true", controls=spec.Controls(checks=rules))
    assert check(found, 7)[0] == "fail"


def test_what_was_green_on_the_same_tree_is_not_run_again(repo: Path, places: Places, git: Git, midday: None):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    ran = repo.parent / "ran"
    work = f"echo x >> {ran}"
    criteria = spec.criteria(spec.parse(b"## Acceptance\n- [ ] `true` ^a1\n"))

    def look(fields: str, **greens: float) -> facts.Review:
        known = {work if command == "work" else command: at for command, at in greens.items()}
        args = (turn(places, git), item(fields), spec.Controls(), [], "refs/heads/main", criteria)
        return review(
            places, *args, greens=lambda tree: known if tree == git("rev-parse", "delegate/q1^{tree}") else {}
        )

    now = time.time()
    found = look(f"verify: {work}", work=now, true=now - 60)
    assert not ran.exists()
    as_of = time.strftime("%H:%M", time.localtime(now - 60))
    assert check(found, 2) == ("pass", f"`{work}` green as of {as_of} on the same tree")
    assert check(found, 1)[1].startswith("met: a1 (new); green as of ")
    assert (found.recommendation, list(found.green), found.proved) == ("accept", ["a1"], [])
    for fields, greens in (
        (f"verify: {work}", {"work": now}),  # a criterion may need what the command builds
        (f"verify: {work}\nverify: echo", {"work": now, "true": now}),
        (f"verify: {work}", {"work": now - 90_000, "true": now}),
        (f"verify: {work}\nprotect: calc.py", {"work": now, "true": now}),
    ):
        ran.unlink(missing_ok=True)
        look(fields, **greens)
        assert ran.exists(), fields


def test_a_project_may_have_everything_run_each_time(repo: Path, places: Places, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    controls = spec.parse(b"---\ncockpit:\n  verify: echo ran\n  checks: {off: [known]}\n---\n").controls
    known = {"echo ran": time.time()}
    found = review(places, turn(places, git), item(), controls, [], "refs/heads/main", greens=lambda _: known)
    assert found.output == "ran\n"


def test_without_a_command_it_says_where_to_name_one(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look()
    assert check(found, 2)[0] == "n/a"
    assert "front matter" in check(found, 2)[1]
    assert found.recommendation == "accept"


def test_a_test_edited_to_pass_does_not_pass(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": "def plus(a, b):\n    return 0\n", "test_calc.py": "import calc\n"})
    controls = spec.Controls(protect=("test_*.py",))
    found = look(f"verify: {TEST}", controls=controls)
    assert check(found, 2)[0] == "fail"
    assert "as on the target: test_calc.py" in check(found, 2)[1]
    assert "AssertionError" in found.output
    assert check(found, 9)[0] == "fail"
    assert check(found, 9)[1].startswith("changed test_calc.py; test_calc.py:1 an assertion is taken out: ")


def test_a_deleted_test_is_back_and_an_added_one_left_out(look: Look, repo: Path, git: Git):
    files: dict[str, str | None] = {"test_calc.py": None, "test_new.py": "", "calc.py": MINUS}
    on_branch(repo, git, "delegate/q1", files)
    found = look("verify: ls; test -f test_calc.py\nprotect: test_*.py")
    assert found.output == "README.md\nSPEC.md\ncalc.py\ntest_calc.py\n"
    assert check(found, 2)[0] == "pass"
    assert check(found, 2)[1].endswith("; as on the target: test_calc.py; left out: test_new.py")
    assert check(found, 9)[1].startswith("deleted test_calc.py; ")


def test_a_moved_test_is_a_deleted_one(look: Look, repo: Path, git: Git):
    text = (repo / "test_calc.py").read_text()
    on_branch(repo, git, "delegate/q1", {"test_calc.py": None, "test_moved.py": text})
    assert check(look("protect: test_*.py"), 9) == ("fail", "deleted test_calc.py")


def test_the_targets_newest_test_is_the_one_that_counts(look: Look, repo: Path, git: Git):
    on_branch(
        repo, git, "delegate/q1", {"calc.py": MINUS, "test_calc.py": "import calc\nassert calc.plus(1, 2) == 3\n\n"}
    )
    on_main(repo, git, {"calc.py": "# calc\ndef plus(a, b):\n    return a + b\n"})
    git("commit", "-q", "--allow-empty", "-m", "Nothing")
    (repo / "test_other.py").write_text("raise SystemExit('the newest')\n")
    git("add", "-A")
    git("commit", "-qm", "Newest test")
    found = look("verify: python test_other.py\nprotect: test_*.py")
    assert "the newest" in found.output


def test_added_tests_pass_with_a_note(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS, "test_new.py": "assert True\n"})
    found = look("protect: test_*.py")
    assert check(found, 9) == ("pass", "added test_new.py")


def test_paths_of_the_item_declare_an_exemption(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"test_calc.py": "import calc\n", "test_new.py": ""})
    found = look("verify: cat test_calc.py; test -f test_new.py\nprotect: test_*.py\npaths: test_calc.py, test_new.py")
    assert found.output == "import calc\n"
    assert check(found, 2)[0] == "pass"
    assert check(found, 9)[0] == "pass"
    assert check(found, 9)[1].startswith("declared by paths: changed test_calc.py, added test_new.py; to look at: ")


def test_all_paths_declare_nothing(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"test_calc.py": ""})
    assert check(look("protect: test_*.py\npaths: '**'"), 9)[0] == "fail"


def test_protection_is_switched_off_by_none(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"test_calc.py": "import calc\n"})
    found = look("protect: none\nverify: cat test_calc.py", controls=spec.Controls(protect=("test_*.py",)))
    assert check(found, 9)[0] == "pass"
    assert check(found, 9)[1].startswith("to look at: test_calc.py:1 an assertion is taken out")
    assert found.output == "import calc\n"


def test_work_outside_its_paths_fails(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS, "other.py": "", "README.md": None})
    assert check(look("paths: calc.py, src/**"), 3) == (
        "fail",
        "outside of calc.py, src/**: deleted README.md, added other.py",
    )


def test_the_spec_is_never_the_delegates(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"SPEC.md": "## Queue\n- [x] Add minus ^q1\n"})
    assert check(look("paths: '**'"), 3) == ("fail", "changes the spec SPEC.md, which is the human's")


def test_the_cockpits_own_folder_is_never_the_delegates(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    folder = repo.parent / "work-delegate-q1"
    (folder / ".cockpit" / "agents").mkdir(parents=True)
    (folder / ".cockpit" / "agents" / "claude.toml").write_text("command = ['sh']\n")
    git("add", "-f", ".cockpit", cwd=folder)
    git("commit", "-qm", "Mine now", cwd=folder)
    assert check(look(), 3) == ("fail", "changes the cockpit's own .cockpit/agents/claude.toml")


def test_no_paths_named_is_said(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    assert check(look(), 3) == ("pass", "no paths named on the item; 1 file, +4 -0")


def test_done_without_a_change_is_not_done(look: Look, repo: Path, git: Git):
    git("branch", "delegate/q1")
    found = look("verify: true")
    assert check(found, 3) == ("fail", "no change on the branch")
    assert found.recommendation == "iterate"


@pytest.mark.parametrize("branch", [True, False])
def test_an_ops_item_is_checked_by_its_command_alone(look: Look, repo: Path, git: Git, branch: bool):
    if branch:
        git("branch", "delegate/q1")
    on_main(repo, git, {"calc.py": MINUS})
    found = look("kind: ops\nverify: grep -c minus calc.py")
    assert found.output == "1\n"
    assert found.recommendation == "accept"
    assert check(found, 3)[0] == "pass"


def test_a_conflict_fails_and_nothing_is_run(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS.replace("a + b", "b + a")})
    on_main(repo, git, {"calc.py": "def plus(a, b):\n    return sum((a, b))\n"})
    found = look("verify: touch ran")
    assert check(found, 13) == ("fail", "conflicts with the target in calc.py")
    assert check(found, 2) == ("broken", "it conflicts with the target: there is no merged tree to run on")
    assert (found.tree, found.recommendation) == ("", "iterate")


def test_a_conflict_with_another_delegate_is_foretold(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS.replace("a + b", "b + a")})
    on_branch(repo, git, "delegate/q3", {"calc.py": "def plus(a, b):\n    return sum((a, b))\n"})
    on_branch(repo, git, "delegate/q4", {"other.py": ""})
    found = look(others=("q3", "q4", "q5"))
    assert check(found, 13) == ("pass", "would conflict with q3 in calc.py")


@pytest.mark.parametrize(
    ("answer", "result", "evidence"),
    [
        (facts.Answer(status="asks", summary="", question="Which one?"), "fail", "the answer says asks: Which one?"),
        (facts.Answer(status="done", summary=" "), "fail", "the answer's summary is empty"),
        (facts.Answer(status="done", summary="Done", source="exit status"), "n/a", None),
        (facts.Answer(status="done", summary="\x1b[31mAll\nfine"), "pass", "All fine"),
    ],
)
def test_the_answer_is_read_for_what_it_is(
    look: Look, repo: Path, git: Git, answer: facts.Answer, result: str, evidence: str | None
):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = check(look(answer=answer), 14)
    assert found[0] == result
    assert evidence is None or found[1] == evidence


def test_a_malformed_answer_fails_with_the_decoders_words(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(**{"answer.json": "malformed: Object missing required field `status`"})
    assert check(found, 14) == ("fail", "malformed: Object missing required field `status`")


def test_a_branch_that_is_gone_breaks_the_checks_that_need_it(look: Look):
    found = look("verify: true")
    assert [check.result for check in found.checks if check.number in (2, 3, 9, 13)] == ["broken"] * 4
    assert "delegate/q1" in check(found, 2)[1]
    assert (found.head, found.recommendation) == ("", "iterate")


def test_an_item_that_left_the_spec_is_still_reviewed(places: Places, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = review(places, turn(places, git), None, spec.Controls(verify=("true",)), [], "refs/heads/main")
    assert found.recommendation == "accept"


def test_the_time_is_up(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look("verify: sleep 600\ntimeout: 0.005")
    assert check(found, 2)[0] == "fail"
    assert "time-out" in check(found, 2)[1]


def test_the_users_hooks_and_dirty_files_are_left_alone(look: Look, repo: Path, git: Git):
    hook = repo / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch " + str(repo.parent / "hooked") + "\n")
    hook.chmod(0o755)
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS, "test_calc.py": ""})
    (repo.parent / "hooked").unlink(missing_ok=True)
    (repo / "calc.py").write_text("dirty\n")
    (repo / "notes.txt").write_text("mine\n")
    look("verify: true\nprotect: test_*.py")
    assert not (repo.parent / "hooked").exists()
    assert (repo / "calc.py").read_text() == "dirty\n"


def test_odd_file_names_are_restored_and_shown_harmless(look: Look, repo: Path, git: Git):
    odd = "tests/a b*[x]\x1b[31m é.py"
    on_branch(repo, git, "delegate/q1", {odd: "x\n", ":(top)x.py": "y\n"})
    found = look("verify: ls -A tests 2>/dev/null; true\nprotect: tests/**")
    assert found.output == ""
    assert check(found, 9) == ("pass", "added tests/a b*[x] é.py")


def test_what_a_killed_engine_left_is_swept(look: Look, places: Places, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    dead = subprocess.Popen(["true"])
    dead.wait()
    left, other = places.worktrees / f"verify-{dead.pid}-q1-1", places.worktrees / f"verify-{os.getppid()}-q9-1"
    git("worktree", "add", "-q", "--detach", str(left), "main")
    git("worktree", "add", "-q", "--detach", str(other), "main")
    review(places, turn(places, git), item("verify: true"), spec.Controls(), [], "refs/heads/main")
    assert not left.exists()
    assert str(left) not in git("worktree", "list")
    assert other.exists()


def test_a_review_that_is_cut_short_has_no_verdict(places: Places, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    started = repo.parent / "started"
    wanted = item(f"verify: touch {started}; sleep 600")
    with ThreadPoolExecutor() as pool:
        under_way = pool.submit(review, places, turn(places, git), wanted, spec.Controls(), [], "refs/heads/main")
        deadline = time.monotonic() + 30
        while not started.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        cut()
        with pytest.raises(Cut):
            under_way.result(timeout=30)
    assert list(places.worktrees.glob("verify-*")) == []


def test_two_reviews_at_once_do_not_meet(places: Places, repo: Path, git: Git):
    for name in ("q1", "q2"):
        on_branch(repo, git, f"delegate/{name}", {f"{name}.py": ""})
    with ThreadPoolExecutor() as pool:
        found = list(
            pool.map(
                lambda name: review(
                    places,
                    turn(places, git, name),
                    item(f"verify: test -f {name}.py"),
                    spec.Controls(),
                    [],
                    "refs/heads/main",
                ),
                ("q1", "q2"),
            )
        )
    assert [check(one, 2)[0] for one in found] == ["pass", "pass"]


def test_a_command_that_locks_its_folder_is_cleaned_up(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look("verify: mkdir -p build/x; touch build/x/y; chmod 500 build/x build; rm -f .git")
    assert check(found, 2)[0] == "pass"


def test_an_identity_of_the_user_is_not_needed(look: Look, repo: Path, git: Git, tmp_path: Path):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    first, again = look("verify: git log -1 --format=%an"), look("verify: true")
    assert first.output == "cockpit\n"
    assert check(first, 2)[1].split()[-1] == check(again, 2)[1].split()[-1]


def test_a_folder_of_tests_turned_into_a_link_is_a_folder_again(look: Look, repo: Path, git: Git):
    (repo / "tests").mkdir()
    on_main(repo, git, {"tests/test_a.py": "raise SystemExit('the real one')\n"})
    on_branch(repo, git, "delegate/q1", {"tests/test_a.py": None, "fake/test_a.py": "pass\n"})
    outside = repo.parent / "outside"
    outside.mkdir()
    (outside / "test_a.py").write_text("mine\n")
    folder = repo.parent / "work-delegate-q1"
    (folder / "tests").rmdir()
    (folder / "tests").symlink_to(outside)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "Link", cwd=folder)
    found = look("verify: python tests/test_a.py\nprotect: tests/**")
    assert found.output == "the real one\n"
    assert check(found, 9) == ("fail", "deleted tests/test_a.py")
    assert (outside / "test_a.py").read_text() == "mine\n"


def test_a_protected_file_in_the_way_of_a_folder_is_back(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"test_calc.py": None})
    on_branch(repo, git, "delegate/q1", {"test_calc.py/x.py": "pass\n", "calc.py": MINUS})
    found = look("verify: cat test_calc.py\nprotect: test_calc.py")
    assert check(found, 9)[0] == "fail"
    assert found.output == (repo / "test_calc.py").read_text()


def test_reports_that_the_verification_writes_are_kept_with_the_turn(repo: Path, places: Places, git: Git):
    (repo / "old.xml").write_text("<testsuite/>")
    git("add", "old.xml")
    git("commit", "-qm", "A report in git")
    on_branch(repo, git, "delegate/q1", {"calc.py": "def plus(a, b):\n    return b + a\n"})
    made = turn(places, git)
    made.folder.mkdir(parents=True)
    (made.folder / "reports").mkdir()
    (made.folder / "reports" / "of-an-earlier-review.xml").write_text("x")
    command = "mkdir out && echo '<testsuite/>' > out/junit.xml && ln -s /etc/passwd out/link.xml"
    controls = spec.Controls(verify=(command,), reports=("*.xml", "out/*.xml"))
    found = review(places, made, None, controls, [], "refs/heads/main")
    assert found.reports == ["out/junit.xml"]
    assert (made.folder / "reports" / "out" / "junit.xml").read_text() == "<testsuite/>\n"
    assert not (made.folder / "reports" / "of-an-earlier-review.xml").exists()
    assert found.scratch.startswith(str(places.worktrees))
    assert not Path(found.scratch).exists()
