"""What one file says: the definitions that may be unused, and what is mentioned where in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.detectors._unused import inward, mentions, outward
from codearch.detectors._unused.candidates import Candidate, Candidates, Role
from codearch.detectors._unused.layout import Layout
from codearch.detectors._unused.mentions import Way, key
from codearch.detectors._unused.rules import PROSE, RULES
from codearch.detectors._unused.scopes import SOURCES
from codearch.facts import TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from codearch.detectors._unused.layout import Stretches
    from codearch.detectors._unused.stems import Stem
    from codearch.facts import FileFacts, Import


class TypeOutline(NamedTuple):
    """A type as others override or call what it has."""

    name: str
    bases: tuple[str, ...]  # last names
    members: tuple[str, ...]


class Inherited(NamedTuple):
    """`self.name` in a type that does not define it; type "" for a function outside of types."""

    region: int
    type: str
    name: str


class Sheet(NamedTuple):
    """What a file says; a region is a candidate's own text, -1 is all that is no candidate's."""

    candidates: tuple[Candidate, ...]
    regions: NDArray[np.int32]
    keys: NDArray[np.uint32]  # mentioned in the region of the same place
    links: tuple[tuple[int, int], ...] = ()  # region, and the candidate here that it mentions
    types: tuple[TypeOutline, ...] = ()
    stems: tuple[Stem, ...] = ()
    inherited: tuple[Inherited, ...] = ()
    included: tuple[str, ...] = ()  # names of C's source files that it includes


def sheet_of_text(source: bytes, language: str) -> Sheet:
    """Return what a file in a language without rules says."""
    if language in PROSE:
        names, way = mentions.names_in_prose(source), Way.PROSE
    else:
        names, way = mentions.names_in_other(source), Way.OTHER
    keys = np.array(sorted({key(name, way) for name in names}), np.uint32)
    return Sheet((), np.full(len(keys), -1, np.int32), keys)


def sheet_of_source(path: str, facts: FileFacts, source: bytes, role: Role) -> Sheet:
    """Return what a source file says."""
    layout = Layout(facts, source)
    candidates = Candidates(path, layout, role)
    regions = layout.stretches(candidates.around)
    tokens = outward.tokens_of(layout, regions)
    pairs = sorted(set(outward.mentioned(path, layout, regions, tokens, test=role.entry)))
    return Sheet(
        tuple(candidates.all),
        np.array([region for region, _ in pairs], np.int32),
        np.array([each for _, each in pairs], np.uint32),
        tuple(sorted(set(inward.links(layout, candidates, regions)))),
        tuple(_types(layout)),
        tuple(sorted(set(outward.put_together(layout, regions, tokens)))),
        tuple(sorted(set(_inherited(layout, regions)))),
        tuple(sorted({each.module.rpartition("/")[2] for each in facts.imports if _is_c(each)})),
    )


def _types(layout: Layout) -> Iterator[TypeOutline]:
    if not RULES[layout.facts.language].overridable:
        return
    for index, symbol in enumerate(layout.facts.symbols):
        if symbol.kind in TYPE_KINDS:
            bases = tuple(_base_name(each) for each in symbol.bases)
            yield TypeOutline(symbol.name, bases, tuple(layout.members.get(index, ())))


def _inherited(layout: Layout, regions: Stretches) -> Iterator[Inherited]:
    if RULES[layout.facts.language].overridable:
        for region, around, name in outward.own_members(layout, regions):
            type_name = layout.facts.symbols[around].name if around >= 0 else ""
            yield Inherited(region, type_name, name)


def _is_c(each: Import) -> bool:
    """Say whether a C file takes in another that is compiled by itself otherwise."""
    return each.kind == "include" and SOURCES.fullmatch(each.module.lower()) is not None


def _base_name(base: str) -> str:
    bare = base.rpartition("=")[2].partition("[")[0].partition("(")[0].partition("<")[0]
    return bare.rpartition(".")[2].strip()
