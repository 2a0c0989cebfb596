"""What can be reached in a workspace, and what cannot: mentions followed from what is in use."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._unused.asking import is_asked, module_of
from codearch.detectors._unused.extract import NOTHING, hashed, mention, unpacked
from codearch.detectors._unused.mentions import Way
from codearch.detectors._unused.types import Types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.detectors._unused.candidates import Candidate
    from codearch.detectors._unused.extract import Extract
    from codearch.detectors._unused.known import Known

_WAYS = 16  # that a mention tells apart


class Place(NamedTuple):
    """A definition that its own file does not use, by its number among these; -1 is the rest."""

    path: str
    number: int


class Dead(NamedTuple):
    """A definition that nothing in use mentions, and the dead ones around it."""

    place: Place
    candidate: Candidate
    users: tuple[Place, ...]
    used: tuple[Place, ...]
    recursive: bool  # it mentions itself


def dead(known: Known) -> Iterator[Dead]:
    """Yield the outermost definitions that cannot be reached, by path and place."""
    extracts = known.extracts
    types = _types(extracts)
    mentions = _mentions(known, types)
    live = _live(extracts, types, mentions)
    gone = {
        place: node
        for place, node in _nodes(extracts)
        if _outermost(extracts, live, place) == place
    }
    users: dict[Place, set[Place]] = defaultdict(set)
    used: dict[Place, set[Place]] = defaultdict(set)
    for source, targets in mentions.items():
        outer = _outermost(extracts, live, source)
        if outer in gone:
            for target in targets & gone.keys():
                users[target].add(outer)
                used[outer].add(target)
    for place, node in gone.items():
        around = tuple(sorted(users[place] - {place})), tuple(sorted(used[place] - {place}))
        yield Dead(place, node, *around, place in users[place])


def _types(extracts: Mapping[str, Extract]) -> Types:
    members = (pair for each in extracts.values() for pair in (each.answers or NOTHING).members)
    return Types((each.types for each in extracts.values()), members)


def _nodes(extracts: Mapping[str, Extract]) -> Iterator[tuple[Place, Candidate]]:
    for path, extract in extracts.items():
        for number, each in enumerate(extract.nodes):
            yield Place(path, number), each


def _outermost(extracts: Mapping[str, Extract], live: set[Place], place: Place) -> Place | None:
    """Return the outermost dead definition around one or itself, None if all are live."""
    found = None
    number = place.number
    while number >= 0:
        around = Place(place.path, number)
        found = found if around in live else around
        number = extracts[place.path].nodes[number].around
    return found


def _live(
    extracts: Mapping[str, Extract], types: Types, mentions: Mapping[Place, set[Place]]
) -> set[Place]:
    """Follow mentions from what is in use; a part is in use only with what it is a part of."""
    waiting = [place for place in mentions if place.number < 0]
    waiting += (
        place
        for place, each in _nodes(extracts)
        if _may_be_overridden(each)
        and types.may_be_called(hashed(each.member_of), hashed(each.name))
    )
    live: set[Place] = set()
    parts: dict[Place, set[Place]] = defaultdict(set)  # mentioned, but of what was not yet
    while waiting:
        place = waiting.pop()
        if place in live:
            continue
        number = extracts[place.path].nodes[place.number].around if place.number >= 0 else -1
        around = Place(place.path, number)
        if number >= 0 and around not in live:
            parts[around].add(place)
            continue
        live.add(place)
        waiting += parts.pop(place, ())
        waiting += mentions.get(place, ())
    return live


def _may_be_overridden(each: Candidate) -> bool:
    return bool(each.member_of) and not each.name.startswith("__")


def _mentions(known: Known, types: Types) -> dict[Place, set[Place]]:
    """Return what each place mentions."""
    found: dict[Place, set[Place]] = defaultdict(set)
    targets = _targets(known)
    members: dict[int, list[tuple[Place, int]]] = defaultdict(list)  # by the name's hash
    for place, node in _nodes(known.extracts):
        if node.member_of:
            members[hashed(node.name)].append((place, hashed(node.member_of)))
    for path, extract in known.extracts.items():
        for region, number in extract.links:
            found[Place(path, region)].add(Place(path, number))
        answers = extract.answers or NOTHING
        modules = set(unpacked(answers.modules))
        for region, each in answers.mentioned():
            seen = (
                target
                for target in targets.get(each, ())
                if target.path != path and _sees(known, path, target, each % _WAYS, modules)
            )
            found[Place(path, region)].update(seen)
        for region, name, own_type in answers.inherited:
            inherited = (
                target
                for target, owner in members.get(name, ())
                if target.path != path and types.may_inherit(own_type, owner)
            )
            found[Place(path, region)].update(inherited)
    return found


def _targets(known: Known) -> dict[int, list[Place]]:
    """Return the definitions that mentions can mean, but for where they stand."""
    found: dict[int, list[Place]] = defaultdict(list)
    for place, node in _nodes(known.extracts):
        joined = place.path in known.joined
        ways = node.ways | ({Way.NAME} if joined else set())
        if joined or is_asked(node):
            ways |= {Way.PARTS}
        for way in ways:
            found[mention(node.name, way)].append(place)
    return found


def _sees(known: Known, path: str, target: Place, way: int, modules: set[int]) -> bool:
    """Say whether a mention in a file can mean a definition of another file.

    `modules` are those that the file names; one that lies in a package need not name that.
    """
    scope = known.extracts[target.path].nodes[target.number].scope
    if way == Way.PARTS:
        return True
    if scope == "folder":
        return _folder(path) == _folder(target.path)
    if scope == "below":
        return path.startswith(_module_folder(target.path) + "/")
    if scope == "importers" and way in {Way.NAME, Way.MEMBER}:
        module, stands_for_folder = module_of(target.path)
        beside = stands_for_folder and _folder(path).startswith(_folder(target.path))
        return beside or hashed(module) in modules
    return True


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _module_folder(path: str) -> str:
    """Return where the modules inside of a Rust file's module lie."""
    stem = path.rpartition("/")[2].removesuffix(".rs")
    return _folder(path) if stem in {"lib", "main", "mod"} else path.removesuffix(".rs")
