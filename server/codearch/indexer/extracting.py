"""What rules on the whole workspace need of each file is made where it has changed, and kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from codearch.detectors import FileView, project_detectors, runs_somewhere
from codearch.store.schema import rule_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.detectors import ProjectDetector, Remembered
    from codearch.settings import Settings
    from codearch.store.database import Connection


def crowded(connection: Connection, settings: Settings, coming: int = 0) -> set[str]:
    """Return the rules that do not look at so many files, `coming` ones among them.

    See ProjectDetector.
    """
    limits = {rule.id: _most_files(rule, settings) for rule in project_detectors()}
    query = "SELECT count(*) FROM files WHERE session = 0"
    if connection.execute(query).fetchone()[0] + coming <= min(limits.values()):
        return set()
    counts: dict[str, int] = dict(
        connection.execute(
            "SELECT language, count(*) FROM files WHERE session = 0 AND generated = 0"
            " GROUP BY language"
        )
    )
    return {
        rule.id
        for rule in project_detectors()
        if sum(counts.get(each, 0) for each in rule.languages) + coming > limits[rule.id]
    }


def _most_files(rule: ProjectDetector, settings: Settings) -> float:
    own = settings.rules.get(rule.id)
    return {**rule.limits, **(own.limits if own else {})}.get("files", math.inf)


def extracting(
    connection: Connection, settings: Settings, coming: int = 0
) -> tuple[list[ProjectDetector], list[ProjectDetector]]:
    """Return the rules that run and keep something of each file, and those that would of fewer."""
    out = crowded(connection, settings, coming)
    keeping = [
        rule
        for rule in project_detectors()
        if rule.extract is not None and runs_somewhere(rule, settings)
    ]
    return (
        [rule for rule in keeping if rule.id not in out],
        [rule for rule in keeping if rule.id in out],
    )


def made_of(view: FileView, rules: Iterable[ProjectDetector]) -> Iterator[tuple[int, bytes]]:
    """Yield what rules keep of a file, each by its number."""
    for rule in rules:
        if rule.extract is not None and view.facts.language in rule.languages:
            data = rule.extract(view)
            if data:
                yield rule_number(rule.id), data


def store(connection: Connection, made: Iterable[tuple[int, int, bytes]]) -> None:
    """Write what was made, by file and rule."""
    connection.executemany("INSERT OR REPLACE INTO extracts VALUES (?, ?, ?)", made)


def keep(connection: Connection, known: Remembered, rule: str) -> None:
    """Write what a rule wants kept of files instead, once it has looked at all of them."""
    connection.executemany(
        "INSERT OR REPLACE INTO extracts SELECT id, ?, ? FROM files WHERE path = ? AND session = 0",
        [(rule_number(rule), data, path) for path, data in known.kept.items()],
    )
    known.kept.clear()
