"""The questions that resolution asks, a record of those it asked, and what a change answers anew.

`Recorder` notes each question as a key; `touched` gives the keys whose answers a change of one
file alters. Files to resolve again after a commit are the changed ones and those that asked a
touched key; nothing else can have changed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

import msgspec

from codearch.facts import SymbolKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.graph.outline import Member, Outline

CONFIG_SUFFIXES = (".json", ".toml", ".cfg", ".mod", ".work", ".yaml")


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A symbol somewhere in the workspace; `symbol` indexes the symbols of its file."""

    path: str
    symbol: int
    kind: SymbolKind
    container: str
    language: str


class Workspace(Protocol):
    """What resolution may ask; paths are relative to the root, with "/", lists sorted by path."""

    def has(self, path: str) -> bool:
        """Say whether this file is indexed."""

    def outline(self, path: str) -> Outline | None:
        """Return the file's outline, None where it is not indexed or is plain text."""

    def paths_ending(self, suffix: str) -> Sequence[str]:
        """Return the files whose last path components are `suffix` ("b.py", "a/b.py")."""

    def paths_in(self, folder: str) -> Sequence[str]:
        """Return the files directly in `folder` ("" for the root)."""

    def declaring(self, package: str) -> Sequence[str]:
        """Return the files whose facts say this package (Java, Go, C#)."""

    def defining(self, name: str) -> Sequence[Place]:
        """Return the symbols of this name, modules and sections left out."""

    def config(self, path: str) -> str | None:
        """Return the text of an indexed file that ends in one of CONFIG_SUFFIXES, else None."""


class Recorder:
    """A workspace that notes what it is asked, as keys that `touched` speaks of as well."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.asked: set[str] = set()

    def has(self, path: str) -> bool:
        """As Workspace.has."""
        self.asked.add("file:" + path)
        return self._workspace.has(path)

    def outline(self, path: str) -> Outline | None:
        """As Workspace.outline."""
        self.asked.add("outline:" + path)
        return self._workspace.outline(path)

    def paths_ending(self, suffix: str) -> Sequence[str]:
        """As Workspace.paths_ending."""
        self.asked.add("ending:" + suffix)
        return self._workspace.paths_ending(suffix)

    def paths_in(self, folder: str) -> Sequence[str]:
        """As Workspace.paths_in."""
        self.asked.add("folder:" + folder)
        return self._workspace.paths_in(folder)

    def declaring(self, package: str) -> Sequence[str]:
        """As Workspace.declaring."""
        self.asked.add("package:" + package)
        return self._workspace.declaring(package)

    def defining(self, name: str) -> Sequence[Place]:
        """As Workspace.defining."""
        self.asked.add("name:" + name)
        return self._workspace.defining(name)

    def config(self, path: str) -> str | None:
        """As Workspace.config."""
        self.asked.add("config:" + path)
        return self._workspace.config(path)

    def configs(self, name: str) -> list[tuple[str, str]]:
        """Return path and text of all configuration files of this name, the root's first."""
        self.asked.add("configs:" + name)
        paths = sorted(self._workspace.paths_ending(name), key=lambda path: (path.count("/"), path))
        texts = ((path, self._workspace.config(path)) for path in paths)
        return [(path, text) for path, text in texts if text is not None]


def touched(path: str, before: Outline | None, after: Outline | None) -> frozenset[str]:
    """Return the keys whose answers change when this file goes from `before` to `after`.

    None stands for a file that is not there; give text files an empty Outline.
    """
    keys: set[str] = set()
    if (before is None) != (after is None):
        folder, _, _ = path.rpartition("/")
        parts = path.split("/")
        keys |= {"file:" + path, "folder:" + folder}
        keys |= {"ending:" + "/".join(parts[start:]) for start in range(len(parts))}
    if path.endswith(CONFIG_SUFFIXES):
        keys |= {"config:" + path, "configs:" + path.rpartition("/")[2]}
    if before == after:
        return frozenset(keys)
    keys.add("outline:" + path)
    packages = {before.package if before else "", after.package if after else ""}
    if len(packages) > 1 or before is None or after is None:
        keys |= {"package:" + package for package in packages}
    keys |= {"name:" + name for name, _, _ in _places(before) ^ _places(after)}
    seen_before, seen_after = _members(before), _members(after)
    changed = (seen_before - seen_after) + (seen_after - seen_before)
    keys |= {"members:" + line[0].name for line in changed}
    return frozenset(keys)


def _members(outline: Outline | None) -> Counter[tuple[Member, ...]]:
    """Return each member with what is around it, outwards, wherever they stand in the file."""
    lines: list[tuple[Member, ...]] = []
    for member in outline.members if outline is not None else ():
        around = lines[member.parent] if 0 <= member.parent < len(lines) else ()
        lines.append((msgspec.structs.replace(member, parent=-1), *around))
    return Counter(lines)


def _places(outline: Outline | None) -> set[tuple[str, SymbolKind, str]]:
    if outline is None:
        return set()
    return {(member.name, member.kind, member.container) for member in outline.members}
