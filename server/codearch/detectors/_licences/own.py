"""Under which licence each folder of a workspace stands, by manifests and the licences' texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._licences import manifests, texts
from codearch.detectors._licences.files import kept, parents
from codearch.detectors._licences.installed import LICENCE_FILE
from codearch.detectors._licences.spdx import Expression, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codearch.detectors._detector import Project
    from codearch.detectors._licences.manifests import Manifest
    from codearch.detectors._licences.spdx import Licence
    from codearch.facts import File

VENDORED = re.compile(
    r"(?:^|/)(?:_?vendor(?:ed)?|third[_-]?party|3rd[_-]?party|externals?|extern|deps|node_modules"
    r"|bower_components|submodules|contrib)/"
)


class Folder(NamedTuple):
    """What says under which licence a folder stands: its manifests' word, and texts."""

    said: Expression
    manifest: str  # the path of the manifest that says so
    texts: tuple[tuple[str, Licence], ...]  # path and licence of each file that holds one

    @property
    def licence(self) -> Expression:
        """The manifest's word, else what the texts are, to choose from."""
        return self.said or tuple((licence,) for _, licence in self.texts)


class Folders:
    """The folders that have a licence of their own; all others stand under that of a parent."""

    def __init__(self, project: Project, files: Iterable[File]) -> None:
        self.manifests: dict[str, Manifest] = {}
        self._found: dict[str, Folder] = {}
        said: dict[str, tuple[Expression, str]] = {}
        held: dict[str, list[tuple[str, Licence]]] = {}
        for file in files:
            folder, _, name = file.path.rpartition("/")
            if manifests.is_manifest(name):
                manifest = _read_manifest(project, file, name)
                self.manifests[file.path] = manifest
                expression = parse(manifest.licence) if manifest.licence else ()
                if expression and folder not in said:
                    said[folder] = expression, file.path
            elif LICENCE_FILE.fullmatch(name):
                licence = _read_text(project, file)
                if licence is not None:
                    held.setdefault(folder, []).append((file.path, licence))
        for folder in {*said, *held}:
            expression, path = said.get(folder, ((), ""))
            self._found[folder] = Folder(expression, path, tuple(held.get(folder, ())))

    def all(self) -> Mapping[str, Folder]:
        """Return the folders that have a licence of their own."""
        return self._found

    def of(self, path: str) -> tuple[str, Folder] | None:
        """Return the innermost folder around a file that has a licence, and that licence."""
        for folder in parents(path):
            if folder in self._found:
                return folder, self._found[folder]
        return None

    def around(self, folder: str) -> tuple[str, Folder] | None:
        """Return the folder around one that has a licence of its own."""
        return self.of(folder) if folder else None


def _read_manifest(project: Project, file: File, name: str) -> Manifest:
    def make() -> Manifest:
        return manifests.read(name, project.source(file.path).decode("utf-8", "replace"))

    return kept(file.digest, make, ("manifest", name))


def _read_text(project: Project, file: File) -> Licence | None:
    def make() -> Licence | None:
        return texts.of_text(project.source(file.path).decode("utf-8", "replace"))

    return kept(file.digest, make, "text")
