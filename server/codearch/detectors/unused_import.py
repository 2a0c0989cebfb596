"""Imports whose name the file never uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors import _import_marks
from codearch.detectors._detector import Draft, FileDetector, FileView
from codearch.detectors._import_edits import clause_span, removal
from codearch.detectors._imported import unread
from codearch.detectors._kept_imports import KEPT, read_as_text
from codearch.detectors._kept_python import looks_names_up
from codearch.detectors._unused_namespaces import unused_namespaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import Import, ImportedName


_EXPANDING = frozenset({"rust", "go", "csharp"})  # macros, cgo, generators: any text may be a use


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each imported name that nothing reads and that has no other purpose."""
    found, namespaces = list(unread(file.facts)), list(unused_namespaces(file))
    if not found and not namespaces:
        return
    silent = _import_marks.silent_lines(file)
    uncertain = bool(file.facts.errors) or looks_names_up(file.facts)
    uncertain = uncertain or file.facts.language in _EXPANDING
    kept = KEPT[file.facts.language]
    for imported in found:
        definition, statement, name = imported
        if uncertain and read_as_text(file, definition.name):
            continue
        if not _is_meant(file, silent, statement, name) and not kept(file, imported):
            yield _draft(file, statement, name)
    for statement, name in namespaces:
        if not _is_meant(file, silent, statement, name):
            yield _draft(file, statement, name)


def _is_meant(
    file: FileView, silent: frozenset[int], statement: Import, name: ImportedName
) -> bool:
    """Say whether a person's word or a linter's mark keeps an import."""
    lines = _import_marks.lines_of(statement, name)
    return not silent.isdisjoint(lines) or _import_marks.intended(file, statement, name)


def _draft(file: FileView, statement: Import, name: ImportedName) -> Draft:
    return Draft(
        span=clause_span(file, statement, name),
        message=f"{_described(statement, name)} is imported and never used",
        key=f"{statement.module}:{name.name}:{name.alias}",
        fix=removal(file, statement, name),
    )


def _described(statement: Import, name: ImportedName) -> str:
    whole = name.name if name.name not in {"", "default", "*"} else statement.module
    if whole.startswith(f"{name.alias}."):
        return f"`{whole}`"
    if not name.alias:
        return f"`{whole}`"
    if whole == name.alias or whole.endswith((f".{name.alias}", f"/{name.alias}")):
        return f"`{name.alias if name.name else whole}`"
    return f"`{whole}` (as `{name.alias}`)"


_SCRIPT_SERVERS = "tsserver (as a hint), ESLint"
DETECTOR = FileDetector(
    id="unused-import",
    category="dead-code",
    severity=2,
    languages=frozenset(KEPT),
    summary="Imports whose name the file never uses.",
    why=(
        "They tell readers of a dependency that is not there, cost time at every start, and keep "
        "modules alive. Names that are passed on (`__all__`, `__init__.py`, `import a as a`, other "
        "files that take them from here), type comments and annotations, doc links, probes in "
        "`try`, imports for side effects, JSX, and what a linter's mark keeps are left alone; so "
        "are what may be a trait in Rust, Go's packages of other names, and namespaces in C#, but "
        "for those of its library whose names are easily told."
    ),
    example="import os  # and no `os` in the rest of the file",
    effort_hours=0.05,
    reported_by={
        "python": "Pyright and Pylance (as a hint), Ruff",
        "javascript": _SCRIPT_SERVERS,
        "typescript": _SCRIPT_SERVERS,
        "java": "Eclipse JDT LS",
        "csharp": "Roslyn and OmniSharp (as a hint)",
        "go": "gopls (as an error)",
        "rust": "rust-analyzer (through `cargo check`)",
    },
    check=check,
)
