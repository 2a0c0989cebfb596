"""The functions of a file as they are compared: where they stand, and what they are known by."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._algorithms.constants import constants, with_constants
from codearch.detectors._algorithms.likeness import weighted
from codearch.detectors._algorithms.marks import marks
from codearch.detectors._algorithms.normal import normal
from codearch.detectors._algorithms.reading import TooLargeError, read_function
from codearch.detectors._algorithms.words import names
from codearch.facts import CALLABLE_KINDS
from codearch.flow.nodes import node_of
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._detector import FileView
    from codearch.facts import SymbolFact
else:
    np = Lazy("numpy")

_LEAST_LINES, _MOST_LINES = 4, 200  # of code
_BEGINNINGS = frozenset({"main", "_main"})  # they put data to what the program does
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SAY_LITTLE = names("""
    get set is has to from of the a an and in on by for with new make create do run main
    init test check compute calculate calc find func function fn value values list array
    string str int
""")


class Function(NamedTuple):
    """A function that does enough to be compared, by its place in the facts of its file."""

    at: int
    name: str
    line: int
    end_line: int
    ids: NDArray[np.uint32]  # of its marks, in their order
    told: NDArray[np.float32]  # what each of them tells
    words: frozenset[str]  # of its name

    @property
    def weight(self) -> float:
        """What all marks tell together."""
        return float(self.told.sum())


def functions_of(view: FileView, least: float) -> Iterator[Function]:
    """Yield the functions of a file that tell at least so much."""
    for index, symbol in enumerate(view.facts.symbols):
        if not _is_of_size(symbol) or symbol.test or symbol.name.lower() in _BEGINNINGS:
            continue
        found = marks_of(view, index)
        told = weighted(found)
        if sum(told.values()) < least:
            continue
        ids = sorted((zlib.crc32(mark.encode()), value) for mark, value in told.items())
        yield Function(
            index,
            symbol.name,
            symbol.span.line,
            symbol.span.end_line,
            np.array([each for each, _ in ids], np.uint32),
            np.array([each for _, each in ids], np.float32),
            words(symbol.name),
        )


def has_functions(view: FileView) -> bool:
    """Say whether anything in a file is worth reading."""
    return any(_is_of_size(each) for each in view.facts.symbols)


def marks_of(view: FileView, index: int) -> Counter[str]:
    """Return the marks of a function; none of one that is too large, or whose tree is lost."""
    symbol = view.facts.symbols[index]
    node = node_of(view.program, symbol.span)
    if node is None:
        return Counter()
    try:
        read = read_function(view.program, node, symbol.span)
        known = view.once("constants", lambda: constants(view.program))
        return marks(normal(with_constants(read, known)))
    except TooLargeError:
        return Counter()


def words(name: str) -> frozenset[str]:
    """Return the words of a name that tell something."""
    return frozenset(each.lower() for each in _WORDS.findall(name)) - _SAY_LITTLE


def _is_of_size(symbol: SymbolFact) -> bool:
    if symbol.kind not in CALLABLE_KINDS or symbol.metrics is None:
        return False
    return _LEAST_LINES <= symbol.metrics.code_lines <= _MOST_LINES
