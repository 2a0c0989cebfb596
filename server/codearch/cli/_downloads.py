"""How far a download is, on standard error: a bar in a terminal, now and then a line elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Protocol, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_SECONDS = 5.0  # between two lines where there is no terminal
MB = 1_000_000


class Shown(Protocol):
    """Shows a download while it goes on; a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        ...

    def begin(self, total: int) -> None:
        """Take how many bytes there are in all."""
        ...

    def moved(self, count: int) -> None:
        """Take how many bytes more there are than before."""
        ...


def shown(what: str) -> Shown:
    """Return what fits standard error."""
    return Bar(what) if terminal() else Lines(what)


def terminal() -> bool:
    """Say whether standard error is a terminal that a bar can be drawn on."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Bar:
    """One line with bytes, speed and time left, which leaves nothing behind."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def say(self, sentence: str) -> None:
        """Show a sentence above the bar."""
        if self._progress is not None:
            self._progress.console.print(f"codearch: {sentence}", markup=False, highlight=False)
        else:
            click.echo(f"codearch: {sentence}", err=True)

    def begin(self, total: int) -> None:
        """Draw the bar."""
        from rich.console import Console  # noqa: PLC0415 - where nothing is fetched, nothing is drawn
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None),
            transient=True,
        )
        self._task = self._progress.add_task(self._what, total=total)
        self._progress.start()

    def moved(self, count: int) -> None:
        """Draw what has come."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, count)


class Lines:
    """A line each some seconds, for logs."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._total = self._done = 0
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        click.echo(f"codearch: {sentence}", err=True)

    def begin(self, total: int) -> None:
        """Take how many bytes there are in all."""
        self._total = total

    def moved(self, count: int) -> None:
        """Print a line if the last one is old enough."""
        self._done += count
        now = time.monotonic()
        if now - self._last >= PLAIN_SECONDS:
            self._last = now
            share = self._done / max(self._total, 1)
            done, total = self._done / MB, self._total / MB
            self.say(f"{self._what}: {done:,.1f} of {total:,.1f} MB ({share:.0%})")
