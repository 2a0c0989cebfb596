"""Git's history of 100,000 commits: read once, then followed; what it takes of time and memory.

Run as a program it is the process that is measured: `committed.py ROOT DATABASE` reads on from what
the database has, and prints what that took as JSON.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from figures import Figure

from codearch.history import head
from codearch.history.reading import Reading
from codearch.store.database import connect_writer
from codearch.store.schema import make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMITS = 100_000
FILES_PER_COMMIT = 25  # so many commits later there is one file more
_LINES = 30
_PEOPLE = 80
_RENAMES = 10  # one commit in so many of the second half renames a file
_LARGEST = 60  # files of a large commit
_START = 1_300_000_000
_MINUTES = 40 * 60
_LIMIT = 200_000


def measure(folder: Path, count: int = COMMITS) -> list[Figure]:
    """Return what the first pass, one more commit and a change of branches take."""
    root = folder / "committed"
    _make(root, count)
    database = folder / "committed.db"
    first = _read(root, database)
    again = _read(root, database)
    _commit(root, "one more")
    more = _read(root, database)
    _git(root, "checkout", "-q", "-b", "side", "HEAD~10")
    _commit(root, "aside")
    side = _read(root, database)
    thousands = f"{count:,} commits"
    return [
        Figure(f"history: {thousands}, first pass", first["seconds"], "s", 120.0),
        Figure("history: longest step of it", 1000 * first["longest"], "ms", 250.0),
        Figure("history: our memory at most", first["megabytes"], "MB", 120.0),
        Figure("history: git's memory at most", first["gitMegabytes"], "MB"),
        Figure("history: tables", database.stat().st_size / 1e6, "MB", 40.0),
        Figure("history: nothing new", 1000 * again["seconds"], "ms", 100.0),
        Figure("history: one more commit", 1000 * more["seconds"], "ms", 500.0),
        Figure("history: another branch, 11 commits away", 1000 * side["seconds"], "ms", 1000.0),
    ]


def _make(root: Path, count: int) -> None:
    """Write a repository of so many commits by git's own importer."""
    root.mkdir()
    _git(root, "init", "-q", "-b", "main")
    importer = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=root, stdin=subprocess.PIPE)
    assert importer.stdin is not None
    with importer, importer.stdin as stream:
        for part in _stream(count):
            stream.write(part)
    assert importer.returncode == 0
    _git(root, "reset", "-q", "--hard", "main")


def _stream(count: int) -> Iterator[bytes]:
    """Yield commits of one to six files each, now and then of many, with edits and renames."""
    chance = random.Random(1)
    files: list[tuple[str, list[str]]] = []
    for number in range(count):
        person = chance.randrange(_PEOPLE)
        author = f"Person {person} <person{person}@example.org>"
        if number % 97 == 0:
            author = "dependabot[bot] <bot@example.org>"
        when = f"{_START + number * _MINUTES} +0000"
        said = f"{'Fix a crash in' if number % 4 == 0 else 'Change'} part {number}\n\nIn full.\n"
        yield f"commit refs/heads/main\nauthor {author} {when}\ncommitter {author} {when}\n".encode()
        yield f"data {len(said)}\n{said}".encode()
        if number % FILES_PER_COMMIT == 0:
            name = f"part{len(files) // 50:03}/file{len(files):05}.py"
            files.append((name, [f"line_{line} = {line}" for line in range(_LINES)]))
            yield _content(*files[-1])
        if number % _RENAMES == 0 and number > count // 2:
            place = chance.randrange(len(files))
            old, lines = files[place]
            new = f"moved/{number}_{place}.py"
            yield f"R {old} {new}\n".encode()
            files[place] = new, lines
        many = _LARGEST if number % 500 == 499 else min(6, int(chance.expovariate(0.5)) + 1)
        middle = chance.randrange(len(files))  # neighbours change together
        for place in {min(len(files) - 1, max(0, middle + step)) for step in range(many)}:
            name, lines = files[place]
            lines[chance.randrange(_LINES)] = f"line_{number} = {chance.randrange(10**6)}"
            yield _content(name, lines)
        yield b"\n"


def _content(name: str, lines: list[str]) -> bytes:
    content = "\n".join(lines) + "\n"
    return f"M 100644 inline {name}\ndata {len(content)}\n{content}".encode()


def _commit(root: Path, said: str) -> None:
    for file in sorted(root.rglob("*.py"))[:3]:
        file.write_text(f"{file.read_text()}more = {len(said)}\n")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    _git(root, *identity, "commit", "-q", "-a", "-m", said)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def _read(root: Path, database: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), str(root), str(database)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _follow(root: Path, database: Path) -> dict[str, float]:
    import resource  # Windows has none

    connection = connect_writer(database)
    make_tables(connection, database)
    began = time.perf_counter()
    reading = Reading(connection, root)
    now = head(root)
    assert now is not None
    reading.want(now, _LIMIT)
    longest, done = 0.0, False
    while not done:
        at = time.perf_counter()
        done = reading.step()
        longest = max(longest, time.perf_counter() - at)
    seconds = time.perf_counter() - began
    reading.close()
    connection.close()
    ours, gits = (
        resource.getrusage(whose).ru_maxrss * 1024 / 1e6
        for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"seconds": seconds, "longest": longest, "megabytes": ours, "gitMegabytes": gits}


if __name__ == "__main__":
    print(json.dumps(_follow(Path(sys.argv[1]), Path(sys.argv[2]))))
