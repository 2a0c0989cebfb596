"""Which lines ran, by the files that coverage.py, lcov, JaCoCo and Cobertura leave behind."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._elements import elements
from codearch.detectors._licences.files import Files
from codearch.errors import CodearchError
from codearch.store.database import connect_reader, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from codearch.detectors._detector import Project

_PLACES = (  # where tools leave them, below the root
    "coverage.xml", "cobertura.xml", "coverage.json", "lcov.info", "coverage/lcov.info",
    "coverage/cobertura-coverage.xml", "coverage/coverage.xml", "coverage.cobertura.xml",
    "target/site/jacoco/jacoco.xml", "build/reports/jacoco/test/jacocoTestReport.xml",
    "TestResults/coverage.cobertura.xml",
)  # fmt: skip
_DATABASE = ".coverage"
_NUMBITS = (
    "SELECT f.path, b.numbits FROM file f JOIN line_bits b ON b.file_id = f.id"
    " WHERE length(b.numbits) < ?"
)
_TABLES = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('file', 'line_bits')"
)
_BITS = 8
_MOST_BYTES = 32 << 20  # of what a tool leaves behind
_MOST_LINES = 1_000_000  # of one file


class Ran(NamedTuple):
    """The lines of a file that ran, from 1 on, and those that could have and did not.

    `missed` is None where only what ran was kept.
    """

    hit: frozenset[int]
    missed: frozenset[int] | None
    said_by: str


def coverage(project: Project) -> dict[str, Ran]:
    """Return what ran of each file of the workspace, as far as a file says so.

    What was written before a file was last changed says nothing of it.
    """
    files = Files(project)
    known = _by_name(file.path for file in project.files())
    found: dict[str, Ran] = {}
    for place in _PLACES:
        text = files.read(place, most_bytes=_MOST_BYTES)
        for path, hits in _read(text) if text is not None else ():
            own = _own(path, known)
            if own and own not in found and not _changed_since(files.root, own, place):
                hit = frozenset(line for line, ran in hits.items() if ran)
                found[own] = Ran(hit, frozenset(hits) - hit, place)
    if not found and files.root is not None:
        for path, lines in _database(files.root / _DATABASE):
            own = _own(path, known)
            if own and not _changed_since(files.root, own, _DATABASE):
                found[own] = Ran(lines, None, _DATABASE)
    return found


def _changed_since(root: Path | None, path: str, place: str) -> bool:
    """Say whether a file was written after what tells of its lines."""
    if root is None:
        return False
    try:
        return (root / path).stat().st_mtime_ns > (root / place).stat().st_mtime_ns
    except OSError:
        return True


def _by_name(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[path.rpartition("/")[2]].append(path)
    return found


def _own(path: str, known: Mapping[str, list[str]]) -> str:
    """Return the file of the workspace that a tool means, "" where it is none or not certain."""
    path = path.replace("\\", "/").removeprefix("./")
    same = known.get(path.rpartition("/")[2], []) if path else []
    ends = [path] if path in same else [each for each in same if _is_end(each, path)]
    longest = sorted(ends, key=len)[-1:]
    return longest[0] if longest and (len(ends) == 1 or path.endswith(longest[0])) else ""


def _is_end(path: str, other: str) -> bool:
    return other.endswith(f"/{path}") or path.endswith(f"/{other}")


def _read(text: str) -> Iterator[tuple[str, dict[int, bool]]]:
    for sign, reader in _FORMATS:
        if sign in text[:2000]:
            yield from reader(text)
            return


def _lcov(text: str) -> Iterator[tuple[str, dict[int, bool]]]:
    path, hits = "", dict[int, bool]()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            path, hits = value.strip(), {}
        elif key == "DA":
            number, _, count = value.partition(",")
            if number.isdigit():
                hits[int(number)] = hits.get(int(number), False) or count.strip()[:1] not in "0-"
        elif line.strip() == "end_of_record" and path:
            yield path, hits


def _cobertura(text: str) -> Iterator[tuple[str, dict[int, bool]]]:
    found: dict[str, dict[int, bool]] = defaultdict(dict)
    for each in elements(text, "class"):
        hits = found[each.attributes.get("filename", "")]
        for line in elements(each.inner, "line"):
            said = line.attributes
            number, count = said.get("number", ""), said.get("hits", "")
            if number.isdigit() and count.isdigit():
                hits[int(number)] = hits.get(int(number), False) or int(count) > 0
    yield from found.items()


def _jacoco(text: str) -> Iterator[tuple[str, dict[int, bool]]]:
    for package in elements(text, "package"):
        folder = package.attributes.get("name", "")
        for each in elements(package.inner, "sourcefile"):
            name = each.attributes.get("name", "")
            lines = (line.attributes for line in elements(each.inner, "line"))
            yield (
                f"{folder}/{name}" if folder else name,
                {
                    int(said["nr"]): said.get("ci") != "0"
                    for said in lines
                    if said.get("nr", "").isdigit()
                },
            )


def _coverage_py(text: str) -> Iterator[tuple[str, dict[int, bool]]]:
    try:
        files = json.loads(text)["files"]
        for path, each in files.items():
            hits = dict.fromkeys(each["missing_lines"], False)
            yield path, hits | dict.fromkeys(each["executed_lines"], True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return


def _database(path: Path) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield what coverage.py keeps between runs: the lines that ran, as bits."""
    if not path.is_file():
        return
    try:
        with translated(path), contextlib.closing(connect_reader(path)) as connection:
            if connection.execute(_TABLES).fetchone() != (2,):
                return  # what goes by these names may be computed, and without end
            rows = connection.execute(_NUMBITS, (_MOST_LINES // _BITS,)).fetchall()
    except (CodearchError, OSError):
        return  # no coverage.py's, or of another version
    found: dict[str, set[int]] = defaultdict(set)
    for name, bits in rows:
        for place, byte in enumerate(bytes(bits)):
            found[name].update(place * _BITS + bit for bit in range(_BITS) if byte >> bit & 1)
    for name, lines in found.items():
        yield name, frozenset(lines)


_FORMATS: tuple[tuple[str, Callable[[str], Iterator[tuple[str, dict[int, bool]]]]], ...] = (
    ("<report", _jacoco),
    ("<coverage", _cobertura),
    ("SF:", _lcov),
    ("{", _coverage_py),
)
