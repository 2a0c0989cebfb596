"""How often what was learned from fixes is right: patterns of before a cut date, judged by after.

    python tests/bench/patterns.py [--fixes N] REPOSITORY …

The fixes of a repository are cut in time. Patterns are learned from those before, and looked for in
the tree as it was at the cut. A place that is found counts as right if a later fix took away what
was found; one that nobody has mended yet counts as wrong, so precision is a lower bound. Beside it
stands what share of such places a later fix touched at all, and of all lines.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "server")]

from figures import Figure

from codearch.detectors._patterns import indexed, places
from codearch.history.alignment import as_indexed, line_keys
from codearch.history.git import git
from codearch.languages import by_path
from codearch.mining import fixes as mined
from codearch.mining.learning import Lessons
from codearch.mining.weighing import weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._patterns import Pattern
    from codearch.mining.fixes import Fix

FIXES = 1000
CUT = 0.6  # of the fixes, by date
WANTED = 50.0  # % of precision, for the rule to be on by itself
_AT_ONCE = 200


class Found(NamedTuple):
    """What a pattern found at the cut, and what became of it."""

    pattern: Pattern
    proposed: bool  # most of what it fits was mended before the cut
    share: float
    places: int
    mended: int  # by a later fix
    touched: int  # on lines that a later fix changed


class Judged(NamedTuple):
    """What was learned of one repository."""

    name: str
    fixes: int
    learned: tuple[Found, ...]
    lines: float  # share of all lines that later fixes changed
    seconds: float


def judged(root: Path, limit: int = FIXES) -> Judged:
    """Learn from a repository's fixes before the cut, and judge by those after it."""
    began = time.process_time()
    all_fixes = mined.fixes_of(root)[-limit:]
    cut = int(len(all_fixes) * CUT)
    lessons = Lessons()
    for fix, changes in mined.read_changes(root, all_fixes[:cut]):
        lessons.add(fix, changes)
    patterns = lessons.patterns()
    at = git(root, "rev-list", "-1", f"--before={all_fixes[cut - 1].time}", "HEAD").decode().strip()
    hits: dict[str, dict[str, Counter[bytes]]] = {each.id: {} for each in patterns}
    keys: dict[str, Counter[int]] = {}
    hit_lines: dict[str, list[tuple[str, int]]] = {each.id: [] for each in patterns}
    for path, source in _tree(root, at):
        lines = line_keys(source)
        keys[path] = Counter(lines)
        for pattern, start, text in _fits(patterns, path, source):
            hits[pattern.id].setdefault(path, Counter())[text] += 1
            hit_lines[pattern.id].append((path, lines[source.count(b"\n", 0, start)]))
    gone, touched = _later(root, all_fixes[cut:], patterns, hits)
    changed = sum(
        sum((count & touched[path]).values()) for path, count in keys.items() if path in touched
    )
    counts = Counter({n: sum(sum(c.values()) for c in files.values()) for n, files in hits.items()})
    proposed = {each.id for each in weighed(patterns, counts)}
    found = []
    for pattern in patterns:
        total = counts[pattern.id]
        mended = sum(
            sum((count & gone[pattern.id].get(path, Counter())).values())
            for path, count in hits[pattern.id].items()
        )
        near = sum(1 for path, key in hit_lines[pattern.id] if touched.get(path, {}).get(key))
        share = pattern.fixes / (pattern.fixes + total)
        found.append(Found(pattern, pattern.id in proposed, share, total, mended, near))
    whole = sum(sum(count.values()) for count in keys.values())
    return Judged(
        root.name, cut, tuple(found), changed / max(whole, 1), time.process_time() - began
    )


def _fits(
    patterns: Sequence[Pattern], path: str, source: bytes
) -> Iterator[tuple[Pattern, int, bytes]]:
    language = by_path(path)
    if language is None:
        return
    searched = indexed(source, language.name)
    for pattern in patterns:
        if language.name in pattern.languages:
            for place in places(pattern, language.name, searched):
                text = b" ".join(source[place.start_byte : place.end_byte].split())
                yield pattern, place.start_byte, text


def _tree(root: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    """Yield the code of a commit that is no test."""
    listed = git(root, "ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0")
    files = []
    for each in filter(None, listed):
        head, _, path = each.partition("\t")
        if mined.is_code(path):
            files.append((path, head.split(" ")[2]))
    for start in range(0, len(files), _AT_ONCE):
        batch = files[start : start + _AT_ONCE]
        blobs = mined.contents(root, [blob for _, blob in batch])
        for path, blob in batch:
            if blob in blobs and len(blobs[blob]) <= mined.MOST_BYTES:
                yield path, as_indexed(blobs[blob], path)


def _later(
    root: Path,
    later: Sequence[Fix],
    patterns: Sequence[Pattern],
    hits: dict[str, dict[str, Counter[bytes]]],
) -> tuple[dict[str, dict[str, Counter[bytes]]], dict[str, Counter[int]]]:
    """Return what later fixes took away of what patterns fit, and the lines that they changed."""
    gone: dict[str, dict[str, Counter[bytes]]] = {each.id: {} for each in patterns}
    touched: dict[str, Counter[int]] = {}
    for _, changes in mined.read_changes(root, later):
        for change in changes:
            old, new = Counter(line_keys(change.old)), Counter(line_keys(change.new))
            touched.setdefault(change.path, Counter()).update(old - new)
            waiting = [each for each in patterns if change.path in hits[each.id]]
            had: dict[str, Counter[bytes]] = {}
            for pattern, _, text in _fits(waiting, change.path, change.old):
                had.setdefault(pattern.id, Counter())[text] += 1
            for pattern, _, text in _fits(
                [e for e in waiting if e.id in had], change.path, change.new
            ):
                had[pattern.id][text] -= 1
            for name, count in had.items():
                gone[name].setdefault(change.path, Counter()).update(+count)
    return gone, touched


def measure(roots: Sequence[Path], limit: int = FIXES) -> list[Figure]:
    """Return precision over all repositories, of all patterns and of those that are sure."""
    figures = []
    everything: list[Found] = []
    for root in roots:
        one = judged(root, limit)
        everything += one.learned
        _print(one)
    for name, chosen in (
        ("all patterns", everything),
        ("proposed", [each for each in everything if each.proposed]),
    ):
        found = sum(each.places for each in chosen)
        for what, right in (
            ("mended later", sum(each.mended for each in chosen)),
            ("touched by a later fix", sum(each.touched for each in chosen)),
        ):
            label = f"patterns, {name} ({len(chosen)}; {found} places): {what}"
            figures.append(Figure(label, 100 * right / max(found, 1), "%"))
    return figures


def _print(one: Judged) -> None:
    print(
        f"{one.name}: {one.fixes} fixes taught {len(one.learned)} patterns in {one.seconds:.0f} s; "
        f"later fixes changed {one.lines:.1%} of all lines",
        flush=True,
    )
    for each in one.learned:
        print(
            f"  {'*' if each.proposed else ' '} {each.pattern.fixes} fixes, share {each.share:.2f}, {each.places} places, "
            f"{each.mended} mended, {each.touched} touched: "
            f"{' '.join(each.pattern.find.split())!r} {each.pattern.message!r}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="+", type=Path, metavar="REPOSITORY")
    parser.add_argument("--fixes", type=int, default=FIXES, help="the last so many of each")
    options = parser.parse_args()
    for figure in measure(options.roots, options.fixes):
        print(f"{figure.name}: {figure.value:.1f} {figure.unit}")
