"""A file as clones are looked for in it: its tokens, its functions, its statements."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.lexicons import CONTROL, LEXICONS
from codearch.detectors._clones.prints import grams, mixed
from codearch.detectors._clones.tokens import NAME, VALUE, form_of
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.prints import Grams
    from codearch.detectors._clones.tokens import Tokens
else:
    np = Lazy("numpy")


_OPENING = frozenset(map(form_of, "([{"))
_CLOSING = frozenset(map(form_of, ")]}"))
_BRACKET_FORMS = sorted(_OPENING | _CLOSING)
_BRACKETS = 2  # tokens of a statement that is hardly more than them
_AROUND = 20  # tokens before and after one that is in a table
_VALUES_OF_A_TABLE = 0.32  # the share of literals among them
_LEAST_DONE = 3  # control words and calls
_CONTROL = sorted(map(form_of, CONTROL))
_PARENTHESIS = form_of("(")
_BRACE, _BRACE_END = form_of("{"), form_of("}")


class Unit(NamedTuple):
    """A function, by its tokens."""

    first: int
    end: int  # behind its last


class Places(NamedTuple):
    """Where values stand, ascending: each has `counts` places, from `firsts` on."""

    values: NDArray[np.uint32]
    firsts: NDArray[np.intp]
    counts: NDArray[np.intp]
    places: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Source:
    """One file's tokens and the functions among them, outer ones before inner ones."""

    language: str
    tokens: Tokens
    units: tuple[Unit, ...]

    @functools.cached_property
    def grams(self) -> Grams:
        """The hashes of neighbouring tokens."""
        return grams(self.tokens)

    @functools.cached_property
    def chosen(self) -> NDArray[np.intp]:
        """The places of the file's prints."""
        return self.grams.chosen()

    @functools.cached_property
    def prints(self) -> Places:
        """The places of each of the file's prints."""
        places = self.chosen
        values = mixed(self.grams.hashes[places])
        order = np.lexsort((places, values))
        every, firsts, counts = np.unique(values[order], return_index=True, return_counts=True)
        return Places(every, firsts, counts, places[order])

    @functools.cached_property
    def rows(self) -> NDArray[np.int32]:
        """The line of code that each token is on: lines without any count for nothing."""
        lines = self.tokens.lines
        return np.cumsum(np.diff(lines, prepend=lines[:1]) != 0, dtype=np.int32)

    @functools.cached_property
    def written(self) -> bytes:
        """The forms of all tokens, in four bytes each."""
        return self.tokens.forms.tobytes()

    @functools.cached_property
    def statements(self) -> NDArray[np.intp]:
        """The places behind the last token of each statement."""
        return _ends(self.tokens, self.language)

    @functools.cached_property
    def innermost(self) -> NDArray[np.int32]:
        """The innermost function around each token, by its index; -1 outside all."""
        found = np.full(len(self.tokens) + 1, -1, np.int32)
        for index, unit in enumerate(self.units):
            found[unit.first : unit.end] = index
        return found

    @functools.cached_property
    def parents(self) -> list[int]:
        """The function around each function, -1 where there is none."""
        found: list[int] = []
        around: list[int] = []
        for index, unit in enumerate(self.units):
            while around and self.units[around[-1]].end < unit.end:
                around.pop()
            found.append(around[-1] if around else -1)
            around.append(index)
        return found

    def around(self, place: int) -> Iterator[int]:
        """Yield the functions around a token, inner ones first."""
        return self.with_outer(int(self.innermost[place]))

    def with_outer(self, index: int) -> Iterator[int]:
        """Yield a function and those around it, inner ones first; none for -1."""
        while index >= 0:
            yield index
            index = self.parents[index]

    @functools.cached_property
    def _unit_bodies(self) -> dict[int, list[int]]:
        return {}

    def unit_bodies(self, index: int) -> list[int]:
        """Return the statements of a function, equal numbers for equal forms."""
        known = self._unit_bodies.get(index)
        if known is None:
            known = self._unit_bodies[index] = self.bodies(*self.units[index])
        return known

    def bodies(self, first: int, end: int) -> list[int]:
        """Return the statements of a stretch, equal numbers for equal forms; 0 for brackets."""
        ends = self.statements
        low, high = ends.searchsorted(first, "right"), ends.searchsorted(end)
        bounds = [first, *ends[low:high].tolist(), end]
        whole = self.written
        return [
            hash(whole[4 * a : 4 * b]) if b - a > _BRACKETS else 0
            for a, b in itertools.pairwise(bounds)
        ]

    @functools.cached_property
    def _doing(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """How many control words, and how many calls, stand before each token."""
        forms = self.tokens.forms
        control = np.isin(forms, np.array(_CONTROL, np.uint32))
        calls = np.zeros(len(forms), np.bool_)
        calls[1:] = (forms[1:] == _PARENTHESIS) & (forms[:-1] == NAME)
        return _running(control), _running(calls)

    @functools.cached_property
    def tables(self) -> NDArray[np.int32]:
        """How many tokens that belong to tables of data stand before each token."""
        values = _running(self.tokens.forms == VALUE)
        places = np.arange(len(self.tokens))
        low = np.maximum(places - _AROUND, 0)
        high = np.minimum(places + _AROUND, len(self.tokens))
        return _running(values[high] - values[low] > _VALUES_OF_A_TABLE * (high - low))

    @functools.cached_property
    def _table_bounds(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(np.diff(self.tables))) + 1

    def table_bounds(self, first: int, end: int) -> list[int]:
        """Return where tables of data begin and end in a stretch."""
        low, high = self._table_bounds.searchsorted((first + 1, end))
        found: list[int] = self._table_bounds[low:high].tolist()
        return found

    def is_table(self, first: int, end: int) -> bool:
        """Say whether at least half of a stretch is data."""
        return 2 * int(self.tables[end] - self.tables[first]) >= end - first

    def does_something(self, first: int, end: int) -> bool:
        """Say whether a stretch is code that runs: no declarations, no table of data."""
        control, calls = (int(each[end] - each[first]) for each in self._doing)
        inside = self.innermost[first] >= 0 and self.innermost[first] == self.innermost[end - 1]
        if inside or LEXICONS[self.language].by_line or self.innermost[first:end].max() >= 0:
            return control + calls >= _LEAST_DONE
        return control >= _LEAST_DONE

    def line_count(self, first: int, end: int) -> int:
        """Return how many lines the tokens of a stretch stand on."""
        return int(self.rows[end - 1] - self.rows[first]) + 1 if end > first else 0


def _running(values: NDArray[np.bool_]) -> NDArray[np.int32]:
    return np.concatenate((np.zeros(1, np.int32), np.cumsum(values, dtype=np.int32)))


def source_of(tokens: Tokens, language: str, functions: Sequence[tuple[int, int]]) -> Source:
    """Return a file with its functions, given by their first and last lines."""
    lines = tokens.lines
    units = [
        Unit(int(lines.searchsorted(first)), int(lines.searchsorted(last, "right")))
        for first, last in functions
    ]
    return Source(language, tokens, tuple(sorted(set(units), key=lambda u: (u.first, -u.end))))


def _ends(tokens: Tokens, language: str) -> NDArray[np.intp]:
    """Return where statements end: at their mark, and at a line's end where that ends them too.

    Both count inside a block alone, not in parentheses.
    """
    lexicon = LEXICONS[language]
    marks = sorted(map(form_of, lexicon.statements))
    braces = "{" in lexicon.statements
    ended = np.isin(tokens.forms, np.array(marks, np.uint32))
    if lexicon.by_line:
        ended[:-1] |= np.diff(tokens.lines) > 0
    ended &= _free(tokens.forms, braces=braces)
    if braces:
        ended |= tokens.forms == _BRACE_END
    return np.flatnonzero(ended) + 1


def _free(forms: NDArray[np.uint32], *, braces: bool) -> NDArray[np.bool_]:
    """Return which tokens are in no parentheses; a block within them is free again."""
    places = np.flatnonzero(np.isin(forms, np.array(_BRACKET_FORMS, np.uint32))).tolist()
    free = [True]
    around: list[int] = []
    for form in forms[places].tolist():
        if form in _OPENING:
            around.append(form)
        elif around:
            around.pop()
        free.append(not around or (braces and around[-1] == _BRACE))
    return np.repeat(free, np.diff([0, *places, len(forms)]))
