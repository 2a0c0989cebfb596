"""A workspace in memory: what resolution asks, answered from parsed sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from codearch.facts import FileFacts
from codearch.graph import CONFIG_SUFFIXES, Outline, Place, Resolution, Resolver, outline_of
from codearch.languages import by_path
from codearch.parse import parse


class MemoryWorkspace:
    """Files by path, parsed at once."""

    def __init__(
        self, files: Mapping[str, str | bytes], parsed: Mapping[str, FileFacts] | None = None
    ) -> None:
        self.sources = {
            path: source.encode() if isinstance(source, str) else source
            for path, source in sorted(files.items())
        }
        self.files: dict[str, FileFacts] = {}
        for path, source in self.sources.items():
            known = (parsed or {}).get(path)
            language = by_path(path, source[:8192])
            if known is not None:
                self.files[path] = known
            elif language is not None:
                self.files[path] = parse(source, language)
        self.outlines: dict[str, Outline] = {}
        self._names: dict[str, list[Place]] = defaultdict(list)
        self._endings: dict[str, list[str]] = defaultdict(list)
        self._folders: dict[str, list[str]] = defaultdict(list)
        self._packages: dict[str, list[str]] = defaultdict(list)
        for path, facts in self.files.items():
            self._add(path, facts)

    def _add(self, path: str, facts: FileFacts) -> None:
        outline = self.outlines[path] = outline_of(facts)
        parts = path.split("/")
        for start in range(len(parts)):
            self._endings["/".join(parts[start:])].append(path)
        self._folders["/".join(parts[:-1])].append(path)
        self._packages[outline.package].append(path)
        for index, member in enumerate(outline.members):
            if member.kind not in {"module", "section"}:
                place = Place(path, index, member.kind, member.container, outline.language)
                self._names[member.name].append(place)

    def has(self, path: str) -> bool:
        return path in self.files

    def outline(self, path: str) -> Outline | None:
        return self.outlines.get(path)

    def paths_ending(self, suffix: str) -> list[str]:
        return self._endings.get(suffix, [])

    def paths_in(self, folder: str) -> list[str]:
        return self._folders.get(folder, [])

    def declaring(self, package: str) -> list[str]:
        return self._packages.get(package, [])

    def defining(self, name: str) -> list[Place]:
        return self._names.get(name, [])

    def config(self, path: str) -> str | None:
        if path.endswith(CONFIG_SUFFIXES) and path in self.sources:
            return self.sources[path].decode(errors="replace")
        return None

    # --- answers in words, for tests ---------------------------------------------------------

    def resolve(self, path: str) -> Resolution:
        return Resolver(self).resolve(path, self.files[path])

    def imports(self, path: str) -> dict[str, list[str]]:
        """Return module as written -> the files it was resolved to."""
        found: dict[str, list[str]] = defaultdict(list)
        for each in self.resolve(path).imports:
            written = self.files[path].imports[each.index]
            found["." * written.level + written.module] += each.targets
        return dict(found)

    def calls(self, path: str, least: float = 0.0) -> dict[str, str]:
        """Return call as written -> "path:qualified name" of what it was resolved to."""
        facts = self.files[path]
        found = {}
        for each in self.resolve(path).calls:
            if each.confidence >= least:
                call = facts.calls[each.index]
                written = f"{call.receiver}.{call.name}" if call.receiver else call.name
                found[written] = self.name(each.path, each.symbol)
        return found

    def name(self, path: str, symbol: int) -> str:
        """Return "path:container.name"."""
        member = self.outlines[path].members[symbol]
        qualified = f"{member.container}.{member.name}" if member.container else member.name
        return f"{path}:{qualified}"
