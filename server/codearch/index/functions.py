"""Functions out of folders, parted by package, for training models and for measuring them."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from codearch import flow, languages
from codearch.embedding.training.functions import Function, function
from codearch.errors import EncoderError
from codearch.facts import CALLABLE_KINDS
from codearch.index.content import Source, read
from codearch.index.ignore import Ignore
from codearch.index.listing import listing
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Part = Literal["training", "development", "test"]

HELD_OUT = 0.1  # of all bytes, in each of the two parts that are never trained on
MOST_OF_ONE = 0.25  # of all bytes: a larger group is trained on, never held out
FEWEST_GROUPS = 10  # of a folder that is parted as it lies
MOST_PER_FILE = 20  # functions
_DEEPEST = 8
_NOT_OURS = ("/site-packages/", "/dist-packages/")  # below the folder of Python's own library


class Place(NamedTuple):
    """A file of a corpus, and the package that it belongs to."""

    folder: Path
    path: str
    size: int
    group: str


def places(folders: Sequence[Path]) -> list[Place]:
    """Return the files of folders in languages that have flows, each with its package.

    A package is the first part of a path, or the first few where one makes too few or too large.
    """
    found: list[Place] = []
    for folder in folders:
        entries = [
            entry
            for entry in listing(folder, Ignore(folder)).entries
            if not any(part in f"/{entry.path}" for part in _NOT_OURS) and _is_read(entry.path)
        ]
        depth = _depth({entry.path: entry.size for entry in entries})
        name = folder.resolve().name
        found += [
            Place(folder, entry.path, entry.size, f"{name}/{_first(entry.path, depth)}")
            for entry in entries
        ]
    return found


def parted(found: Sequence[Place]) -> dict[Part, list[Place]]:
    """Part files by package, in the same way whenever they are the same."""
    sizes: Counter[str] = Counter()
    for place in found:
        sizes[place.group] += place.size
    total = sum(sizes.values())
    room: dict[Part, float] = {"test": HELD_OUT * total, "development": HELD_OUT * total}
    part_of: dict[str, Part] = {}
    for group in sorted(sizes, key=_shuffled):
        part: Part = next((part for part, left in room.items() if left > 0), "training")
        if part == "training" or sizes[group] > MOST_OF_ONE * total:
            part_of[group] = "training"
            continue
        part_of[group] = part
        room[part] -= sizes[group]
    parts: dict[Part, list[Place]] = {"training": [], "development": [], "test": []}
    for place in mixed(found):
        parts[part_of[place.group]].append(place)
    return parts


def mixed(found: Sequence[Place]) -> list[Place]:
    """Return files in an order that mixes a folder well, the same one each time."""
    return sorted(found, key=lambda place: _shuffled(place.path))


def functions(
    found: Sequence[Place], most: int, told: Callable[[int, int], None], *, with_views: bool
) -> list[Function]:
    """Return up to so many functions of files; those with a question before the others."""
    asked: list[Function] = []
    others: list[Function] = []
    for place in found:
        for one in _functions_of(place, with_views=with_views):
            (asked if one.question else others).append(one)
        told(min(len(asked), most), most)
        if len(asked) >= most:
            break
    return [*asked, *others][:most]


def own_corpus(folders: Sequence[Path]) -> dict[Part, list[Place]]:
    """Return the files of folders in their parts; EncoderError where a part is empty."""
    parts = parted(places(folders))
    empty = [part for part, held in parts.items() if not held]
    if empty:
        named = ", ".join(map(str, folders))
        message = f"{named} cannot be parted by package: nothing is left for {empty[0]}."
        raise EncoderError(message, mend="Name more folders: `--corpus FOLDER`, repeatable.")
    return parts


def _functions_of(place: Place, *, with_views: bool) -> Iterator[Function]:
    source, language = read(place.folder, place.path), languages.by_path(place.path)
    if not isinstance(source, Source) or language is None:
        return
    facts = parse(source.data, language)
    program = flow.read(source.data, language, facts)
    taken = 0
    for index, symbol in enumerate(facts.symbols):
        if symbol.kind not in CALLABLE_KINDS:
            continue
        one = function(program, facts, index, place.group, with_views=with_views)
        if one is not None:
            yield one
            taken += 1
        if taken == MOST_PER_FILE:
            return


def _is_read(path: str) -> bool:
    language = languages.by_path(path)
    return language is not None and language.flows is not None


def _depth(sizes: Mapping[str, int]) -> int:
    """Return how many parts of a path make groups that are many enough, and none too large.

    Where nothing does, many enough are enough; the last answer is files themselves.
    """
    many = []
    for depth in range(1, _DEEPEST):
        groups: Counter[str] = Counter()
        for path, size in sizes.items():
            groups[_first(path, depth)] += size
        if len(groups) >= FEWEST_GROUPS:
            many.append(depth)
            if max(groups.values()) <= MOST_OF_ONE * groups.total():
                return depth
    return next(iter(many), _DEEPEST)


def _first(path: str, depth: int) -> str:
    return "/".join(path.split("/")[:depth])


def _shuffled(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
