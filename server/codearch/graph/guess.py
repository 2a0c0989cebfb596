"""Methods on receivers of unknown type, told from names alone.

A guess is never sure. Names that libraries have too are not guessed, unless the receiver is called
as the class is, or all that is called on it fits one class.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from codearch.facts import CALLABLE_KINDS
from codearch.graph.atlas import CONTAINERS
from codearch.graph.common import OF_OBJECTS, OF_VALUES
from codearch.graph.expressions import steps
from codearch.graph.lookup import bases_of
from codearch.graph.meaning import Meaning
from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codearch.facts import CallFact
    from codearch.graph.atlas import Atlas, View
    from codearch.graph.workspace import Place

OF_THE_TYPE = 0.85  # `BindingMode::new()` where a macro declares the type
NAMED_ALIKE = 0.75  # `user_store.save()` beside a class UserStore
UNIQUE_AND_LONG = 0.7  # a name of two words and more is seldom a library's too
IN_COMPANY = 0.65  # the one class that has most of what is called on this receiver
UNIQUE = 0.6
NAMED_NEARLY = 0.55  # `chan.send()` beside Channel, `store.save()` beside UserStore
ONE_FAMILY = 0.5  # overridden in subclasses: the one they override
HERE = 0.45  # the only one in this file
_ASIDE = re.compile(
    r"(?:^|[/_.-])(?:tests?|testing|examples?|demos?|samples?|fixtures?|mocks?)[/_.-]"
)
MANY = 30  # candidates beyond which nothing is guessed

Company = dict[str, frozenset[str]]  # receiver as written -> what is called on it in this file


def company_of(calls: Iterable[CallFact]) -> Company:
    """Return the names that each receiver of a file is called with, everyday ones left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        if call.receiver and call.kind == "call" and call.name not in OF_VALUES:
            found[call.receiver].add(call.name)
    return {receiver: frozenset(names) for receiver, names in found.items() if len(names) > 1}


class Unknown(NamedTuple):
    """A method that is called on a receiver of unknown type; -1 for arguments not counted."""

    receiver: str
    name: str
    arguments: int = -1


def guessed(atlas: Atlas, view: View, call: Unknown, company: Company) -> Meaning | None:
    """Return the method that a call on a receiver of unknown type most likely means."""
    type_name = _type_name(call.receiver)
    everyday = len(call.name) < 3 or call.name in OF_VALUES
    if everyday and not type_name:
        return None
    candidates = _candidates(atlas, view, call.name, call.arguments)
    exact = [place for place in candidates if place.container.rpartition(".")[2] == type_name]
    if type_name and len(exact) == 1:
        return _meaning(exact[0], OF_THE_TYPE)
    if everyday or not candidates:
        return None
    found = _by_receiver(atlas, view, call, candidates, company)
    if found is None and call.name not in OF_OBJECTS:
        found = _of_several(atlas, view, candidates)
    return found


def _by_receiver(
    atlas: Atlas, view: View, call: Unknown, candidates: Sequence[Place], company: Company
) -> Meaning | None:
    """Return the candidate that the receiver's name speaks for, or what else is called on it."""
    alike = [place for place in candidates if _alike(place.container, call.receiver)]
    if len(alike) == 1:
        return _meaning(alike[0], NAMED_ALIKE)
    if len(candidates) == 1 and call.name not in OF_OBJECTS:
        long = len(_words(call.name)) > 1
        return _meaning(candidates[0], UNIQUE_AND_LONG if long else UNIQUE)
    known = _by_company(atlas, view, candidates, company.get(call.receiver, frozenset()))
    if known is not None:
        return _meaning(known, IN_COMPANY)
    nearly = [place for place in candidates if _nearly(place.container, call.receiver)]
    best = _only(atlas, nearly)
    return _meaning(best, NAMED_NEARLY) if best is not None else None


def _of_several(atlas: Atlas, view: View, candidates: Sequence[Place]) -> Meaning | None:
    here = [place for place in candidates if place.path == view.path]
    if len(here) == 1:
        return _meaning(here[0], HERE)
    root = _only(atlas, candidates)
    return _meaning(root, ONE_FAMILY) if root else None


def _candidates(atlas: Atlas, view: View, name: str, arguments: int) -> list[Place]:
    """Return the methods of this name that take so many arguments, none if there are too many."""
    aside = _ASIDE.search(view.path) is not None
    key = ("candidates", view.language, aside, name, arguments)
    return atlas.once(key, lambda: _find(atlas, view.language, aside, name, arguments)) or []


def _find(
    atlas: Atlas,
    language: str,
    aside: bool,
    name: str,
    arguments: int,
) -> list[Place]:
    family = atlas.naming(language).languages or {language}
    found = []
    for place in atlas.defining(name):
        if place.kind not in CALLABLE_KINDS or place.language not in family or not place.container:
            continue
        there = atlas.view_of(place)
        if there is None or (place.kind != "method" and there.enclosing_type(place.symbol) < 0):
            continue
        member = there.outline.members[place.symbol]
        if 0 <= member.most < arguments or (arguments == 0 and member.least):
            continue
        found.append(place)
        if len(found) > MANY:
            return []
    if aside:
        return found
    return [place for place in found if not _ASIDE.search(place.path)] or found


# --- evidence ---------------------------------------------------------------------------------


def _type_name(receiver: str) -> str:
    """Return the last name of a receiver that is called as types are, "" for any other."""
    chain = steps(receiver) if receiver[:1].isupper() or "." in receiver else ()
    last = chain[-1] if chain else None
    is_type = last is not None and last.name[:1].isupper() and not (last.called or last.indexed)
    return last.name if last is not None and is_type else ""


def _alike(container: str, receiver: str) -> bool:
    """Say whether a receiver is called as the class is: `self._store` and `Store`."""
    named, owner = _names(container, receiver)
    return bool(named) and named == owner


def _nearly(container: str, receiver: str) -> bool:
    """Say whether each word of the receiver begins one of the class's: `chan` and `Channel`."""
    named, owner = _names(container, receiver)
    if not owner or sum(len(word) for word in named) < 3:
        return False
    return all(any(word.startswith(part) for word in owner) for part in named)


def _names(container: str, receiver: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    chain = steps(receiver)
    if not chain or not container or chain[-1].indexed:
        return (), ()
    return _words(chain[-1].name), _words(container.rpartition(".")[2])


@lru_cache(maxsize=10_000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(split_identifier(name))


def _by_company(
    atlas: Atlas, view: View, candidates: Sequence[Place], names: frozenset[str]
) -> Place | None:
    """Return the candidate of the one class that has most of the names called on a receiver."""
    if len(names) < 2:
        return None
    owners = {_owner(atlas, place): place for place in candidates}
    held: Counter[tuple[str, int]] = Counter()
    for name in names:
        places = _candidates(atlas, view, name, -1)
        held.update({_owner(atlas, place) for place in places} & owners.keys())
    ranked = [(owner, count) for owner, count in held.most_common() if owner[1] >= 0]
    if not ranked or ranked[0][1] < max(2, 0.6 * len(names)):
        return None
    best = [owner for owner, count in ranked if count == ranked[0][1]]
    return _only(atlas, [owners[owner] for owner in best])


def _owner(atlas: Atlas, place: Place) -> tuple[str, int]:
    """Return the type that a method stands in, -1 for a function in an object and the like."""
    there = atlas.view_of(place)
    parent = there.outline.members[place.symbol].parent if there else -1
    if there is None or parent < 0 or there.outline.members[parent].kind not in CONTAINERS:
        return place.path, -1
    inside = there.child(parent, there.outline.members[place.symbol].name)
    return place.path, parent if place.symbol in inside else -1


def _only(atlas: Atlas, candidates: Sequence[Place]) -> Place | None:
    """Return the one candidate, or the one whose class is a base of all the others' classes."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    owners = {_owner(atlas, place): place for place in candidates}
    if any(symbol < 0 for _, symbol in owners):
        return None
    roots = [owner for owner in owners if not _derives(atlas, owner, owners)]
    return owners[roots[0]] if len(roots) == 1 else None


def _derives(atlas: Atlas, owner: tuple[str, int], others: Mapping[tuple[str, int], Place]) -> bool:
    """Say whether a class has one of the others among its bases, at most four steps up."""
    layer = [Meaning("symbol", *owner)]
    for _ in range(4):
        layer = [
            base for each in layer for base in bases_of(atlas, each) if base.what == "instance"
        ]
        if any((base.path, base.symbol) in others for base in layer):
            return True
    return False


def _meaning(place: Place, sure: float) -> Meaning:
    return Meaning("symbol", place.path, place.symbol, sure)
