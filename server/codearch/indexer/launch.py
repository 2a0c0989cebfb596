"""Finding a root's indexer, and starting it where there is none."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from multiprocessing import AuthenticationError, connection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from codearch import __version__
from codearch.errors import IndexerError, IndexerStartError, StoreError
from codearch.indexer.holding import claim
from codearch.indexer.patience import Patience
from codearch.indexer.protocol import (
    START_LOCK_NAME,
    Endpoint,
    Request,
    Wire,
    encode,
    read_endpoint,
)
from codearch.indexer.versions import is_newer
from codearch.settings import claimed_cache
from codearch.settings.folders import FOLDER_VARIABLES, written_folder
from codearch.store.database import mend_of

if TYPE_CHECKING:
    from collections.abc import Callable

# What processes are given before they count as silent; those that work get more (see Patience).
START_TIMEOUT_SECONDS = 20.0
ANSWER_SECONDS = 10.0  # that an indexer has to let a client in: a busy one takes milliseconds
LEAVE_SECONDS = 10.0  # that an indexer of an older version has to leave when asked
START_LOCK_SECONDS = 10.0  # that whoever starts an indexer is waited for: it takes about one
_POLL_SECONDS = 0.02
_LOOK_SECONDS = 0.5  # between two looks whether who has not let us in is at work
_CLAIM_SECONDS = 1.0  # between two looks whether somebody else has started it
_LONGEST_SPAWN_PAUSE_SECONDS = 1.0
Found = tuple[Wire, Endpoint]  # a connection to an indexer, and where that says it listens
# An assertion is how `multiprocessing` says that the other side does not speak its protocol.
_NOT_LET_IN = (OSError, EOFError, AuthenticationError, AssertionError)


def connect(
    folder: Path, on_silence: Callable[[Endpoint], None] = lambda _endpoint: None
) -> Found | None:
    """Return a connection to the running indexer of a root, None where none answers in time.

    `on_silence` is told which one is there and says nothing, as a process that was stopped.
    """
    endpoint = read_endpoint(folder)
    if endpoint is None:
        return None
    try:
        return _let_in(endpoint), endpoint
    except TimeoutError:
        on_silence(endpoint)
        return None
    except _NOT_LET_IN:
        return None


def _let_in(endpoint: Endpoint) -> Wire:
    """Return a connection; raises TimeoutError where nobody answers."""
    made: Future[Wire] = Future()

    def ask() -> None:
        try:
            made.set_result(connection.Client(endpoint.address, authkey=endpoint.key))
        except _NOT_LET_IN as error:
            made.set_exception(error)
        finally:
            if not made.done():
                made.set_exception(ConnectionError(f"{endpoint.address} is no address"))

    Thread(target=ask, name="codearch-connect", daemon=True).start()
    patience = Patience(endpoint.pid, ANSWER_SECONDS)
    while patience.lasts():
        with contextlib.suppress(TimeoutError):
            return made.result(min(_LOOK_SECONDS, ANSWER_SECONDS))
    made.add_done_callback(_leave)  # if it goes on after all
    message = f"{endpoint.address} does not answer"
    raise TimeoutError(message)


def _leave(made: Future[Wire]) -> None:
    if made.exception() is None:
        made.result().close()


def connect_or_start(root: Path) -> Found:
    """Return a connection to the indexer of a root, starting it under a lock where none answers.

    One of an older version is replaced. Raises IndexerError if it does not come up in time, with
    the end of what it said, where nothing can be written or opened, or beside a newer version's.
    """
    try:
        return _connect_or_start(root)
    except StoreError as error:
        raise IndexerError(error.message, mend=error.mend) from error
    except OSError as error:
        message = f"The indexer of {root} cannot be started: {error}."
        raise IndexerError(message, mend=mend_of(error)) from error


def _connect_or_start(root: Path) -> Found:
    folder = claimed_cache(root)
    # One that was stopped holds the root's lock, so that no other could take its place.
    found = connect(folder, on_silence=lambda endpoint: end(endpoint.pid, root))
    older = found if found is not None and is_newer(__version__, found[1].version) else None
    if older is None:
        found = _ours(root, found)
        if found is not None:
            return found
    try:
        return _start(root, older)
    finally:
        if older is not None:
            older[0].close()


def _start(root: Path, older: Found | None) -> Found:
    """Start the indexer in the place of an older one, if there is one; wait for whoever does so."""
    folder, lock = claimed_cache(root), None
    deadline = time.monotonic() + START_LOCK_SECONDS
    while lock is None and time.monotonic() < deadline:
        folder, lock = claim(root, START_LOCK_NAME, _CLAIM_SECONDS)
        if lock is None:  # whoever has it may have been stopped once the indexer was there
            found = _ours(root, connect(folder))
            if found is not None:
                return found
    # Without the lock, since whoever has it may have been stopped before that: one process more is
    # started than needed, perhaps, which ends as soon as it finds the indexer's own lock taken.
    try:
        found = _started(root, folder, older)
    finally:
        if lock is not None:
            lock.release()
    if found is not None:
        return found
    message = f"The indexer of {root} did not start: {_last_words(folder)}"
    raise IndexerStartError(message, mend="`codearch doctor` looks for the reason.")


def _ours(root: Path, found: Found | None) -> Found | None:
    """Return a connection to an indexer of our version, None for one of an older.

    Raises IndexerError for a newer one: two versions that replaced each other's indexer would make
    the index anew in turns.
    """
    if found is None or found[1].version == __version__:
        return found
    wire, endpoint = found
    wire.close()
    if not is_newer(endpoint.version):
        return None
    message = (
        f"codearch {endpoint.version} is at work on {root} and keeps its index; this is the older"
        f" {__version__}."
    )
    raise IndexerError(message, mend="Restart what runs the older version, so that all run one.")


def _started(root: Path, folder: Path, older: Found | None) -> Found | None:
    """Start the indexer of a root and return a connection, None where it does not come up."""
    there = older if older is not None and read_endpoint(folder) == older[1] else connect(folder)
    if there is not None and is_newer(__version__, there[1].version):
        _replace(root, *there)
        there = connect(folder)
    found = _ours(root, there)
    if found is not None:
        return found
    process, pause = _spawn(root, folder), _POLL_SECONDS
    patience = Patience(process.pid, START_TIMEOUT_SECONDS)
    while patience.lasts():
        found = _ours(root, connect(folder))
        if found is not None:
            return found
        if process.poll() == 0:  # the one before has not quite left, and holds the lock
            time.sleep(pause)  # no event tells that a lock is free; each try is a whole process
            process, pause = _spawn(root, folder), min(2 * pause, _LONGEST_SPAWN_PAUSE_SECONDS)
        elif process.returncode is not None:
            break
        time.sleep(_POLL_SECONDS)  # it tells nobody when it listens
    return None


def _replace(root: Path, wire: Wire, endpoint: Endpoint) -> None:
    """Ask an indexer of an older version to leave; end one that stays."""
    deadline = time.monotonic() + LEAVE_SECONDS
    with contextlib.suppress(EOFError, OSError):  # it has left
        wire.send_bytes(encode(Request(0, "leave")))
        while wire.poll(max(0.0, deadline - time.monotonic())):
            wire.recv_bytes()
        end(endpoint.pid, root)
    wire.close()


def end(pid: int, root: Path) -> None:
    """Kill a root's indexer that does not leave when asked; any other process stays."""
    import psutil  # noqa: PLC0415 - hardly ever needed

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.cmdline()[-2:] == ["codearch.indexer", str(root)]:
            process.kill()
            process.wait(START_TIMEOUT_SECONDS)


def _spawn(root: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start the indexer apart from our terminal and our process group, so that it outlives us."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "codearch.indexer", str(root)]
    detached: dict[str, Any] = (
        {"creationflags": 0x00000008 | 0x00000200}  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
        if sys.platform == "win32"
        else {"start_new_session": True}
    )
    with (logs / "indexer.stderr").open("wb") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=folder,  # never the workspace: nothing of it may be imported
            env=_environment(),
            **detached,
        )


# glibc keeps freed memory in an arena a thread, and ever larger blocks of it: a fifth of the peak.
# Other systems and C libraries pass these over.
_MALLOC = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 20),
}


STARTER = "_CODEARCH_STARTER"  # who started an indexer: it may be gone before that has begun


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    for name in FOLDER_VARIABLES:
        if environment.get(name):  # it works in another folder than we do
            environment[name] = str(written_folder(environment[name]))
    package = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = package
    environment["PYTHONSAFEPATH"] = "1"
    environment[STARTER] = str(os.getpid())
    environment.setdefault("LANCEDB_LOG", "error")
    for name, value in _MALLOC.items():
        environment.setdefault(name, value)
    return environment


def _last_words(folder: Path) -> str:
    try:
        text = (folder / "logs" / "indexer.stderr").read_text(errors="replace").strip()
    except OSError:
        text = ""
    return text.splitlines()[-1] if text else "it said nothing."
