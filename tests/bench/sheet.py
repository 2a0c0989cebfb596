"""The figures of one run, as they come in, each beside a bound that follows the machine."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from figures import HEAD, REFERENCE_SECONDS, Figure, factor_of, unit_seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SCALED_UNITS = frozenset({"s", "ms", "files/s", "functions/s"})


class Sheet:
    """Runs measurements one after the other and keeps their figures."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self._unit = unit_seconds()
        print(
            f"a unit of work takes {self._unit:.3f} s, {REFERENCE_SECONDS} s on the idle reference"
        )
        print(f"\n{HEAD}", flush=True)

    def measure(self, part: Callable[[], list[Figure]]) -> list[Figure]:
        """Run one measurement between two looks at how slow the machine is; return its figures."""
        before = self._unit
        found = part()
        self._unit = unit_seconds()
        factor = factor_of((before, self._unit))
        scaled = [
            dataclasses.replace(each, factor=factor if each.unit in _SCALED_UNITS else 1.0)
            for each in found
        ]
        for figure in scaled:
            print(figure.row(), flush=True)
        self.figures += scaled
        return scaled

    def write(self, path: Path) -> None:
        """Write all figures as JSON."""
        path.write_text(json.dumps([dataclasses.asdict(each) for each in self.figures]))

    def markdown(self) -> str:
        """Return all figures as a table for a document."""
        rows = [" | ".join(each.cells()[:4]) for each in self.figures]
        head = "| figure | value | bound | here |\n| --- | --- | --- | --- |"
        return "\n".join([head, *(f"| {row} |" for row in rows)])

    def verdict(self) -> int:
        """Say whether every bound was kept; return 1 where one was not."""
        missed = [each for each in self.figures if not each.ok]
        print(f"\n{len(missed)} beyond their bound" if missed else "\nall within their bounds")
        return 1 if missed else 0
