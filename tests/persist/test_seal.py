"""The user's own say: a signature when they sign commits, their hooks when the spec asks; who refuses loses nothing."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import Act, branches, seal

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n"
Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


def adds(text: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + b"- [ ] " + text + b" ^" + text + b"\n"


def add(places: Places, name: str, by: str = "human") -> persist.Receipt:
    return persist.record(places, adds(name.encode()), Act("add", name, by))


@pytest.fixture
def ssh(git: Git, tmp_path: Path) -> Path:
    """The user signs with an ssh key that asks for nothing."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    for name, value in (
        ("commit.gpgsign", "true"),
        ("gpg.format", "ssh"),
        ("user.signingkey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(allowed)),
    ):
        git("config", name, value)
    return key


@pytest.fixture
def gpg(git: Git, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The user signs with an OpenPGP key without a passphrase, in a keyring of its own."""
    home = Path(tempfile.mkdtemp(prefix="ckg"))  # short: the agent's socket lies in it
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    args = ["--batch", "--passphrase", "", "--quick-gen-key", "Ada <ada@example.org>", "ed25519", "sign", "never"]
    subprocess.run(["gpg", *args], check=True, capture_output=True)
    git("config", "commit.gpgsign", "true")
    yield
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


def signed(git: Git, revision: str = "HEAD") -> bool:
    done = subprocess.run(["git", "verify-commit", git("rev-parse", revision)], cwd=git("rev-parse", "--show-toplevel"))
    return done.returncode == 0


def test_acts_are_signed_with_ssh_when_commits_are(begun: Places, ssh: Path, git: Git):
    begun.spec.write_bytes(SPEC + b"by hand\n")
    receipt = add(begun, "c")
    assert receipt.commit == git("rev-parse", "HEAD")
    assert signed(git)
    assert signed(git, "HEAD^")
    assert not signed(git, "HEAD~2")
    assert git("log", "-1", "--format=%an <%ae> %s%n%(trailers:key=Cockpit-Verb)") == (
        "Ada <ada@example.org> Add c\nCockpit-Verb: add"
    )
    assert git("status", "--porcelain") == ""
    assert git("fsck", "--strict", "--no-dangling") == ""


def test_acts_are_signed_with_openpgp(begun: Places, gpg: None, git: Git):
    assert add(begun, "c").commit
    assert signed(git)


def test_acts_are_signed_by_whatever_program_is_configured_for_x509(begun: Places, git: Git, tmp_path: Path):
    program = tmp_path / "signer"
    program.write_text(
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED D 22 8 00 1 X' >&2\n"
        "printf '%s\\n' '-----BEGIN SIGNED MESSAGE-----' \"$*\" '-----END SIGNED MESSAGE-----'\n"
    )
    program.chmod(0o755)
    for name, value in (
        ("commit.gpgsign", "yes"),
        ("gpg.format", "x509"),
        ("gpg.x509.program", str(program)),
        ("user.signingkey", "ada"),
    ):
        git("config", name, value)
    assert add(begun, "c").commit
    assert "gpgsig -----BEGIN SIGNED MESSAGE-----\n --status-fd=2 -bsau ada" in git("cat-file", "commit", "HEAD")


def test_a_setting_without_a_value_means_yes_and_one_changed_later_is_seen(begun: Places, ssh: Path, git: Git):
    git("config", "--unset", "commit.gpgsign")
    add(begun, "c")
    assert not signed(git)
    with (begun.common_dir / "config").open("a") as file:
        file.write("[commit]\n\tgpgsign\n")
    add(begun, "d")
    assert signed(git)


def test_the_spec_can_switch_signing_off(begun: Places, ssh: Path, git: Git):
    begun.spec.write_bytes(b"---\ncockpit:\n  sign: off\n---\n" + SPEC)
    add(begun, "c")
    assert not signed(git)


def test_a_merge_is_signed_too(begun: Places, ssh: Path, git: Git):
    head = git("rev-parse", "HEAD")
    commit = branches.commit_merge(begun, git("rev-parse", "HEAD^{tree}"), [head, git("rev-parse", "HEAD^")], "Merge")
    assert signed(git, commit)


def test_who_cannot_sign_has_the_act_written_and_its_commit_held_never_unsigned(begun: Places, ssh: Path, git: Git):
    before, index = git("rev-parse", "HEAD"), git("ls-files", "--stage")
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", str(ssh)], check=True)
    first, second = add(begun, "c"), add(begun, "d")
    assert first.commit is second.commit is None
    for receipt in (first, second):
        assert receipt.held.startswith("it could not be signed: ")
        assert receipt.held.endswith("unlock the key, or write sign: off")
        assert "\n" not in receipt.held
    assert begun.spec.read_bytes() == SPEC + b"- [ ] c ^c\n- [ ] d ^d\n"
    assert (git("rev-parse", "HEAD"), git("ls-files", "--stage")) == (before, index)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "secret", "-N", "", "-f", str(ssh)], check=True)
    assert add(begun, "e").commit
    assert [entry.target for entry in persist.timeline(begun)] == ["e", "d", "c", ""]
    assert all(signed(git, revision) for revision in ("HEAD", "HEAD^", "HEAD~2"))
    assert git("status", "--porcelain") == ""


def test_who_only_looks_does_not_ask_the_signer_again_and_again(begun: Places, ssh: Path, git: Git, tmp_path: Path):
    program = tmp_path / "signer"
    program.write_text(f"#!/bin/sh\necho x >>'{tmp_path}/asked'\nexit 1\n")
    program.chmod(0o755)
    git("config", "gpg.ssh.program", str(program))
    held = add(begun, "c").held
    for _ in range(3):
        settled = persist.settle(begun)
        assert settled is not None
        assert settled.held == held
        add(begun, "d", by="engine")
    asked = tmp_path / "asked"
    assert asked.read_text() == "x\n"
    add(begun, "e")
    assert asked.read_text() == "x\nx\n"
    seal.forgive(begun)
    git("config", "--unset", "gpg.ssh.program")
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit == git("rev-parse", "HEAD")


def test_a_signer_that_never_answers_is_ended(begun: Places, ssh: Path, git: Git, tmp_path: Path, monkeypatch):
    program = tmp_path / "signer"
    program.write_text(f"#!/bin/sh\necho $$ >'{tmp_path}/pid'\nexec sleep 60\n")
    program.chmod(0o755)
    git("config", "gpg.ssh.program", str(program))
    monkeypatch.setattr(seal, "SIGNING", 0.5)
    assert "did not come in" in add(begun, "c").held
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    deadline = time.monotonic() + 10
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_signer_finds_no_terminal(begun: Places, ssh: Path, git: Git, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GPG_TTY", "/dev/tty")
    program = tmp_path / "signer"
    program.write_text(
        f"#!/bin/sh\n(: </dev/tty) 2>/dev/null && touch '{tmp_path}/tty'\necho \"$GPG_TTY\" >&2\nexit 1\n"
    )
    program.chmod(0o755)
    git("config", "gpg.ssh.program", str(program))
    assert "/dev/tty" not in add(begun, "c").held
    assert not (tmp_path / "tty").exists()


# Hooks


HOOKED = b"---\ncockpit:\n  hooks: on\n---\n" + SPEC


@pytest.fixture
def hook(begun: Places, git: Git) -> Callable[[str, str], None]:
    """`hook(name, script)` puts a hook of the user's there; the spec asks for hooks."""
    begun.spec.write_bytes(HOOKED)
    git("commit", "-qam", "Ask for hooks")

    def put(name: str, script: str) -> None:
        path = begun.common_dir / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return put


def test_hooks_that_the_spec_asks_for_see_the_spec_alone(begun: Places, git: Git, hook, tmp_path: Path):
    (begun.root / "staged").write_text("x")
    git("add", "staged")
    hook("pre-commit", f"git diff --cached --name-only >'{tmp_path}/staged'; git diff --name-only >'{tmp_path}/dirty'")
    hook("commit-msg", f"cp \"$1\" '{tmp_path}/message'; echo 'Reviewed-by: Grace' >>\"$1\"")
    hook("post-commit", f"git rev-parse HEAD >'{tmp_path}/after'; exit 1")
    receipt = add(begun, "c")
    assert (tmp_path / "staged").read_text() == "SPEC.md\n"
    assert (tmp_path / "dirty").read_text() == ""
    assert (tmp_path / "message").read_text().startswith("Add c\n\nCockpit-Verb: add\n")
    assert (tmp_path / "after").read_text().strip() == receipt.commit
    assert "Reviewed-by: Grace" in git("log", "-1", "--format=%(trailers)")
    assert git("status", "--porcelain") == "A  staged"


def test_a_hook_that_refuses_holds_the_act_and_nothing_is_lost(begun: Places, git: Git, hook):
    before, index = git("rev-parse", "HEAD"), git("ls-files", "--stage")
    hook("pre-commit", "echo 'no trailing blanks, please' >&2; exit 1")
    assert add(begun, "c").held == "the hook pre-commit refused: no trailing blanks, please"
    assert begun.spec.read_bytes() == HOOKED + b"- [ ] c ^c\n"
    assert (git("rev-parse", "HEAD"), git("ls-files", "--stage")) == (before, index)
    hook("pre-commit", "exit 0")
    assert add(begun, "d").commit
    assert [entry.target for entry in persist.timeline(begun, limit=2)] == ["d", "c"]


def test_commit_msg_may_not_take_the_trailers_away(begun: Places, hook):
    hook("commit-msg", 'echo "All mine" >"$1"')
    assert add(begun, "c").held == "the hook commit-msg took the trailers out of its message"


def test_a_hook_that_hangs_is_ended_and_one_that_leaves_a_child_is_not_waited_for(
    begun: Places, hook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seal, "HOOK", 3)
    hook("pre-commit", "sleep 6 & exit 0")
    assert add(begun, "c").commit
    monkeypatch.setattr(seal, "HOOK", 0.5)
    hook("pre-commit", "sleep 60")
    assert "did not end" in add(begun, "d").held


def test_hooks_lie_where_git_says(begun: Places, git: Git, hook, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    script = tmp_path / "mine" / "pre-commit"
    script.write_text("#!/bin/sh\necho mine >&2; exit 3\n")
    script.chmod(0o755)
    git("config", "core.hooksPath", str(tmp_path / "mine"))
    assert add(begun, "c").held == "the hook pre-commit refused: mine"


def test_an_odd_value_in_the_front_matter_is_told_with_its_line():
    from cockpit.spec import SpecError, parse

    with pytest.raises(SpecError, match=r"`hooks` cannot be `maybe`"):
        parse(b"---\ncockpit: {hooks: maybe}\n---\n")


def test_refuses_is_an_error_of_ours():
    assert issubclass(seal.Refuses, CockpitError)
