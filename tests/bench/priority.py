"""How much of what was fixed later lies in the fifth of the code that our risk puts first.

    python tests/bench/run.py --only priority --histories REPOSITORY …

The fixes of a repository are cut in time. Its code as it was at the cut is ranked by the risk of a
line (codearch.scores.risk), by the history up to the cut alone, function by function; beside it, file
by file, by size, by churn and by prior fixes per line. Told is the share of lines touched by later
fixes that lie in the first 20 % of all lines. Code is what is in one of the nine languages, no test and
not generated; blank lines do not count. A fix touches the lines that it changes or removes, and
the one behind which it inserts; lines that came after the cut are left out, each counts once, and
renamed files are followed.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from figures import Figure

from codearch.history import head
from codearch.history.alignment import common_runs, line_keys
from codearch.history.git import git
from codearch.history.reading import Reading
from codearch.languages import by_path
from codearch.mining import fixes as mined
from codearch.parse import parse
from codearch.scores import FunctionShape, rate_of
from codearch.snapshot.past import fix_times, past
from codearch.snapshot.scored import file_past
from codearch.store.database import connect_writer
from codearch.store.schema import make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from codearch.facts import FileFacts
    from codearch.mining.fixes import Fix
    from codearch.snapshot.past import FileHistory
    from codearch.store.database import Connection

CUT = 0.6  # of the fixes, by date
FIRST = 0.2  # of the code
WANTED = 45.0  # %
OURS = "risk"
_COMMITS = 200_000
_AT_ONCE = 200


class Code(NamedTuple):
    """One file as it was at the cut."""

    source: bytes
    facts: FileFacts

    @property
    def written(self) -> list[int]:
        """The lines that are not blank."""
        return [n for n, line in enumerate(self.source.split(b"\n")) if line.strip()]


class Part(NamedTuple):
    """A function, or what is left of a file, and what each ranking says of its lines."""

    lines: int
    touched: int
    scores: Mapping[str, float]


class Judged(NamedTuple):
    """What the first lines of each ranking hold of one repository's later fixes."""

    name: str
    fixes: int  # after the cut
    lines: int
    touched: int
    shares: Mapping[str, float]

    @property
    def wins(self) -> bool:
        """Whether ours is above all others."""
        return self.shares[OURS] > max(v for name, v in self.shares.items() if name != OURS)


def judged(root: Path, folder: Path) -> Judged:
    """Rank a repository at the cut, and judge by the fixes after it."""
    tip = git(root, "rev-parse", "HEAD").decode().strip()
    every = mined.fixes_of(root, tip)
    last = every[int(len(every) * CUT) - 1]
    cut = git(root, "rev-list", "-1", f"--before={last.time}", tip).decode().strip()
    later = mined.fixes_of(root, f"{cut}..{tip}")
    code = _code(root, cut)
    touched = _touched(root, code, later, _renamed(root, cut, tip))
    parts = list(_parts(code, touched, *_history(root, cut, folder)))
    shares = {name: share(parts, name) for name in parts[0].scores}
    lines, hit = (sum(each[place] for each in parts) for place in (0, 1))
    return Judged(root.name, len(later), lines, hit, shares)


def share(parts: Sequence[Part], ranking: str) -> float:
    """Return the share of touched lines in the first fifth of all; a part may lie across its end."""
    left = FIRST * sum(part.lines for part in parts)
    found = 0.0
    for part in sorted(parts, key=lambda each: -each.scores[ranking]):
        taken = min(1.0, left / part.lines)
        found += taken * part.touched
        left -= taken * part.lines
        if left <= 0:
            break
    return found / max(sum(part.touched for part in parts), 1)


def _code(root: Path, commit: str) -> dict[str, Code]:
    """Return the code of a commit that is no test and that no program wrote."""
    listed = git(root, "ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0")
    entries = [each.partition("\t") for each in listed if each]
    files = {path: head.split(" ")[2] for head, _, path in entries if mined.is_code(path)}
    paths = list(files)
    found = {}
    for start in range(0, len(paths), _AT_ONCE):
        batch = paths[start : start + _AT_ONCE]
        blobs = mined.contents(root, [files[path] for path in batch])
        for path in batch:
            source = blobs.get(files[path])
            language = by_path(path)
            if source and language and len(source) <= mined.MOST_BYTES:
                facts = parse(source, language)
                if not facts.generated:
                    found[path] = Code(source, facts)
    return found


def _renamed(root: Path, cut: str, tip: str) -> dict[str, str]:
    """Return the name at the cut of what was renamed later."""
    listed = subprocess.run(
        ["git", "log", "--reverse", "--diff-filter=R", "-M", "--name-status", "--format=",
         f"{cut}..{tip}"],
        cwd=root, check=False, capture_output=True,
    ).stdout.decode("utf-8", "replace")  # fmt: skip
    found: dict[str, str] = {}
    for line in listed.split("\n"):
        fields = line.split("\t")
        if len(fields) == 3:
            found[fields[2]] = found.get(fields[1], fields[1])
    return found


def _touched(
    root: Path, code: Mapping[str, Code], later: Sequence[Fix], renamed: Mapping[str, str]
) -> dict[str, set[int]]:
    """Return the lines of each file at the cut that later fixes touched."""
    keys = {path: line_keys(each.source) for path, each in code.items()}
    found: dict[str, set[int]] = {path: set() for path in code}
    for _, changes in mined.read_changes(root, later):
        for change in changes:
            path = change.path if change.path in code else renamed.get(change.path, "")
            if path in code:
                old, new = line_keys(change.old), line_keys(change.new)
                hit = set(touched_lines(old, new))
                for at, there, length in common_runs(keys[path], old):
                    found[path].update(at + n for n in range(length) if there + n in hit)
    return found


def read_history(root: Path, database: Path) -> Connection:
    """Read a repository's history into a new database."""
    connection = connect_writer(database)
    make_tables(connection, database)
    reading = Reading(connection, root)
    reading.want(head(root) or "", _COMMITS)
    while not reading.step():
        pass
    reading.close()
    return connection


def touched_lines(old: Sequence[int], new: Sequence[int]) -> Iterator[int]:
    """Yield the old lines that a change replaces or removes, and those behind which it inserts."""
    at = there = 0
    for start, begin, length in [*common_runs(old, new), (len(old), len(new), 0)]:
        if length == 0 and start != len(old):
            continue
        yield from range(at, start)
        if start == at and begin > there and at:
            yield at - 1
        at, there = start + length, begin + length


def _history(
    root: Path, cut: str, folder: Path
) -> tuple[dict[str, FileHistory], dict[str, list[int]], int]:
    """Return what the history up to the cut says of files, the times of fixes, and its end."""
    clone = folder / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--shared", "--no-checkout", root, clone],
        check=True,
        capture_output=True,
    )
    git(clone, "update-ref", "--no-deref", "HEAD", cut)
    connection = read_history(clone, folder / "history.db")
    known = past(connection)
    assert known is not None
    found = known.files, fix_times(connection), known.newest
    connection.close()
    return found


def _parts(
    code: Mapping[str, Code],
    touched: Mapping[str, set[int]],
    files: Mapping[str, FileHistory],
    fixes: Mapping[str, Sequence[int]],
    newest: int,
) -> Iterator[Part]:
    for path, each in code.items():
        own = files.get(path)
        if own is None:
            continue
        written = each.written
        then = file_past(own, fixes.get(path, ()), newest, len(each.source.split(b"\n")))
        of_file = {
            "size": float(len(written)),
            "churn": float(own.churn),
            "prior fixes per line": own.fixes / max(len(written), 1),
        }
        rest = set(written)
        for symbol in each.facts.symbols:  # an outer function comes before those in it
            if symbol.metrics is not None:
                inside = rest.intersection(range(symbol.span.line, symbol.span.end_line + 1))
                rest -= inside
                shape = FunctionShape(symbol.metrics.cognitive, symbol.metrics.nesting)
                scores = of_file | {OURS: rate_of(then, shape)}
                yield from _part(inside, touched[path], scores)
        yield from _part(rest, touched[path], of_file | {OURS: rate_of(then)})


def _part(lines: set[int], touched: set[int], scores: Mapping[str, float]) -> Iterator[Part]:
    if lines:
        yield Part(len(lines), len(lines & touched), scores)


def measure(roots: Sequence[Path]) -> list[Figure]:
    """Return the shares of every repository, and in how many of them ours is the highest."""
    found = []
    for root in roots:
        with tempfile.TemporaryDirectory(prefix="codearch-priority-") as folder:
            one = judged(root.resolve(), Path(folder))
        found.append(one)
        cells = [f"{name} {100 * value:.0f} %" for name, value in one.shares.items()]
        print(
            f"{one.name}: {one.fixes} later fixes, {one.touched:,} of {one.lines:,} lines:"
            f" {', '.join(cells)}{'' if one.wins else '  LOST'}",
            flush=True,
        )
    mean = 100 * sum(each.shares[OURS] for each in found) / len(found)
    most = 0.8 * len(found)
    return [
        Figure("later fixes in the first fifth, mean", mean, "%", WANTED, "least"),
        Figure("repositories where it beats all", sum(e.wins for e in found), "", most, "least"),
    ]
