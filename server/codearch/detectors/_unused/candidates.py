"""The definitions of a file that nothing but a mention keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._unused.constants import private_constants
from codearch.detectors._unused.mentions import Way
from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.scopes import Case, Scope
from codearch.facts import TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from codearch.detectors._unused.layout import Layout
    from codearch.detectors._unused.remarks import Remarks
    from codearch.facts import FileFacts


class Candidate(NamedTuple):
    """A definition that is used by somebody or is dead; `symbols` are its parts and overloads.

    A constant has none.
    """

    name: str
    symbols: tuple[int, ...]  # of the file's facts
    scope: Scope
    around: int  # the candidate that it is a part of, -1 for none
    member_of: str  # the type's name, where a base of it may call it
    ways: frozenset[Way]  # in which a mention in another file shows its use
    told: tuple[int, ...] = ()  # those of its symbols that are told where it is dead, () for all


class Role(NamedTuple):
    """What a file is in its workspace."""

    entry: bool  # all of it is in use: tests, generated code
    program: bool  # what it makes public is for this workspace alone
    imported: bool  # by another file


class Candidates:
    """The candidates of one file, by symbol and by name."""

    def __init__(self, path: str, layout: Layout, role: Role, remarks: Remarks) -> None:
        self._path, self._layout, self._role = path, layout, role
        self._kept = remarks.kept
        self._rules = RULES[layout.facts.language]
        self.of_symbol: dict[int, int] = {}
        self.by_name: dict[str, list[int]] = {}
        self.all = [] if role.entry or remarks.all_kept else list(self._chosen())
        self.all = [each._replace(around=self.around(self._owner(each))) for each in self.all]
        self.constants: dict[int, int] = {}  # by the byte at which they are bound
        if not role.entry and not remarks.all_kept:
            self._add_constants(remarks.names)

    def _add_constants(self, kept: AbstractSet[str]) -> None:
        for each in private_constants(self._path, self._layout):
            name = each.definition.name
            if name not in kept and name not in self.by_name:
                ways = self._ways(each.scope, member=False)
                self.constants[each.definition.span.start_byte] = len(self.all)
                self.by_name[name] = [len(self.all)]
                self.all.append(Candidate(name, (), each.scope, -1, "", ways))

    def around(self, symbol: int) -> int:
        """Return the innermost candidate around a symbol, itself included, -1 for none."""
        while symbol >= 0:
            if symbol in self.of_symbol:
                return self.of_symbol[symbol]
            symbol = self._layout.owners[symbol]
        return -1

    def _owner(self, candidate: Candidate) -> int:
        return self._layout.owners[candidate.symbols[0]]

    def _chosen(self) -> Iterator[Candidate]:
        """Yield what may be unused, overloads and other definitions of a name together."""
        symbols = self._layout.facts.symbols
        groups: dict[tuple[int, str], list[int]] = {}
        for index, symbol in enumerate(symbols):
            if symbol.kind not in {"module", "section"}:
                groups.setdefault((self._layout.owners[index], symbol.name), []).append(index)
        bound = _bound(self._layout.facts)
        for number, (owner, name, indices, scope) in enumerate(self._seen_nowhere(groups, bound)):
            self.of_symbol |= dict.fromkeys(indices, number)
            self.by_name.setdefault(name, []).append(number)
            about = symbols[owner] if owner >= 0 else None
            overridable = (
                self._rules.overridable
                and scope == "project"
                and about is not None
                and about.kind in TYPE_KINDS
                and symbols[indices[0]].kind == "method"
            )
            yield Candidate(
                name,
                tuple(indices),
                scope,
                -1,
                about.name if about is not None and overridable else "",
                self._ways(scope, member=self._layout.is_member(indices[0])),
                self._told(indices),
            )

    def _told(self, indices: list[int]) -> tuple[int, ...]:
        """Return the definitions with a body, else the last one; () where that is all of them."""
        symbols = self._layout.facts.symbols
        whole = [each for each in indices if symbols[each].body_byte < symbols[each].span.end_byte]
        told = whole or indices[-1:]
        return tuple(told) if told != indices else ()

    def _seen_nowhere(
        self, groups: dict[tuple[int, str], list[int]], bound: set[int]
    ) -> Iterator[tuple[int, str, list[int], Scope]]:
        """Yield the definitions that no place can use which is not looked at."""
        for (owner, name), indices in groups.items():
            if self._rules.given.fullmatch(name):
                continue
            declared = self._declared(owner, indices)
            scopes = {self._scope(index, bound) for index in declared}
            scope = scopes.pop() if len(scopes) == 1 else None
            if scope is not None:
                yield owner, name, indices, scope

    def _declared(self, owner: int, indices: list[int]) -> list[int]:
        """Return the definitions that say who may see the name: in C++ those inside the class."""
        if self._layout.facts.language != "cpp":
            return indices
        symbols = self._layout.facts.symbols
        return [index for index in indices if symbols[index].parent == owner]

    def _scope(self, index: int, bound: set[int]) -> Scope | None:
        """Return how far a definition can be seen, None if it is handed to somebody."""
        facts = self._layout.facts
        symbol = facts.symbols[index]
        if index in self._kept or symbol.kind not in self._rules.kinds or self._is_in_test(index):
            return None
        if not all(self._rules.harmless.fullmatch(each) for each in symbol.decorators):
            return None
        owner = self._layout.owners[index]
        case = Case(
            path=self._path,
            facts=facts,
            source=self._layout.code,
            symbol=symbol,
            owner=facts.symbols[owner] if owner >= 0 else None,
            parent=facts.symbols[symbol.parent] if symbol.parent >= 0 else None,
            bound=index in bound,
            program=self._role.program,
            imported=self._role.imported,
        )
        return self._rules.scope(case)

    def _is_in_test(self, symbol: int) -> bool:
        symbols = self._layout.facts.symbols
        while symbol >= 0:
            if symbols[symbol].test:
                return True
            symbol = symbols[symbol].parent
        return False

    def _ways(self, scope: Scope, *, member: bool) -> frozenset[Way]:
        ways = self._rules.ways.get(scope, frozenset())
        if not member or Way.MEMBER not in ways:
            alone = scope == "folder"  # a package's names are not named after a dot inside of it
            return ways - {Way.MEMBER} if alone else ways
        ways |= {Way.OWN}
        return ways if self._rules.bare_members else ways - {Way.NAME}


def _bound(facts: FileFacts) -> set[int]:
    """Return the symbols that are bound to a name which others can use."""
    return {
        each.symbol
        for each in facts.definitions
        if each.symbol >= 0 and facts.scopes[each.scope].symbol != each.symbol
    }
