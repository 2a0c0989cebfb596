"""Go: a package is a folder; go.mod says which import path a folder has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.graph.common import words
from codearch.graph.lookup import value_of
from codearch.graph.meaning import EXTERNAL, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._places import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from codearch.facts import ImportedName
    from codearch.graph.atlas import Atlas
    from codearch.graph.workspace import Place

BUILT_IN = words(
    """
    append cap clear close complex copy delete imag len make max min new panic print println real
    recover any bool byte comparable complex64 complex128 error float32 float64 int int8 int16
    int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr true false iota nil
    """
)
_MODULE = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the folder of an imported package, EXTERNAL where no module here has it."""
    return atlas.once(("go package", at.each.module), lambda: _folder_of(atlas, at.each.module))


def _folder_of(atlas: Atlas, imported: str) -> Meaning:
    for name, home in _modules(atlas):
        if imported == name or imported.startswith(name + "/"):
            parts = [part for part in (home, imported[len(name) + 1 :]) if part]
            folder = "/".join(parts)
            if _sources(atlas, folder):
                return _package(folder)
    for root in ("vendor/", "src/", ""):
        if not root and _modules(atlas):
            break
        if _sources(atlas, root + imported):
            return _package(root + imported)
    return EXTERNAL


def _modules(atlas: Atlas) -> list[tuple[str, str]]:
    """Return name and folder of each module of the workspace, the longest name first."""

    def read() -> list[tuple[str, str]]:
        found = []
        for path, text in atlas.configs("go.mod"):
            match = _MODULE.search(text)
            if match:
                found.append((match.group(1), path.rpartition("/")[0]))
        return sorted(found, key=lambda each: (-len(each[0]), each[1]))

    return atlas.once(("go modules",), read) or []


def _package(folder: str) -> Meaning:
    return Meaning("package", folder, language="go")


def _sources(atlas: Atlas, folder: str) -> list[str]:
    return [path for path in atlas.paths_in(folder) if path.endswith(".go")]


def bound(atlas: Atlas, at: ImportAt, _name: ImportedName, _sought: Sought) -> Meaning | None:
    """Return the package: Go's imports bind nothing else."""
    return module(atlas, at)


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return the top-level definition of this name in a package, tests left out."""
    return _in_folder(atlas, owner.path, owner.path + "/", name)


def around(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what the file's own package defines, or EXTERNAL for a predeclared name."""
    found = _in_folder(atlas, path.rpartition("/")[0], path, name)
    if found is not None:
        return found
    found = _by_package_name(atlas, path, name.name)
    if found is not None:
        return found
    return EXTERNAL if name.name in BUILT_IN else None


def _by_package_name(atlas: Atlas, path: str, name: str) -> Meaning | None:
    """Return the imported package that calls itself so, though its folder has another name."""
    view = atlas.view(path)
    for each in view.outline.imports if view else ():
        folder = module(atlas, ImportAt(path, each, -1))
        if folder is None or folder.what != "package":
            continue
        sources = _sources(atlas, folder.path)
        first = atlas.view(sources[0]) if sources else None
        if first is not None and first.outline.package == name:
            return folder
    return None


def _in_folder(atlas: Atlas, folder: str, near: str, name: Sought) -> Meaning | None:
    tests = near.endswith("_test.go")
    places = [
        place
        for place in atlas.defining(name.name)
        if not place.container
        and place.language == "go"
        and place.path.rpartition("/")[0] == folder
        and (tests or not place.path.endswith("_test.go"))
    ]
    found = chosen(atlas, places, near, name)
    return found if found is not None else _variable(atlas, folder, name)


def _variable(atlas: Atlas, folder: str, name: Sought) -> Meaning | None:
    """Return the value of a package's variable, if a file of the folder binds it with a type."""
    for path in _sources(atlas, folder):
        view = atlas.view(path)
        binding = view.bindings.get((-1, name.name)) if view else None
        if binding is not None and binding.imported < 0:
            return value_of(atlas, path, -1, binding.type) if binding.type else None
    return None


def scattered(atlas: Atlas, owner: Meaning, name: Sought) -> Sequence[Meaning]:
    """Return the method of this name that any file of the type's folder declares for it."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    folder = owner.path.rpartition("/")[0]
    type_name = view.outline.members[owner.symbol].name
    places = [place for place in atlas.defining(name.name) if _is_method(place, folder, type_name)]
    found = chosen(atlas, places, owner.path, name)
    return (found,) if found else ()


def _is_method(place: Place, folder: str, type_name: str) -> bool:
    return (
        place.container.rpartition(".")[2] == type_name
        and place.language == "go"
        and place.path.rpartition("/")[0] == folder
    )


def package_files(atlas: Atlas, package: Meaning, used: Set[str]) -> set[str]:
    """Return the used files of a package, all but tests where none is seen to be used."""
    sources = [each for each in _sources(atlas, package.path) if not each.endswith("_test.go")]
    return {source for source in sources if source in used} or set(sources)


NAMING = Naming(
    languages=frozenset({"go"}),
    module=module,
    bound=bound,
    inside=inside,
    around=around,
    scattered=scattered,
    package_files=package_files,
    packages=True,
    self_words=frozenset(),
    super_words=frozenset(),
)
