"""How builds and jobs end, and the words of build tools that only say that something above went wrong."""

from __future__ import annotations

import re

from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import mask

_EXIT = re.compile(
    r"(?:Error: )?(?:Process completed with exit code|ERROR: Job failed: exit code|The command .{1,200} exited with"
    r"|Exited with code"
    r"|(?:error )?Command failed with exit code|.{0,80}[Pp]rocess exited with (?:code|status)"
    r"|script returned exit code) (?P<code>\d{1,3})\b"
)
_JENKINS = re.compile(r"Finished: (?P<word>SUCCESS|FAILURE|UNSTABLE|ABORTED)$")

_GOAL = re.compile(
    r"Failed to execute goal (?P<goal>[\w.:-]{1,200}) (?:\((?P<id>[\w.-]{1,80})\) )?on project "
    r"(?P<project>[\w.-]{1,120}): (?P<what>.{1,600})"
)
_RULE = re.compile(r"Rule \d{1,3}: (?P<rule>[\w.$]{1,200}) failed with message:?(?P<what>.{0,400})")
_RESOLVE = re.compile(
    r"(?:Could not (?:resolve dependencies for project|find artifact|transfer artifact) )(?P<what>\S{1,200})"
)
_TASK = re.compile(r"> Task (?P<task>:[\w:.-]{1,160}) FAILED$")
_NPM = re.compile(r"npm (?:ERR!|error) (?P<what>.{0,400})$")
_NPM_CODE = re.compile(r"code (?P<code>E[A-Z0-9_]{2,30})$")
_NPM_WARN = re.compile(r"npm (?:WARN|warn) (?P<rule>[\w-]{1,30}) (?P<what>.{1,400})$")
_MAKE = re.compile(
    r"g?make(?:\[\d{1,3}\])?: \*\*\* (?:\[(?P<target>.{1,200}?)\] Error \d{1,3}"
    r"|(?P<what>No rule to make target .{1,300}|.{1,200}\. {1,3}Stop\.))|ninja: build stopped"
)
_CMAKE = re.compile(r"CMake Error at (?P<file>[^:\s]{1,200}):(?P<line>\d{1,6}) \((?P<what>\w{1,60})\)")
_PIP = re.compile(
    r"ERROR: (?P<what>(?:Could not find a version|No matching distribution|Cannot install|ResolutionImpossible"
    r"|Could not build wheels|Failed building wheel|Package .{1,100} requires|pip's dependency resolver"
    r"|Could not install).{0,400})"
)
_VULNERABLE = re.compile(r"(?P<count>\d{1,6}) vulnerabilit(?:y|ies) (?:found|\()|found (?P<none>0) vulnerabilities")
_PNPM = re.compile(r"(?:ERR_PNPM|\[?ERR_PNPM)_?(?P<code>[A-Z0-9_]{2,40})\]?\s{1,4}(?P<what>.{1,400})")
_YARN = re.compile(
    r"error (?P<what>(?:Couldn't find|An unexpected error|Your lockfile needs|Package|The engine|Found incompatible"
    r"|Integrity).{1,400})"
    r"|(?:. )?YN(?P<code>\d{4}): .? ?(?P<said>(?:Error|.{0,200}(?:not found|failed|No candidates|modified)).{0,300})"
)
_DOCKER = re.compile(
    r"(?:ERROR: )?failed to (?:solve|build): (?P<what>.{1,400})|(?P<copy>(?:COPY|ADD) failed: .{1,300})"
    r"|ERROR: (?P<step>process \".{1,300}\" did not complete successfully.{0,60})"
)
_SHELL = re.compile(r"(?:.{0,120}: )?(?:line )?\d{0,6}:? ?(?P<what>[\w./+-]{1,80}): (?:command )?not found$")

BOILERPLATE = (
    "[Help ", "-> [Help", "To see the full stack trace", "Re-run Maven", "re-run Maven",
    "For more information about the error",
    "For more information about this error", "After correcting the problems", "mvn <", "COMPILATION ERROR",
    "COMPILATION WARNING",
    "* Try:", "> Run with --", "* Get more help", "Some errors have detailed explanations", "compilation terminated",
    "FAILURE: Build failed with an exception", "Please refer to ", "* Exception is:", "In file included from ",
    "collect2: error",
    "* What went wrong", "Compilation failed; see", "> Compilation failed; see", "no errors, no warnings",
    "Require stack:",
)  # fmt: skip
_WITHIN = (": In function ", ": In member function ", ": At global scope")
_RULER = re.compile(r"[-=*_~^⎯#+. ]{1,200}$")


def ends(line: Line, stream: Stream) -> Told:
    """The first and the last words of Maven, Gradle, and of a CI system about its job."""
    text = line.text
    if text.startswith("Scanning for projects"):
        return stream.begin(line, "maven")
    if text.startswith("BUILD SUCCESS"):
        return stream.end(line, "gradle" if text.startswith("BUILD SUCCESSFUL") else "maven", True)
    if text.startswith(("BUILD FAILURE", "BUILD FAILED")):
        return stream.end(line, "maven" if text.startswith("BUILD FAILURE") else "gradle", False)
    found = _EXIT.match(text)
    if found is not None:
        return stream.end(line, "job", found["code"] == "0")
    if text == "Job succeeded":
        return stream.end(line, "job", True)
    found = _JENKINS.match(text)
    if found is not None:
        return stream.end(line, "job", found["word"] == "SUCCESS")
    return [] if "marked build as failure" in text else None


def goals(line: Line, stream: Stream) -> Told:
    """What a build tool says that it could not do; `role: summary` where the reason stands above."""
    text = line.text
    found = _RULE.match(text)
    if found is not None:
        rule = found["rule"].rpartition(".")[2]
        return [
            line.tell(
                "finding", f"enforcer:{rule}", "", "error", tool="enforcer", rule=rule, message=found["what"].strip()
            )
        ]
    found = _GOAL.match(text)
    if found is not None:
        plugin = found["goal"].split(":")
        name = f"{plugin[1] if len(plugin) > 1 else plugin[0]}:{plugin[-1]}"
        what = found["what"].partition(" -> ")[0]
        return [
            line.tell(
                "finding",
                f"maven {name} {mask(what)}",
                "",
                "error",
                tool="maven",
                rule=name,
                role="summary",
                message=what[:300],
            )
        ]
    found = _RESOLVE.match(text)
    if found is not None:
        return [
            line.tell(
                "finding",
                f"maven:resolve {mask(found['what'])}",
                "",
                "error",
                tool="maven",
                rule="resolve",
                message=text[:300],
            )
        ]
    found = _TASK.match(text)
    if found is not None:
        return [
            line.tell(
                "finding", f"gradle {found['task']}", "", "error", tool="gradle", rule=found["task"], role="summary"
            )
        ]
    if text.startswith("npm "):
        return _npm(line)
    return _packages(line, stream) or _others(line)


def boilerplate(line: Line, stream: Stream) -> Told:
    """Advice of the tools."""
    del stream
    text = line.text
    return [] if text.startswith(BOILERPLATE) or any(words in text for words in _WITHIN) else None


def ruler(text: str) -> bool:
    """Whether there is no word in a line."""
    return text[0] in "-=*_~^⎯#+. " and _RULER.match(text) is not None


def _npm(line: Line) -> Told:
    text = line.text
    found = _NPM_WARN.match(text)
    if found is not None:
        rule, what = found["rule"], found["what"]
        name = what.partition("@")[0] if rule == "deprecated" and not what.startswith("@") else mask(what)
        return [line.tell("finding", f"npm:{rule} {name}", "", "warning", tool="npm", rule=rule, message=what[:300])]
    found = _NPM.match(text)
    if found is None:
        return None
    what = found["what"].strip()
    code = _NPM_CODE.match(what)
    if code is not None:
        role = "summary" if code["code"] == "ELIFECYCLE" else ""
        return [line.tell("finding", f"npm:{code['code']}", "", "error", tool="npm", rule=code["code"], role=role)]
    if what.startswith(("Missing script", "404 ", "notarget ", "Conflicting peer dependency", "Lifecycle script")):
        role = "summary" if what.startswith("Lifecycle") else ""
        return [line.tell("finding", f"npm {mask(what)}", "", "error", tool="npm", message=what[:300], role=role)]
    return []


def _packages(line: Line, stream: Stream) -> Told:
    """Audits, pnpm, yarn, and the images that docker builds."""
    text = line.text
    found = _VULNERABLE.match(text)
    if found is not None:
        if found["none"]:
            return stream.closed(line, "npm:audit") or None
        level = "error" if "critical" in text else "warning"
        return stream.opened(
            line.tell("finding", "npm:audit", "open", level, tool="npm", rule="audit", message=text[:300])
        )
    found = _PNPM.match(text)
    if found is not None:
        return [
            line.tell(
                "finding", f"pnpm:{found['code']}", "", "error", tool="pnpm", rule=found["code"], message=found["what"]
            )
        ]
    found = _YARN.match(text)
    if found is not None:
        what = found["what"] or found["said"]
        rule = f"YN{found['code']}" if found["code"] else ""
        return [line.tell("finding", f"yarn {mask(what)}", "", "error", tool="yarn", rule=rule, message=what[:300])]
    found = _DOCKER.match(text)
    if found is not None:
        what = found["what"] or found["copy"] or found["step"]
        role = "summary" if "did not complete" in what else ""
        return [line.tell("finding", f"docker {mask(what)}", "", "error", tool="docker", role=role, message=what[:300])]
    return None


def _others(line: Line) -> Told:
    text = line.text
    found = _MAKE.match(text)
    if found is not None:
        what = found["what"] or ""
        name = mask(what or found["target"] or "stopped")
        return [
            line.tell(
                "finding",
                f"make {name}",
                "",
                "error",
                tool="make",
                role="" if what.startswith("No rule") else "summary",
            )
        ]
    found = _CMAKE.match(text)
    if found is not None:
        return [
            line.tell(
                "finding", f"cmake:{found['what']} {found['file']}", "", "error", paths=(found["file"],), tool="cmake"
            )
        ]
    found = _PIP.match(text)
    if found is not None:
        return [
            line.tell("finding", f"pip {mask(found['what'])}", "", "error", tool="pip", message=found["what"][:300])
        ]
    found = _SHELL.match(text)
    if found is not None:
        return [line.tell("finding", f"shell:not-found {found['what']}", "", "error", tool="shell", message=text[:300])]
    return None
