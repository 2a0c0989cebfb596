"""How soon what was saved, or merely typed, is found."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from figures import Figure, percentile

if TYPE_CHECKING:
    from pathlib import Path

    from editor import Editor

EDITS = 20
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.01  # between two looks


def measure(editor: Editor, edits: int = EDITS) -> list[Figure]:
    """Append functions to files on disk, then to buffers, and look for each."""
    files = [each for each in sorted(editor.root.rglob("*.py")) if each.stat().st_size < 200_000]
    chosen = files[:: max(1, len(files) // (2 * edits))][: 2 * edits]
    saved = [_saved(editor, file, number) for number, file in enumerate(chosen[::2])]
    typed = [_typed(editor, file, number) for number, file in enumerate(chosen[1::2])]
    return [
        Figure("saved file to found, p50", percentile(saved, 0.5), "s"),
        Figure("saved file to found, p95", percentile(saved, 0.95), "s", 1),
        Figure("unsaved buffer to found, p50", percentile(typed, 0.5), "s"),
        Figure("unsaved buffer to found, p95", percentile(typed, 0.95), "s", 1),
    ]


def _saved(editor: Editor, file: Path, number: int) -> float:
    """Return the seconds from writing a file to finding what is new; nobody tells the server."""
    name = f"heron{number}wharf"
    before = file.read_bytes()
    file.write_bytes(before + _function(name).encode())
    seconds = _until_found(editor, name)
    file.write_bytes(before)
    return seconds


def _typed(editor: Editor, file: Path, number: int) -> float:
    """Return the seconds from typing into a document to finding what is new."""
    name = f"bittern{number}quay"
    text = file.read_bytes().decode("utf-8", "replace")
    document = {"uri": file.as_uri(), "version": 1}
    editor.tell(
        "textDocument/didOpen", {"textDocument": {**document, "languageId": "python", "text": text}}
    )
    editor.tell(
        "textDocument/didChange",
        {
            "textDocument": {**document, "version": 2},
            "contentChanges": [{"text": text + _function(name)}],
        },
    )
    seconds = _until_found(editor, name)
    editor.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})
    return seconds


def _function(name: str) -> str:
    return f"\n\ndef {name}(boats):\n    return [each.mooring for each in boats]\n"


def _until_found(editor: Editor, name: str) -> float:
    began = time.perf_counter()
    while time.perf_counter() - began < _PATIENCE_SECONDS:
        answer = editor.command("search", query=name, limit=3)
        if any(hit["symbol"] == name for hit in answer["results"]):
            return time.perf_counter() - began
        time.sleep(_PAUSE_SECONDS)
    raise TimeoutError(f"{name} was not found")
