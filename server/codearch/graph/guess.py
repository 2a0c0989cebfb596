"""Methods on receivers of unknown type: the one method of this name that the workspace has.

A guess is never sure. Names that libraries have too are not guessed at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS
from codearch.graph.common import OF_OBJECTS, OF_VALUES
from codearch.graph.expressions import steps
from codearch.graph.lookup import bases_of
from codearch.graph.meaning import Meaning
from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import CallFact
    from codearch.graph.atlas import Atlas, View
    from codearch.graph.workspace import Place

NAMED_ALIKE = 0.75  # `user_store.save()` beside a class UserStore
UNIQUE_AND_LONG = 0.7  # a name of two words and more is seldom a library's too
UNIQUE = 0.6
NAMED_NEARLY = 0.55  # `chan.send()` beside Channel, `store.save()` beside UserStore
ONE_FAMILY = 0.5  # overridden in subclasses: the one they override
HERE = 0.45  # the only one in this file
MANY = 30  # candidates beyond which nothing is guessed


def guessed(atlas: Atlas, view: View, call: CallFact) -> Meaning | None:
    """Return the method that a call on a receiver of unknown type most likely means."""
    if len(call.name) < 3 or call.name in OF_VALUES or call.kind == "reference":
        return None
    candidates = _candidates(atlas, view, call)
    if not candidates or len(candidates) > MANY:
        return None
    alike = [place for place in candidates if _alike(place.container, call.receiver)]
    if len(alike) == 1:
        return _meaning(alike[0], NAMED_ALIKE)
    nearly = [place for place in candidates if _nearly(place.container, call.receiver)]
    best = _only(atlas, nearly)
    if best is not None:
        return _meaning(best, NAMED_NEARLY)
    return None if call.name in OF_OBJECTS else _by_name_alone(atlas, view, call, candidates)


def _by_name_alone(
    atlas: Atlas, view: View, call: CallFact, candidates: Sequence[Place]
) -> Meaning | None:
    if len(candidates) == 1:
        long = len(split_identifier(call.name)) > 1
        return _meaning(candidates[0], UNIQUE_AND_LONG if long else UNIQUE)
    here = [place for place in candidates if place.path == view.path]
    if len(here) == 1:
        return _meaning(here[0], HERE)
    root = _only(atlas, candidates)
    return _meaning(root, ONE_FAMILY) if root else None


def _candidates(atlas: Atlas, view: View, call: CallFact) -> list[Place]:
    """Return the methods of this name that take so many arguments."""
    family = atlas.naming(view.language).languages or {view.language}
    found = []
    for place in atlas.defining(call.name):
        if place.kind not in CALLABLE_KINDS or place.language not in family or not place.container:
            continue
        there = atlas.view(place.path)
        if there is None or there.enclosing_type(place.symbol) < 0 and place.kind != "method":
            continue
        if 0 <= there.outline.members[place.symbol].most < call.arguments:
            continue
        found.append(place)
        if len(found) > MANY:
            break
    return found


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


def _names(container: str, receiver: str) -> tuple[list[str], list[str]]:
    chain = steps(receiver)
    if not chain or not container or chain[-1].indexed:
        return [], []
    return split_identifier(chain[-1].name), split_identifier(container.rpartition(".")[2])


def _only(atlas: Atlas, candidates: Sequence[Place]) -> Place | None:
    """Return the one candidate, or the one whose class is a base of all the others' classes."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    owners: dict[tuple[str, int], Place] = {}
    for place in candidates:
        there = atlas.view(place.path)
        enclosing = there.enclosing_type(place.symbol) if there else -1
        if enclosing < 0:
            return None
        owners[place.path, enclosing] = place
    roots = [owner for owner in owners if not _derives(atlas, owner, owners)]
    return owners[roots[0]] if len(roots) == 1 else None


def _derives(atlas: Atlas, owner: tuple[str, int], others: dict[tuple[str, int], Place]) -> bool:
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
