"""How soon after the last key the findings of a file are shown, and whether any was lost meanwhile."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import inputs
from editor import READY_SECONDS, Editor
from figures import Figure, percentile

if TYPE_CHECKING:
    from pathlib import Path

LINES = (100, 400, 1200, 3000)  # of the files that are typed in
EDITS = 8  # a file
_KEY_SECONDS = 0.06  # between two keys of somebody who types fast
_PAUSE_SECONDS = 0.6  # after which the next line is begun
_SHOWN_SECONDS = 20.0
_ALL = {"diagnostics": {"since": "all", "maxPerFile": 10_000}}


class _Typist(Editor):
    """An editor that is told of findings, or asks for them after each key as VS Code does."""

    def __init__(self, root: Path, *, pulls: bool) -> None:
        self.pulls = pulls
        self.shown: dict[str, list[tuple[float, list[dict[str, Any]]]]] = {}
        self.changed = threading.Condition()
        self._asked = threading.Event()
        super().__init__(root)

    def begin(self, **capabilities: Any) -> None:
        """Open the folder, all of it as new code."""
        if self.pulls:
            capabilities["textDocument"] = {"diagnostic": {}}
            capabilities["workspace"] = {"diagnostics": {"refreshSupport": True}}
        super().begin(**capabilities)
        self.tell("workspace/didChangeConfiguration", {"settings": {"codearch": _ALL}})

    def show(self, uri: str, items: list[dict[str, Any]]) -> None:
        """Note what the window shows now."""
        with self.changed:
            self.shown.setdefault(uri, []).append((time.perf_counter(), items))
            self.changed.notify_all()

    def pull(self, uri: str) -> None:
        """Ask for the findings of a document."""
        report = self.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        self.show(uri, report["items"])

    def refreshed(self) -> bool:
        """Say whether the server has asked to be asked again."""
        asked = self._asked.is_set()
        self._asked.clear()
        return asked

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.show(message["params"]["uri"], message["params"]["diagnostics"])
        elif method == "workspace/diagnostic/refresh":
            self._asked.set()
        super()._take(message)


def measure(root: Path, folder: Path, edits: int = EDITS, most: int | None = None) -> list[Figure]:
    """Type lines with a finding into files of several sizes, told of findings and asking for them."""
    figures: list[Figure] = []
    for pulls in (False, True):
        copied = inputs.copy_of(root, folder / f"typed-{pulls}", most)
        with _Typist(copied, pulls=pulls) as editor:
            if not editor.ready_within(READY_SECONDS):
                message = f"{copied} was not ready"
                raise TimeoutError(message)
            editor.until_quiet()
            how = "asked for" if pulls else "told"
            every: list[float] = []
            lost = 0
            for file in _files(copied):
                seconds, missing = _typed(editor, file, edits)
                every += seconds
                lost += missing
                lines = len(file.read_bytes().splitlines())
                name = f"last key to findings {how}, {lines:,} lines, p95"
                figures.append(Figure(name, percentile(seconds, 0.95), "s"))
            figures += [
                Figure(f"last key to findings {how}, p50", percentile(every, 0.5), "s"),
                Figure(f"last key to findings {how}, p95", percentile(every, 0.95), "s", 0.3),
                Figure(f"findings of untouched lines lost, {how}", lost, "", 0),
            ]
    return figures


def _files(root: Path) -> list[Path]:
    """Return the file nearest to each size."""
    sizes = {
        file: len(file.read_bytes().splitlines())
        for file in sorted(root.rglob("*.py"))
        if file.stat().st_size < 400_000
    }
    return [min(sizes, key=lambda file, want=want: abs(sizes[file] - want)) for want in LINES]


def _typed(editor: _Typist, file: Path, edits: int) -> tuple[list[float], int]:
    """Return the seconds from each line's last key to its finding, and how many others were lost."""
    uri = file.as_uri()
    rows = file.read_bytes().decode("utf-8", "replace").splitlines()
    rows[:0] = ["# TODO: before all"]
    version = 1
    document = {"uri": uri, "version": version, "languageId": "python", "text": _text(rows)}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    _wait(editor, uri, _needed(rows))
    times = []
    begun = len(editor.shown[uri])
    for number in range(edits):
        at = 1 + number  # behind the lines before: all below moves
        rows.insert(at, "")
        new = f"heron_{number} = {number}  # TODO: look at {number}"
        for end in range(1, len(new) + 1):
            version += 1
            rows[at] = new[:end]
            editor.tell(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": uri, "version": version},
                    "contentChanges": [{"text": _text(rows)}],
                },
            )
            last = time.perf_counter()
            if editor.pulls:
                editor.pull(uri)
            time.sleep(max(0.0, _KEY_SECONDS - (time.perf_counter() - last)))
        times.append(_wait(editor, uri, _needed(rows)) - last)
        time.sleep(_PAUSE_SECONDS)
    lost = sum(
        not any("before all" in item["message"] for item in items)
        for _, items in editor.shown[uri][begun:]
    )
    editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    return times, lost


def _text(rows: list[str]) -> str:
    return "\n".join(rows) + "\n"


def _needed(rows: list[str]) -> set[tuple[int, str]]:
    """Return line and words of what has to be shown."""
    return {(line, row.partition("# ")[2]) for line, row in enumerate(rows) if "# TODO: " in row}


def _wait(editor: _Typist, uri: str, needed: set[tuple[int, str]]) -> float:
    """Return when all that is needed was shown at its place."""
    deadline = time.perf_counter() + _SHOWN_SECONDS
    while time.perf_counter() < deadline:
        if editor.pulls and editor.refreshed():
            editor.pull(uri)
        with editor.changed:
            at, items = editor.shown.get(uri, [(0.0, [])])[-1]
            there = {(item["range"]["start"]["line"], _words(item)) for item in items}
            if needed <= there:
                return at
            editor.changed.wait(0.005)
    message = f"{uri}: {sorted(needed - there)[:3]} not shown"
    raise TimeoutError(message)


def _words(item: dict[str, Any]) -> str:
    return str(item["message"]).splitlines()[0]
