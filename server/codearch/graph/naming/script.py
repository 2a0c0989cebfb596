"""JavaScript and TypeScript: modules are files, found as Node, TypeScript and bundlers find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.lookup import defined_in_file
from codearch.graph.meaning import EXTERNAL, UNKNOWN, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._packages import packaged
from codearch.graph.naming._tsconfig import mapped

if TYPE_CHECKING:
    from codearch.facts import Import, ImportedName
    from codearch.graph.atlas import Atlas, View

LANGUAGES = frozenset({"javascript", "typescript", "tsx", "jsx"})
ENDINGS = (
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".d.ts",
    ".vue",
    ".svelte",
    ".json",
)
# What is written with the first ending may stand in a file with one of the others.
WRITTEN_FOR = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}


def module(atlas: Atlas, path: str, each: Import, _owner: int = -1) -> Meaning | None:
    """Return the file that an import specifier means in this file."""
    folder = path.rpartition("/")[0]
    key = ("script module", folder, each.module)
    return atlas.once(key, lambda: _module(atlas, folder, each.module))


def _module(atlas: Atlas, folder: str, specifier: str) -> Meaning:
    specifier = specifier.partition("?")[0]
    if specifier.startswith("."):
        target = _joined(folder, specifier)
        found = file_at(atlas, target) if target is not None else None
        return Meaning("file", found) if found else UNKNOWN
    candidates = [*mapped(atlas, folder, specifier), *packaged(atlas, folder, specifier)]
    for candidate in candidates:
        found = file_at(atlas, candidate)
        if found:
            return Meaning("file", found)
    return UNKNOWN if candidates else EXTERNAL


def _joined(folder: str, relative: str) -> str | None:
    """Return the path that `./a/../b` means in a folder, None where it leaves the root."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {".", ""}:
            parts.append(part)
    return "/".join(parts)


def file_at(atlas: Atlas, path: str) -> str | None:
    """Return the file for a path without extension, of a folder, or with another's extension."""
    if path and atlas.has(path):
        return path
    stem, dot, ending = path.rpartition(".")
    for other in WRITTEN_FOR.get(dot + ending, ()):
        if atlas.has(stem + other):
            return stem + other
    for ending in ENDINGS:
        if atlas.has(path + ending):
            return path + ending
    prefix = path + "/" if path else ""
    for ending in ENDINGS:
        if atlas.has(prefix + "index" + ending):
            return prefix + "index" + ending
    return None


def bound(
    atlas: Atlas, path: str, each: Import, name: ImportedName, sought: Sought, _owner: int
) -> Meaning | None:
    """Return what an import binds: the module as a whole, or one of its exports."""
    source = module(atlas, path, each)
    if source is None or source.what != "file":
        return source
    if name.name in {"", "*"}:
        whole = _whole(atlas, source) if each.kind in {"require", "dynamic", "import"} else None
        return whole if whole is not None and name.name == "" else source
    return inside(atlas, source, sought._replace(name=name.name))


def _whole(atlas: Atlas, source: Meaning) -> Meaning | None:
    """Return the function or class that `module.exports = ...` makes the whole module."""
    view = atlas.view(source.path)
    if view is None or "default" not in view.outline.exports:
        return None
    return inside(atlas, source, Sought("default"))


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a file exports under a name; `default` is the default export."""
    key = ("script export", owner.path, owner.symbol, name)
    return atlas.once(key, lambda: _export(atlas, owner, name))


def _export(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    view = atlas.view(owner.path)
    if view is None:
        return None
    if owner.symbol >= 0:
        inner = view.child(owner.symbol, name.name)
        return Meaning("symbol", owner.path, inner[0]) if inner else None
    if name.name == "default":
        return _default(atlas, view, name)
    found = _reexported(atlas, view, name)
    return found or defined_in_file(atlas, owner.path, name)


def _reexported(atlas: Atlas, view: View, name: Sought) -> Meaning | None:
    for each in view.outline.imports:
        if not each.reexport:
            continue
        for exported in each.names:
            if exported.alias == name.name and exported.name:
                source = module(atlas, view.path, each)
                if source is None or source.what != "file" or exported.name == "*":
                    return source
                return inside(atlas, source, name._replace(name=exported.name))
    return None


def _default(atlas: Atlas, view: View, name: Sought) -> Meaning | None:
    """Return the default export: what is named so, or else the one thing that the file exports."""
    found = _reexported(atlas, view, name)
    if found is not None:
        return found
    if "default" in view.top:
        return Meaning("symbol", view.path, view.top["default"][0])
    exported = [
        index
        for indices in view.top.values()
        for index in indices
        if view.outline.members[index].exported
    ]
    stem = view.path.rpartition("/")[2].partition(".")[0]
    named = [index for index in exported if _alike(view.outline.members[index].name, stem)]
    chosen = named or exported
    if len(chosen) == 1:
        return Meaning("symbol", view.path, chosen[0], 0.9 if named else 0.85)
    return UNKNOWN


def _alike(name: str, stem: str) -> bool:
    return name.lower() == "".join(c for c in stem.lower() if c.isalnum() or c in "_$")


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    bound=bound,
    inside=inside,
    self_words=frozenset({"this"}),
    super_words=frozenset({"super"}),
)
