"""Progress on standard error: a bar in a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Told = Callable[[str, int, int], None]  # what is done, how many, of how many

PLAIN_SECONDS = 5.0  # between two lines where there is no terminal
QUIET_SECONDS = 0.5  # what ends sooner needs no progress at all


class Shown(Protocol):
    """Shows the events of an indexer while it works; a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def on_event(self, event: str, params: Mapping[str, Any]) -> None:
        """Take an event; called from another thread."""
        ...


def progress() -> Shown:
    """Return what fits standard error."""
    return Bar() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()


@contextlib.contextmanager
def counted() -> Iterator[Told]:
    """Show work of our own process, which says what it does and how much of it is done."""
    with progress() as shown:
        yield telling(shown)


def telling(shown: Shown) -> Told:
    """Return what shows how much of something is done."""

    def told(phase: str, done: int, total: int) -> None:
        report = {"phase": phase, "done": done, "total": total, "share": done / max(total, 1)}
        shown.on_event("status", {"progress": report})

    return told


def phrase(status: Mapping[str, Any]) -> tuple[str, float] | None:
    """Return what is being done and which share of it is done, None where nothing is."""
    report = status.get("progress")
    if not report:
        return None
    return f"{report['phase']} {report['done']:,} of {report['total']:,}", float(report["share"])


class Bar:
    """One line that is drawn again and again, and leaves nothing behind."""

    def __init__(self) -> None:
        console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None)
        self._progress = Progress(
            TextColumn("{task.description:<32}"),
            BarColumn(bar_width=32),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._task is not None:
            self._progress.stop()

    def on_event(self, event: str, params: Mapping[str, Any]) -> None:
        """Draw the bar where work goes on for longer than a moment."""
        said = phrase(params) if event == "status" else None
        if said is None or time.monotonic() - self._began < QUIET_SECONDS:
            return
        text, share = said
        if self._task is None:
            self._progress.start()
            self._task = self._progress.add_task(text, total=1.0)
        self._progress.update(self._task, description=text, completed=share)


class Lines:
    """A line when work takes long, and one each some seconds after."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def on_event(self, event: str, params: Mapping[str, Any]) -> None:
        """Print a line if the last one is old enough."""
        said = phrase(params) if event == "status" else None
        now = time.monotonic()
        with self._lock:
            if said is None or now - self._last < PLAIN_SECONDS:
                return
            self._last = now
        text, share = said
        print(f"codearch: {text} ({share:.0%})", file=sys.stderr, flush=True)
