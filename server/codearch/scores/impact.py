"""What a finding costs those who live with it: 0 to 10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.scores.place import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

TEST_SHARE = 0.5  # debt in tests costs about half: nothing that ships depends on it
LEAST, MOST = 0.6, 1.4  # what the place makes of a rule's own impact
HALF_CALLERS = 4.0  # so many callers weigh half of the most
HALF_COMMITS = 6.0  # within a year

CALLERS, RANK, CHURN, LEFT = 0.3, 0.2, 0.35, 0.15  # what weighs how much


def impact_of(severity: int, *, test: bool) -> float:
    """Return the impact, 0 to 10, of a finding about which no more than its severity is known."""
    return round(2.0 * severity * (TEST_SHARE if test else 1.0), 2)


def weight_of(place: Place) -> float:
    """Return how much depends on a place, and how much happens there: 0 to 1, 0.5 if unknown.

    What is not known (no history, no symbol) says neither much nor little.
    """
    known = [
        (CALLERS, _half(place.callers, HALF_CALLERS)),
        (RANK, place.rank),
        (CHURN, _half(place.recent, HALF_COMMITS)),
        (LEFT, place.left),
    ]
    return sum(weight * (0.5 if value is None else value) for weight, value in known)


def impact(own: float, place: Place) -> float:
    """Return a finding's impact where it stands; `own` is what its rule gave it."""
    return round(min(10.0, own * (LEAST + (MOST - LEAST) * weight_of(place))), 2)


def left_by(
    authors: Sequence[tuple[str, int]], last_times: Mapping[str, int], since: int
) -> float | None:
    """Return the share of commits whose authors have committed nothing since; None without any."""
    total = sum(commits for _, commits in authors)
    if not total:
        return None
    gone: Collection[int] = [n for name, n in authors if last_times.get(name, 0) < since]
    return sum(gone) / total


def _half(value: int | None, half: float) -> float | None:
    return None if value is None else value / (value + half)
