"""What can be reached in a workspace, and what cannot: mentions followed from what is in use."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.detectors._unused.mentions import Way, key, names_in_other
from codearch.detectors._unused.stems import cuts
from codearch.detectors._unused.types import Types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.detectors._unused.candidates import Candidate
    from codearch.detectors._unused.sheet import Sheet

_FOLDERS_OWN = frozenset({"__init__", "index"})  # files that are imported by their folder's name
_TABLE = 1 << 20  # of numbers' lower bits, to pass by what nobody looks for


class Place(NamedTuple):
    """A candidate: its file and its number there; -1 is what is no candidate's in the file."""

    path: str
    number: int


class Dead(NamedTuple):
    """A candidate that nothing in use mentions, and the dead ones around it."""

    place: Place
    candidate: Candidate
    users: tuple[Place, ...]
    used: tuple[Place, ...]
    recursive: bool  # it mentions itself


def dead(sheets: Mapping[str, Sheet]) -> Iterator[Dead]:
    """Yield the outermost candidates that cannot be reached, by path and place."""
    types = Types(each for sheet in sheets.values() for each in sheet.types)
    mentions = _mentions(sheets, types)
    live = _live(sheets, types, mentions)
    gone = {
        place: candidate
        for place, candidate in _candidates(sheets)
        if _outermost(sheets, live, place) == place
    }
    users: dict[Place, set[Place]] = defaultdict(set)
    used: dict[Place, set[Place]] = defaultdict(set)
    for source, targets in mentions.items():
        outer = _outermost(sheets, live, source)
        if outer in gone:
            for target in targets & gone.keys():
                users[target].add(outer)
                used[outer].add(target)
    for place, candidate in gone.items():
        around = tuple(sorted(users[place] - {place})), tuple(sorted(used[place] - {place}))
        yield Dead(place, candidate, *around, place in users[place])


def _candidates(sheets: Mapping[str, Sheet]) -> Iterator[tuple[Place, Candidate]]:
    for path, sheet in sheets.items():
        for number, each in enumerate(sheet.candidates):
            yield Place(path, number), each


def _outermost(sheets: Mapping[str, Sheet], live: set[Place], place: Place) -> Place | None:
    """Return the outermost dead candidate around one or itself, None if all are live."""
    found = None
    number = place.number
    while number >= 0:
        around = Place(place.path, number)
        found = found if around in live else around
        number = sheets[place.path].candidates[number].around
    return found


def _live(
    sheets: Mapping[str, Sheet], types: Types, mentions: Mapping[Place, set[Place]]
) -> set[Place]:
    """Follow mentions from what is in use; a part is in use only with what it is a part of."""
    waiting = [Place(path, -1) for path in sheets]
    waiting += (
        place
        for place, each in _candidates(sheets)
        if each.member_of and types.may_be_called(each.member_of, each.name)
    )
    live: set[Place] = set()
    parts: dict[Place, set[Place]] = defaultdict(set)  # mentioned, but of what was not yet
    while waiting:
        place = waiting.pop()
        if place in live:
            continue
        number = sheets[place.path].candidates[place.number].around if place.number >= 0 else -1
        around = Place(place.path, number)
        if number >= 0 and around not in live:
            parts[around].add(place)
            continue
        live.add(place)
        waiting += parts.pop(place, ())
        waiting += mentions.get(place, ())
    return live


def _mentions(sheets: Mapping[str, Sheet], types: Types) -> dict[Place, set[Place]]:
    """Return what each place mentions."""
    found: dict[Place, set[Place]] = defaultdict(set)
    by_key: dict[int, list[tuple[Place, Way]]] = defaultdict(list)
    members: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    beyond = dict.fromkeys(_joined(sheets), frozenset({Way.NAME}))
    for place, each in _candidates(sheets):
        for way in each.ways | beyond.get(place.path, frozenset()):
            by_key[key(each.name, way)].append((place, way))
        if each.member_of:
            members[each.name].append((place, each.member_of))
    wanted = np.zeros(_TABLE, np.bool_)
    wanted[np.array(list(by_key), np.uint32) % _TABLE] = True
    seeing = _Seeing(sheets)
    for path, sheet in sheets.items():
        for region, number in sheet.links:
            found[Place(path, region)].add(Place(path, number))
        for at in np.flatnonzero(wanted[sheet.keys % _TABLE]).tolist():
            source = Place(path, int(sheet.regions[at]))
            for target, way in by_key.get(int(sheet.keys[at]), ()):
                if target.path != path and seeing.sees(path, target, way):
                    found[source].add(target)
        for own in sheet.inherited:
            for target, owner in members.get(own.name, ()):
                if target.path != path and types.may_inherit(own.type, owner):
                    found[Place(path, own.region)].add(target)
    _add_put_together(sheets, found)
    return found


def _joined(sheets: Mapping[str, Sheet]) -> Iterator[str]:
    """Yield the C files that are compiled as one with another: what includes, and is included."""
    included = {name for sheet in sheets.values() for name in sheet.included}
    for path, sheet in sheets.items():
        if sheet.included or path.rpartition("/")[2] in included:
            yield path


class _Seeing:
    """Which files can mean what of others."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self._sheets = sheets
        self._names: dict[tuple[str, str], bool] = {}

    def sees(self, path: str, target: Place, way: Way) -> bool:
        """Say whether a mention in a file can mean a candidate of another file."""
        scope = self._sheets[target.path].candidates[target.number].scope
        if scope == "folder":
            return _folder(path) == _folder(target.path)
        if scope == "below":
            return path.startswith(_module_folder(target.path) + "/")
        if scope == "importers" and way in {Way.NAME, Way.MEMBER}:
            return self._names_file(path, target.path)
        return True

    def _names_file(self, path: str, other: str) -> bool:
        """Say whether a file names the module that another is, or lies beside it in its package."""
        module, stands_for_folder = _module(other)
        if stands_for_folder and _folder(path).startswith(_folder(other)):
            return True
        return all(self._names_word(path, word) for word in names_in_other(module.encode()))

    def _names_word(self, path: str, word: str) -> bool:
        known = self._names.get((path, word))
        if known is None:
            keys = self._sheets[path].keys
            known = any(bool((keys == key(word, way)).any()) for way in Way)
            self._names[path, word] = known
        return known


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _module(path: str) -> tuple[str, bool]:
    """Return the name by which a file is imported, and whether it is that of its folder."""
    stem = path.rpartition("/")[2].partition(".")[0]
    if stem in _FOLDERS_OWN:
        return _folder(path).rpartition("/")[2], True
    return stem, False


def _module_folder(path: str) -> str:
    """Return where the modules inside of a Rust file's module lie."""
    stem = path.rpartition("/")[2].removesuffix(".rs")
    return _folder(path) if stem in {"lib", "main", "mod"} else path.removesuffix(".rs")


def _add_put_together(sheets: Mapping[str, Sheet], found: dict[Place, set[Place]]) -> None:
    """Add what may be meant by names that stand nowhere whole."""
    far: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    for path, sheet in sheets.items():
        for stem in sheet.stems:
            source = Place(path, stem.region)
            if stem.far:
                far[stem.text, stem.begins].append(source)
            else:
                fitting = (n for n, each in enumerate(sheet.candidates) if stem.fits(each.name))
                found[source].update(Place(path, number) for number in fitting)
    if far:
        for place, each in _candidates(sheets):
            for cut in cuts(each.name):
                for source in far.get(cut, ()):
                    found[source].add(place)
