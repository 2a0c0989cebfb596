"""Findings on new code alone: what `codearch check --new` leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands._new_code import NewIn
from codearch.errors import UsageError
from codearch.history import fork_point, git, repository_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codearch.facts import Finding
    from codearch.snapshot import Snapshot


def new_findings(snapshot: Snapshot, findings: Sequence[Finding], since: str) -> frozenset[str]:
    """Return the ids of the findings that are on new code, and were not there before.

    Raises GitError where git cannot tell: else all of them would pass for old.
    """
    _refuse_unknown(snapshot.root, since)
    files = NewIn(snapshot, since)
    files.read_ahead({each.path for each in findings})
    return frozenset(each.id for each in files.new(findings))


def _refuse_unknown(root: Path, since: str) -> None:
    repository = repository_of(root)
    try:
        if repository is None:
            git(root, "rev-parse", "--git-dir")  # which says what is lacking
        else:
            fork_point(repository.top, since)
    except UsageError as error:
        raise UsageError(f"--new: {error.message}", field="new", mend=error.mend) from None
