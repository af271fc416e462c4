"""What no change of the code mends: a full disk, a registry that is down, a login refused, a clock that is off."""

from __future__ import annotations

import re

from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import any_of

SIGNS = {
    "disk full": (
        "No space left on device", "ENOSPC", "Disk quota exceeded", "not enough space on the disk", "disk is full",
    ),
    "out of memory": (
        "OutOfMemoryError", "Cannot allocate memory", "heap out of memory", "Out of memory: Kill", "OOMKilled",
        "oom-kill",
        "exit code 137", "signal: 9, SIGKILL",
    ),
    "too many open files": ("Too many open files", "EMFILE"),
    "name resolution": (
        "Could not resolve host", "Temporary failure in name resolution", "ENOTFOUND", "EAI_AGAIN",
        "Name or service not known",
        "UnknownHostException", "no such host",
    ),
    "network unreachable": ("Network is unreachable", "ENETUNREACH", "No route to host"),
    "login refused": (
        "401 Unauthorized", "403 Forbidden", "Authentication failed", "authentication failed",
        "could not read Username",
        "Permission denied (publickey", "Bad credentials", "requested access to the resource is denied", "ENEEDAUTH",
        "invalid username or password", "status code: 401", "status code: 403", "error: 401", "error: 403",
    ),
    "certificate refused": (
        "CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "SSL certificate problem", "certificate has expired",
        "x509: certificate", "unable to get local issuer certificate",
    ),
    "clock off": (
        "lock skew detected", "is not yet valid",
        "in the future. Your build may be incomplete", "s in the future",
         "RequestTimeTooSkewed", "clock may be incorrect",
    ),
    "server error": (
        "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "503 Service Temporarily",
        "504 Gateway",
        "status code: 500", "status code: 502", "status code: 503", "status code: 504", "returned error: 50",
        "Server Error for url",
        "Server Error: ", "code E50", "HTTP status server error",
    ),
    "rate limit": (
        "429 Too Many Requests", "rate limit exceeded", "status code: 429", "toomanyrequests", "secondary rate limit",
    ),
}  # fmt: skip
"""By what is the matter: the words that programs have for it."""

BAD = (
    "rror", "ail", "annot", "ould not", "nable to", "atal", "enied", "No ", " code", "xceed", "skew",
    "in the future", "Kill", "ERR", "ENO",
    "o such host",
)  # fmt: skip
"""What a line sounds like in which a sign may stand."""
_HOST = re.compile(
    r"https?://(?:[^/@\s]{1,80}@)?(?P<host>[\w.-]{1,100})|[Hh]ost:? '?(?P<named>[\w-]{1,60}(?:\.[\w-]{1,60}){1,5})"
)
_REQUEST = re.compile(r"(?:GET|POST|PUT|HEAD|DELETE|PATCH) /|\S{1,40} - \S{1,40} \[")


_NAMES = {words: name for name, signs in SIGNS.items() for words in signs}
_SIGN = re.compile(any_of(list(_NAMES)))
_OF_A_HOST = frozenset({"name resolution", "login refused", "certificate refused", "server error", "rate limit"})


def surroundings(line: Line, stream: Stream) -> Told:
    """Opened by the words for it, closed by the next passed run of the job. A server's access log isn't about us."""
    text = line.text
    found = _SIGN.search(text)
    if found is None or _REQUEST.match(text) or line.tag in ("info", "debug"):
        return None
    name = _NAMES[found[0]]
    where = _HOST.search(text) if name in _OF_A_HOST else None
    host = (where["host"] or where["named"]) if where is not None else ""
    key = f"{name}: {host}" if host else name
    return stream.opened(line.tell("environment", key, "open", "error", host=host, message=text[:300]))
