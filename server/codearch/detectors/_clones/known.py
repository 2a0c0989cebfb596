"""What is known of the clones of a workspace from one look to the next.

Files are compared by their code, and clones are lines of code: so an edit of comments only has the
lines told where they are now, and what two codes have in common is known whatever files have them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codearch.detectors._clones.candidates import Candidates
from codearch.detectors._clones.families import Families, Family, Pair, Place
from codearch.detectors._clones.kept import mark, marks, packed_marks, unpacked_lines
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.prints import Prints, unpacked
from codearch.detectors._clones.reading import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codearch.detectors._clones.kept import Kept, Lines, Spans
    from codearch.detectors._clones.matching import Least
    from codearch.detectors._clones.mending import Mended
    from codearch.detectors._clones.standing import Told
    from codearch.facts import File

ITSELF = b""  # stands for the other file's code
_MARKS = "I"  # four bytes
_MOST_SAID = 20_000
_FORMER = 1_000  # codes that no file has any more, but may have again: another branch, say


@dataclass
class _Said:
    """What comparing a code with others has shown: clones, or that there is none."""

    clones: dict[bytes, Spans] = field(default_factory=dict)
    others: array[int] = field(default_factory=lambda: array(_MARKS))  # marks, ascending

    def of(self, code: bytes) -> Spans | None:
        """Return the clones with a code, None where that is not known."""
        found = self.clones.get(code)
        if found is None and code is not ITSELF:
            at = bisect_left(self.others, mark(code))
            if at < len(self.others) and self.others[at] == mark(code):
                return ()
        return found

    def learn(self, code: bytes, spans: Spans) -> None:
        """Know the clones with a code."""
        if spans or code is ITSELF:
            self.clones[code] = spans
        else:
            insort(self.others, mark(code))


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
        self._said: dict[bytes, _Said] = {}  # by code, the latest last
        self._learning: set[str] = set()  # files with which the index is to keep more
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
        same = {path for path, (_, kept) in files.items() if self.codes.get(path) == kept.code}
        others = (out | files.keys()) - same
        self.fresh |= others
        self.moved |= out | files.keys()
        for key in [key for key in self._found if not others.isdisjoint(key)]:
            del self._found[key]
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
                made[now][path] = Prints(unpacked(kept.prints), kept.units)
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
        texts = (self.contents, self.bares, self.codes, self._lines)
        for each in (*texts, self._of, self._tests):
            each.pop(path, None)
        for paths in (self._test_files, self._learning):
            paths.discard(path)

    # --- what was found --------------------------------------------------------------------------

    def _hear(self, path: str, kept: Kept) -> None:
        """Know what the index keeps of a file, and have it keep what its code has shown before."""
        said = self._said.pop(kept.code, None) or _Said()
        self._said[kept.code] = said
        others = marks(kept.others)
        if len(kept.clones) < len(said.clones) or len(others) < len(said.others):
            self._learning.add(path)
        said.clones.update(kept.clones)
        said.others = array(_MARKS, sorted({*said.others, *others}))

    def of(self, path: str, other: str) -> Spans | None:
        """Return the clones of two files, None where that is not known."""
        code, another = self.codes[path], ITSELF if path == other else self.codes[other]
        spans = self._said[code].of(another)
        if spans is None and path != other:
            spans = self._said[another].of(code)
            spans = spans and turned(spans)
        return spans

    def learn(self, path: str, other: str, spans: Spans) -> None:
        """Know what comparing two files has shown, and have the index keep it with a fresh one."""
        one, another = self.codes[path], self.codes[other]
        if path not in self.fresh and other in self.fresh and one != another:
            path, other, spans = other, path, turned(spans)
        self._said[self.codes[path]].learn(ITSELF if path == other else self.codes[other], spans)
        self._learning.add(path)

    def to_keep(self) -> Iterator[tuple[str, tuple[tuple[bytes, Spans], ...], bytes]]:
        """Yield what the index is to keep of files' comparisons, with codes that there are."""
        learning, self._learning = self._learning, set()
        present = {*self.codes.values(), ITSELF} if learning else set()
        near = {mark(each) for each in present}
        for path in learning:
            said = self._said[self.codes[path]]
            clones = tuple(each for each in said.clones.items() if each[0] in present)
            yield path, clones, packed_marks(each for each in said.others if each in near)

    # --- families --------------------------------------------------------------------------------

    def missing(self) -> Iterable[tuple[Candidates, list[tuple[int, int]]]]:
        """Yield the pairs of files that are still to be compared."""
        for each in self._candidates.values():
            yield each, each.missing()

    def note(self, path: str, other: str, spans: Spans) -> None:
        """Note the clones of two files."""
        if spans:
            self._found[path, other] = spans

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
        used = set(self.codes.values())
        former = [code for code in self._said if code not in used]
        for code in former[:-_FORMER]:
            del self._said[code]

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


def turned(spans: Spans) -> Spans:
    """Return the clones of two files as those of the second with the first."""
    return tuple((c, d, a, b, kind, tokens) for a, b, c, d, kind, tokens in spans)
