"""Where an indexer listens, so that this user alone can reach it."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import psutil

_LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


def new_address(folder: Path) -> str:
    """Return an address for a root's indexer that only this user can reach.

    Whoever asks holds the root's lock, so that those before have no use for theirs any more.
    """
    if sys.platform == "win32":
        return rf"\\.\pipe\codearch-{folder.name}-{os.getpid()}"
    path = folder / f"{os.getpid()}.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        short, root = short_folder(), sha256(os.fsencode(folder)).hexdigest()[:16]
        for leftover in short.glob(f"{root}.*"):  # a killed process may not have been reaped yet
            leftover.unlink(missing_ok=True)
        path = short / f"{root}.{os.getpid()}"
    return str(path)


def short_folder() -> Path:
    """Return a folder for sockets whose own would have too long a name, of this user alone.

    Its name can be guessed, so that nothing is left behind for each process; one that somebody
    else has put there is passed over.
    """
    if sys.platform == "win32":  # where pipes have names of their own, and nobody asks
        return Path(tempfile.gettempdir())
    folder = Path(tempfile.gettempdir()) / f"codearch-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    state = folder.lstat()
    if stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077:
        _sweep(folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="codearch-"))  # made with mode 0700


def _sweep(folder: Path) -> None:
    """Remove the sockets of processes that were killed."""
    for leftover in folder.iterdir():
        pid = leftover.suffix.removeprefix(".")
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            leftover.unlink(missing_ok=True)
