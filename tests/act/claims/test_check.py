"""Where an item's claims come from, and what is said of them."""

from __future__ import annotations

from pathlib import Path

from cockpit import spec
from cockpit.act import claims
from cockpit.facts import Claim
from cockpit.paths import Places
from tests.act.claims.conftest import Project


def told(found: list[Claim]) -> dict[tuple[str, str], str]:
    return {(claim.source, claim.what): claim.state for claim in found}


def test_fields_are_claims_that_only_hard_evidence_speaks_against(project: Project):
    found = told(
        project.claims(
            "Keep the flags short",
            "  - paths: src/app/flags.py, src/app/new.py, src/wrong/runner.py, src/**\n"
            "  - verify: `pytest -q tests/test_flags.py tests/test_new.py`\n"
            "  - protect: src/app/legacy.py\n",
        )
    )
    assert found == {
        ("paths:", "src/app/flags.py"): "holds",
        ("paths:", "src/app/new.py"): "unknown",
        ("paths:", "src/wrong/runner.py"): "stale",
        ("verify:", "tests/test_flags.py"): "holds",
        ("verify:", "tests/test_new.py"): "unknown",
        ("protect:", "src/app/legacy.py"): "stale",
    }


def test_what_keep_names_is_there(project: Project):
    found = told(
        project.claims("Keep the flags short", "  - keep: `parse_flags()`, `parse_falgs()`, src/app/nope.py\n")
    )
    assert found[("keep:", "parse_flags()")] == "holds"
    assert found[("keep:", "parse_falgs()")] == found[("keep:", "src/app/nope.py")] == "stale"


def test_what_the_loop_wrote_into_the_item_is_no_claim(project: Project):
    more = "  - branch: delegate/q1\n  - asks: stale: `src/app/nope.py` is not there\n  - why: src/app/nope.py\n"
    assert project.claims("Keep the flags short", more) == []


def test_the_design_that_an_item_goes_by_is_held_to_the_tree_too(project: Project):
    found = told(project.claims("Retry a job, see docs/design/retry.md"))
    assert found[("docs/design/retry.md", "Runner.luanch()")] == "stale"
    assert found[("docs/design/retry.md", "retry_job()")] == "to be made"


def test_a_file_that_is_only_to_be_changed_is_not_what_the_item_goes_by(project: Project):
    assert [claim.source for claim in project.claims("Shorten docs/design/retry.md")] == ["item"]


def test_an_item_from_a_change_goes_by_its_proposal(project: Project):
    found = told(project.claims("Retry a job", "  - origin: openspec/changes/add-retry/tasks.md#1.1\n"))
    assert found[("origin:", "openspec/changes/add-retry/tasks.md")] == "holds"
    assert found[("openspec/changes/add-retry/proposal.md", "src/app/runer.py")] == "stale"


def test_the_change_that_an_item_names_is_held_to_the_tree_too(project: Project):
    found = told(project.claims("Retry a job", "  - openspec: add-retry\n"))
    assert found[("openspec:", "openspec/changes/add-retry/proposal.md")] == "holds"
    assert found[("openspec/changes/add-retry/proposal.md", "src/app/runer.py")] == "stale"
    gone = project.claims("Retry a job", "  - openspec: add-rety\n")
    assert [(claim.state, claim.suggestion) for claim in gone] == [("stale", "openspec/changes/add-retry/tasks.md")]


def test_a_line_of_the_code_map_that_the_item_cites_is_checked(project: Project):
    document = spec.parse(
        b"## Queue\n- [ ] Look into src/app/runner.py ^q1\n\n## Code map\n- src/app/runner.py:900 the loop\n"
        b"- src/app/nope.py another thing\n"
    )
    item = document.item("q1")
    assert item is not None
    found = claims.check(project.places, document, item, project.commit)
    assert [claim.what for claim in claims.stale(found)] == ["src/app/runner.py:900"]


def test_what_an_item_before_it_makes_is_not_missed(project: Project):
    document = spec.parse(
        b"## Queue\n- [ ] Add `src/app/cache.py` with `Cache.get()` ^q1\n"
        b"- [ ] Fix `src/app/cache.py`: `Cache.get()` is slow ^q2\n  - after: q1\n"
    )
    item = document.item("q2")
    assert item is not None
    found = claims.check(project.places, document, item, project.commit)
    assert {claim.evidence for claim in found} == {"q1 makes it"}


def test_the_question_is_one_short_line(project: Project):
    found = project.claims("Fix `src/flags.py`, `src/runner.py`, `src/server.ts` and `src/legacy.py`", "")
    asked = claims.asks(found, "q1")
    assert asked.startswith("stale: `src/flags.py` is not there; did you mean `src/app/flags.py`?; ")
    assert claims.asks(found, "q1", 130).endswith("; and 3 more: cockpit scope q1")
    assert claims.asks(project.claims("Fix `src/app/flags.py`"), "q1") == ""


def test_other_words_are_another_digest_and_the_loops_are_not(project: Project):
    def digest(text: str) -> str:
        document = spec.parse(text.encode())
        item = document.item("q1")
        assert item is not None
        return claims.digest(item, document)

    first = digest("## Queue\n- [ ] Fix it ^q1\n  - note it\n")
    assert first == digest("## Queue\n- [?] Fix it ^q1\n  - note it\n  - asks: stale: no\n  - branch: delegate/q1\n")
    assert first != digest("## Queue\n- [ ] Fix it ^q1\n  - note that\n")


def test_hostile_words_do_no_harm(project: Project, tmp_path: Path):
    for text in (
        "Fix `--output=/tmp/x.py` and `-rf.py` and `$(touch x).py`",
        "Fix `src/app/\x1b[31mred.py` " + "`" * 300 + " (" * 500,
        "Fix `:(top)src/x.py`, `../../etc/passwd.py`, `src/app/flags.py:99999999999`",
        'README.md says "' + "a " * 3000 + '" ' + "`a.b.c.d.e.f()` " * 500,
    ):
        for claim in project.claims(text):
            assert "\x1b" not in claim.what + claim.evidence + claim.suggestion


def test_a_repository_without_the_commit_is_a_clear_error(places: Places):
    document = spec.parse(b"## Queue\n- [ ] Fix `README.md` ^q1\n")
    item = document.item("q1")
    assert item is not None
    ref, commit = claims.start(places, document, item)
    assert ref == "refs/heads/main"
    assert [claim.state for claim in claims.check(places, document, item, commit)] == ["holds"]


PHASED = b"""\
## Queue
- [ ] Make the flags of `src/app/flag.py` shorter ^q1
  - phased: on
  - fix `parse_flagz()` on the way
  - [ ] add `src/app/short.py` ^q2
  - [ ] read `src/app/short.py` in `src/app/runer.py` ^q3
"""


def test_a_phase_has_its_items_claims_too(project: Project):
    document = spec.parse(PHASED)
    found = {
        id: told(claims.check(project.places, document, phase(document, id), project.commit)) for id in ("q2", "q3")
    }
    assert found["q2"] == {
        ("item", "src/app/short.py"): "to be made",
        ("q1", "src/app/flag.py"): "stale",
        ("q1", "parse_flagz()"): "stale",
    }
    assert found["q3"][("item", "src/app/short.py")] == "to be made", "the phase before it makes it"
    assert found["q3"][("item", "src/app/runer.py")] == "stale"
    asked = claims.asks(claims.check(project.places, document, phase(document, "q2"), project.commit), "q2")
    assert "`src/app/flag.py` (of q1) is not there; did you mean `src/app/flags.py`?" in asked


def test_other_words_of_the_item_above_are_another_digest_of_its_phases(project: Project):
    before, after = spec.parse(PHASED), spec.parse(PHASED.replace(b"flag.py", b"flags.py"))
    assert claims.digest(phase(before, "q2"), before) != claims.digest(phase(after, "q2"), after)
    third = spec.parse(PHASED.replace(b"read `", b"look at `"))
    assert claims.digest(phase(before, "q2"), before) == claims.digest(phase(third, "q2"), third)


def phase(document: spec.Document, id: str) -> spec.Item:
    found = document.item(id)
    assert found is not None
    return found
