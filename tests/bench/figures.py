"""What was measured, beside its bound, and how slow the machine was just then."""

from __future__ import annotations

import math
import sqlite3
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

# Processor seconds of one unit of `work` on the machine of docs/measurements.md, when idle.
REFERENCE_SECONDS = 0.077
_UNITS = 9


@dataclass(frozen=True)
class Figure:
    """One measured value. Without a bound it is shown and decides nothing."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    side: Literal["most", "least"] = "most"
    factor: float = 1.0  # by how much the machine was slower than the reference, never below 1

    @property
    def allowed(self) -> float | None:
        """Return the bound on this machine: a time may take longer, a rate be lower."""
        if self.bound is None:
            return None
        return self.bound * self.factor if self.side == "most" else self.bound / self.factor

    @property
    def ratio(self) -> float | None:
        """Return the value as a share of what is allowed; above 1 the bound is missed."""
        if self.allowed is None:
            return None
        high, low = (
            (self.value, self.allowed) if self.side == "most" else (self.allowed, self.value)
        )
        if high == low:
            return 1.0  # also where none is allowed, and there is none
        return high / low if low else math.inf

    @property
    def ok(self) -> bool:
        """Whether the value keeps its bound, if it has one."""
        return self.ratio is None or self.ratio <= 1

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Return name, value, bound, bound on this machine, ratio and verdict, as they are shown."""
        bound = allowed = ratio = verdict = ""
        if self.bound is not None and self.allowed is not None:
            sign = "≤" if self.side == "most" else "≥"
            bound, allowed = f"{sign} {_short(self.bound)}", f"{sign} {_short(self.allowed)}"
            ratio, verdict = f"{self.ratio:.2f}", "ok" if self.ok else "OVER"
        return (
            self.name,
            f"{_short(self.value)} {self.unit}".strip(),
            bound,
            allowed,
            ratio,
            verdict,
        )

    def row(self) -> str:
        """Return a line of the table."""
        name, value, bound, allowed, ratio, verdict = self.cells()
        return f"{name:<46}{value:>16}{bound:>10}{allowed:>10}{ratio:>7}  {verdict}".rstrip()


HEAD = f"{'figure':<46}{'value':>16}{'bound':>10}{'here':>10}{'ratio':>7}"


def work() -> None:
    """Do a fixed piece of Python and SQLite, of the kind that indexing is made of."""
    counts: dict[str, int] = {}
    for number in range(150_000):
        word = f"w{number * 7919 % 5003}"
        counts[word] = counts.get(word, 0) + number
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, n INTEGER)")
    connection.execute("CREATE INDEX t_word ON t(word)")
    rows = [(word, count) for word, count in counts.items() for _ in range(8)]
    connection.executemany("INSERT INTO t (word, n) VALUES (?, ?)", rows)
    connection.execute("SELECT word, sum(n) FROM t GROUP BY word ORDER BY 2").fetchall()
    connection.close()


def unit_seconds() -> float:
    """Return how long one unit of work takes now, the middle of several, other load included."""
    taken = []
    for _ in range(_UNITS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def factor_of(units: Sequence[float]) -> float:
    """Return by how much the machine is slower than the reference, never below 1."""
    return max(1.0, statistics.fmean(units) / REFERENCE_SECONDS)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def _short(value: float) -> str:
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
