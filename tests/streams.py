"""The server as a child process, asked over its standard streams as an editor would."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ANSWER_SECONDS = 180.0  # far beyond what anything takes
_LEAVE_SECONDS = 20.0


def framed(message: dict[str, Any]) -> bytes:
    """Return a message as it stands in a stream."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Session:
    """A session on one folder; `news` is notified of each status that the server tells unasked."""

    def __init__(
        self, root: Path, python: Sequence[str] = (sys.executable,), *, quiet: bool = False
    ) -> None:
        self.root = root
        self.news = threading.Condition()
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._writing = threading.Lock()
        self.process = subprocess.Popen(
            [*python, "-m", "codearch", "lsp", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def begin(self, **capabilities: Any) -> None:
        """Open the folder as an editor of these capabilities."""
        folder = {"uri": self.root.as_uri(), "name": self.root.name}
        self.ask(
            "initialize",
            {"processId": os.getpid(), "capabilities": capabilities, "workspaceFolders": [folder]},
        )
        self.tell("initialized", {})

    def close(self) -> None:
        """End in order; kill a server that does not."""
        try:
            if self.process.poll() is None:
                self.ask("shutdown", None)
                self.tell("exit", None)
                self.process.wait(_LEAVE_SECONDS)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self.kill()

    def kill(self) -> None:
        """End as in a power cut."""
        self.process.kill()
        self.process.wait(_LEAVE_SECONDS)

    def ask(self, method: str, params: Any) -> Any:
        """Return the result of a request; an error is raised as RuntimeError."""
        number = next(self._numbers)
        answer = self._answers[number] = queue.SimpleQueue()
        self._send({"id": number, "method": method, "params": params})
        try:
            message = answer.get(timeout=_ANSWER_SECONDS)
        except queue.Empty:
            raise TimeoutError(method) from None
        if "error" in message:
            text = f"{method}: {message['error']}"
            raise RuntimeError(text)
        return message["result"]

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def command(self, name: str, **argument: Any) -> Any:
        """Execute one of the server's commands."""
        params = {"command": f"codearch.{name}", "arguments": [argument] if argument else []}
        return self.ask("workspace/executeCommand", params)

    def heard(self, status: dict[str, Any]) -> None:
        """Take a status that the server told unasked; on a thread of its own, `news` held."""

    def _send(self, message: dict[str, Any]) -> None:
        stream = self.process.stdin
        assert stream is not None
        with self._writing:
            stream.write(framed(message))
            stream.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(length)))
        for number in list(self._answers):  # the server has ended: nobody waits for it any more
            self._answers.pop(number).put({"error": "the server has ended"})
        with self.news:
            self.news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._answers.pop(message["id"]).put(message)
        elif "id" in message:  # the server asks us: settings and registrations need no answer
            self._send({"id": message["id"], "result": None})
        elif message["method"] == "codearch/status":
            with self.news:
                self.heard(message["params"])
                self.news.notify_all()
