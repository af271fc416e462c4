"""An engine that kills itself (SIGKILL) at its N-th step over the edge: `python -m tests.promises.dying_engine ROOT N`.

Every function that changes the world is counted, before it is called and again after it returned, so that N walks
through every instant at which a kill can leave the world half changed. Exit 0 means it lived to the end.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cockpit import facts, persist, verify
from cockpit.act import dispatch, inbox, tmux
from cockpit.engine import gauging, process
from cockpit.paths import places
from cockpit.persist import branches, copies, git, merging, worktrees

guard = threading.Lock()
count = 0
last = int(sys.argv[2])


def edge() -> None:
    global count
    with guard:
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)


def counted(module: Any, name: str) -> None:
    real: Callable[..., Any] = getattr(module, name)

    @functools.wraps(real)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        edge()
        answer = real(*args, **kwargs)
        edge()
        return answer

    setattr(module, name, wrapped)


for module, name in [
    (facts, "write"),
    (gauging, "keep"),
    (dispatch, "interrupt"),
    (inbox, "send"),
    (facts, "put"),
    (persist, "record"),
    (persist, "exchange"),
    (worktrees, "harvest"),
    (worktrees, "add"),
    (copies, "make"),
    (copies, "throw_away"),
    (branches, "commit_merge"),
    (branches, "merge"),
    (merging, "_move"),
    (merging, "_written"),
    (git, "move"),
    (verify, "review"),
    (tmux, "start"),
]:
    counted(module, name)
process.run(places(cwd=Path(sys.argv[1])))
