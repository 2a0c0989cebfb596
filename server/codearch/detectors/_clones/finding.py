"""From the files of a workspace to the families of clones in it, step by step as files change."""

from __future__ import annotations

import hashlib
from copy import copy
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._clones.kept import (
    RULE,
    Kept,
    counts,
    made_of,
    pack,
    short,
    unpack,
)
from codearch.detectors._clones.known import Known
from codearch.detectors._clones.matching import Least, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codearch.detectors._clones.families import Family
    from codearch.detectors._clones.kept import Span, Spans
    from codearch.detectors._clones.pairing import Pairing
    from codearch.detectors._clones.sources import Source
    from codearch.detectors._detector import Project, ProjectView
    from codearch.facts import File

__all__ = ["Known", "Least", "look"]

_TOGETHER = 1_000  # files that are compared with as many others before the next: so few come again
_FEW_FILES = 100  # that are looked up one by one


def look(view: ProjectView, known: Known) -> list[Family]:
    """Return the families of clones in lines of code, those that save most first."""
    looking = _Looking(view, known)
    looking.see()
    try:
        looking.compare()
    finally:
        looking.write()
        known.sources.rest()
    known.renew()
    return known.families()


class _Looking:
    """One look at the workspace."""

    def __init__(self, view: ProjectView, known: Known) -> None:
        self._view, self._known = view, known
        self._project = view.project
        self._stored: Mapping[str, bytes] = {}  # all of it, at the first look

    def see(self) -> None:
        """Have what is known of each file be that of the file as it is."""
        known = self._known
        digests = self._project.digests()
        gone = known.digests.keys() - digests.keys()
        changed = [p for p, each in digests.items() if not each or known.digests.get(p) != each]
        if not known.digests:
            self._stored = self._project.extracts(RULE)
        seen: dict[str, tuple[File, Kept]] = {}
        for path, file in _files(self._project, changed).items():
            if counts(file.language) and not file.generated and not self._view.off(path):
                seen[path] = file, self._kept(file)
        known.see(seen, {*gone, *changed} - seen.keys())
        known.digests = dict(digests)

    def _kept(self, file: File) -> Kept:
        digest = file.digest or hashlib.sha256(self._project.source(file.path)).hexdigest()
        kept = self._kept_of(file.path)
        if kept is not None and kept.digest == short(digest):
            return kept
        self._project.check_cancelled()
        text, facts = self._project.source(file.path), self._project.facts(file.path)
        made = made_of(text, facts, digest, kept)
        self._view.kept[file.path] = pack(made)
        return made

    def _kept_of(self, path: str) -> Kept | None:
        data = self._view.kept.get(path) or self._stored.get(path)
        return unpack(data or self._project.extract(RULE, path))

    def compare(self) -> None:
        """Compare the files that share something, but for those whose parts have been compared."""
        known = self._known
        for candidates, pairs in known.missing():
            done: list[tuple[int, int]] = []
            try:
                for i, j in sorted(pairs, key=_together):
                    self._project.check_cancelled()
                    path, other = candidates.paths[i], candidates.paths[j]
                    pairing = known.pairing(path, other)
                    if known.of(pairing) is None:
                        known.learn(pairing, self._compared(path, other, pairing))
                    known.note(path, other, pairing)
                    done.append((i, j))
            finally:
                candidates.note_compared(done)

    def _compared(self, path: str, other: str, pairing: Pairing) -> Spans:
        one, another = self._source(path), self._source(other)
        if one is another and path != other:
            another = copy(one)  # the same text, and not the same place of it
        if pairing.turned:
            one, another = another, one
        return pairing.inward([*_lines_of(one, another, pairing, self._known.least)])

    def _source(self, path: str) -> Source:
        return self._known.sources.source(self._project, path, self._known.codes[path])

    def write(self) -> None:
        """Have the index keep what comparing has shown."""
        for path, clones, others in self._known.to_keep():
            kept = self._kept_of(path)
            if kept is not None:
                new = msgspec.structs.replace(kept, clones=clones, others=others)
                self._view.kept[path] = pack(new)


def _together(pair: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return by what pairs of files are ordered, so that those of the same files come together."""
    return pair[0] // _TOGETHER, pair[1] // _TOGETHER, *pair


def _lines_of(a: Source, b: Source, pairing: Pairing, least: Least) -> Iterable[Span]:
    """Yield the lines of code of the clones between two files."""
    for match in matches(a, b, pairing.shares, least):
        yield (
            int(a.rows[match.first]),
            int(a.rows[match.end - 1]),
            int(b.rows[match.other]),
            int(b.rows[match.other_end - 1]),
            match.type,
            min(match.end - match.first, match.other_end - match.other),
        )


def _files(project: Project, paths: list[str]) -> dict[str, File]:
    if len(paths) > _FEW_FILES:
        wanted = set(paths)
        return {file.path: file for file in project.files() if file.path in wanted}
    return {path: file for path in paths if (file := project.file(path))}
