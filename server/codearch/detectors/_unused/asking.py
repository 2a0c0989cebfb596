"""What is asked about the definitions that their own files do not use, and what each file says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codearch.detectors._unused import mentions
from codearch.detectors._unused.extract import (
    NOTHING,
    Answers,
    hashed,
    mention,
    node_numbers,
    packed,
    stem_hash,
    stem_hashes,
)
from codearch.detectors._unused.mentions import Way, key, names_in_other
from codearch.detectors._unused.sheet import named_in_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.detectors._unused.candidates import Candidate
    from codearch.detectors._unused.extract import Extract
    from codearch.detectors._unused.sheet import Sheet

HASH = 8  # bytes
_FEW = 16  # names, which are looked for one by one
_FOLDERS_OWN = frozenset({"__init__", "index"})  # files that are imported by their folder's name
_NAMED = frozenset({Way.NAME, Way.MEMBER})  # ways that need the file named, of its importers
_WAYS = [way for way in Way if way is not Way.PARTS]


class Questions:
    """The names that files are asked for, and the modules that they may be taken from."""

    def __init__(self, asked: Iterable[tuple[str, Candidate, bool]]) -> None:
        self.modules: dict[str, set[str] | None] = {}  # None: from anywhere
        self._askers: dict[str, str] = {}  # by name the one file that need not answer
        self._packages: set[str] = set()  # modules that are whole folders
        for path, node, joined in asked:
            self._add(node.name, path, _module(path, node, joined=joined))
            asker = "" if node.member_of else path  # which other types have it, its file tells, too
            if self._askers.setdefault(node.name, asker) != asker:
                self._askers[node.name] = ""
        self.keys = {key(name, way): (name, way) for name in self.modules for way in _WAYS}
        self._bytes = {name.encode("utf-8", "replace"): name for name in self.modules}
        self._stems: dict[int, set[str]] | None = None

    def _add(self, name: str, path: str, module: str | None) -> None:
        modules = self.modules.setdefault(name, set())
        if module is None or modules is None:
            self.modules[name] = None
            return
        modules.add(module)
        if module_of(path)[1]:
            self._packages.add(module)

    @property
    def stems(self) -> dict[int, set[str]]:
        """The names by the hashes of what they may be made of."""
        if self._stems is None:
            self._stems = {}
            for name in self.modules:
                for each in stem_hashes(name):
                    self._stems.setdefault(each, set()).add(name)
        return self._stems

    def are_for(self, path: str, source: bytes, stems: Iterable[int]) -> bool:
        """Say whether a file may mention what another asks about, in words or in `stems`."""
        maybe = (name for each in stems for name in self.stems.get(each, ()))
        if any(self._askers[name] != path for name in maybe):
            return True
        if len(self._bytes) > _FEW:
            words: Iterable[bytes] = self._bytes.keys() & mentions.NAMES.findall(source)
        else:
            words = (each for each in self._bytes if each in source)
        return any(self._askers[self._bytes[each]] != path for each in words)

    def answers(self, sheet: Sheet) -> Answers:
        """Return what a source file says."""
        pairs = sheet.mentioned()
        words = {each for _, each in pairs}
        named = self._named(words)
        numbers = node_numbers(sheet.candidates, sheet.links()) if sheet.candidates else {}
        found = set()
        for region, each in pairs:
            name, way = self.keys.get(each, ("", Way.NAME))
            if name and self._counts(name, way, named):
                found.add((numbers.get(region, -1), mention(name, way)))
        for stem in sheet.stems:
            if stem.far:
                maybe = self.stems.get(stem_hash(stem.text, begins=stem.begins), ())
                fitting = (name for name in maybe if stem.fits(name))
                region = numbers.get(stem.region, -1)
                found.update((region, mention(name, Way.PARTS)) for name in fitting)
        return Answers(
            packed(sorted({each for region, each in found if region < 0})),
            tuple(sorted(pair for pair in found if pair[0] >= 0)),
            tuple(
                (
                    numbers.get(each.region, -1),
                    hashed(each.name),
                    hashed(each.type) if each.type else 0,
                )
                for each in sorted(set(sheet.inherited()))
                if each.name in self.modules
            ),
            tuple((hashed(a), hashed(b)) for a, b in sheet.members() if b in self.modules),
            packed(sorted(map(hashed, named))),
        )

    def answers_of_text(self, source: bytes, language: str) -> Answers:
        """Return what a file in a language without rules says."""
        names, way = named_in_text(source, language)
        asked = self.modules.keys() & names
        if not asked:
            return NOTHING
        named = self._named({key(name, way) for name in names})
        kept = (mention(name, way) for name in asked if self._counts(name, way, named))
        return Answers(packed(sorted(set(kept))), modules=packed(sorted(map(hashed, named))))

    def _named(self, keys: set[int]) -> set[str]:
        """Return the modules that a file names which mentions all this."""
        asked: set[str] = set()
        for name in {self.keys[each][0] for each in self.keys.keys() & keys}:
            asked |= self.modules[name] or set()
        return {module for module in asked if _is_named(module, keys)}

    def _counts(self, name: str, way: Way, named: set[str]) -> bool:
        """Say whether a mention can mean something; beside its package, a file need not name it."""
        modules = self.modules[name]
        return (
            modules is None
            or way not in _NAMED
            or not named.isdisjoint(modules)
            or not modules.isdisjoint(self._packages)
        )


def _is_named(module: str, keys: set[int]) -> bool:
    words = names_in_other(module.encode())
    return all(any(key(word, way) in keys for way in _WAYS) for word in words)


def is_asked(node: Candidate) -> bool:
    """Say whether another file can use a definition."""
    return bool(node.ways or node.member_of)


def questions_of(path: str, extract: Extract, *, joined: bool) -> dict[bytes, Candidate]:
    """Return a hash of each thing that all others are asked about a file's nodes, with the node."""
    return {
        hashlib.blake2b(
            f"{each.name}\0{_module(path, each, joined=joined)}\0{path}".encode("utf-8", "replace"),
            digest_size=HASH,
        ).digest(): each
        for each in extract.nodes
        if joined or is_asked(each)
    }


def _module(path: str, node: Candidate, *, joined: bool) -> str | None:
    """Return the module that a file has to name which uses a definition, None for any."""
    return module_of(path)[0] if node.scope == "importers" and not joined else None


def module_of(path: str) -> tuple[str, bool]:
    """Return the name by which a file is imported, and whether it is that of its folder."""
    stem = path.rpartition("/")[2].partition(".")[0]
    if stem in _FOLDERS_OWN:
        return path.rpartition("/")[0].rpartition("/")[2], True
    return stem, False
