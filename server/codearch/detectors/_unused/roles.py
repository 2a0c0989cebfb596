"""What each file is in its workspace: a test, a part of a program, imported by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._unused.candidates import Role
from codearch.detectors._unused.units import Units, tells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codearch.detectors._detector import Project
    from codearch.facts import File


class Roles:
    """What files are, by path."""

    def __init__(self) -> None:
        self._units = Units()
        self._imported: set[str] = set()
        self._of: dict[str, Role] = {}

    def __getitem__(self, path: str) -> Role:
        return self._of[path]

    def guess(self, file: File) -> Role:
        """Return what a file is by what was last known: before any look, that of a library."""
        program = self._units.is_program(file.path, file.language)
        entry = file.test or file.generated
        return Role(entry, program, program and file.path in self._imported)

    def look(self, project: Project, files: Mapping[str, File], gone: Iterable[str]) -> set[str]:
        """Look at these files, which have changed; return which are, or others are, another now."""
        for path in gone:
            self._of.pop(path, None)
        changed = set(files)
        if any(tells(path) for path in (*files, *gone)):
            files = {file.path: file for file in project.files()}
            self._units.read(files.values(), project.source)
        self._imported = self._read_imports(project)
        roles = dict(self._roles(files))
        for path, role in self._of.items():
            imported = role.program and path in self._imported
            if path not in roles and role.imported != imported:
                roles[path] = role._replace(imported=imported)
        changed |= {path for path, role in roles.items() if self._of.get(path) != role}
        self._of |= roles
        return changed

    def _read_imports(self, project: Project) -> set[str]:
        """Return what is imported, where that makes a difference."""
        if not self._units.has_programs:
            return set()
        return {edge.target for edge in project.import_graph() if edge.source != edge.target}

    def _roles(self, files: Mapping[str, File]) -> Iterator[tuple[str, Role]]:
        for path, file in files.items():
            yield path, self.guess(file)
