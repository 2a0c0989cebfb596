"""The budget that holds for the cache, and whether it is exceeded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codearch.errors import StoreError
from codearch.indexer.kept import contents
from codearch.problems import NOTE, Problem
from codearch.settings import cache_home, find_root, load_settings

if TYPE_CHECKING:
    from codearch.settings import Settings

MB = 1_000_000
LIST = "`codearch cache list` shows the indexes, `codearch cache clear` removes some."


def budget_of(root: Path | None) -> int | None:
    """Return how many bytes the indexes may take, None without a budget.

    A settings file that cannot be obeyed does not matter here.
    """
    return budget_in(load_settings(find_root(Path.cwd(), root)).settings)


def budget_in(settings: Settings) -> int | None:
    """Return the budget of these settings in bytes."""
    megabytes = settings.cache.budget_mb
    return None if megabytes == "none" else megabytes * MB


def over_budget(settings: Settings) -> Problem | None:
    """Return what to say where the indexes take more than they may; without a budget, nothing."""
    budget = budget_in(settings)
    if budget is None:
        return None
    try:
        taken = contents(cache_home()).bytes
    except StoreError:
        return None  # `doctor` says it
    if taken <= budget:
        return None
    message = (
        f"All indexes take {taken / MB:,.0f} MB, and may take {budget / MB:,.0f} MB: those unused "
        "for longest are removed when an indexer next starts or ends, none that is in use."
    )
    return Problem(NOTE, message, LIST)
