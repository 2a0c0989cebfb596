"""From an empty cache to an index that is ready, and hovers meanwhile."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from figures import Figure, percentile
from memory import Peak, megabytes

if TYPE_CHECKING:
    from pathlib import Path

    from editor import Editor, Told

HOVERED_FILES = 40
_CLOSE = 0.3  # that an estimate may be off
_RIGHT = 75.0  # percent of the estimates, of at least so many:
_ENOUGH = 10
_LAST_SECONDS = 2.0  # within which nobody looks at an estimate any more
_PAUSE_SECONDS = 0.1  # between hovers, as somebody who moves the mouse about
_DEFINITION = re.compile(r"^ *(?:async )?(?:def|class) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A name that somebody points at."""

    file: Path
    line: int
    character: int


def measure(editor: Editor) -> list[Figure]:
    """Hover until the index is ready; return how long things took, and the memory."""
    places = definitions(editor.root)
    taken: list[float] = []
    answered = 0
    with Peak(editor) as peak:
        while not editor.ready_within(_PAUSE_SECONDS):
            milliseconds, found = hover(editor, places[len(taken) % len(places)])
            taken.append(milliseconds)
            answered += found is not None
        ready = editor.told[-1]
        quiet = editor.until_quiet()
    status = ready.status
    figures = [
        Figure("files", status["files"], ""),
        Figure("symbols", status["symbols"], ""),
        Figure("empty cache to words and symbols searchable", searchable(editor.told), "s", 60),
        Figure("empty cache to ready", ready.seconds, "s", 240),
        Figure("memory of all processes, peak", peak.megabytes, "MB", 1000),
        Figure("memory of all processes, afterwards", megabytes(editor), "MB", 1000),
        Figure("ready to quiet (upkeep)", quiet, "s"),
    ]
    figures += foreseen(editor.told)
    if taken:
        figures += [
            Figure("hovers while indexing", len(taken), ""),
            Figure("of them answered with something", answered / len(taken) * 100, "%"),
            Figure("hover while indexing, p50", percentile(taken, 0.5), "ms"),
            Figure("hover while indexing, p95", percentile(taken, 0.95), "ms", 50),
        ]
    return figures


def foreseen(told: list[Told]) -> list[Figure]:
    """Return how good the estimates of the second half were: of what was left, and what was not."""
    end = next(each.seconds for each in told if each.status["state"] == "ready")
    shares = []
    for each in told:
        left = end - each.seconds
        report = each.status["folders"][0]["progress"] or {}
        if each.seconds > end / 2 and left > _LAST_SECONDS and report.get("secondsLeft"):
            shares.append(report["secondsLeft"] / left)
    if not shares:
        return []
    enough = len(shares) >= _ENOUGH
    right = sum(abs(each - 1) <= _CLOSE for each in shares) / len(shares) * 100
    return [
        Figure("estimates of the seconds left, second half", len(shares), ""),
        Figure("of them right within 30 %", right, "%", _RIGHT if enough else None, "least"),
        Figure("the middle one, of what was left", percentile(shares, 0.5), "times"),
    ]


def hover(editor: Editor, place: Place) -> tuple[float, Any]:
    """Return the milliseconds of a hover, and what it shows."""
    position = {"line": place.line, "character": place.character}
    document = {"uri": place.file.as_uri()}
    return editor.timed("textDocument/hover", {"textDocument": document, "position": position})


def searchable(told: list[Told]) -> float:
    """Return when the last file had been stored: its words and symbols are found from then on."""
    files = told[-1].status["files"]
    return next(each.seconds for each in told if each.status["files"] == files)


def definitions(root: Path) -> list[Place]:
    """Return names of functions and classes out of some files, in no order of theirs."""
    files = sorted(root.rglob("*.py"))
    chance = random.Random(1)
    found = []
    for file in chance.sample(files, min(HOVERED_FILES, len(files))):
        text = file.read_text("utf-8", "replace")
        for match in list(_DEFINITION.finditer(text))[:5]:
            start = match.start(1)
            line = text.count("\n", 0, start)
            found.append(Place(file, line, start - text.rfind("\n", 0, start) - 1))
    chance.shuffle(found)
    return found
