"""Reading a plain file that others may replace at any moment, without ever waiting for them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from cockpit.errors import CockpitError
from cockpit.spec import too_large


def opened(path: Path, limit: int | None = None) -> BinaryIO:
    """A plain file, open for reading; never waits for another program, as a pipe would.

    Raises OSError when it can't be opened, CockpitError for what is no file and for more than `limit` bytes.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    info = os.fstat(handle)
    wrong, remedy = "", "put a markdown file in its place"
    if stat.S_ISDIR(info.st_mode):
        wrong = "a folder, not a file"
    elif not stat.S_ISREG(info.st_mode):
        wrong = "a pipe or device, not a file"
    elif limit is not None and info.st_size > limit:
        wrong, remedy = too_large(info.st_size), "move what is done to another file"
    if wrong:
        os.close(handle)
        raise CockpitError(wrong, where=str(path), remedy=remedy)
    return os.fdopen(handle, "rb")


def plain(path: Path, limit: int | None = None) -> bytes:
    """The file's bytes as they are at this moment, whoever writes it. Raises what `opened` raises."""
    with opened(path, limit) as file:
        return file.read()
