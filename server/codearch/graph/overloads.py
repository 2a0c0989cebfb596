"""Choosing among several definitions of one name: by arguments, by a body, by their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.graph.atlas import Atlas, View
    from codearch.graph.meaning import Sought

MISFIT = 2  # what Member.misfit says of a number of arguments that cannot be meant
OVERLOADED, OVERLOADED_OFTEN = 0.75, 0.6  # two overloads that fit equally, three and more


def pick(atlas: Atlas, view: View, indices: Sequence[int], name: Sought) -> Meaning | None:
    """Return the best of several definitions of one name in one place, None of none.

    Overloads are told apart by the number of arguments; else the last counts in Python (the others
    are stubs and alternatives) and the first with a body elsewhere.
    """
    if not indices:
        return None
    if len(indices) == 1:
        return Meaning("symbol", view.path, indices[0])
    naming, members = atlas.naming(view.language), view.outline.members
    ordered = reversed(indices) if naming.last_counts else indices
    ranks = {
        index: (members[index].misfit(name.arguments), members[index].declaration)
        for index in ordered
    }
    best = min(ranks.values())
    found = Meaning("symbol", view.path, next(index for index in ranks if ranks[index] == best))
    if not naming.overloads or name.arguments < 0:
        return found
    return found.doubted(among(sum(misfit < MISFIT for misfit, _ in ranks.values())))


def among(fitting: int) -> float:
    """Return how sure a choice is among overloads that fit the number of arguments."""
    return (1.0, 1.0, OVERLOADED, OVERLOADED_OFTEN)[min(fitting, 3)]
