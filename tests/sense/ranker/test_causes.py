"""Why a run is red, among what it always says: two green runs, then a red one, as plain lines of many tools."""

# ruff: noqa: E501 - a line of a log is as long as it is

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.sense.ranker.stream import Stream


@dataclass(frozen=True)
class Log:
    """What each run says, and what the red one says besides, before its last lines."""

    always: str
    red: str
    first: str
    """A pattern of the row that must be first."""
    end: str = "##[error]Process completed with exit code 1."


LOGS = {
    "tsc": Log(
        "> shop@1.2.0 build\n> tsc -p .\nnpm WARN deprecated inflight@1.0.6: This module is not supported",
        "src/cart.ts(31,9): error TS2345: Argument of type 'string' is not assignable to parameter of type 'Money'.",
        "TS2345|not assignable",
    ),
    "vite": Log(
        "vite v5.2.8 building for production...\ntransforming...\n(!) Some chunks are larger than 500 kB after minification.",
        'x Build failed in 812ms\nerror during build:\n[vite]: Rollup failed to resolve import "lodash-es" from "/app/src/cart.ts".\n'
        "    at viteWarn (file:///app/node_modules/vite/dist/node/chunks/dep-x.js:66:23)",
        "failed to resolve import",
    ),
    "npm ci": Log(
        "Run npm ci\nnpm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported",
        "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.\n"
        "npm error Missing: left-pad@1.3.0 from lock file\nnpm error A complete log of this run can be found in: /home/x/.npm/_logs/a.log",
        "in sync|Missing: left-pad|EUSAGE",
    ),
    "pip": Log(
        "Collecting requests\n  Downloading requests-2.31.0.whl (62 kB)\nWARNING: Running pip as the 'root' user can result in broken permissions",
        "ERROR: Cannot install -r requirements.txt (line 3) and pydantic==2.7.1 because these package versions have conflicting dependencies.\n"
        "ERROR: ResolutionImpossible: for help visit https://pip.example.org/topics/dependency-resolution",
        "conflicting dependencies|ResolutionImpossible",
    ),
    "go build": Log(
        "go: downloading golang.org/x/sync v0.7.0\ngo vet ./...",
        "# example.org/depot/internal/cart\ninternal/cart/cart.go:44:12: undefined: money.Round\nmake: *** [Makefile:9: build] Error 1",
        "undefined: money.Round",
    ),
    "go test": Log(
        "=== RUN   TestAdd\n--- PASS: TestAdd (0.00s)",
        "=== RUN   TestTax\n    tax_test.go:17: got 3, want 4\n--- FAIL: TestTax (0.00s)\nFAIL\nFAIL\texample.org/depot/tax\t0.004s",
        "TestTax",
    ),
    "cargo": Log(
        "   Compiling depot v0.4.0 (/repo)\nwarning: unused variable: `ctx`\n  --> src/main.rs:4:9",
        "error[E0599]: no method named `round_up` found for struct `Money` in the current scope\n  --> src/cart.rs:21:15\n   |\n"
        "21 |     total.round_up()\n   |           ^^^^^^^^ method not found in `Money`\n\nerror: could not compile `depot` (lib) due to 1 previous error",
        "no method named",
    ),
    "pytest": Log(
        "============================= test session starts ==============================\ntests/test_cart.py .....                        [100%]",
        "=================================== FAILURES ===================================\n__________ test_tax __________\n>       assert tax(3) == 4\nE       assert 3 == 4\n"
        "tests/test_cart.py:9: AssertionError\nFAILED tests/test_cart.py::test_tax - assert 3 == 4\n========================= 1 failed, 5 passed in 0.31s =========================",
        "test_tax",
    ),
    "mypy": Log(
        "Run mypy src\nsrc/old.py:3: note: By default the bodies of untyped functions are not checked",
        'src/cart.py:12: error: Unsupported operand types for + ("Money" and "int")  [operator]\nFound 1 error in 1 file (checked 40 source files)',
        "Unsupported operand",
    ),
    "docker": Log(
        "#1 [internal] load build definition from Dockerfile\n#2 [internal] load metadata for docker.io/library/python:3.12",
        "#8 [4/6] RUN apt-get install -y libfoo-dev\n#8 3.112 E: Unable to locate package libfoo-dev\n"
        '#8 ERROR: process "/bin/sh -c apt-get install -y libfoo-dev" did not complete successfully: exit code: 100\n'
        'ERROR: failed to solve: process "/bin/sh -c apt-get install -y libfoo-dev" did not complete successfully: exit code: 100',
        "Unable to locate package",
    ),
    "gradle": Log(
        "> Task :compileJava UP-TO-DATE\nDeprecated Gradle features were used in this build, making it incompatible with Gradle 9.0.",
        "> Task :compileKotlin FAILED\ne: file:///repo/src/main/kotlin/Cart.kt:14:9 Unresolved reference: roundUp\n\nFAILURE: Build failed with an exception.\n\n"
        "* What went wrong:\nExecution failed for task ':compileKotlin'.\n> Compilation error. See log for more details\n\n* Try:\n> Run with --stacktrace option to get the stack trace.\n\nBUILD FAILED in 9s",
        "Unresolved reference",
    ),
    "cmake": Log(
        "-- The C compiler identification is GNU 13.2.0\n-- Configuring done (0.3s)",
        "[ 40%] Building C object CMakeFiles/depot.dir/src/cart.c.o\n/repo/src/cart.c:12:5: error: implicit declaration of function 'round_up' [-Wimplicit-function-declaration]\n"
        "   12 |     round_up(x);\n      |     ^~~~~~~~\ngmake[2]: *** [CMakeFiles/depot.dir/build.make:76: CMakeFiles/depot.dir/src/cart.c.o] Error 1\ngmake: *** [Makefile:136: all] Error 2",
        "implicit declaration",
        "gmake[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/depot.dir/all] Error 2",
    ),
    "terraform": Log(
        "Initializing the backend...\nInitializing provider plugins...",
        'Error: Unsupported argument\n\n  on main.tf line 12, in resource "x_bucket" "logs":\n  12:   acl2 = "private"\n\nAn argument named "acl2" is not expected here.',
        "Unsupported argument",
    ),
    "prettier": Log(
        "> prettier --check .\nChecking formatting...",
        "[warn] src/cart.ts\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
        "Code style issues|src/cart.ts",
    ),
    "ruby": Log(
        "Run options: include {:focus=>true}\nAll examples were filtered out; ignoring {:focus=>true}",
        "Failures:\n\n  1) Cart rounds up\n     Failure/Error: expect(cart.total).to eq(4)\n\n       expected: 4\n            got: 3\n\n"
        "Finished in 0.1 seconds\n12 examples, 1 failure\n\nFailed examples:\n\nrspec ./spec/cart_spec.rb:9 # Cart rounds up",
        "rounds up|expected: 4|expect\\(cart",
    ),
    "dotnet": Log(
        "  Determining projects to restore...\n  Depot -> /repo/bin/Debug/net8.0/Depot.dll",
        "/repo/Cart.cs(12,9): error CS0103: The name 'RoundUp' does not exist in the current context [/repo/Depot.csproj]\n\nBuild FAILED.\n    1 Error(s)",
        "CS0103|RoundUp",
    ),
    "kill": Log(
        "Loading 12 shards\nepoch 1 done",
        "epoch 2 done\n/home/runner/work/_temp/a.sh: line 3:  4711 Killed                  python train.py",
        "Killed",
        "##[error]Process completed with exit code 137.",
    ),
    "rate limit": Log(
        "Pulling image registry.example.org/base:3",
        "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating",
        "rate limit",
    ),
    "conflict": Log(
        "From https://git.example.org/depot\n * branch            main       -> FETCH_HEAD",
        "Auto-merging src/cart.py\nCONFLICT (content): Merge conflict in src/cart.py\nAutomatic merge failed; fix conflicts and then commit the result.",
        "CONFLICT",
    ),
    "black": Log(
        "Run black --check .\nreading pyproject.toml",
        "would reformat src/cart.py\n\nOh no! 1 file would be reformatted, 40 files would be left unchanged.",
        "would reformat|would be reformatted",
    ),
    "coverage": Log(
        "tests/test_cart.py .....                        [100%]\nName           Stmts   Miss  Cover",
        "FAIL Required test coverage of 90% not reached. Total coverage: 87.31%",
        "coverage of 90",
    ),
    "sphinx": Log(
        "Running Sphinx v7.3.7\nreading sources... [100%] usage",
        "/repo/docs/usage.rst:14: WARNING: undefined label: 'money-rounding'\nbuild finished with problems, 1 warning (with warnings treated as errors).",
        "undefined label",
    ),
    "permission": Log(
        "Run ./scripts/release.sh\nchecking tag",
        "/home/runner/work/_temp/b.sh: line 1: ./scripts/release.sh: Permission denied",
        "Permission denied",
        "##[error]Process completed with exit code 126.",
    ),
    "secret": Log(
        "Run deploy\nusing region eu-1",
        "Error: Input required and not supplied: token",
        "Input required",
    ),
    "timeout": Log(
        "waiting for the stack\nstill waiting",
        "##[error]The job running on runner Hosted Agent 4 has exceeded the maximum execution time of 360 minutes.",
        "exceeded the maximum execution time",
        "##[error]The operation was canceled.",
    ),
    "segfault": Log(
        "running unit tests\n12 of 40 done",
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n  File \"/repo/src/fast.py\", line 9 in add",
        "Segmentation fault",
        "##[error]Process completed with exit code 139.",
    ),
    "chronic errors": Log(
        "ERROR: could not fetch the optional index, going on without\n[ERROR] metrics: connection refused\nerror: deprecated flag --fast",
        "could not open price list: /data/prices.csv does not exist",
        "price list",
    ),
    "jest snapshot": Log(
        "PASS src/a.test.js\nTests:       4 passed, 4 total",
        "FAIL src/cart.test.js\n  ● Cart › renders\n\n    expect(received).toMatchSnapshot()\n\n    Snapshot name: `Cart renders 1`\n\n"
        " › 1 snapshot failed.\nTests:       1 failed, 4 passed, 5 total",
        "renders|toMatchSnapshot",
    ),
    "playwright": Log(
        "Running 12 tests using 2 workers\n  11 skipped",
        "  1) [chromium] › cart.spec.ts:9:5 › adds a line ───────\n\n    Error: Timed out 5000ms waiting for expect(locator).toBeVisible()\n\n  1 failed\n    [chromium] › cart.spec.ts:9:5 › adds a line",
        "Timed out 5000ms|adds a line",
    ),
    "maven enforcer": Log(
        "[INFO] Scanning for projects...\n[WARNING] 'build.plugins.plugin.version' for org.x:y is missing.",
        "[INFO] --- enforcer:3.4.1:enforce (java) @ depot ---\n[ERROR] Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with message:\n"
        "[ERROR] Detected JDK version 11.0.22 is not in the allowed range [17,).\n[INFO] BUILD FAILURE\n"
        "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-enforcer-plugin:3.4.1:enforce (java) on project depot: Some Enforcer rules have failed.\n"
        "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n[ERROR] [Help 1] http://cwiki.example.org/MojoFailure",
        "RequireJavaVersion|Detected JDK",
    ),
    "helm": Log(
        "==> Linting charts/depot\n[INFO] Chart.yaml: icon is recommended",
        "[ERROR] templates/: parse error at (depot/templates/cart.yaml:9): function \"roundUp\" not defined\nError: 1 chart(s) linted, 1 chart(s) failed",
        "not defined|parse error",
    ),
    "push": Log(
        "Run git push\nEverything up-to-date",
        "To https://git.example.org/depot\n ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'https://git.example.org/depot'\nhint: Updates were rejected because the remote contains work",
        "rejected|failed to push",
    ),
    "deadlock": Log(
        "INFO  worker 1 ready\nINFO  worker 2 ready\nWARN  slow start of worker 2",
        "java.util.concurrent.TimeoutException: no answer from worker 2\n\tat org.ex.Pool.await(Pool.java:91)\n\tat org.ex.Main.main(Main.java:12)",
        "TimeoutException",
    ),
}  # fmt: skip

DRESS = {
    "bare": "{}",
    "actions": "2026-05-01T10:00:00.1234567Z {}",
}


@pytest.mark.parametrize("dress", DRESS.values(), ids=DRESS)
@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_the_cause_of_a_red_run_is_first(log: Log, dress: str):
    stream = Stream()
    for number in range(3):
        run = f"job-{number}"
        red = number == 2
        stream.say("ci.run", "job", "started", run=run, after=200)
        said = [f"Run actions/checkout@v4 for {number}", *log.always.split("\n")]
        said += [*log.red.split("\n"), log.end] if red else ["all done"]
        said += ["Post job cleanup.", f"Cleaning up orphan processes {number}"]
        for words in said:
            stream.say("log.line", "job", what=dress.format(words), run=run, source="ci", after=0.1)
        stream.say("ci.run", "job", "failed" if red else "passed", run=run, level="error" if red else "info", after=0.1)
        rows = stream.rank(after=20)
        if not red:
            assert rows == []
    assert re.search(log.first, f"{rows[0].key} {rows[0].what}"), [(row.kind, row.what, row.score) for row in rows]
    assert len(rows) <= 3
