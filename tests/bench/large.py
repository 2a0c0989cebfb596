"""A monorepo of a million lines: how soon it answers, and what it costs to have it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from editor import READY_SECONDS, Editor
from figures import Figure, percentile
from indexing import foreseen, searchable
from memory import Peak, megabytes
from monorepo import monorepo
from resting import store
from searching import asked, symbols

import freshness

if TYPE_CHECKING:
    from pathlib import Path

EDITS = 20
WINDOWS = 2  # beside the first one
_QUESTION = "remove a folder and all in it"
_LOOK_SECONDS = 0.2


def measure(folder: Path, lines: int, files: int, edits: int = EDITS) -> list[Figure]:
    """Index a monorepo from an empty cache, ask it, edit it, and open it in more windows."""
    made = monorepo(folder / "monorepo", lines, files)
    with Editor(made.root) as editor, Peak(editor) as peak:
        first = _first_answer(editor)
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{made.root} was not ready")
        ready = editor.told[-1]
        editor.until_quiet()
        settled = megabytes(editor)
        inside, _ = asked(editor)
        letters = symbols(editor)[-1]
        edited = freshness.measure(editor, edits)
        windows = _windows(made.root, editor)
        editor.until_quiet()
        rest = store(editor)
    return [
        Figure("files", made.files, ""),
        Figure("lines", made.lines, ""),
        Figure("symbols", ready.status["symbols"], ""),
        Figure("empty cache to a first answer", first, "s", 5),
        Figure("empty cache to words and symbols searchable", searchable(editor.told), "s"),
        Figure("empty cache to ready", ready.seconds, "s"),
        Figure("memory of all processes, peak", peak.megabytes, "MB", 1_000),
        Figure("memory of all processes, one window", settled, "MB", 1_000),
        Figure("memory of each further window", windows, "MB", 80),
        Figure("search, warm, p50 (in the server)", percentile(inside, 0.5), "ms", 20),
        Figure("search, warm, p95 (in the server)", percentile(inside, 0.95), "ms", 40),
        letters,
        *foreseen(editor.told),
        *edited,
        *rest,
    ]


def _first_answer(editor: Editor) -> float:
    """Return how many seconds after the spawn a question was first answered with something."""
    while not editor.ready_within(_LOOK_SECONDS):
        if editor.command("search", query=_QUESTION, limit=3)["results"]:
            break
    return editor.elapsed()


def _windows(root: Path, first: Editor) -> float:
    """Return the megabytes that one more window takes, the mean of some."""
    before = megabytes(first)
    with Editor(root) as second, Editor(root) as third:
        for each in (second, third):
            each.ready_within(READY_SECONDS)
            asked(each)
        whole = megabytes(first, second, third)
    return (whole - before) / WINDOWS
