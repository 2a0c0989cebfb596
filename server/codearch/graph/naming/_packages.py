"""Packages of a JavaScript workspace: by `name`, `exports`, `imports` and `main` of package.json.

What these name is often built (`dist/index.js`); the source that it is built from is tried too.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from codearch.graph.naming._places import under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.graph.atlas import Atlas

_BUILT = re.compile(
    r"^(?:\./)?(?:dist|lib|build|out|esm|cjs|es|umd|_?types)(?:/(?:esm|cjs|types|src))*/"
)
_BUILT_FOLDERS = frozenset({"dist", "build", "out", "lib", "esm", "cjs", "es"})
_ENDING = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
_CONDITIONS = (
    "source",
    "development",
    "types",
    "import",
    "module",
    "node",
    "browser",
    "require",
    "default",
)
_ENTRIES = ("source", "module", "main", "types", "typings", "browser")
_ALIASES = ("@/", "~/", "~~/", "@@/")  # what bundlers call the sources by custom


def packaged(atlas: Atlas, folder: str, specifier: str) -> Iterator[str]:
    """Yield the paths that a bare specifier may mean in this workspace, best first."""
    if specifier.startswith("#"):
        yield from _internal(atlas, folder, specifier)
        return
    parts = specifier.split("/")
    name = "/".join(parts[:2]) if specifier.startswith("@") else parts[0]
    rest = specifier[len(name) :].lstrip("/")
    found = _by_name(atlas).get(name)
    if found is not None:
        home, package = found
        yield from _entries(home, package, rest)
    for alias in _ALIASES:
        if specifier.startswith(alias):
            for home in _homes_above(atlas, folder):
                yield under(home, "src/" + specifier[len(alias) :])
                yield under(home, specifier[len(alias) :])


def _by_name(atlas: Atlas) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return folder and content of each package.json that has a name."""

    def read() -> dict[str, tuple[str, dict[str, Any]]]:
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for path, text in atlas.configs("package.json"):
            package = _object(text)
            name = package.get("name")
            if isinstance(name, str) and "node_modules/" not in path:
                found.setdefault(name, (path.rpartition("/")[0], package))
        return found

    return atlas.once(("packages",), read) or {}


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _entries(home: str, package: dict[str, Any], rest: str) -> Iterator[str]:
    key = "./" + rest if rest else "."
    for target in _exported(package.get("exports"), key):
        yield from _sources(home, target)
    if rest:
        yield under(home, rest)
        yield under(home, "src/" + rest)
        return
    for entry in (package.get(each) for each in _ENTRIES):
        if isinstance(entry, str):
            yield from _sources(home, entry)
    for usual in ("src/index", "index", "lib/index", "src/main", "main"):
        yield under(home, usual)


def entries_of(atlas: Atlas, folder: str) -> Iterator[str]:
    """Yield what a folder's package.json makes of it where its path is required."""
    text = atlas.config(under(folder, "package.json"))
    if text is not None:
        yield from _entries(folder, _object(text), "")


def unbuilt(path: str) -> Iterator[str]:
    """Yield where the source of a file stands that is built into a folder such as `dist`."""
    parts = _ENDING.sub("", path).split("/")
    for index in range(len(parts) - 1):
        if parts[index] in _BUILT_FOLDERS:
            yield "/".join([*parts[:index], *parts[index + 1 :]])
            yield "/".join([*parts[:index], "src", *parts[index + 1 :]])


def _exported(exports: object, key: str) -> Iterator[str]:
    """Yield what `exports` or `imports` say of a key, patterns and conditions included."""
    if not isinstance(exports, dict) or not any(each.startswith((".", "#")) for each in exports):
        if key == ".":
            yield from _conditional(exports)
        return
    if key in exports:
        yield from _conditional(exports[key])
        return
    fitting = []
    for pattern, value in exports.items():
        before, star, after = pattern.partition("*")
        if star and key.startswith(before) and key.endswith(after) and len(key) >= len(pattern) - 1:
            fitting.append((len(before), key[len(before) : len(key) - len(after)], value))
    for _, middle, value in sorted(fitting, key=lambda each: -each[0])[:1]:
        for target in _conditional(value):
            yield target.replace("*", middle)


def _conditional(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _conditional(each)
    elif isinstance(value, dict):
        for condition in _CONDITIONS:
            if condition in value:
                yield from _conditional(value[condition])


def _sources(home: str, target: str) -> Iterator[str]:
    """Yield a target as written, and where the source that it is built from usually stands."""
    yield under(home, target)
    bare = _ENDING.sub("", target)
    yield under(home, bare)
    inner = _BUILT.sub("", bare)
    if inner != bare:
        yield under(home, "src/" + inner)
        yield under(home, inner)


def _internal(atlas: Atlas, folder: str, specifier: str) -> Iterator[str]:
    """Yield what the nearest package's own `imports` say of `#name`."""
    for home in _homes_above(atlas, folder):
        package = _object(atlas.config(under(home, "package.json")) or "")
        for target in _exported(package.get("imports"), specifier):
            yield from _sources(home, target)


def _homes_above(atlas: Atlas, folder: str) -> Iterator[str]:
    """Yield the nearest folder upwards with a package.json, and the root."""
    while folder:
        if atlas.has(folder + "/package.json"):
            yield folder
            break
        folder = folder.rpartition("/")[0]
    yield ""
