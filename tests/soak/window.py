"""One window of an editor: a real server at the end of a pipe, and the buffers that it has open."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ANSWER_SECONDS = 180.0  # far beyond what anything takes
_CLOCKED = Path(__file__).with_name("clocked.py")


class Window:
    """A session on one folder. `buffers` is what the index has to hold for it beside the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.buffers: dict[str, str] = {}
        self.open: set[str] = set()
        self.losses: list[float] = []  # when its indexer was taken from it
        self._texts: dict[str, str] = {}
        self._versions = itertools.count(1)
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._status: dict[str, Any] = {}
        self._news = threading.Condition()
        self._writing = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, str(_CLOCKED), "-m", "codearch", "lsp", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._read, daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        capabilities = {"workspace": {"workspaceFolders": True}}
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "capabilities": capabilities,
                "workspaceFolders": [folder],
            },
        )
        self.tell("initialized", {})

    def close(self) -> None:
        """Leave in order."""
        try:
            self.ask("shutdown", None)
            self.tell("exit", None)
            self._process.wait(20)
        except (OSError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self.kill()

    def kill(self) -> None:
        """End as in a power cut."""
        self._process.kill()
        self._process.wait(20)

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

    def found(self, word: str) -> set[str]:
        """Return the files in which a search finds exactly this word."""
        answer = self.command("search", query=f'"{word}"', limit=100, mode="lexical")
        return {self.path(hit["uri"]) for hit in answer["results"]}

    def path(self, uri: str) -> str:
        """Return the path below the root that a document has."""
        return unquote(uri.removeprefix(f"{self.root.as_uri()}/"))

    def wait_for_news(self, seconds: float) -> None:
        """Wait until the server tells another status, at most so long."""
        with self._news:
            self._news.wait(seconds)

    # --- editing -----------------------------------------------------------------------------

    def text(self, path: str) -> str:
        """Return what the window shows of an open document."""
        return self._texts[path]

    def open_document(self, path: str, text: str, on_disk: str | None) -> None:
        """Open a document with this text, which an editor may have restored."""
        self.open.add(path)
        self._texts[path] = text
        if text != on_disk:
            self.buffers[path] = text
        document = {"uri": self._uri(path), "languageId": "text", "version": next(self._versions)}
        self.tell("textDocument/didOpen", {"textDocument": {**document, "text": text}})

    def type(self, path: str, text: str) -> None:
        """Change a document to this text."""
        self._texts[path] = self.buffers[path] = text
        document = {"uri": self._uri(path), "version": next(self._versions)}
        changes = [{"text": text}]
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def save(self, path: str) -> None:
        """Write a document to the disk, and say so."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(self._texts[path].encode())
        self.buffers.pop(path, None)
        self.tell("textDocument/didSave", {"textDocument": {"uri": self._uri(path)}})

    def close_document(self, path: str) -> None:
        """Close a document without saving it."""
        self.open.discard(path)
        self.buffers.pop(path, None)
        self.tell("textDocument/didClose", {"textDocument": {"uri": self._uri(path)}})

    def _uri(self, path: str) -> str:
        return (self.root / path).as_uri()

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

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._answers.pop(message["id"]).put(message)
        elif "id" in message:  # the server asks us: settings and registrations need no answer
            self._send({"id": message["id"], "result": None})
        elif message["method"] == "codearch/status":
            with self._news:
                self._status = message["params"]
                self._news.notify_all()

    def ready(self) -> bool:
        """Ask the server whether the index is ready."""
        return bool(self.command("status")["state"] == "ready")

    def lost(self) -> bool:
        """Note that the indexer was taken away; say whether once more would be one too many."""
        now = time.monotonic()
        self.losses = [each for each in self.losses if now - each < 70] + [now]
        return len(self.losses) >= 2
