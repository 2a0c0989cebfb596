"""What the callers of a function give a parameter, in its own file and in those that import it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._security.calls import Site, Sites
from codearch.detectors._security.functions import Functions
from codearch.detectors._security.reader import Reader
from codearch.detectors._security.tables import PARAMETER, Table
from codearch.detectors._security.values import Origin, Value
from codearch.flow import read
from codearch.languages import by_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView, Project
    from codearch.facts import FileFacts, SymbolFact
    from codearch.flow import Program

_MOST_CALLS = 12
_MOST_FILES = 6  # others than its own, that name the function


@dataclass(frozen=True)
class Given:
    """What one caller gives: where, and what is known of it."""

    path: str
    site: Site
    value: Value


def reader_of(program: Program, facts: FileFacts, table: Table) -> Reader | None:
    """Return what follows the values of a file, None where it has no tree."""
    root, flows = program.root, program.flows
    if root is None or flows is None:
        return None
    sites = Sites(program, facts, table)
    return Reader(Functions(program, root, flows, facts, table, sites))


def given_to(view: FileView, reader: Reader, origin: Origin) -> list[Given]:
    """Return what the known callers of the function give a parameter; empty if none is known."""
    index = reader.functions.symbol_of(origin.function)
    if index < 0:
        return []
    symbol = reader.facts.symbols[index]
    names = [each.name for each in symbol.parameters]
    if names and names[0] in reader.flows.self_words:
        names = names[1:]
    name = origin.node.text.decode() if origin.node.text else ""
    if name not in names:
        return []
    found = [_given(view.path, reader, site, name, names) for site in _sites(reader, symbol, index)]
    if view.project is not None and symbol.exported and len(found) < _MOST_CALLS:
        for path, other in _importing(view.project, view.path, symbol, reader.table):
            for fact in other.facts.calls:
                if fact.name == symbol.name and fact.kind in {"call", "new"}:
                    site = other.sites.of_fact(fact)
                    if site is not None:
                        found.append(_given(path, other, site, name, names))
    return found[:_MOST_CALLS]


def _given(path: str, reader: Reader, site: Site, name: str, names: list[str]) -> Given:
    argument = site.of_parameter(name, names)
    if argument is None:  # its default, which is a constant as a rule
        return Given(path, site, Value(constant=not _spreads(site)))
    return Given(path, site, reader.value(argument))


def _spreads(site: Site) -> bool:
    return any("splat" in each.type or "spread" in each.type for each in site.positional)


def _sites(reader: Reader, symbol: SymbolFact, index: int) -> Iterator[Site]:
    own = symbol.container.rpartition(".")[2]
    for fact in reader.facts.calls:
        if fact.name != symbol.name or fact.kind not in {"call", "new"}:
            continue
        site = reader.sites.of_fact(fact)
        if site is None:
            continue
        if not site.receiver_text and fact.definition >= 0:
            if reader.facts.definitions[fact.definition].symbol != index:
                continue
        elif site.receiver_text and own:
            mine = site.receiver_text in reader.flows.self_words
            if not mine and fact.receiver_type.lstrip("*& ") != own and site.receiver_text != own:
                continue
        elif bool(site.receiver_text) != bool(own) and not (own and not site.receiver_text):
            continue
        yield site


def _importing(
    project: Project, path: str, symbol: SymbolFact, table: Table
) -> Iterator[tuple[str, Reader]]:
    looked = 0
    for importer, source in project.importers_naming(path, [symbol.name.encode()]):
        file = project.file(importer)
        if file is None or file.test:
            continue
        facts = project.facts(importer)
        if not any(call.name == symbol.name for call in facts.calls):
            continue
        looked += 1
        reader = reader_of(read(source, by_name(facts.language), facts), facts, table)
        if reader is not None:
            yield importer, reader
        if looked >= _MOST_FILES:
            return


def is_private(reader: Reader, origin: Origin) -> bool:
    """Say whether all callers of the function are in its file, as far as the language knows."""
    index = reader.functions.symbol_of(origin.function)
    if index < 0:
        return False
    symbol = reader.facts.symbols[index]
    return not symbol.exported or (symbol.name.startswith("_") and not symbol.name.endswith("__"))


def only_constants(given: list[Given]) -> bool:
    """Say whether there are callers, and all of them pass constants."""
    return bool(given) and all(each.value.constant for each in given)


def worst(given: list[Given]) -> tuple[Given, Origin] | None:
    """Return the caller that passes on what somebody far away chose, or that composes a text."""
    found = [(each, origin) for each in given for origin in each.value.origins]
    for each, origin in found:
        if origin.kind != PARAMETER:
            return each, origin
    return next(((each, origin) for each, origin in found if origin.composed), None)
