"""Which constructor making an object calls: the type's own that the arguments fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import TYPE_KINDS
from codearch.graph.meaning import Sought
from codearch.graph.overloads import MISFIT, pick

if TYPE_CHECKING:
    from codearch.graph.atlas import Atlas, View
    from codearch.graph.meaning import Meaning


def constructed(atlas: Atlas, made: Meaning, arguments: int) -> Meaning:
    """Return the constructor that so many arguments mean; a type without any stands for itself.

    So does one whose own header takes the arguments that no constructor of it takes (C#, records).
    """
    view = atlas.view(made.path)
    if view is None or view.outline.members[made.symbol].kind not in TYPE_KINDS:
        return made
    member = view.outline.members[made.symbol]
    found = _own(atlas, view, made, Sought(member.name, arguments))
    if found is None:
        return made
    there = atlas.view(found.path)
    misfit = there is not None and there.outline.members[found.symbol].misfit(arguments) == MISFIT
    return made if misfit and member.most else found.doubted(made.sure)


def _own(atlas: Atlas, view: View, made: Meaning, name: Sought) -> Meaning | None:
    """Return the best constructor that is written in a type, or in another part of it."""
    naming = atlas.naming(view.language)
    if not naming.bare_members:
        inside = (view.child(made.symbol, each) for each in naming.constructors)
        return pick(atlas, view, next(filter(None, inside), ()), name)
    own = pick(atlas, view, view.constructors.get(made.symbol, ()), name)
    return own or next(iter(naming.scattered(atlas, made, name)), None)
