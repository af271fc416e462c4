"""The door: nothing a terminal obeys, nothing that deceives the eye, no secret gets past it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit import clean as door
from cockpit.clean import HELD, REDACTED, Cleaner, clean, line, redact

SGR = re.compile(r"\x1b\[[0-9;:]*m")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)

# What came in, and what may be left of it (between a and z).
HOSTILE: dict[str, tuple[bytes, str]] = {
    "full reset": (b"a\x1bcz", "az"),
    "clear screen": (b"a\x1b[2J\x1b[Hz", "az"),
    "alternate screen": (b"a\x1b[?1049hz", "az"),
    "mouse on": (b"a\x1b[?1003;1006hz", "az"),
    "cursor report asked for": (b"a\x1b[6nz", "az"),
    "device attributes asked for": (b"a\x1b[>0c\x1b[cz", "az"),
    "title, bell": (b"a\x1b]0;owned\x07z", "az"),
    "title, string terminator": (b"a\x1b]2;owned\x1b\\z", "az"),
    "title asked back": (b"a\x1b[21tz", "az"),
    "clipboard": (b"a\x1b]52;c;cm0gLXJmIC8=\x07z", "az"),
    "link with a file scheme": (b"a\x1b]8;;file:///etc/passwd\x1b\\click\x1b]8;;\x1b\\z", "aclickz"),
    "notification": (b"a\x1b]777;notify;you;won\x07z", "az"),
    "palette": (b"a\x1b]4;1;rgb:00/00/00\x1b\\z", "az"),
    "tmux passthrough": (b"a\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\z", "az"),
    "device control string": (b"a\x1bP$q q\x1b\\z", "az"),
    "sixel": (b"a\x1bPq#0;2;0;0;0~~@@\x1b\\z", "az"),
    "kitty graphics": (b"a\x1b_Gf=24,s=1,v=1;AAAA\x1b\\z", "az"),
    "privacy message": (b"a\x1b^hidden\x1b\\z", "az"),
    "start of string": (b"a\x1bXhidden\x1b\\z", "az"),
    "keyboard protocol": (b"a\x1b[>1u\x1b[>4;2mz", "az"),
    "unfinished title": (b"a\x1b]0;owned\nz", "a\nz"),
    "unfinished control": (b"a\x1b[31\nz", "a\nz"),
    "lone escape at the end": (b"az\x1b", "az"),
    "eight-bit CSI": ("a\x9b2Jz".encode(), "az"),
    "eight-bit OSC": ("a\x9d0;owned\x9cz".encode(), "az"),
    "eight-bit DCS": ("a\x90hidden\x9cz".encode(), "az"),
    "raw C1 byte": (b"a\x9b2Jz", "a\ufffd2Jz"),
    "charset switch": (b"a\x1b(0\x0ez\x0f", "az"),
    "alignment test": (b"a\x1b#8z", "az"),
    "sequence inside a sequence": (b"a\x1b[3\x1b[2Jz", "az"),
    "sequence cut by a NUL": (b"a\x1b\x00[2Jz", "a[2Jz"),
    "string aborted by CAN": (b"a\x1b]0;x\x18z", "az"),
    "NUL, bell, backspace, delete": (b"a\x00\x07\x08\x7fz", "az"),
    "carriage return overwrites": (b"rm -rf\rls    z", "rm -rf\nls    z"),
    "pty line ends": (b"a\r\r\nz\r\n", "a\nz\n"),
    "bidi override": ("a\u202edcb\u202cz".encode(), "adcbz"),
    "bidi isolates": ("a\u2066x\u2069z".encode(), "axz"),
    "zero-width": ("a\u200b\u200d\u2060\ufeffz".encode(), "az"),
    "tag characters": ("a\U000e0041\U000e007fz".encode(), "az"),
    "line separator": ("a\u2028z".encode(), "a\nz"),
    "not UTF-8": (b"a\xff\xfez", "a\ufffd\ufffdz"),
}

# Made up; none ever opened anything.
SECRETS = [
    "sk-ant-api03-" + "Ab1" * 20,
    "sk-proj-" + "Zx9_" * 12,
    "sk_live_" + "4eC39HqLyjWDarjtT1",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "11ABCDEFG0" * 4,
    "glpat-" + "xYz12" * 4,
    "AKIA" + "IOSFODNN7EXAMPLE",
    "AIza" + "Sy0" * 11 + "ab",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "xoxb-" + "123456789012-abcdef",
    "npm_" + "a1B2" * 9,
    "pypi-" + "AgEIcHlwaS5vcmc" * 4,
    "hf_" + "aB3" * 11,
    "lin_api_" + "aB3d" * 10,
]
NAMED = [
    ("password: hunter2x", "hunter2x"),
    ("DB_PASSWORD=correcthorse", "correcthorse"),
    ('"api_key": "0123456789abcdef"', "0123456789abcdef"),
    ("Authorization: Bearer abc.DEF-123_ghi~456", "abc.DEF-123_ghi~456"),
    ("git clone https://me:pa55w0rd@example.org/x", "pa55w0rd"),
]
HARMLESS = [
    "Password field is required",
    "token = get_token(user)",
    "secret = os.environ['X1234567']",
    "the secret: simplicity",
    "password: required",
    "def reset_password(self, token: str) -> None:",
    "api_key=config.api_key1",
    "https://example.org:8080/a?b=1",
    "commit 2c8dc81a51b1d9b3d7a8b8b6c4a3f2e1d0c9b8a7",
    "task-list-of-everything-that-is-to-be-done",
    "1 token, 2 tokens: 30 % of 2000000 tokens",
    "basic understanding of internationalization",
    "sk-learn-pipelines-and-transformers",
    "Bearer of bad news arrives tomorrow",
]


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    door._known_values.cache_clear()
    yield
    door._known_values.cache_clear()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sequence_leaves_only_its_text(name: str):
    data, left = HOSTILE[name]
    assert clean(data) == left


@pytest.mark.parametrize("name", HOSTILE)
def test_colour_lets_nothing_else_through(name: str):
    data, left = HOSTILE[name]
    assert clean(b"\x1b[1;38:2::1:2:3m" + data + b"\x1b[0m", colour=True).endswith(left + "\x1b[0m") or name in (
        "lone escape at the end",
        "unfinished title",
    )
    assert not FORBIDDEN.search(SGR.sub("", clean(data, colour=True)))


def test_an_unfinished_string_hides_no_other_line():
    assert clean("one\x1bPhidden\ntwo\x1b]0;\nthree") == "one\ntwo\nthree"


def test_words_of_all_languages_stay():
    text = "naïve 日本語 עברית русский 한국어 → … ▏ e\u0301\n\ttabbed"
    assert clean(text) == text


@given(st.binary(max_size=300) | st.sampled_from([data for data, _ in HOSTILE.values()]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_clean_is_idempotent_and_leaves_no_control(data: bytes, colour: bool):
    once = clean(data, colour=colour)
    assert clean(once, colour=colour) == once
    assert not FORBIDDEN.search(SGR.sub("", once) if colour else once)


PIECES = st.sampled_from(
    [
        *("\x1b", "\x1b[", "\x1b]", "\x1bP", "\x9d", "\x07", "\x1b\\", "\x18", "3", ";", "m", "J", "0;x"),
        *("\r", "\n", "\t", "a b", "é", "\u202e", "\u2028", "\ud800", "=", "@", "\n"),
        *("password: hunter22", SECRETS[0], REDACTED, "Bearer ", "://a:"),
        *("-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBg"),
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join), st.booleans())
@settings(max_examples=200, deadline=None)
def test_pieces_put_together_make_nothing_new(text: str, colour: bool):
    once = clean(text, colour=colour)
    assert clean(once, colour=colour) == once
    assert not FORBIDDEN.search(SGR.sub("", once) if colour else once)


@given(st.lists(PIECES, max_size=20).map("".join), st.lists(st.integers(1, 7), min_size=1, max_size=30), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_stream_in_chunks_gives_what_the_whole_gives(text: str, sizes: list[int], colour: bool):
    data = text.encode("utf-8", "replace")
    cleaner, out, at = Cleaner(colour=colour), "", 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        out += cleaner.feed(data[at : at + size])
        at += size
    assert out + cleaner.close() == clean(data, colour=colour)


def test_a_stream_shows_its_unfinished_line_and_keeps_it():
    cleaner = Cleaner()
    assert cleaner.feed("näme\x1b[31m? ".encode()[:3]) == ""
    assert cleaner.feed("näme\x1b[31m? ".encode()[3:]) == ""
    assert cleaner.rest == "näme? "
    assert cleaner.feed(b"Ada\n$ ") == "näme? Ada\n"
    assert cleaner.close() == "$ "


def test_a_line_without_end_is_let_go_in_pieces_and_its_sequence_still_does_not_leak():
    cleaner = Cleaner()
    out = cleaner.feed(b"a" * HELD + b"\x1b]0;ow")
    assert out == "a" * HELD
    assert cleaner.feed(b"ned\x07z\n") == "z\n"


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_known_by_its_shape(secret: str):
    assert redact(f"before {secret} after") == f"before {REDACTED} after"
    assert secret not in clean(f"x='{secret}'\n")


@pytest.mark.parametrize(("text", "secret"), NAMED)
def test_a_secret_is_known_by_its_name(text: str, secret: str):
    assert redact(text) == text.replace(secret, REDACTED)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_lines_stay_as_they_are(text: str):
    assert redact(text) == text


def test_a_secret_of_our_environment_is_taken_out_plain_and_in_base64(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STAGING_PASS", "swordfish and chips")
    monkeypatch.setenv("SSH_ASKPASS", "/usr/bin")
    monkeypatch.setenv("SHORT_KEY", "short")
    assert clean("say swordfish and chips, short") == f"say {REDACTED}, short"
    assert clean("c3dvcmRmaXNoIGFuZCBjaGlwcw==") == f"{REDACTED}=="
    assert clean("ls /usr/bin") == "ls /usr/bin"


def test_colours_or_a_zero_width_in_the_middle_do_not_save_a_secret():
    secret = SECRETS[0]
    cut = f"\x1b[32mkey {secret[:9]}\x1b[1m{secret[9:15]}\u200b{secret[15:]}\x1b[0m\n\x1b[31mred\x1b[0m"
    assert clean(cut, colour=True) == f"key {REDACTED}\n\x1b[31mred\x1b[0m"


def test_a_private_key_is_taken_out_line_by_line_and_hides_nothing_after_it():
    first, last = "-----BEGIN RSA PRIVATE KEY-----\n", "-----END RSA PRIVATE KEY-----\nnext line\n"
    key = f"{first}MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\nabc=\n{last}"
    left = f"{first}{REDACTED}\n{REDACTED}\n{last}"
    assert clean(key) == left
    cleaner = Cleaner()
    assert "".join(cleaner.feed(key.encode()[at : at + 5]) for at in range(0, len(key), 5)) + cleaner.close() == left
    assert clean("-----BEGIN PRIVATE KEY-----\nand then the tests failed\n").endswith("tests failed\n")


def test_one_line_for_a_label():
    assert line("fix\x1b[31m the\n\tbug  ") == "fix the bug"
    assert line("x" * 300, 10) == "x" * 9 + "…"
    assert line("exactly10!", 10) == "exactly10!"


@given(st.text(max_size=80), st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_a_label_is_one_line_within_its_limit(text: str, limit: int):
    label = line(text, limit)
    assert len(label) <= limit
    assert "\n" not in label
    assert "\t" not in label
    assert not FORBIDDEN.search(label)


@pytest.mark.parametrize("piece", ["token:", "\x9d", "\x1b[1", "password", "TOKEN_", "eyJaaaaaaaa.", "://a:"])
def test_no_input_makes_the_door_slow(piece: str):
    # Quadratic work on this much would hang the test for minutes.
    data = (piece * (200_000 // len(piece))).encode()
    clean(data, colour=True)
    cleaner = Cleaner()
    for at in range(0, len(data), 4096):
        cleaner.feed(data[at : at + 4096])
    cleaner.close()
