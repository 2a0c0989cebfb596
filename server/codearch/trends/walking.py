"""From the newest revision back: how much debt there was in each, what came and what went."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.trends.matching import Version, matched
from codearch.trends.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from codearch.trends.changes import Change
    from codearch.trends.commits import Sample
    from codearch.trends.matching import Place
    from codearch.trends.records import OldFile, OldFinding


class Totals(NamedTuple):
    """Findings and hours, by rule."""

    counts: Counter[str]
    hours: Counter[str]  # in hundredths, so that what is taken away leaves nothing

    def add(self, file: OldFile, times: int, wanted: Callable[[OldFinding], bool]) -> None:
        """Add what a file has, or with -1 take it away."""
        for finding in filter(wanted, file.findings):
            self.counts[finding.rule] += times
            self.hours[finding.rule] += times * round(100 * finding.hours)


class Point(NamedTuple):
    """One revision: what there was, and what had come and gone since the one before it."""

    sample: Sample
    counts: Mapping[str, int]  # by rule
    hours: Mapping[str, float]
    added: int
    resolved: int


class Walk:
    """Walks from revision to revision. Files and findings that are not `wanted` do not count."""

    def __init__(self, within: Callable[[str], bool], wanted: Callable[[OldFinding], bool]) -> None:
        self.stories = Stories()
        self._within = within
        self._wanted = wanted
        self._totals = Totals(Counter(), Counter())
        self._points: list[Point] = []

    def begin(self, files: Iterable[Version]) -> None:
        """Take the newest revision's files."""
        for path, file in files:
            if self._within(path):
                self._totals.add(file, 1, self._wanted)

    def step(
        self,
        newer: Sample,
        changes: Sequence[Change],
        olds: Sequence[Version],
        news: Sequence[Version],
    ) -> None:
        """Tell of a revision, and go to the one before it, whose changed files are `olds`."""
        paired = {each.path: each.old_path for each in changes if each.path and each.old_path}
        origins = matched(olds, news, paired)
        before = self._findings(olds, lambda path, place: (path, place))
        since = self._findings(news, _traced(origins, paired))
        added, resolved = (since - before).total(), (before - since).total()
        self._tell(newer, added, resolved)
        for versions, times in ((olds, 1), (news, -1)):
            for path, file in versions:
                if self._within(path):
                    self._totals.add(file, times, self._wanted)
        self.stories.step(olds, news, origins)

    def end(self, oldest: Sample) -> list[Point]:
        """Tell of the oldest revision, and return all, the oldest first."""
        self._tell(oldest, 0, 0)
        return self._points[::-1]

    def _tell(self, sample: Sample, added: int, resolved: int) -> None:
        counts = {rule: count for rule, count in sorted(self._totals.counts.items()) if count}
        hours = {rule: self._totals.hours[rule] / 100 for rule in counts}
        self._points.append(Point(sample, counts, hours, added, resolved))

    def _findings(
        self, versions: Iterable[Version], traced: Callable[[str, int], Hashable]
    ) -> Counter[Hashable]:
        return Counter(
            (finding.rule, finding.mark, traced(path, finding.symbol))
            for path, file in versions
            if self._within(path)
            for finding in filter(self._wanted, file.findings)
        )


def _traced(
    origins: Mapping[Place, Place], paired: Mapping[str, str]
) -> Callable[[str, int], Hashable]:
    """Return what tells where a finding's definition was, or its file where it has none."""

    def traced(path: str, place: int) -> Hashable:
        if place < 0:
            return paired.get(path, ("new", path)), place
        return origins.get((path, place), ("new", path, place))

    return traced
