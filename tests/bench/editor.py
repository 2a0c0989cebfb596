"""An editor without a window: the server as a child process, asked over its standard streams."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import psutil

if TYPE_CHECKING:
    from pathlib import Path

ANSWER_SECONDS = 60.0
READY_SECONDS = 1800.0
_QUIET_SHARE = 0.03  # of a core, within which the processes count as quiet


class Told(NamedTuple):
    """One status that the server told unasked, and when, in seconds since the spawn."""

    seconds: float
    status: dict[str, Any]


class Editor:
    """One session on one folder; a context manager that leaves no process behind."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[Told] = []
        self.initialized_after = 0.0  # seconds
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._news = threading.Condition()
        self._writing = threading.Lock()
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "codearch", "lsp", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        folder = {"uri": self.root.as_uri(), "name": self.root.name}
        self.ask(
            "initialize",
            {"processId": os.getpid(), "capabilities": {}, "workspaceFolders": [folder]},
        )
        self.initialized_after = time.perf_counter() - self._began
        self.tell("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        indexers = self.indexers()
        try:
            if self._process.poll() is None:
                self.ask("shutdown", None)
                self.tell("exit", None)
                self._process.wait(10)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
        finally:
            end([*indexers, *(child for each in indexers for child in children(each))])
            self._process.wait(10)

    # --- asking ------------------------------------------------------------------------------

    def ask(self, method: str, params: Any) -> Any:
        """Return the result of a request; an error is raised as RuntimeError."""
        number = next(self._numbers)
        answer = self._answers[number] = queue.SimpleQueue()
        self._send({"id": number, "method": method, "params": params})
        try:
            message = answer.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise TimeoutError(method) from None
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def command(self, name: str, **argument: Any) -> Any:
        """Execute one of the server's commands."""
        params = {"command": f"codearch.{name}", "arguments": [argument] if argument else []}
        return self.ask("workspace/executeCommand", params)

    def timed(self, method: str, params: Any) -> tuple[float, Any]:
        """Return how many milliseconds a request took, as seen from here, and its result."""
        began = time.perf_counter()
        result = self.ask(method, params)
        return (time.perf_counter() - began) * 1000, result

    def elapsed(self) -> float:
        """Return the seconds since the server was spawned."""
        return time.perf_counter() - self._began

    def ready_within(self, seconds: float) -> bool:
        """Wait until the index is ready, at most so long; say whether it is."""
        with self._news:
            return self._news.wait_for(self._is_ready, seconds)

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            message = "the server has ended"
            raise RuntimeError(message)
        return bool(self.told) and self.told[-1].status["state"] == "ready"

    # --- processes ---------------------------------------------------------------------------

    def indexers(self) -> list[psutil.Process]:
        """Return the indexer processes of this folder."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if "codearch.indexer" in command and command[-1] == str(self.root):
                found.append(process)
        return found

    def processes(self) -> list[psutil.Process]:
        """Return the server, the indexer and all that they started."""
        heads = [psutil.Process(self._process.pid), *self.indexers()]
        every = [*heads, *(child for each in heads for child in children(each))]
        return list({each.pid: each for each in every}.values())

    def until_quiet(self, seconds: float = 120.0) -> float:
        """Wait until nothing is done any more; return how long that took, in seconds."""
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            if self.work_within(1.0) < _QUIET_SHARE and self._is_ready():
                break
        return time.perf_counter() - began

    def work_within(self, seconds: float) -> float:
        """Return how many processor seconds all processes used in the seconds from now on."""
        before = {each.pid: cpu_seconds(each) for each in self.processes()}
        time.sleep(seconds)
        after = {each.pid: cpu_seconds(each) for each in self.processes()}
        return sum(used - before.get(pid, 0.0) for pid, used in after.items())

    # --- the wire ----------------------------------------------------------------------------

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        with self._writing:
            stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            stream.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(length)))
        for number in list(self._answers):  # the server has ended: nobody waits for it any more
            self._answers.pop(number).put({"error": "the server has ended"})
        with self._news:
            self._news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._answers.pop(message["id"]).put(message)
        elif "id" in message:  # the server asks us: settings and registrations need no answer
            self._send({"id": message["id"], "result": None})
        elif message["method"] == "codearch/status":
            with self._news:
                self.told.append(Told(self.elapsed(), message["params"]))
                self._news.notify_all()


def children(process: psutil.Process) -> list[psutil.Process]:
    """Return all that a process started, as far as it still runs."""
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process so far, 0 for one that has gone."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def end(processes: list[psutil.Process]) -> None:
    """End these processes, gently first."""
    for each in processes:
        try:
            each.terminate()
        except psutil.Error:
            continue
    for each in psutil.wait_procs(processes, timeout=10)[1]:
        each.kill()
