"""How far estimates of effort go with how long changes really took, later on.

    python tests/bench/run.py --only effort --histories REPOSITORY …

The timed changes of a repository (codearch.scores.pace: the time since the commit before, of one
author's session) are cut in time. From those before the cut comes its pace. Of those after it, told
are the rank correlation of their duration with their size in lines, with the number of their files
and with the cognitive complexity of the functions that they touch, and by how much the usual
duration is off in the middle: as it is, and multiplied by the pace.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from math import exp, log, nan, sqrt
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from figures import Figure
from priority import read_history, touched_lines

from codearch.history.alignment import line_keys
from codearch.languages import by_path
from codearch.mining import fixes as mined
from codearch.parse import parse
from codearch.scores import Commit, pace_of
from codearch.scores.pace import timed, usual_hours
from codearch.snapshot.past import sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.mining.fixes import Change

CUT = 0.6  # of the timed changes
LEAST = 60  # of fewer nothing is told
MOST_READ = 600  # of those after it, for the functions that they touch


class Later(NamedTuple):
    """One change after the cut."""

    hours: float
    lines: int
    files: int  # of code, 0 where these were not read
    cognitive: int  # of the most complex function that it touches


class Judged(NamedTuple):
    """How estimates did in one repository. Correlations are Spearman's, by ranks."""

    name: str
    changes: int  # after the cut
    pace: float
    by_lines: float
    by_files: float
    by_cognitive: float  # among those whose functions were read
    off: float  # factor between usual and real, in the middle; 1 would be right
    off_with_pace: float


def judged(root: Path, folder: Path) -> Judged | None:
    """Judge one repository; None for one with too few timed changes."""
    commits, hashes = _commits(root, folder)
    timing = list(timed(commits))
    if len(timing) < LEAST:
        return None
    cut = timing[int(len(timing) * CUT)][0].time
    pace = pace_of(each for each in commits if each.time < cut)
    after = [(commit, hours) for commit, hours in timing if commit.time >= cut]
    touched = _touched(root, [hashes[id(commit)] for commit, _ in after[:MOST_READ]])
    later = [
        Later(hours, commit.lines, *touched.get(hashes[id(commit)], (0, 0)))
        for commit, hours in after
    ]
    read = [each for each in later if each.files]
    ratios = [log(each.hours / usual_hours(each.lines)) for each in later]
    return Judged(
        root.name,
        len(later),
        pace,
        spearman([each.lines for each in later], [each.hours for each in later]),
        spearman([each.files for each in read], [each.hours for each in read]),
        spearman([each.cognitive for each in read], [each.hours for each in read]),
        exp(abs(median(ratios))),
        exp(abs(median(ratios) - log(pace))),
    )


def _commits(root: Path, folder: Path) -> tuple[list[Commit], dict[int, str]]:
    """Return the commits of a repository, and the hash of each by the identity of its object."""
    connection = read_history(root, folder / "history.db")
    rows = connection.execute("SELECT hash FROM commits ORDER BY id").fetchall()
    commits = [Commit(*row) for row in sizes(connection)]
    found = {id(commit): row[0].hex() for commit, row in zip(commits, rows, strict=True)}
    connection.close()
    return commits, found


def _touched(root: Path, wanted: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return how many files of code each commit touches, and how complex functions there are."""
    every = mined.fixes_of(root, "HEAD", whatever=True)
    chosen = [each for each in every if each.commit in set(wanted)]
    found = {}
    for commit, changes in mined.read_changes(root, chosen):
        most = max((_cognitive(change) for change in changes), default=0)
        found[commit.commit] = len(changes), most
    return found


def _cognitive(change: Change) -> int:
    """Return the complexity of the most complex function that a change touches."""
    language = by_path(change.path)
    old, new = line_keys(change.old), line_keys(change.new)
    lines = set(touched_lines(old, new))
    if language is None or not lines:
        return 0
    return max(
        (
            symbol.metrics.cognitive
            for symbol in parse(change.old, language).symbols
            if symbol.metrics is not None
            and not lines.isdisjoint(range(symbol.span.line, symbol.span.end_line + 1))
        ),
        default=0,
    )


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation of two rows (C. Spearman, 1904); equal values share a rank."""
    if len(one) < LEAST:
        return nan
    a, b = _ranks(one), _ranks(other)
    middle = (len(a) - 1) / 2
    up = sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    down = sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b)
    return up / sqrt(down) if down else nan


def _ranks(values: Sequence[float]) -> list[float]:
    ranks = [0.0] * len(values)
    start = 0
    for _, same in groupby(sorted(range(len(values)), key=values.__getitem__), values.__getitem__):
        places = list(same)
        for place in places:
            ranks[place] = start + (len(places) - 1) / 2
        start += len(places)
    return ranks


def measure(roots: Sequence[Path]) -> list[Figure]:
    """Return the correlations and the error in the middle of all repositories."""
    found = []
    for root in roots:
        with tempfile.TemporaryDirectory(prefix="codearch-effort-") as folder:
            one = judged(root.resolve(), Path(folder))
        if one is None:
            print(f"{root.name}: too few timed changes", flush=True)
            continue
        found.append(one)
        print(
            f"{one.name}: {one.changes} later changes, pace {one.pace:.2f}; rank correlation with"
            f" hours: lines {one.by_lines:.2f}, files {one.by_files:.2f}, cognitive"
            f" {one.by_cognitive:.2f}; off by {one.off:.2f}, with pace {one.off_with_pace:.2f}",
            flush=True,
        )
    return [
        Figure(
            "rank correlation of lines and hours, median", median(e.by_lines for e in found), ""
        ),
        Figure("of files and hours", median(e.by_files for e in found), ""),
        Figure("of complexity and hours", median(e.by_cognitive for e in found), ""),
        Figure("factor off in the middle, without pace", median(e.off for e in found), ""),
        Figure("with pace", median(e.off_with_pace for e in found), ""),
    ]
