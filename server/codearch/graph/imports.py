"""Imports to files: what a file depends on, at load time or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.lookup import type_at
from codearch.graph.meaning import ImportAt, Sought
from codearch.graph.resolution import ResolvedBase, ResolvedCall, ResolvedImport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.graph.calls import Reading


SURE = 0.8


def files_used(
    reading: Reading, calls: Sequence[ResolvedCall], bases: Sequence[ResolvedBase]
) -> set[str]:
    """Return the files that calls, bases and written types go to for certain."""
    used = {each.path for each in calls if each.confidence >= SURE}
    used |= {each.path for each in bases if each.confidence >= SURE}
    if reading.naming.packages:
        found = (type_at(reading.atlas, reading.path, -1, each) for each in _types(reading))
        used |= {each.path for each in found if each is not None and each.what == "instance"}
    return used - {reading.path}


def _types(reading: Reading) -> set[str]:
    """Return the types that a file writes for variables, parameters and results."""
    written = {each.type for each in reading.facts.definitions}
    for symbol in reading.facts.symbols:
        written.add(symbol.returns)
        written |= {parameter.type for parameter in symbol.parameters}
    return written - {""}


def resolve_imports(reading: Reading, used: set[str]) -> list[ResolvedImport]:
    """Return the files that each import makes this file depend on, none for external ones."""
    found = []
    owners = reading.view.outline.owners
    for index, (each, owner) in enumerate(zip(reading.facts.imports, owners, strict=True)):
        targets = sorted(_targets(reading, ImportAt(reading.path, each, owner), used))
        targets = [target for target in targets if target != reading.path]
        found.append(ResolvedImport(index, tuple(targets), each.type_only or each.deferred))
    return found


def _targets(reading: Reading, at: ImportAt, used: set[str]) -> set[str]:
    naming = reading.naming
    module = naming.module(reading.atlas, at)
    if module is None or module.what in {"external", "unknown"}:
        return set()
    if module.what == "symbol":
        return {module.path}
    found: set[str] = set()
    for bound in at.each.names:
        if bound.name in {"", "*", "default"}:
            continue
        inner = naming.inside(reading.atlas, module, Sought(bound.name))
        if inner is not None and inner.path and (inner.what == "file" or module.what == "package"):
            found.add(inner.path if inner.what != "package" else "")
        elif module.what == "file":
            found.add(module.path)
    found.discard("")
    if module.what == "file" and (
        not found or any(b.name in {"", "*", "default"} for b in at.each.names)
    ):
        found.add(module.path)
    if module.what == "package" and not found:
        found = naming.package_files(reading.atlas, module, used)
    return found


def neighbours_of(imports: Iterable[ResolvedImport], used: set[str]) -> tuple[str, ...]:
    """Return the files that a file uses without an import of them."""
    imported = {target for each in imports for target in each.targets}
    return tuple(sorted(used - imported))
