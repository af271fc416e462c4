"""What each kind of sentence claims: real tickets' words, and what the tree says to them.

A row is the item and its stale claims (what is written, and the suggestion). `HELD` rows name what must be found and
hold, be made, or be left alone. False alarms are worse than misses.
"""

from __future__ import annotations

import pytest

from cockpit.facts import ClaimState
from tests.act.claims.conftest import Project

STALE: list[tuple[str, dict[str, str]]] = [
    # paths
    ("Fix the crash in `src/app/flag.py`", {"src/app/flag.py": "src/app/flags.py"}),
    ("Fix the crash in `src/flags.py`", {"src/flags.py": "src/app/flags.py"}),
    ("Fix the crash in src/app/runer.py when no job is given", {"src/app/runer.py": "src/app/runner.py"}),
    ("`src/app/legacy.py` has no types", {"src/app/legacy.py": "src/app/compat/legacy.py"}),
    ("Remove the import from `src/app/dead.py`", {"src/app/dead.py": ""}),
    ("Document the options (see `docs/guides.md`)", {"docs/guides.md": "docs/guide.md"}),
    ("Correct the title of `Docs/guide.md`", {"Docs/guide.md": "docs/guide.md"}),
    ("Read `readme.md` and shorten it", {"readme.md": "README.md"}),
    ("Move `src/app/flgs.py` to `src/app/core/flags.py`", {"src/app/flgs.py": "src/app/flags.py"}),
    ("`draft()` in src/app/draft.py returns nothing", {"src/app/draft.py": "commit it first"}),
    ("The handler in `src/web/server.ts` ignores the header", {"src/web/server.ts": "src/app/web/server.ts"}),
    ("Speed up [the runner](src/app/runners.py)", {"src/app/runners.py": "src/app/runner.py"}),
    ("Fix `src/app/parser/lexer.py`: it loses tabs", {"src/app/parser/lexer.py": ""}),
    ("Shorten app/legacy.py", {"app/legacy.py": "src/app/compat/legacy.py"}),
    ("Make it remember: `src/app/runners.py` keeps the last 50", {"src/app/runners.py": "src/app/runner.py"}),
    # lines
    ("`src/app/flags.py:400` raises the wrong error", {"src/app/flags.py:400": ""}),
    ("src/app/flags.py line 400 raises the wrong error", {"src/app/flags.py:400": ""}),
    ("See src/app/runner.py#L90-L99 for the leak", {"src/app/runner.py#L90-L99": ""}),
    ("`parse_flags()` in src/app/flags.py:3 swallows errors", {"src/app/flags.py:3": "src/app/flags.py:14"}),
    ("Fix `launch` (src/app/runner.py:3): it prints", {}),
    ("Fix `stop_all()` (src/app/runner.py:3): it forgets", {"src/app/runner.py:3": "src/app/runner.py:22"}),
    ("The check on line 77 of `src/app/web/server.ts` is wrong", {"src/app/web/server.ts:77": ""}),
    # identifiers
    ("Fix `parse_flag()`: it drops the last one", {"parse_flag()": "parse_flags"}),
    ("`Runner.stop_al()` never ends", {"Runner.stop_al()": "stop_all"}),
    ("Fix `handlerequest()` for large bodies", {"handlerequest()": "handleRequest"}),
    ("The default of `MAX_JOB` is too low", {"MAX_JOB": "MAX_JOBS"}),
    ("Remove `load_settings()` and its callers", {"load_settings()": ""}),
    ("Fix `Runner.launch_job()`", {}),
    ("Simplify `parse_flags()` in `src/app/runner.py`", {}),
    ("Simplify `stop_all()` in `src/app/flags.py`", {"stop_all()": "src/app/runner.py:22"}),
    ("Rename `parseflags()` to `read_flags()`", {"parseflags()": "parse_flags"}),
    ("`DEFAULT_FLAG` lies about verbose", {"DEFAULT_FLAG": "DEFAULT_FLAGS"}),
    ("Make `parse_flag()` faster", {"parse_flag()": "parse_flags"}),
    ("Make `Runner.stop_al()` wait for its jobs", {"Runner.stop_al()": "stop_all"}),
    ("Make `src/app/runer.py` importable", {"src/app/runer.py": "src/app/runner.py"}),
    # quoted strings
    ('README.md says "A tool that run jobs"', {"A tool that run jobs": "README.md:3 A tool that runs jobs."}),
    ('Line 2 of README.md says "A tool that runs jobs"', {"A tool that runs jobs": "README.md:3"}),
    (
        'src/app/flags.py:3 prints "unknown flag, try --help"',
        {"unknown flag, try --help": "src/app/flags.py:17"},
    ),
    ('docs/guide.md still says "request body is too large"', {"request body is too large": "src/app/web/server.ts:5"}),
    (
        'Change "starting a job now" in src/app/runner.py line 20 to "starting"',
        {"starting a job now": 'src/app/runner.py:20 print("starting the job now")'},
    ),
    ('docs/guide.md contains "five workers sleep"', {"five workers sleep": ""}),
    # both, and many
    (
        "Fix `parse_flag()` in src/app/flag.py:12",
        {"parse_flag()": "parse_flags", "src/app/flag.py:12": "src/app/flags.py"},
    ),
]

QUIET: list[str] = [
    "Make `parse_flagz()` for the web and use it there",
    "Make `parse_flag()` helper functions",
    "Make `src/app/runer.py` with one function",
    "Make a faster `parse_flag()` beside it",
    # what is to be made
    "Add `src/app/cache.py` with `Cache.get()` and `Cache.put()`",
    "Create `docs/cache.md` that explains `read_config()`",
    "Introduce a `retry_job()` helper in `src/app/retry.py`",
    "Extract `launch()` from src/app/runner.py into `src/app/launcher.py`",
    "Rename `parse_flags` to `parse_options`",
    "Move `src/app/flags.py` to `src/app/cli/flags.py`",
    "Split src/app/runner.py into `src/app/jobs.py` and `src/app/pool.py`",
    "Write tests for `parse_flags()` in tests/test_parse.py",
    "There should be a `src/app/health.py` that answers /health",
    "The new `FlagSet` class replaces the dict",
    "Add a method `Runner.restart()` next to `Runner.start()`",
    "Implement `runner.restart()`; `tests/test_restart.py` proves it",
    "`src/app/metrics.py` (new): counters for jobs",
    "Replace `parse_flags()` with `read_options()`",
    '`README.md` should say "Runs jobs, well"',
    'Change "A tool that runs jobs" in README.md to "Jobs, run"',
    "Generate `dist/app.js` in the build",
    "Pages: docs/loop.md, docs/fences.md; one for each room",
    "State: a pure table `app/states.py` with one row per turn",
    "Tell agents in AGENTS.md/CLAUDE.md what to do",
    "Use `--input-format stream-json` (README.md says more) for that",
    "Steps, per read and per fix: a module `src/app/steps.py`",
    "Translate the words of runner.py; put them in `src/app/locale/de.po`",
    "Cover `src/app/flags.py` lines 2-9 with a property test in tests/test_flags_props.py",
    "The demo should have a failing test in `tests/test_flag.py`",
    # what says that it is gone
    "Put the settings into `tests/test_dead.py` again",
    "`src/app/dead.py` no longer exists, take its name out of the docs",
    "`src/app/old.py` is missing, restore it",
    "There is no `tests/test_runner.py`",
    # what is no claim
    "Run `pytest -q tests/nowhere.py` after that",
    "Use `git rebase main` and push to `origin/main`",
    "The branch `feature/flags.py-cleanup` can go",
    "Set `NO_COLOR` and `GIT_DIR` in the environment",
    "Support Node.js 22 and Vue.js, drop `asyncio.gather()`",
    "Bump requests to 2.32.1 and/or httpx; see https://example.com/src/app/nope.py",
    "The endpoint `/api/v1/users` returns `application/json`",
    "`src/**/*.py` needs types, so do `tests/*.py`",
    "Print nothing with `--quiet`; `-v` is louder",
    'The user says "it does not work" and "please help"',
    "Handle `KeyError` and `print()` in `os.path.join()`",
    "Write `answer.json` when it ends; the log goes to `run.log`",
    "The agent leaves `answer.json` behind in the folder",
    "Ada's note (3/4 done) on 2026-11-21 at 10:12: e.g. v1.2.3",
    "`key: value` lines, `true`, `None`, `main` and `**bold**`",
    "Call `useEffect()` and `session.commit()` from the library",
    "Keep ~/.config/app/config.toml and /etc/app.conf as they are",
    "A list of 100 lines, line length 120, line 3 of the output",
    "```\nsrc/app/in_a_fence.py:900\n```",
]

HELD: list[tuple[str, dict[str, ClaimState]]] = [
    ("Fix `parse_flags()` in `src/app/flags.py:14`", {"parse_flags()": "holds", "src/app/flags.py:14": "holds"}),
    ("flags.py:16 is wrong, and runner.py too", {"flags.py:16": "holds", "runner.py": "holds"}),
    ("Look at `app/runner.py` and `src/app/web/`", {"app/runner.py": "holds", "src/app/web/": "holds"}),
    ("`Runner.stop_all()` and `MAX_JOBS` are related", {"Runner.stop_all()": "holds", "MAX_JOBS": "holds"}),
    ('README.md says "A tool that runs jobs"', {"A tool that runs jobs": "holds"}),
    ('The message "request body is too large" is too curt', {"request body is too large": "holds"}),
    ("Line 7 of README.md is out of date", {"README.md:7": "holds"}),
    ("Add `src/app/cache.py`", {"src/app/cache.py": "to be made"}),
    ("Move `src/app/flags.py` to `lib/flags.py`", {"src/app/flags.py": "holds", "lib/flags.py": "to be made"}),
    ("`app.flags` has two classes", {"app.flags": "holds"}),
    ("`tests/test_flags.py::test_flags_merge` is slow", {"test_flags_merge": "holds"}),
    ("Fix the log in `dist/app.js`", {"dist/app.js": "unknown"}),
]


@pytest.mark.parametrize(("text", "expected"), STALE, ids=[text for text, _ in STALE])
def test_what_does_not_hold_is_told_with_what_was_meant(project: Project, text: str, expected: dict[str, str]):
    found = {claim.what: claim.suggestion for claim in project.claims(text) if claim.state == "stale"}
    assert found == expected


@pytest.mark.parametrize("text", QUIET)
def test_no_alarm_is_raised_for(project: Project, text: str):
    item, _, more = text.partition("\n")
    below = "".join(f"  {row}\n" for row in more.split("\n")) if more else ""
    assert [claim for claim in project.claims(item, below) if claim.state == "stale"] == []


@pytest.mark.parametrize(("text", "expected"), HELD, ids=[text for text, _ in HELD])
def test_what_holds_is_found(project: Project, text: str, expected: dict[str, ClaimState]):
    found = {claim.what: claim.state for claim in project.claims(text)}
    assert {what: found.get(what) for what in expected} == expected
