"""Which calls and properties of a file may be wrong, as far as its facts and bytes tell.

A file without such a name costs a look at its calls' names; only one with one is parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from codearch.detectors._security.calls import befores_of
from codearch.detectors._security.handlers import answers
from codearch.detectors._security.tables import (
    PARAMETER,
    Defined,
    Returned,
    Sink,
    Smell,
    Table,
    before_fits,
)

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView
    from codearch.facts import CallFact, SymbolFact

_TOKENS = re.compile(rb"""[()]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
_LOOKED_AT = 80  # bytes behind a callee's name, in which a parameter is looked for
_WORDS = re.compile(r"\w+")
_NEAR_BYTES = 600  # behind a callee's name: most calls end there
_SQL_WORDS = re.compile(
    rb"""["'`(\n][ \t]*(?:select|insert|update|delete|drop|create|alter|replace|truncate"""
    rb"""|SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER|REPLACE|TRUNCATE|Select|Insert|Update|Delete)\s"""
)


@dataclass
class Candidates:
    """The places of one file at which an entry of its language's table may apply."""

    view: FileView
    table: Table

    @cached_property
    def calls(self) -> list[tuple[CallFact, list[tuple[str, Sink | Smell]]]]:
        """The calls that may be wrong as far as facts and bytes tell, with what may be wrong."""
        by_name = self.table.by_name
        facts = self.view.facts
        aliases = {
            each.alias: each.name
            for statement in facts.imports
            for each in statement.names
            if each.alias != each.name and each.name in by_name
        }
        found = []
        for fact in facts.calls:
            name = fact.name if fact.receiver else aliases.get(fact.name, fact.name)
            if name not in by_name or fact.kind in {"reference", "decorator"}:
                continue
            befores = self._befores(fact, name)
            entries = [
                (before, entry)
                for before, entry in by_name[name]
                if before_fits(before, befores, fact.receiver) and self._may_apply(entry, fact)
            ]
            if entries and not self._is_test(fact.caller):
                found.append((fact, entries))
        return found

    def _befores(self, fact: CallFact, name: str) -> tuple[str, ...]:
        if fact.kind == "new":
            return ("new",)
        return tuple(befores_of(self.view.facts, fact.receiver, name, fact))

    @cached_property
    def defined(self) -> list[tuple[SymbolFact, Defined]]:
        """The functions of the file that have a name of the table."""
        if not any(each.name.encode() in self.view.source for each in self.table.defined):
            return []
        return [
            (symbol, entry)
            for at, symbol in enumerate(self.view.facts.symbols)
            for entry in self.table.defined
            if symbol.name == entry.name and not self._is_test(at)
        ]

    @cached_property
    def returned(self) -> list[tuple[SymbolFact, Returned]]:
        """The functions of the file that answer requests, with what they must not give back."""
        source = self.view.source
        entries = [
            each for each in self.table.returned if re.search(each.handler.file.encode(), source)
        ]
        if not entries or not self.marked:
            return []
        return [
            (symbol, entry)
            for at, symbol in enumerate(self.view.facts.symbols)
            if symbol.metrics is not None and symbol.decorators and not self._is_test(at)
            for entry in entries
            if answers(self.view.facts, source, at, entry.handler)
        ]

    @cached_property
    def properties(self) -> dict[str, list[int]]:
        """The places of the names to which something may be assigned."""
        source = self.view.source
        found = {}
        for entry in self.table.properties:
            name = entry.name.encode()
            if entry.name not in found and name in source:
                word = re.compile(rb"(?<![\w$])" + re.escape(name) + rb"""(?=["'\]\s]*[:=+])""")
                found[entry.name] = [match.start() for match in word.finditer(source)]
        return found

    def _is_test(self, symbol: int) -> bool:
        while symbol >= 0:
            if self.view.facts.symbols[symbol].test:
                return True
            symbol = self.view.facts.symbols[symbol].parent
        return False

    def _may_apply(self, entry: Sink | Smell, fact: CallFact) -> bool:
        """Say, from the bytes alone, whether it is worth to look at a call's tree."""
        if entry.rule == "sql" and not self.has_sql and not self._passes_on(fact):
            return False
        far = (
            isinstance(entry, Sink)
            and PARAMETER not in entry.sources
            and not entry.parameters
            and not self.marked
        )
        if far and not (self.used_by_marked and self._passes_on(fact)):
            return False
        if isinstance(entry, Sink) and not re.search(entry.receiver, fact.receiver):
            return False
        if not entry.when:
            return True
        near = _arguments_at(self.view.source, fact.span.end_byte)
        return near is None or re.search(entry.when, near) is not None

    def _passes_on(self, fact: CallFact) -> bool:
        """Say whether a call's first arguments name a parameter of the function around it."""
        if fact.caller < 0:
            return False
        start = fact.span.end_byte
        near = self.view.source[start : start + _LOOKED_AT].decode(errors="replace")
        words = set(_WORDS.findall(near))
        return any(each.name in words for each in self.view.facts.symbols[fact.caller].parameters)

    @cached_property
    def used_by_marked(self) -> bool:
        """Whether a file that imports this one names a source other than parameters."""
        project = self.view.project
        if project is None:
            return False
        return any(True for _ in project.importers_naming(self.view.path, self.table.markers))

    @cached_property
    def marked(self) -> bool:
        """Whether the file names a source other than parameters."""
        source = self.view.source
        if not any(each in source for each in self.table.markers):
            return False
        return any(
            pattern.search(source) for pattern in (*self.table.source_bytes, self.table.lead_bytes)
        )

    @cached_property
    def has_sql(self) -> bool:
        """Whether the file holds what looks like SQL."""
        return _SQL_WORDS.search(self.view.source) is not None


def _arguments_at(source: bytes, start: int) -> str | None:
    """Return the text of the arguments that begin at a byte, None where their end is not near."""
    near = source[start : start + _NEAR_BYTES]
    if not near.startswith(b"("):
        return None
    depth = 0
    for token in _TOKENS.finditer(near):
        if token.group() == b"(":
            depth += 1
        elif token.group() == b")":
            depth -= 1
            if depth == 0:
                return near[: token.end()].decode(errors="replace")
    return None
