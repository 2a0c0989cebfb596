"""What is said of a symbol that nothing uses: what it is, and where was looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.detectors._removed_definitions import removal
from codearch.facts import Related

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.detectors._detector import FileView, ProjectView
    from codearch.detectors._unused.known import Looked
    from codearch.detectors._unused.search import Dead, Place
    from codearch.facts import SymbolFact

_SHOWN = 3  # of those that die together, in a message


def drafts(view: ProjectView, found: list[Dead], looked: Looked) -> Iterator[Draft]:
    """Yield the findings on what was not reached, one for each definition."""
    by_place = {each.place: each for each in found}
    files: dict[str, FileView] = {}
    for dead in found:
        path = dead.place.path
        if path not in files:
            view.project.check_cancelled()
            files = {path: view.view(path)}
        yield from _drafts(view, files[path], dead, by_place, looked)


def _drafts(
    view: ProjectView,
    file: FileView,
    dead: Dead,
    all_dead: Mapping[Place, Dead],
    looked: Looked,
) -> Iterator[Draft]:
    symbols = [file.facts.symbols[index] for index in dead.candidate.symbols]
    with_body = [each for each in symbols if each.body_byte < each.span.end_byte] or symbols[-1:]
    related = tuple(_related(view, dead, all_dead))
    others = tuple(
        Related(file.path, each.span.line, each.span.line, f"`{each.name}` is declared here")
        for each in symbols
        if each not in with_body
    )
    hidden = dead.candidate.scope in {"file", "function"}
    fix = removal(file, symbols, hidden=hidden) if not dead.users else None
    for symbol in with_body:
        yield Draft(
            path=file.path,
            span=file.first_line(symbol),
            symbol=symbol,
            key=symbol.name,
            message=f"{_what(symbol)} {_why(dead, all_dead, looked)}",
            related=others + related,
            fix=fix,
        )


def _what(symbol: SymbolFact) -> str:
    kind = {"impl": "type", "trait": "trait"}.get(symbol.kind, symbol.kind)
    return f"{kind} `{symbol.name}`"


def _why(dead: Dead, all_dead: Mapping[Place, Dead], looked: Looked) -> str:
    """Say what was looked at, and what was found instead of a use."""
    names = [all_dead[place].candidate.name for place in dead.users]
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
        dead_too = "which is dead as well" if len(names) == 1 else "which are dead as well"
        return f"is used by {shown}{more} alone, {dead_too}"
    if dead.recursive:
        return f"is used nowhere but in itself: {_searched(dead, looked, 'nothing else')}"
    return f"is used nowhere: {_searched(dead, looked, 'nothing')}"


def _searched(dead: Dead, looked: Looked, nothing: str) -> str:
    scope = dead.candidate.scope
    if scope == "function":
        return f"{nothing} names it in the function around it, beyond which it cannot be seen"
    if scope in {"file", "below"}:
        where = "its file" if scope == "file" else "its module"
        return f"{nothing} names it in {where}, beyond which it cannot be seen"
    if scope == "folder":
        return f"{nothing} names it in its package, beyond which it cannot be seen"
    sources = _counted(looked.sources, "source file")
    tests = f" ({looked.tests} of them tests)" if looked.tests else ""
    others = f" and {_counted(looked.others, 'other file')}" if looked.others else ""
    return f"{nothing} names it in {sources}{tests}{others}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _related(view: ProjectView, dead: Dead, all_dead: Mapping[Place, Dead]) -> Iterator[Related]:
    for places, what in ((dead.users, "uses it"), (dead.used, "is used by it")):
        for place in places:
            facts = view.project.facts(place.path)
            line = facts.symbols[all_dead[place].candidate.symbols[0]].span.line
            name = all_dead[place].candidate.name
            yield Related(place.path, line, line, f"`{name}` {what}, and is dead as well")
