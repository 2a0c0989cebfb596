"""What one file says: the definitions that may be unused, and what is mentioned where in it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._unused import inward, mentions, outward
from codearch.detectors._unused.candidates import Candidate, Candidates, Role
from codearch.detectors._unused.layout import Layout
from codearch.detectors._unused.mentions import Way
from codearch.detectors._unused.rules import PROSE, RULES
from codearch.detectors._unused.scopes import SOURCES
from codearch.facts import TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._unused.layout import Stretches
    from codearch.detectors._unused.remarks import Remarks
    from codearch.detectors._unused.stems import Stem
    from codearch.facts import FileFacts, Import


class Text(NamedTuple):
    """A source file; `code` stands for what it is without comments, b"" for nothing."""

    path: str
    facts: FileFacts
    source: bytes
    code: bytes = b""


class Inherited(NamedTuple):
    """`self.name` in a type that does not define it; type "" for a function outside of types."""

    region: int
    type: str
    name: str


class Sheet:
    """A source file, read as far as is asked.

    A region is a candidate's own text, -1 is all that is no candidate's.
    """

    def __init__(self, text: Text, role: Role, remarks: Remarks) -> None:
        self._path, self._facts, self._role = text.path, text.facts, role
        self._layout = Layout(text.facts, text.source)
        self._candidates = Candidates(text.path, self._layout, role, remarks)

    @property
    def candidates(self) -> list[Candidate]:
        """The definitions that are used by somebody or are dead."""
        return self._candidates.all

    @functools.cached_property
    def _regions(self) -> Stretches:
        return self._layout.stretches(self._candidates.around)

    @functools.cached_property
    def _tokens(self) -> outward.Tokens:
        return outward.tokens_of(self._layout, self._regions)

    def links(self) -> set[tuple[int, int]]:
        """Return each region with the candidates here that it mentions, or may put together."""
        if not self.candidates:
            return set()
        found = set(inward.links(self._layout, self._candidates, self._regions))
        for stem in self.stems:
            fitting = (n for n, each in enumerate(self.candidates) if stem.fits(each.name))
            found.update((stem.region, number) for number in fitting if self._may_be_put(number))
        return found

    def _may_be_put(self, number: int) -> bool:
        """Say whether a candidate's name may be put together in its own file."""
        if not RULES[self._facts.language].puts_members:
            return True
        each = self.candidates[number]
        member = bool(each.symbols) and self._layout.is_member(each.symbols[0])
        return each.scope == "importers" or member

    @functools.cached_property
    def stems(self) -> list[Stem]:
        """The beginnings and ends of names that are put together here."""
        if not outward.puts_together(self._layout):
            return []
        return sorted(set(outward.put_together(self._layout, self._regions, lambda: self._tokens)))

    def mentioned(self) -> set[tuple[int, int]]:
        """Return each region with the numbers of names that are mentioned in it, and ways."""
        found = outward.mentioned(
            self._path, self._layout, self._regions, self._tokens, test=self._role.entry
        )
        return set(found)

    def bases(self) -> Iterator[tuple[str, str]]:
        """Yield each type that others override or call what it has, with each of its bases."""
        if RULES[self._facts.language].overridable:
            for symbol in self._facts.symbols:
                if symbol.kind in TYPE_KINDS:
                    yield symbol.name, ""
                    yield from ((symbol.name, _base_name(each)) for each in symbol.bases)

    def members(self) -> Iterator[tuple[str, str]]:
        """Yield the members of such types, each after the name of its type."""
        if RULES[self._facts.language].overridable:
            for index, names in self._layout.members.items():
                owner = self._facts.symbols[index].name
                yield from ((owner, name) for name in names)

    def inherited(self) -> Iterator[Inherited]:
        """Yield what objects are asked for by their own types, which do not define it."""
        if RULES[self._facts.language].overridable:
            for region, around, name in outward.own_members(self._layout, self._regions):
                type_name = self._facts.symbols[around].name if around >= 0 else ""
                yield Inherited(region, type_name, name)

    def included(self) -> list[str]:
        """Return the names of C's source files that it includes."""
        found = (each for each in self._facts.imports if _is_c(each))
        return sorted({each.module.rpartition("/")[2] for each in found})


def named_in_text(source: bytes, language: str) -> tuple[set[str], Way]:
    """Return what a file in a language without rules names, and in which way."""
    if language in PROSE:
        return mentions.names_in_prose(source), Way.PROSE
    return mentions.names_in_other(source), Way.OTHER


def _is_c(each: Import) -> bool:
    """Say whether a C file takes in another that is compiled by itself otherwise."""
    return each.kind == "include" and SOURCES.fullmatch(each.module.lower()) is not None


def _base_name(base: str) -> str:
    bare = base.rpartition("=")[2].partition("[")[0].partition("(")[0].partition("<")[0]
    return bare.rpartition(".")[2].strip()
