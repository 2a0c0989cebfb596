"""What is known of the clones of a workspace from one look to the next.

Files are compared by parts of their code, and clones are lines of code: so an edit of comments only
has the lines told where they are now, and what two parts have in common is known whatever files
have them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.detectors._clones.candidates import Candidates
from codearch.detectors._clones.families import Families, Family, Pair, Place
from codearch.detectors._clones.kept import (
    packed_keys,
    parts_in,
    prints_of,
    unpacked_keys,
    unpacked_lines,
)
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.pairing import Pairing
from codearch.detectors._clones.reading import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codearch.detectors._clones.kept import Kept, Lines, Spans
    from codearch.detectors._clones.matching import Least
    from codearch.detectors._clones.mending import Mended
    from codearch.detectors._clones.parts import Parts
    from codearch.detectors._clones.prints import Prints
    from codearch.detectors._clones.standing import Told
    from codearch.facts import File

_MOST_SAID = 20_000
_FORMER = 20_000  # pairings that no files have any more, but may have again: another branch, say


class Known:
    """The files of a workspace, what is known of their code, and the families of clones."""

    def __init__(self, least: Least) -> None:
        self.least = least
        self.digests: dict[str, str] = {}  # of all files, as the index has them
        self.contents: dict[str, bytes] = {}  # what those are known by that are compared
        self.bares: dict[str, bytes] = {}  # the same without comments
        self.codes: dict[str, bytes] = {}
        self.fresh: set[str] = set()  # whose code is another one since families were made
        self.moved: set[str] = set()  # whose text is another one since families were told
        self.told: dict[Family, Told] = {}
        self.said: dict[bytes, str] = {}  # what differs between places, by their code
        self.asked: set[bytes] = set()  # what history knows to be asked, by the code of families
        self.mended: dict[bytes, Mended] = {}  # fixes, by what they hang on
        self.sources = Sources()
        self._families = Families()
        self._of: dict[str, str] = {}  # the family of languages
        self._candidates: dict[str, Candidates] = {}
        self._lines: dict[str, bytes] = {}
        self._tests: dict[str, tuple[Lines, ...]] = {}
        self._test_files: set[str] = set()
        self._parts: dict[str, Parts] = {}
        self._said: dict[int, Spans] = {}  # by pairing, the latest last; in lines of what is shared
        self._held: dict[str, set[int]] = {}  # the pairings that the index keeps with a file
        self._learning: set[str] = set()  # files with which the index is to keep more
        self._compared: dict[tuple[str, str], int] = {}  # pairings of files
        self._found: dict[tuple[str, str], Spans] = {}
        self._standing: set[tuple[str, str]] = set()  # of which families were made

    def is_test(self, place: Place) -> bool:
        """Say whether a place is a test's."""
        inside = self._tests.get(place.path, ())
        return place.path in self._test_files or any(a <= place.line <= b for a, b in inside)

    # --- files -----------------------------------------------------------------------------------

    def see(self, files: Mapping[str, tuple[File, Kept]], gone: Iterable[str]) -> None:
        """Know files as they are now, and forget those that are gone or count no more."""
        out = {path for path in gone if path in self.contents}
        same = {path for path, (_, kept) in files.items() if self.bares.get(path) == kept.bare}
        others = (out | files.keys()) - same
        self.fresh |= others
        self.moved |= out | files.keys()
        for key in [key for key in self._compared if not others.isdisjoint(key)]:
            del self._compared[key]
            self._found.pop(key, None)
        self._see_prints(others, files)
        for path in others:
            self._forget(path)
        for path, (file, kept) in files.items():
            self._see_text(path, file, kept)
            if path in others:
                self._of[path], self.codes[path] = LEXICONS[file.language].family, kept.code
                self._hear(path, kept)

    def _see_prints(self, paths: set[str], files: Mapping[str, tuple[File, Kept]]) -> None:
        made: dict[str, dict[str, Prints]] = defaultdict(dict)
        left: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            before, now = self._of.get(path), None
            if path in files:
                file, kept = files[path]
                now = LEXICONS[file.language].family
                made[now][path] = prints_of(kept)
            if before is not None and before != now:
                left[before].add(path)
        for family in made.keys() | left.keys():
            candidates = self._candidates.setdefault(family, Candidates())
            candidates.change(made[family], left[family])

    def _see_text(self, path: str, file: File, kept: Kept) -> None:
        self.contents[path], self.bares[path] = kept.digest, kept.bare
        self._lines[path] = kept.lines
        self._tests.pop(path, None)
        if kept.tests:
            self._tests[path] = kept.tests
        self._test_files.discard(path)
        if file.test:
            self._test_files.add(path)

    def _forget(self, path: str) -> None:
        texts = (self.contents, self.bares, self.codes, self._lines, self._parts)
        for each in (*texts, self._of, self._tests, self._held):
            each.pop(path, None)
        for paths in (self._test_files, self._learning):
            paths.discard(path)

    # --- what was found --------------------------------------------------------------------------

    def _hear(self, path: str, kept: Kept) -> None:
        """Know what the index keeps of a file."""
        self._parts[path] = parts_in(kept, prints_of(kept))
        keys = unpacked_keys(kept.others)
        self._said.update(dict.fromkeys(keys, ()))
        self._said.update(kept.clones)
        self._held[path] = {*keys, *(key for key, _ in kept.clones)}

    def pairing(self, path: str, other: str) -> Pairing:
        """Return two files, or one with itself, as they are compared."""
        return Pairing(self._parts[path], self._parts[other])

    def of(self, pairing: Pairing) -> Spans | None:
        """Return the clones of two files in lines of what they share, None where not known."""
        return self._said.get(pairing.key)

    def learn(self, pairing: Pairing, spans: Spans) -> None:
        """Know what comparing two files has shown."""
        self._said[pairing.key] = spans

    def note(self, path: str, other: str, pairing: Pairing) -> None:
        """Note the clones of two files, and have the index keep them with a fresh one."""
        key = pairing.key
        spans = self._said.pop(key)
        self._said[key] = spans
        self._compared[path, other] = key
        if spans:
            self._found[path, other] = pairing.outward(spans)
        if key not in self._held[path] and key not in self._held[other]:
            holder = other if path not in self.fresh and other in self.fresh else path
            self._held[holder].add(key)
            self._learning.add(holder)

    def to_keep(self) -> Iterator[tuple[str, tuple[tuple[int, Spans], ...], bytes]]:
        """Yield what the index is to keep of files' comparisons: those that there are."""
        learning, self._learning = self._learning, set()
        present: dict[str, set[int]] = {path: set() for path in learning}
        for pair, key in self._compared.items() if learning else ():
            for path in learning.intersection(pair):
                present[path].add(key)
        for path, each in present.items():
            keys = self._held[path] = each & self._held[path]
            found = {key: spans for key in sorted(keys) if (spans := self._said[key])}
            yield path, tuple(found.items()), packed_keys(keys - found.keys())

    def around(self, place: Place) -> bytes:
        """Return what tells the code of a place, by lines of code, from all others."""
        return self._parts[place.path].around(place.line, place.end_line)

    # --- families --------------------------------------------------------------------------------

    def missing(self) -> Iterable[tuple[Candidates, list[tuple[int, int]]]]:
        """Yield the pairs of files that are still to be compared."""
        for each in self._candidates.values():
            yield each, each.missing()

    def renew(self) -> None:
        """Make families of what was found."""
        now = self._would_be_compared()
        changed = self.fresh | {path for key in now ^ self._standing for path in key}
        pairs = [
            Pair(Place(path, line, end), Place(other, there, there_end), kind, tokens)
            for path, other in now
            if path in changed or other in changed
            for line, end, there, there_end, kind, tokens in self._found[path, other]
        ]
        self._families.update(changed, pairs)
        self._standing, self.fresh = now, set()
        if len(self._said) > len(self._compared) + 2 * _FORMER:
            used = set(self._compared.values())
            for key in [each for each in self._said if each not in used][:-_FORMER]:
                del self._said[key]

    def _would_be_compared(self) -> set[tuple[str, str]]:
        """Return the files with clones that would be found so if nothing were known yet."""
        found: set[tuple[str, str]] = set()
        for family, candidates in self._candidates.items():
            keys = [key for key in self._found if self._of[key[0]] == family]
            found.update(candidates.sharing(keys))
        return found

    def families(self) -> list[Family]:
        """Return the families of clones in lines of code, those that save most first."""
        return self._families.all()

    def say(self, key: bytes, what: str) -> None:
        """Know what differs between two places."""
        if len(self.said) >= _MOST_SAID:
            self.said.clear()
        self.said[key] = what

    def placed(self, families: Iterable[Family]) -> Iterator[Family]:
        """Yield families where they stand now."""
        lines: dict[str, list[int]] = {}

        def now(place: Place) -> Place:
            rows = lines.get(place.path)
            if rows is None:
                rows = lines[place.path] = unpacked_lines(self._lines[place.path])
            return Place(place.path, rows[place.line], rows[place.end_line])

        for each in families:
            places, known = tuple(map(now, each.places)), tuple(map(now, each.known))
            yield each._replace(places=places, known=known)
