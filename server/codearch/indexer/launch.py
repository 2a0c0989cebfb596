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

from codearch.errors import IndexerError, IndexerStartError, StoreError
from codearch.indexer.holding import claim
from codearch.indexer.protocol import START_LOCK_NAME, Endpoint, Wire, read_endpoint
from codearch.settings import claimed_cache
from codearch.settings.folders import FOLDER_VARIABLES, written_folder
from codearch.store.database import mend_of

if TYPE_CHECKING:
    from collections.abc import Callable

START_TIMEOUT_SECONDS = 20.0
ANSWER_SECONDS = 10.0  # that an indexer has to let a client in: a busy one takes milliseconds
_POLL_SECONDS = 0.02
_CLAIM_SECONDS = 1.0  # between two looks whether somebody else has started it
# An assertion is how `multiprocessing` says that the other side does not speak its protocol.
_NOT_LET_IN = (OSError, EOFError, AuthenticationError, AssertionError)


def connect(
    folder: Path, on_silence: Callable[[Endpoint], None] = lambda _endpoint: None
) -> tuple[Wire, Endpoint] | None:
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
    try:
        return made.result(ANSWER_SECONDS)
    except TimeoutError:
        made.add_done_callback(_leave)  # if it goes on after all
        raise


def _leave(made: Future[Wire]) -> None:
    if made.exception() is None:
        made.result().close()


def connect_or_start(root: Path) -> tuple[Wire, Endpoint]:
    """Return a connection to the indexer of a root, starting it under a lock where none answers.

    Raises IndexerError if it does not come up in time, with the end of what it said, or where
    nothing can be written or opened.
    """
    try:
        return _connect_or_start(root)
    except StoreError as error:
        raise IndexerError(error.message, mend=error.mend) from error
    except OSError as error:
        message = f"The indexer of {root} cannot be started: {error}."
        raise IndexerError(message, mend=mend_of(error)) from error


def _connect_or_start(root: Path) -> tuple[Wire, Endpoint]:
    folder = claimed_cache(root)
    # One that was stopped holds the root's lock, so that no other could take its place.
    found = connect(folder, on_silence=lambda endpoint: end(endpoint.pid, root))
    if found is not None:
        return found
    deadline = time.monotonic() + 2 * START_TIMEOUT_SECONDS
    lock = None
    while lock is None:
        folder, lock = claim(root, START_LOCK_NAME, _CLAIM_SECONDS)
        if lock is None:  # whoever has it may have been stopped once the indexer was there
            found = connect(folder)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                message = f"Another process has been starting the indexer of {root} for too long."
                raise IndexerError(message, mend="`codearch doctor` looks for the reason.")
    try:
        found = _started(root, folder)
    finally:
        lock.release()
    if found is not None:
        return found
    message = f"The indexer of {root} did not start: {_last_words(folder)}"
    raise IndexerStartError(message, mend="`codearch doctor` looks for the reason.")


def _started(root: Path, folder: Path) -> tuple[Wire, Endpoint] | None:
    """Start the indexer of a root and return a connection, None where it does not come up."""
    found = connect(folder)
    if found is not None:
        return found
    process = _spawn(root, folder)
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = connect(folder)
        if found is not None:
            return found
        if process.poll() == 0:  # the one before has not quite left, and holds the lock
            process = _spawn(root, folder)
        elif process.returncode is not None:
            break
        time.sleep(_POLL_SECONDS)  # it tells nobody when it listens
    return None


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
