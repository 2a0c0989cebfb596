"""Labelled queries over real repositories, and how well an order of files answers them.

A set is a folder with `repos.json` (name, language, repository, revision, root) and a file of
queries a repository, beside it or under `queries/`: each with `query`, `relevant`, `secondary` and
`category`. A target is a file; its path begins at the repository's or at the root's folder.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from search_memory import MemoryFile, read_file

from codearch.index.content import Source, read
from codearch.index.ignore import Ignore
from codearch.index.listing import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 10


@dataclass(frozen=True)
class Labelled:
    """One query and the files that answer it, relative to the root."""

    text: str
    category: str
    targets: frozenset[str]


@dataclass(frozen=True)
class Repository:
    """A repository's files, parsed, and its queries."""

    name: str
    language: str
    files: list[MemoryFile]
    queries: list[Labelled]


def ndcg(paths: Sequence[str], targets: frozenset[str]) -> float:
    """Return NDCG@10 with gain 1 for each target, counted where its file comes first."""
    gain, seen = 0.0, set()
    for place, path in enumerate(paths[:PAGE]):
        if path in targets and path not in seen:
            seen.add(path)
            gain += 1 / math.log2(place + 2)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(targets), PAGE)))


def read_set(folder: Path, checkouts: Path) -> tuple[list[Repository], list[str]]:
    """Read the repositories of a set that lie under `checkouts` by name; name those that do not."""
    found, missing = [], []
    for entry in json.loads((folder / "repos.json").read_text()):
        checkout = checkouts / entry["name"]
        if not checkout.is_dir():
            missing.append(f"{entry['name']} ({entry['repository']} at {entry['revision'][:12]})")
            continue
        root = entry["root"] or ""
        files = _files(checkout / root)
        queries = _queries(folder, entry["name"], root)
        found.append(Repository(entry["name"], entry["language"], files, queries))
    return found, missing


def _queries(folder: Path, name: str, root: str) -> list[Labelled]:
    path = folder / "queries" / f"{name}.json"
    path = path if path.exists() else folder / f"{name}.json"
    prefix = f"{root}/" if root else ""
    return [
        Labelled(
            entry["query"],
            entry["category"],
            frozenset(
                (target if isinstance(target, str) else target["path"]).removeprefix(prefix)
                for target in [*entry["relevant"], *entry["secondary"]]
            ),
        )
        for entry in json.loads(path.read_text())
    ]


def _files(root: Path) -> list[MemoryFile]:
    numbers = itertools.count(1)
    found = []
    for entry in listing(root, Ignore(root)).entries:
        source = read(root, entry.path)
        file = read_file(entry.path, source.data, numbers) if isinstance(source, Source) else None
        if file is not None:
            found.append(file)
    return found
