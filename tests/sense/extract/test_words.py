import re

import pytest

from cockpit.sense.extract.words import any_of, foreign, mask, path


def test_a_mask_keeps_what_stays_the_same():
    assert mask("order 17 of 0x9aa: no price in row[3] after 12ms") == mask(
        "order 9 of 0x1bc: no price in row[4] after 8ms"
    )
    assert mask("cannot find symbol") == "cannot find symbol"


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("/home/runner/work/shop/shop/src/a.py", "src/a.py"),
        ("/builds/acme/src/a.py", "src/a.py"),
        ("/var/lib/jenkins/workspace/shop/src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("src/a.py", "src/a.py"),
        ("/etc/hosts", "/etc/hosts"),
    ],
)
def test_a_file_is_named_as_its_repository_names_it(text: str, file: str):
    assert path(text) == file


def test_installed_packages_are_not_ours():
    assert foreign("/x/.venv/lib/python3.11/site-packages/httpx/_client.py")
    assert foreign("node:internal/modules/cjs/loader")
    assert not foreign("src/lib/cart.py")


def test_any_of_finds_each_word_and_nothing_else():
    words = ["error", "err", " -> ", "a.b", "ab"]
    pattern = re.compile(any_of(words))
    assert all(pattern.search(f"x{word}y") for word in words)
    assert pattern.search("axb -- e r r") is None
