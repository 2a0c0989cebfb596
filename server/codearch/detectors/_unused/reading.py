"""Reads what the files of a workspace say, and keeps it while they stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._unused.candidates import Role
from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.sheet import sheet_of_source, sheet_of_text
from codearch.detectors._unused.units import Units

if TYPE_CHECKING:
    from codearch.detectors._detector import Project
    from codearch.detectors._unused.sheet import Sheet
    from codearch.facts import File

_State = tuple[str, str, Role]  # digest, language, what it is here


class Seen:
    """What is known of files, by path."""

    def __init__(self) -> None:
        self.sheets: dict[str, tuple[_State, Sheet]] = {}
        self.units = Units()


def read(project: Project, seen: Seen) -> dict[str, Sheet]:
    """Return what each file says; those that have changed since are read anew."""
    files = project.files()
    seen.units.read(files, project.source)
    imported = {edge.target for edge in project.import_graph() if edge.source != edge.target}
    found: dict[str, tuple[_State, Sheet]] = {}
    for file in files:
        program = seen.units.is_program(file.path, file.language)
        role = Role(file.test or file.generated, program, program and file.path in imported)
        state = file.digest, file.language, role
        known = seen.sheets.get(file.path)
        if known is None or known[0] != state or not file.digest:
            project.check_cancelled()
            known = seen.sheets[file.path] = state, _sheet(project, file, role)
        found[file.path] = known
    seen.sheets = found
    return {path: sheet for path, (_, sheet) in found.items()}


def _sheet(project: Project, file: File, role: Role) -> Sheet:
    source = project.source(file.path)
    if file.language not in RULES:
        return sheet_of_text(source, file.language)
    return sheet_of_source(file.path, project.facts(file.path), source, role)
