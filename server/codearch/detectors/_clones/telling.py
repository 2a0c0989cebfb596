"""What is said of a family of clones: where, how alike, what differs, what it costs."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING

from codearch.detectors._clones.bare import bare_of
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.sequences import common
from codearch.detectors._detector import Draft
from codearch.detectors._origins import commit_of
from codearch.facts import Related, Span
from codearch.snapshot.origins import Origin
from codearch.text import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.detectors._clones.bare import Bare
    from codearch.detectors._clones.families import Family, Place
    from codearch.detectors._clones.lexicons import Lexicon
    from codearch.detectors._clones.parting import Parting
    from codearch.detectors._detector import Project

_WORD = re.compile(r"""[\w$]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_SHOWN_PLACES = 3  # in a message; all are in `related`
_SHOWN_NAMES = 3
_SHOWN_LENGTH = 30  # of a name or literal
_HOURS, _HOURS_A_PLACE, _HOURS_A_LINE = 0.5, 0.25, 0.01
_KEPT = 200  # files
_LARGE = 100  # lines that one copy would save
_NOTABLE_LINES, _NOTABLE_TOKENS = 12, 100  # of a copy for which somebody would stop
_PLAIN = 3  # severity of what is in no tests


def first_of(family: Family, tests: Callable[[Place], bool]) -> Place:
    """Return the place at which a family is told: the first that is no test's."""
    return min(family.places, key=lambda each: (tests(each), each))


def draft_of(
    family: Family,
    tests: Callable[[Place], bool],
    texts: Texts,
    against: Callable[[Place, Place], str],
    parting: Parting | None = None,
) -> Draft:
    """Return the finding of a family; `parting` is the commit that changed one place alone.

    `against` says what differs between two places.
    """
    places = sorted(family.places, key=lambda each: (tests(each), each))
    first, others = first_of(family, tests), [*places[1:], *family.known]
    said = [against(first, other) for other in others]
    saved = sum(place.lines for place in others)
    severity = _severity(family, places, saved, tests)
    return Draft(
        path=first.path,
        span=texts.at(first).span(),
        message=_message(first, others, family, said, saved) + _parted(parting),
        severity=severity + (parting is not None and parting.fix),
        quiet=parting is None and (severity < _PLAIN or _is_small(family, first)),
        effort_hours=round(_HOURS + _HOURS_A_PLACE * len(others) + _HOURS_A_LINE * first.lines, 1),
        related=tuple(
            Related(other.path, other.line, other.end_line, what)
            for other, what in zip(others, said, strict=True)
        ),
    )


def _is_small(family: Family, first: Place) -> bool:
    return first.lines < _NOTABLE_LINES or family.tokens < _NOTABLE_TOKENS


def _severity(
    family: Family, places: list[Place], saved: int, tests: Callable[[Place], bool]
) -> int:
    if tests(places[0]):
        return 1
    if all(tests(place) for place in places[1:]) and not family.known:
        return 2
    return 4 if saved >= _LARGE and family.type < 3 else _PLAIN


def _message(first: Place, others: list[Place], family: Family, said: list[str], saved: int) -> str:
    shown = [f"{_place(each, first)}: {what}" for each, what in zip(others, said, strict=True)]
    more = len(shown) - _SHOWN_PLACES
    if more > 0:
        shown[_SHOWN_PLACES:] = [f"{more} more"]
    times = "twice" if len(others) == 1 else f"{len(others) + 1} times"
    return (
        f"these {first.lines} lines ({family.tokens} tokens) stand {times} ({'; '.join(shown)});"
        f" one copy would save {saved} lines"
    )


def _parted(parting: Parting | None) -> str:
    """Return what is said of the commit that changed one place and not the other."""
    if parting is None:
        return ""
    mended = "mended" if parting.fix else "changed"
    mine = f"{parting.path}:{parting.line + 1}"
    theirs = f"{parting.other}:{parting.other_line + 1}"
    commit = commit_of(Origin(parting.commit, parting.time, parting.subject))
    commits = "commit" if parting.together == 1 else "commits"
    before = f", after {parting.together} {commits} that changed both files"
    return (
        f"; {commit} {mended} {mine} and not {theirs}, which was the same until then"
        f"{before if parting.together else ''}"
    )


def _place(place: Place, first: Place) -> str:
    lines = f"{place.line + 1}-{place.end_line + 1}"
    return f"lines {lines}" if place.path == first.path else f"{place.path}:{lines}"


class _File:
    """A file of which something is told; what its facts say is read where it is needed alone."""

    def __init__(self, project: Project, path: str) -> None:
        self._project, self._path = project, path
        self._source = project.source(path)
        self.lines = Lines(self._source)

    @functools.cached_property
    def lexicon(self) -> Lexicon:
        """What its tokens are."""
        return LEXICONS[self._project.facts(self._path).language]

    @functools.cached_property
    def bare(self) -> Bare:
        """What is left of it without comments."""
        return bare_of(self._source, self._project.facts(self._path).comments)

    @functools.cached_property
    def rows(self) -> Sequence[bytes]:
        """The lines of its bare source."""
        return self.bare.text.split(b"\n")


class Texts:
    """Reads the sources of places, and keeps those that were read last."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._kept: OrderedDict[str, _File] = OrderedDict()

    def at(self, place: Place) -> Text:
        """Return the source of a place."""
        file = self._kept.pop(place.path, None) or _File(self._project, place.path)
        self._kept[place.path] = file
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return Text(place, file)


class Text:
    """The source of a place."""

    def __init__(self, place: Place, file: _File) -> None:
        self._place = place
        self._lines = file.lines
        self._file = file

    @property
    def _lexicon(self) -> Lexicon:
        return self._file.lexicon

    @property
    def remark(self) -> str:
        """What begins a comment that ends with its line."""
        return self._lexicon.remark

    @functools.cached_property
    def text(self) -> str:
        """Its lines of code, without comments."""
        lines, rows = self._file.bare.lines, self._file.rows
        first = bisect_left(lines, self._place.line)
        last = bisect_right(lines, self._place.end_line, first)
        return b"\n".join(rows[first:last]).decode("utf-8", "replace")

    def span(self) -> Span:
        """Return the place from its first letter to its last."""
        first, last = self._place.line, self._place.end_line
        row = self._lines.line_bytes(first)
        start = self._lines.starts[first] + len(row) - len(row.lstrip())
        end = self._lines.starts[last] + len(self._lines.line_bytes(last).rstrip())
        (line, column), (end_line, end_column) = map(self._lines.position, (start, end))
        return Span(start, end, line, column, end_line, end_column)

    def against(self, other: Text) -> str:
        """Return what differs at another place of the same code."""
        mine, theirs = self._tokens(), other._tokens()
        if mine == theirs:
            return "the same"
        if len(mine) == len(theirs):
            renamed = _renamed(mine, theirs)
            if renamed:
                return renamed
        return self._lines_apart(other)

    def _tokens(self) -> list[str]:
        skipped = self._lexicon.skipped
        found = self._lexicon.pattern.findall(self.text)
        return [each for each in found if each != "\n" and not skipped.fullmatch(each)]

    def _rows(self) -> list[str]:
        """Return the lines of code, white space normalised."""
        rows = self._lexicon.skipped.sub("", self.text).split("\n")
        return [" ".join(row.split()) for row in rows if row.strip()]

    def _lines_apart(self, other: Text) -> str:
        mine, theirs = self._rows(), other._rows()
        most = max(len(mine), len(theirs))
        written = _apart(mine, theirs)
        shaped = _apart([*map(self._shape, mine)], [*map(self._shape, theirs)])
        if shaped == 0:
            return f"names or values differ in {written} of {most} lines"
        more = f", names or values in {written - shaped} more" if written > shaped else ""
        return f"{shaped} of {most} lines differ{more}"

    def _shape(self, row: str) -> str:
        """Return a line with names and values alike."""
        kept = self._lexicon.keywords
        return _WORD.sub(lambda word: word[0] if word[0] in kept else "_", row)


def _apart(mine: list[str], theirs: list[str]) -> int:
    """Return how many lines differ, of the longer one."""
    return max(len(mine), len(theirs)) - common(mine, theirs)


def _renamed(mine: list[str], theirs: list[str]) -> str:
    """Return which words stand for which; "" where more than words differ."""
    changed: dict[str, str] = {}
    for one, other in zip(mine, theirs, strict=True):
        if one == other:
            continue
        if one[0].isalnum() != other[0].isalnum() and '"' not in one + other and "'" not in one:
            return ""
        changed.setdefault(one, other)
    shown = [f"{_short(one)} → {_short(other)}" for one, other in changed.items()]
    if len(shown) > _SHOWN_NAMES:
        shown[_SHOWN_NAMES:] = [f"{len(shown) - _SHOWN_NAMES} more"]
    return ", ".join(shown)


def _short(word: str) -> str:
    word = " ".join(word.split())
    return word if len(word) <= _SHOWN_LENGTH else word[: _SHOWN_LENGTH - 1] + "…"
