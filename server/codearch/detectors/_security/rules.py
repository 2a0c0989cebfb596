"""Makes the findings of a security rule of the places that the tables name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.detectors._security.languages import TABLES
from codearch.detectors._security.mends import mend_of
from codearch.detectors._security.sinks import hits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codearch.detectors._detector import FileView


def checking(rule: str) -> Callable[[FileView], Iterator[Draft]]:
    """Return the check of one rule."""

    def check(file: FileView) -> Iterator[Draft]:
        """Yield one finding for each place."""
        for hit in hits(file, rule):
            end = file.source.find(b"\n", hit.start, hit.end)
            yield Draft(
                span=file.span(hit.start, hit.end if end < 0 else end),
                message=hit.message,
                confidence=hit.confidence,
                fix=mend_of(file, hit),
                related=hit.related,
            )

    return check


def languages_of(rule: str) -> frozenset[str]:
    """Return the languages whose table has an entry of a rule."""
    return frozenset(
        language
        for language, table in TABLES.items()
        if any(entry.rule == rule for entry in (*table.calls, *table.properties, *table.defined))
    )
