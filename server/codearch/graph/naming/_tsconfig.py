"""Paths that tsconfig.json and jsconfig.json map: `paths`, `baseUrl`, `extends`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.graph.naming._places import under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.graph.atlas import Atlas

_COMMENT_OR_STRING = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_CHAIN = 6  # configurations that extend one another


class Options(msgspec.Struct, frozen=True):
    """The compiler options that map names to files; folders are relative to the root."""

    base: str | None = None
    paths: Mapping[str, tuple[str, ...]] = {}
    paths_from: str = ""


def mapped(atlas: Atlas, folder: str, specifier: str) -> Iterator[str]:
    """Yield the paths, without extension, that the nearest configurations give a bare specifier."""
    for options in _options_above(atlas, folder):
        yield from _by_paths(options, specifier)
        if options.base is not None:
            yield under(options.base, specifier)


def _by_paths(options: Options, specifier: str) -> Iterator[str]:
    """Yield the targets of the longest pattern that fits, as TypeScript chooses."""
    fitting = []
    for pattern, targets in options.paths.items():
        before, star, after = pattern.partition("*")
        if pattern == specifier:
            fitting.append((len(pattern) + 1, "", targets))
        elif star and specifier.startswith(before) and specifier.endswith(after):
            middle = specifier[len(before) : len(specifier) - len(after)]
            fitting.append((len(before), middle, targets))
    for _, middle, targets in sorted(fitting, key=lambda each: -each[0])[:1]:
        for target in targets:
            yield under(options.paths_from, target.replace("*", middle))


def _options_above(atlas: Atlas, folder: str) -> list[Options]:
    return atlas.once(("tsconfig", folder), lambda: _read_above(atlas, folder)) or []


def _read_above(atlas: Atlas, folder: str) -> list[Options]:
    """Return the options of the nearest folder upwards that has any, with its references."""
    while True:
        found = []
        for name in ("tsconfig.json", "jsconfig.json"):
            path = under(folder, name)
            if atlas.has(path):
                found += _with_references(atlas, path)
        if any(each.base is not None or each.paths for each in found) or not folder:
            return found
        folder = folder.rpartition("/")[0]


def _with_references(atlas: Atlas, path: str) -> list[Options]:
    """Return a configuration's options and those of the ones that it only refers to (solutions)."""
    found = [_options(atlas, path, _CHAIN)]
    references = _json(atlas, path).get("references")
    for reference in references if isinstance(references, list) else ():
        target = reference.get("path") if isinstance(reference, dict) else None
        if isinstance(target, str):
            inner = under(path.rpartition("/")[0], target)
            if inner.endswith(".json"):
                found.append(_options(atlas, inner, _CHAIN))
    return found


def _options(atlas: Atlas, path: str, chain: int) -> Options:
    value = _json(atlas, path)
    folder = path.rpartition("/")[0]
    inherited = Options()
    extends = value.get("extends")
    for each in [extends] if isinstance(extends, str) else extends or ():
        if isinstance(each, str) and each.startswith(".") and chain:
            target = under(folder, each)
            target = target if target.endswith(".json") else target + ".json"
            inherited = _options(atlas, target, chain - 1)
    compiler = value.get("compilerOptions")
    compiler = compiler if isinstance(compiler, dict) else {}
    base, paths = compiler.get("baseUrl"), compiler.get("paths")
    own_base = under(folder, base) if isinstance(base, str) else inherited.base
    if not isinstance(paths, dict):
        return Options(own_base, inherited.paths, inherited.paths_from)
    listed = {
        pattern: tuple(target for target in targets if isinstance(target, str))
        for pattern, targets in paths.items()
        if isinstance(targets, list)
    }
    return Options(own_base, listed, own_base if own_base is not None else folder)


def _json(atlas: Atlas, path: str) -> dict[str, Any]:
    """Return a JSON object with comments and trailing commas, {} where it is none."""
    text = atlas.config(path) or ""
    bare = _COMMENT_OR_STRING.sub(lambda m: m.group() if m.group()[0] == '"' else " ", text)
    try:
        value = json.loads(_TRAILING_COMMA.sub(lambda m: m.group(1) or "", bare))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
