"""JavaScript and TypeScript: modules are files, found as Node and TypeScript find them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.graph.common import words
from codearch.graph.expressions import steps
from codearch.graph.lookup import (
    defined_in_file,
    expression_at,
    follow,
    name_in_namespace,
)
from codearch.graph.meaning import EXTERNAL, UNKNOWN, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._packages import entries_of, packaged, unbuilt
from codearch.graph.naming._tsconfig import mapped
from codearch.graph.overloads import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import ImportedName
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
GLOBALS = words(
    """
    AbortController Array ArrayBuffer BigInt Blob Boolean Buffer DataView Date Error Event
    EventTarget File FormData Function Headers Infinity Intl JSON Map Math NaN Number Object
    Promise Proxy RangeError Reflect RegExp Request Response Set String Symbol SyntaxError
    TextDecoder TextEncoder TypeError URL URLSearchParams Uint8Array WeakMap WeakSet WebSocket
    Worker __dirname __filename afterAll afterEach alert atob beforeAll beforeEach btoa
    clearInterval clearTimeout console crypto decodeURIComponent describe document
    encodeURIComponent
    expect fetch global globalThis history isFinite isNaN it jest localStorage location navigator
    parseFloat parseInt performance process queueMicrotask require self setImmediate setInterval
    setTimeout structuredClone test undefined vi window
    """
)
# What is written with the first ending may stand in a file with one of the others.
WRITTEN_FOR = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the file that an import specifier means in this file."""
    folder = at.path.rpartition("/")[0]
    key = ("script module", folder, at.each.module)
    return atlas.once(key, lambda: _module(atlas, folder, at.each.module))


def _module(atlas: Atlas, folder: str, specifier: str) -> Meaning:
    specifier = specifier.partition("?")[0]
    if specifier.startswith("."):
        target = _joined(folder, specifier)
        if target is None:
            return UNKNOWN
        candidates = [target, *entries_of(atlas, target), *unbuilt(target)]
    else:
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


_LOADED = re.compile(
    r"""\(?\s*(?:await\s+)?(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)\s*\)?(.*)""", re.DOTALL
)


def loaded(atlas: Atlas, path: str, expression: str) -> Meaning | None:
    """Return what `require("./a")`, `(await import("./a")).b` and the like give."""
    match = _LOADED.fullmatch(expression)
    if match is None:
        return None
    source = _module(atlas, path.rpartition("/")[0], match.group(1))
    if source.what != "file":
        return source
    rest = steps("module" + match.group(2))
    if "require" in expression.partition("(")[0] or "require(" in expression:
        whole = _exported_value(atlas, source.path, Sought("default"))
        source = whole if whole is not None and whole.what != "unknown" else source
    return follow(atlas, path, source, rest[1:]) if rest else UNKNOWN


def bound(atlas: Atlas, at: ImportAt, name: ImportedName, sought: Sought) -> Meaning | None:
    """Return what an import binds: the module as a whole, or one of its exports."""
    source = module(atlas, at)
    if source is None or source.what != "file":
        return source
    if name.name == "":  # require gives what `module.exports = ...` was set to
        whole = _exported_value(atlas, source.path, sought._replace(name="default"))
        return whole if whole is not None and whole.what != "unknown" else source
    if name.name == "*":
        return source
    return inside(atlas, source, sought._replace(name=name.name))


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a file exports under a name, or what an object or namespace in it holds."""
    key = ("script export", owner.path, owner.symbol, owner.inner, name)
    return atlas.once(key, lambda: _inside(atlas, owner, name))


def _inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    view = atlas.view(owner.path)
    if view is None:
        return None
    if owner.symbol >= 0:
        return name_in_namespace(atlas, owner, name)
    if owner.inner:
        return _held(view, owner.inner, atlas, name)
    found = _exported_value(atlas, owner.path, name) or _reexported(atlas, view, name)
    if found is None and name.name == "default":
        return _default(atlas, view, name)
    return found or defined_in_file(atlas, owner.path, name)


def _held(view: View, holder: str, atlas: Atlas, name: Sought) -> Meaning | None:
    """Return a function that an object literal holds, or an object inside it."""
    found = pick(atlas, view, view.held.get(holder, {}).get(name.name, ()), name)
    if found is None and f"{holder}.{name.name}" in view.held:
        return Meaning("file", view.path, inner=f"{holder}.{name.name}")
    return found or UNKNOWN


def _exported_value(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what an export stands for that was given another name, or a value."""
    view = atlas.view(path)
    binding = view.bindings.get((-1, f"exports.{name.name}")) if view else None
    if binding is None:
        return None
    if binding.value.isidentifier():
        return defined_in_file(atlas, path, name._replace(name=binding.value)) or UNKNOWN
    return expression_at(atlas, path, -1, binding.value) or UNKNOWN


def _reexported(atlas: Atlas, view: View, name: Sought) -> Meaning | None:
    for each in view.outline.imports:
        if not each.reexport:
            continue
        for exported in each.names:
            if exported.alias == name.name and exported.name:
                source = module(atlas, ImportAt(view.path, each, -1))
                if source is None or source.what != "file" or exported.name == "*":
                    return source
                return inside(atlas, source, name._replace(name=exported.name))
    return None


def _default(atlas: Atlas, view: View, name: Sought) -> Meaning | None:
    """Return the default export where it has no name of its own."""
    best = pick(atlas, view, view.top.get("default", view.top.get("exports", ())), name)
    if best is not None:
        return best
    if "default" in view.outline.exports:
        return UNKNOWN
    return Meaning("file", view.path)  # CommonJS: the exports together


def scattered(atlas: Atlas, owner: Meaning, name: Sought) -> Sequence[Meaning]:
    """Return what is set on a class, its prototype, its exports, or a namespace of its name."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    member = view.outline.members[owner.symbol]
    holder = member.name
    found = pick(atlas, view, view.held.get(holder, {}).get(name.name, ()), name)
    beside = view.top if member.parent < 0 else view.children.get(member.parent, {})
    for other in () if found else beside.get(holder, ()):
        if view.outline.members[other].kind == "namespace":
            found = name_in_namespace(atlas, Meaning("symbol", owner.path, other), name)
    default = view.bindings.get((-1, "exports.default"))
    is_default = default is not None and default.value == holder
    if found is None and is_default and name.name in view.outline.exports:
        found = inside(atlas, Meaning("file", owner.path), name)
    return (found,) if found else ()


def around(_atlas: Atlas, _path: str, name: Sought) -> Meaning | None:
    """Return EXTERNAL for what the language and its hosts bring."""
    return EXTERNAL if name.name in GLOBALS else None


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    bound=bound,
    loaded=loaded,
    inside=inside,
    around=around,
    scattered=scattered,
    functions_make=True,
    constructors=("constructor",),
    self_words=frozenset({"this"}),
    super_words=frozenset({"super"}),
)
