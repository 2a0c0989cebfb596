"""A large workspace opened with nothing indexed: when the first answers come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from editor import Editor, cpu_seconds
from figures import Figure
from monorepo import monorepo

from patience import seconds_until

if TYPE_CHECKING:
    from pathlib import Path

_QUESTION = "remove a folder and all in it"
_PATIENCE_SECONDS = 120.0


def measure(folder: Path, lines: int, files: int) -> list[Figure]:
    """Open a monorepo and the last of its files, and ask until both are known."""
    made = monorepo(folder / "cold", lines, files)
    opened = max(made.root.rglob("*.py"))
    path = opened.relative_to(made.root).as_posix()
    with Editor(made.root) as editor:
        document = {"uri": opened.as_uri(), "languageId": "python", "version": 1}
        document["text"] = opened.read_text("utf-8")
        editor.tell("textDocument/didOpen", {"textDocument": document})
        first = _until_found(editor, _QUESTION)
        spent = sum(map(cpu_seconds, editor.processes()))
        known = _until_found(editor, f"path:{path} {opened.stem}")
        begun = editor.command("status")["files"]
    return [
        Figure("cold: files", made.files, ""),
        Figure("cold: a first answer", first, "s", 5),
        Figure("cold: processor time until then", spent, "s"),
        Figure("cold: the open file found, the last of all", known, "s", 5),
        Figure("cold: files read by then", begun, ""),
    ]


def _until_found(editor: Editor, query: str) -> float:
    """Return how many seconds after the spawn a question was first answered with something."""

    def answered() -> bool:
        return bool(editor.command("search", query=query, limit=3)["results"])

    seconds_until(answered, query, _PATIENCE_SECONDS)
    return editor.elapsed()
