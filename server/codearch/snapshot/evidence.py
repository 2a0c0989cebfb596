"""What helps to decide on a finding: how much hangs on its place, and how often that changes.

It is said when a finding is told, in a sentence after its message, and is no part of the finding:
no id, status or baseline hangs on it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codearch.facts import Category, Finding
    from codearch.snapshot.past import FileHistory

# Of findings on a definition, by category. What their messages say themselves is left out.
_CALLS: frozenset[Category] = frozenset({"complexity", "size", "tests"})
_CHANGES: frozenset[Category] = frozenset({"complexity", "size", "duplication", "dead-code"})


def evidence_of(finding: Finding, line: int, callers: int, own: FileHistory | None) -> str:
    """Return a sentence without its full stop, "" where there is nothing to be said.

    `line` is that of the definition that a finding names, `own` its file's history.
    """
    is_of_definition = finding.span.line == line
    said = []
    if callers and is_of_definition and finding.category in _CALLS:
        said.append(f"{callers:,} callers" if callers > 1 else "one caller")
    wanted = is_of_definition or finding.category == "duplication"
    if own is not None and own.commits and wanted and finding.category in _CHANGES:
        said.append(_changes(own))
    return "; ".join(said)


def _changes(own: FileHistory) -> str:
    day = datetime.fromtimestamp(own.last_time, UTC).date().isoformat()
    if own.commits == 1:
        return f"its file has not changed since {day}"
    fixes = f", {own.fixes:,} of them fixes" if own.fixes > 1 else ", one a fix" * own.fixes
    return f"its file changed in {own.commits:,} commits{fixes}, last on {day}"
