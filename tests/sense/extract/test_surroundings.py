# ruff: noqa: E501 (lines of logs are as long as they are)
import pytest

from cockpit.sense.events import Event
from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, told


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("fatal: cannot create directory at 'src/test': No space left on device", "disk full"),
        ("npm ERR! code ENOSPC", "disk full"),
        ("java.lang.OutOfMemoryError: Java heap space", "out of memory"),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out of memory"),
        ("fatal: unable to access 'https://git.example/shop/': Could not resolve host: git.example", "name resolution: git.example"),
        ("Error: getaddrinfo ENOTFOUND registry.example", "name resolution"),
        ("ERROR: 503 Service Unavailable for https://repo.example/simple/", "server error: repo.example"),
        ("[ERROR] Could not transfer artifact a:b:pom:1 from/to central (https://repo.example/m2): status code: 502", "server error: repo.example"),
        ("fatal: Authentication failed for 'https://git.example/shop.git/'", "login refused: git.example"),
        ("git@git.example: Permission denied (publickey).", "login refused"),
        ("make: warning:  Clock skew detected.  Your build may be incomplete.", "clock off"),
        ("E: Release file is not yet valid, could not be used", "clock off"),
        ("Error response from daemon: toomanyrequests: rate limit", "rate limit"),
    ],
)  # fmt: skip
def test_what_no_change_of_the_code_mends(text: str, key: str):
    events = [event for event in told(text) if event.kind == "environment"]
    assert [(event.key, event.state, event.level) for event in events] == [(key, "open", "error")]


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/orders 503 Service Unavailable in 3 ms",
        "[INFO] retry on 503 Service Unavailable",
        "no space in the title",
        "code 401",
    ],
)
def test_talk_about_it_is_not_it(text: str):
    assert [event for event in told(text) if event.kind == "environment"] == []


def test_the_next_passed_run_of_the_job_closes_it():
    extractor = Extractor()
    extractor.feed(log("write failed: No space left on device", key="build", run="build-1"))
    run = Event(
        source="ci", what="build passed", kind="ci.run", key="build", run="build-2", state="passed", at=9.0, id=5
    )
    (event,) = extractor.feed(run)
    assert (event.kind, event.key, event.state, event.id) == ("environment", "disk full", "closed", 5)
    assert extractor.feed(run) == []


def test_a_run_that_only_text_knows_closes_it_too():
    events = told("write failed: No space left on device\n3 passed in 0.1s")
    assert [(event.kind, event.state) for event in events] == [
        ("environment", "open"), ("ci.run", "started"), ("ci.run", "passed"), ("environment", "closed"),
    ]  # fmt: skip
