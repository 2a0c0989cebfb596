"""Choosing among places that define a name, for languages whose packages span files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import TYPE_KINDS
from codearch.graph.meaning import Meaning
from codearch.graph.overloads import MISFIT, among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.graph.atlas import Atlas
    from codearch.graph.meaning import Sought
    from codearch.graph.workspace import Place


def under(folder: str, path: str) -> str:
    """Return `path` seen from `folder`, dots resolved as far as the root."""
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {".", ""}:
            parts.append(part)
    return "/".join(parts)


def shared(one: str, other: str) -> int:
    """Return how many leading folders two paths share."""
    count = 0
    for first, second in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if first != second:
            break
        count += 1
    return count


def chosen(atlas: Atlas, places: Iterable[Place], near: str, name: Sought) -> Meaning | None:
    """Return the place that fits best: by its arguments, a body, and nearness in the tree."""
    ranked = sorted((_rank(atlas, place, near, name), place) for place in places)
    if not ranked:
        return None
    best, place = ranked[0]
    fitting = sum(
        rank[0] < MISFIT and rank[1] == best[1] and other.path == place.path
        for rank, other in ranked
    )
    found = Meaning("symbol", place.path, place.symbol)
    overloads = atlas.naming(place.language).overloads and place.kind not in TYPE_KINDS
    return found.doubted(among(fitting)) if overloads and name.arguments >= 0 else found


def _rank(atlas: Atlas, place: Place, near: str, name: Sought) -> tuple[int, bool, int, str, int]:
    view = atlas.view(place.path)
    if view is None:
        return 2, True, 0, place.path, place.symbol
    member = view.outline.members[place.symbol]
    aside = place.kind in TYPE_KINDS and not _is_named_after(place.path, member.name)
    near_by = -shared(place.path, near)
    return (
        member.misfit(name.arguments),
        member.declaration or aside,
        near_by,
        place.path,
        place.symbol,
    )


def _is_named_after(path: str, name: str) -> bool:
    """Say whether a file is called as the type that it holds, or holds the first part of it."""
    return path.rpartition("/")[2].partition(".")[0] == name and path.count(".") == 1


def types_named(places: Sequence[Place], languages: frozenset[str]) -> list[Place]:
    """Return the places that are types of one of these languages."""
    return [each for each in places if each.kind in TYPE_KINDS and each.language in languages]


def where(places: Iterable[Place], condition: Callable[[Place], bool]) -> list[Place]:
    """Return the places for which a condition holds."""
    return [place for place in places if condition(place)]
