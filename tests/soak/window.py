"""One window of an editor: a real server at the end of a pipe, and the buffers that it has open."""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path
from urllib.parse import unquote

from streams import Session

PROGRAM = Path(__file__).with_name("clocked.py")  # what runs the server


class Window(Session):
    """A session on one folder. `buffers` is what the index has to hold for it beside the disk."""

    def __init__(self, root: Path) -> None:
        self.buffers: dict[str, str] = {}
        self.open: set[str] = set()
        self.losses: list[float] = []  # when its indexer was taken from it
        self._texts: dict[str, str] = {}
        self._versions = itertools.count(1)
        super().__init__(root, [sys.executable, str(PROGRAM)], quiet=True)
        self.begin(workspace={"workspaceFolders": True})

    # --- asking ------------------------------------------------------------------------------

    def found(self, word: str) -> set[str]:
        """Return the files in which a search finds exactly this word."""
        answer = self.command("search", query=f'"{word}"', limit=100, mode="lexical")
        return {self.path(hit["uri"]) for hit in answer["results"]}

    def path(self, uri: str) -> str:
        """Return the path below the root that a document has."""
        return unquote(uri.removeprefix(f"{self.root.as_uri()}/"))

    def wait_for_news(self, seconds: float) -> None:
        """Wait until the server tells another status, at most so long."""
        with self.news:
            self.news.wait(seconds)

    def ready(self) -> bool:
        """Ask the server whether the index is ready."""
        return bool(self.command("status")["state"] == "ready")

    def lost(self) -> bool:
        """Note that the indexer was taken away; say whether once more would be one too many."""
        now = time.monotonic()
        self.losses = [each for each in self.losses if now - each < 70] + [now]
        return len(self.losses) >= 2

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
