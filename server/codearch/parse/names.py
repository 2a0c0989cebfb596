"""Scopes, the names bound in them, and what each use of a name means."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from codearch.facts import Definition, DefinitionKind, Scope, Span, Use, UseKind
from codearch.languages._language import Scoping

MAX_DEPTH = 200  # deeper scopes are taken as one: no program that people wrote gets there
_MEMBERS: frozenset[DefinitionKind] = frozenset({"field", "function"})
_VALUES: frozenset[DefinitionKind] = frozenset(
    {"variable", "constant", "field", "parameter", "function"}
)
_REBOUND: frozenset[DefinitionKind] = frozenset({"variable", "constant", "field", "parameter"})


@dataclass(slots=True)
class Bound:
    """A definition under construction; `alias_of` is a name whose type it shares."""

    name: str
    kind: DefinitionKind
    span: Span
    scope: int
    since: int  # byte from which an ordered scope shows it
    symbol: int = -1
    imported: int = -1
    type: str = ""
    value: str = ""
    alias_of: str = ""
    alias_scope: int = 0


@dataclass(slots=True)
class _Scope:
    parent: int
    symbol: int
    span: Span
    scoping: Scoping
    depth: int
    names: dict[str, list[int]] = field(default_factory=dict)
    redirects: dict[str, bool] = field(default_factory=dict)  # name -> to the file's scope


class Names:
    """Collects scopes, definitions and uses during the walk and links them at its end."""

    def __init__(self, span: Span, scoping: Scoping) -> None:
        self.scopes = [_Scope(-1, 0, span, scoping, 0)]
        self.current = 0
        self.inside = -1  # the scope that was left for the one around it
        self.bound: list[Bound] = []
        self.uses: list[tuple[str, int, int, int, int, int, UseKind]] = []

    def open(self, span: Span, scoping: Scoping, symbol: int) -> int:
        """Open a scope inside the present one; return the present one, to be put back later."""
        before = self.current
        depth = self.scopes[before].depth + 1
        if depth <= MAX_DEPTH:
            self.scopes.append(_Scope(before, symbol, span, scoping, depth))
            self.current = len(self.scopes) - 1
        return before

    def leave(self) -> int:
        """Go to the scope around the present one; return the present one, to be put back later."""
        before = self.inside = self.current
        self.current = max(self.scopes[before].parent, 0)
        return before

    def back(self, scope: int) -> None:
        """Put back the scope that `open` or `leave` returned."""
        self.current, self.inside = scope, -1

    def redirect(self, name: str, *, outermost: bool) -> None:
        """Let a name of the present scope mean that of the file, or of the next function around."""
        self.scopes[self.current].redirects[name] = outermost

    def use(self, name: str, start_byte: int, line: int, column: int, kind: UseKind) -> int:
        """Record a use in the present scope; return its index."""
        self.uses.append((name, start_byte, line, column, self.current, self.inside, kind))
        return len(self.uses) - 1

    def bind(
        self, name: str, kind: DefinitionKind, span: Span, *, since: int = 0, hoist: bool = False
    ) -> Bound:
        """Bind a name; where a variable of that name is bound already, write to that one."""
        scope = self.current
        while hoist and not self.scopes[scope].scoping.hoists and self.scopes[scope].parent >= 0:
            scope = self.scopes[scope].parent
        outermost = self.scopes[scope].redirects.get(name)
        if outermost is not None:
            scope = 0 if outermost else self._around(scope, name)
        if kind in _REBOUND and not self.scopes[scope].scoping.ordered:
            for index in self.scopes[scope].names.get(name, ()):
                if self.bound[index].kind in _REBOUND:
                    self.use(name, span.start_byte, span.line, span.column, "write")
                    return self.bound[index]
        return self.bind_in(scope, name, kind, span, since)

    def bind_in(self, scope: int, name: str, kind: DefinitionKind, span: Span, since: int) -> Bound:
        """Bind a name in a given scope, whatever is bound there already."""
        made = Bound(name, kind, span, scope, since or span.start_byte)
        same = self.scopes[scope].names.setdefault(name, [])
        same.append(len(self.bound))
        self.bound.append(made)
        place = len(same) - 1
        while place and self.bound[same[place - 1]].since > made.since:  # `x = (x := 1)`
            same[place - 1], same[place] = same[place], same[place - 1]
            place -= 1
        return made

    def _around(self, scope: int, name: str) -> int:
        """Return the nearest hoisting scope around that binds the name, else the file's."""
        around = self.scopes[scope].parent
        while around > 0:
            there = self.scopes[around]
            if there.scoping.hoists and not there.scoping.hidden and name in there.names:
                return around
            around = there.parent
        return 0

    # --- after the walk -----------------------------------------------------------------------

    def meaning(self, name: str, scope: int, at: int, *, typing: bool = False) -> int:
        """Return the index of the definition that `name` means at byte `at` in a scope, or -1.

        `typing`: values are passed over, as the name is that of a type.
        """
        inside_function = False
        while scope >= 0:
            here = self.scopes[scope]
            candidates = here.names.get(name)
            if candidates and here.scoping.members:
                candidates = [each for each in candidates if self.bound[each].kind not in _MEMBERS]
            if candidates and typing:
                candidates = [each for each in candidates if self.bound[each].kind not in _VALUES]
            if candidates and not (here.scoping.hidden and inside_function):
                found = self._nearest(candidates, at, ordered=here.scoping.ordered)
                if found >= 0:
                    return found
            inside_function = inside_function or here.scoping.hoists
            scope = 0 if scope and here.redirects.get(name) else here.parent
        return -1

    def _meaning_outside(
        self, name: str, scope: int, inside: int, at: int, *, typing: bool = False
    ) -> int:
        """Look a header's name up around it, else among the definition's type parameters."""
        found = self.meaning(name, scope, at, typing=typing)
        if found < 0 and inside >= 0:
            for index in self.scopes[inside].names.get(name, ()):
                if self.bound[index].kind == "type":
                    return index
        return found

    def _nearest(self, candidates: list[int], at: int, *, ordered: bool) -> int:
        """Return the last one bound before `at`; else the first, or -1 where order rules."""
        place = bisect.bisect_right(candidates, at, key=lambda index: self.bound[index].since)
        if place:
            return candidates[place - 1]
        return -1 if ordered else candidates[0]

    def link(
        self, *, types_apart: bool
    ) -> tuple[tuple[Scope, ...], tuple[Definition, ...], tuple[Use, ...]]:
        """Return the facts, each use with the definition that it means.

        `types_apart`: the name of a type never means a value.
        """
        known = {bound.name for bound in self.bound}
        uses = tuple(
            Use(
                name,
                start,
                line,
                column,
                scope,
                self._meaning_outside(
                    name, scope, inside, start, typing=types_apart and kind == "type"
                )
                if name in known
                else -1,
                kind,
            )
            for name, start, line, column, scope, inside, kind in self.uses
        )
        self._share_types()
        scopes = tuple(Scope(scope.parent, scope.symbol, scope.span) for scope in self.scopes)
        definitions = tuple(
            Definition(
                each.name,
                each.kind,
                each.span,
                each.scope,
                each.symbol,
                each.imported,
                each.type,
                each.value,
            )
            for each in self.bound
        )
        return scopes, definitions, uses

    def _share_types(self) -> None:
        """Give `self.x = x` and `y = x` the type of x."""
        for each in self.bound:
            if each.alias_of and not each.type:
                source = self.meaning(each.alias_of, each.alias_scope, each.since)
                if source >= 0:
                    each.type = self.bound[source].type
                    each.value = each.value or self.bound[source].value
