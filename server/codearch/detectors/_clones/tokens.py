"""A source as arrays of tokens: what each is, and which line it stands on."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.lexicons import LEXICONS
from codearch.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.lexicons import Lexicon
else:
    np = Lazy("numpy")


NAME, VALUE = 1, 2  # forms of names and of literals, whichever they are
_LINE_END, _PASSED = 3, 4
_LEAST_FORM = 16  # of keywords and operators
_TEXT_BITS = 32
_QUOTES = "'\"`"
_LONGEST_OPERATOR = 3
_REMEMBERED_LENGTH = 40  # of a token: longer ones hardly come again
_MOST_REMEMBERED = 100_000


class Tokens(NamedTuple):
    """A file's tokens: `forms` have names and literals alike. Lines are 0-based."""

    forms: NDArray[np.uint32]
    texts: NDArray[np.uint32]  # hash of each token as written
    lines: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.forms)


class _Table(dict[str, int]):
    """The hash and the form of each token; short ones are remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__({"\n": _LINE_END})
        self._lexicon = lexicon

    def __missing__(self, token: str) -> int:
        made = _hash(token) << _TEXT_BITS | self._form(token)
        if len(token) <= _REMEMBERED_LENGTH:
            if len(self) > _MOST_REMEMBERED:
                self.clear()
                self["\n"] = _LINE_END
            self[token] = made
        return made

    def _form(self, token: str) -> int:
        if token in self._lexicon.keywords:
            return form_of(token)
        if token in self._lexicon.literals or token[0].isdigit():
            return VALUE
        if token.replace("$", "_").isidentifier():
            return NAME
        if self._lexicon.skipped.fullmatch(token):
            return _PASSED
        quoted = len(token) > 1 and token[-1] in _QUOTES
        return VALUE if quoted or len(token) > _LONGEST_OPERATOR else form_of(token)


def _hash(token: str) -> int:
    return zlib.crc32(token.encode("utf-8", "replace"))


def form_of(token: str) -> int:
    """Return the form of a keyword or operator: a hash that is the same in every process."""
    return max(_hash(token), _LEAST_FORM)


_tables = {name: _Table(lexicon) for name, lexicon in LEXICONS.items()}


def tokens_of(source: bytes, language: str) -> Tokens:
    """Return the tokens of a source, without comments, imports and preprocessor lines."""
    found = LEXICONS[language].pattern.findall(source.decode("utf-8", "replace"))
    packed = np.array(list(map(_tables[language].__getitem__, found)), np.uint64)
    forms = packed.astype(np.uint32)  # the lower half
    breaks = (forms == _LINE_END).astype(np.int32)
    for index in np.flatnonzero((forms == _PASSED) | (forms == VALUE)).tolist():
        breaks[index] = found[index].count("\n")
    lines = np.cumsum(breaks, dtype=np.int32) - breaks
    kept = (forms != _LINE_END) & (forms != _PASSED)
    texts = (packed[kept] >> np.uint64(_TEXT_BITS)).astype(np.uint32)
    return Tokens(forms[kept], texts, lines[kept])
