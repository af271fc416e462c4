# ruff: noqa: E501 (lines of logs are as long as they are)
from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, rows, told

MAVEN = """
[INFO] Scanning for projects...
[INFO] --- compiler:3.10.0:testCompile (default-testCompile) @ shop ---
[ERROR] COMPILATION ERROR :
[ERROR] /builds/workspace/shop/src/CartTest.java:[63,29] cannot find symbol
[ERROR]   symbol:   class Basket
[ERROR]   location: class CartTest
[INFO] ------------------------------------------------------------------------
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.10.0:testCompile (default-testCompile) on project shop: Compilation failure -> [Help 1]
[ERROR]
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] Re-run Maven using the -X switch to enable full debug logging.
[ERROR] [Help 1] http://cwiki.example/MojoFailureException
"""


def test_a_maven_build_that_does_not_compile_has_one_reason_and_one_summary():
    events = told(MAVEN)
    assert rows(events) == [
        ("ci.run", "maven", "started"),
        ("finding", "javac cannot find symbol", ""),
        ("ci.run", "maven", "failed"),
        ("finding", "maven maven-compiler-plugin:testCompile Compilation failure", ""),
    ]
    assert events[-1].attrs["role"] == "summary"


def test_advice_and_rulers_are_parts():
    extractor = Extractor()
    for line in [*MAVEN.strip().split("\n")[-4:], "[INFO] ----------", "======", "* Try:", "> Run with --stacktrace"]:
        assert extractor.read(log(line)) == [], line


def test_the_enforcer_is_told_by_its_rule():
    (event,) = told(
        "[ERROR] Rule 0: org.apache.maven.enforcer.rules.dependency.DependencyConvergence failed with message:"
    )
    assert event.key == "enforcer:DependencyConvergence"


def test_in_a_run_of_the_sender_no_line_says_how_it_ends():
    assert {row[0] for row in rows(told(MAVEN, key="build", run="build-3"))} == {"finding"}


def test_gradle_begins_with_its_end_when_nothing_was_seen_before():
    text = "> Task :app:compileJava FAILED\nFAILURE: Build failed with an exception.\nBUILD FAILED in 15s\nBUILD SUCCESSFUL in 3s"
    assert rows(told(text)) == [
        ("finding", "gradle :app:compileJava", ""),
        ("ci.run", "gradle", "started"),
        ("ci.run", "gradle", "failed"),
        ("ci.run", "gradle", "started"),
        ("ci.run", "gradle", "passed"),
    ]


def test_ci_systems_say_how_a_job_ended():
    for text, state in {
        "##[error]Process completed with exit code 1.": "failed",
        'The command "npm test" exited with 0.': "passed",
        "ERROR: Job failed: exit code 1": "failed",
        "Job succeeded": "passed",
        "Finished: FAILURE": "failed",
        "Finished: SUCCESS": "passed",
    }.items():
        assert told(text, key="deploy")[-1].state == state, text
        assert told(text, key="deploy")[-1].key == "deploy"


def test_npm_is_told_by_its_code():
    text = """
npm WARN deprecated har-validator@5.1.5: this library is no longer supported
npm ERR! code ERESOLVE
npm ERR! ERESOLVE unable to resolve dependency tree
npm ERR! Found: react@18.2.0
npm error code ELIFECYCLE
npm error Missing script: "nope"
npm error A complete log of this run can be found in: /root/.npm/_logs/x.log
"""
    assert [(event.key, event.attrs.get("role", "")) for event in told(text)] == [
        ("npm:deprecated har-validator", ""),
        ("npm:ERESOLVE", ""),
        ("npm:ELIFECYCLE", "summary"),
        ('npm Missing script: "nope"', ""),
    ]


def test_make_pip_cmake_and_the_shell():
    text = """
make: *** [Makefile:1: all] Error 1
make[2]: *** No rule to make target 'x', needed by 'all'.  Stop.
ERROR: No matching distribution found for shop==9.9
CMake Error at CMakeLists.txt:12 (find_package):
/bin/sh: 1: tox: not found
bash: line 3: tox: command not found
"""
    keys = [event.key for event in told(text)]
    assert keys == [
        "make * all",
        "make No rule to make target 'x', needed by 'all'.  Stop.",
        "pip No matching distribution found for shop==*",
        "cmake:find_package CMakeLists.txt",
        "shell:not-found tox",
        "shell:not-found tox",
    ]


def test_an_audit_is_a_finding_until_it_is_clean():
    found = told("3 vulnerabilities (1 moderate, 2 high)\nfound 0 vulnerabilities")
    assert rows(found) == [("finding", "npm:audit", "open"), ("finding", "npm:audit", "closed")]
    assert [event.level for event in told("2 vulnerabilities (1 low, 1 critical)")] == ["error"]


def test_pnpm_and_yarn_say_what_they_could_not_do():
    text = """
 ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date
error Couldn't find package "stock" on the "npm" registry.
YN0001: │ Error: stock@npm:1: No candidates found
"""
    assert [(event.kind, event.attrs["tool"], event.level) for event in told(text)] == [
        ("finding", "pnpm", "error"),
        ("finding", "yarn", "error"),
        ("finding", "yarn", "error"),
    ]


def test_an_image_that_is_not_built_tells_its_step_as_a_summary_of_what_the_step_said():
    text = """
#7 4.123 npm error code E404
#7 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
COPY failed: file not found in build context or excluded by .dockerignore: stat stock: file does not exist
"""
    assert [(event.attrs["tool"], event.attrs.get("role", "")) for event in told(text)] == [
        ("npm", ""),
        ("docker", "summary"),
        ("docker", ""),
    ]
