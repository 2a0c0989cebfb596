"""What is said of a symbol that nothing uses: what it is, and where was looked."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING

from codearch.detectors._detector import Deferred, Draft
from codearch.detectors._removed_definitions import removal
from codearch.facts import Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codearch.detectors._detector import ProjectView
    from codearch.detectors._unused.known import Looked
    from codearch.detectors._unused.search import Dead, Place
    from codearch.facts import Definition, FileFacts, SymbolFact

_STAMP_BYTES = 8
_SHOWN = 3  # of those that die together, in a message


class Telling:
    """Tells what one look has found dead."""

    def __init__(self, view: ProjectView, found: Iterable[Dead], looked: Looked) -> None:
        self._view, self._looked = view, looked
        self._dead = {each.place: each for each in found}
        # All findings of a file are told one after the other: it is read once.
        self._file = functools.lru_cache(maxsize=1)(view.view)

    def told(self) -> Iterator[Deferred]:
        """Yield one finding for each definition.

        It hangs on the texts of the files that it names, and on what is said of these.
        """
        digests = self._view.project.digests()
        for dead in self._dead.values():
            around = [self._dead[place] for place in (*dead.users, *dead.used)]
            names = [(each.place, each.candidate.name) for each in (dead, *around)]
            texts = [digests.get(place.path, "") for place, _ in names]
            said = (names, len(dead.users), dead.recursive, dead.candidate.scope, self._looked)
            for index in dead.candidate.told or dead.candidate.symbols:
                stamp = _hash(repr((index, texts, said)).encode())
                make = functools.partial(self._draft, dead, index)
                yield Deferred(dead.place.path, stamp, make)
            if not dead.candidate.symbols:
                stamp = _hash(repr((texts, said)).encode())
                yield Deferred(dead.place.path, stamp, functools.partial(self._of_constant, dead))

    def _of_constant(self, dead: Dead) -> Draft:
        """Return the finding at a constant."""
        self._view.project.check_cancelled()
        path, name = dead.place.path, dead.candidate.name
        file = self._file(path)
        return Draft(
            path=path,
            span=_definition(file.facts, name).span,
            key=name,
            message=f"constant `{name}` {_why(dead, self._dead, self._looked)}",
            related=tuple(_related(self._view, dead, self._dead)),
        )

    def _draft(self, dead: Dead, index: int) -> Draft:
        """Return the finding at one of the parts of a definition."""
        self._view.project.check_cancelled()
        file, candidate = self._file(dead.place.path), dead.candidate
        symbols = [file.facts.symbols[each] for each in candidate.symbols]
        others = tuple(
            Related(file.path, each.span.line, each.span.line, f"`{each.name}` is declared here")
            for number, each in zip(candidate.symbols, symbols, strict=True)
            if candidate.told and number not in candidate.told
        )
        hidden = candidate.scope in {"file", "function"}
        symbol = file.facts.symbols[index]
        return Draft(
            path=file.path,
            span=file.first_line(symbol),
            symbol=symbol,
            key=symbol.name,
            message=f"{_what(symbol)} {_why(dead, self._dead, self._looked)}",
            related=(*others, *_related(self._view, dead, self._dead)),
            fix=None if dead.users else removal(file, symbols, hidden=hidden),
        )


def _definition(facts: FileFacts, name: str) -> Definition:
    """Return where a constant is bound."""
    return next(each for each in facts.definitions if each.symbol < 0 and each.name == name)


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_STAMP_BYTES).digest()


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
            symbols, name = all_dead[place].candidate.symbols, all_dead[place].candidate.name
            found = facts.symbols[symbols[0]] if symbols else _definition(facts, name)
            line = found.span.line
            yield Related(place.path, line, line, f"`{name}` {what}, and is dead as well")
