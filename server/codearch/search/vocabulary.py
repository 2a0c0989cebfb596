"""The words of a workspace, by number, by stem and by beginning."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from codearch.search.forms import stem

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW_WORDS = 200
_LONGEST_WITH_FORMS = 24  # characters; what is longer is several words written as one


class Vocabulary:
    """Words and the numbers that packed passages hold. It only grows."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._by_stem: dict[str, str | list[str]] = {}  # few stems have more than one word
        self._new: list[str] = []
        self._sorted: list[str] = []

    def add(self, terms: Iterable[tuple[int, str]]) -> None:
        """Learn words and their numbers."""
        for number, word in terms:
            self._numbers[word] = number
            self._new.append(word)

    def number(self, word: str) -> int:
        """Return the number of a word, 0 for one that no passage holds."""
        return self._numbers.get(word, 0)

    def numbers(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of different words, without those that no passage holds."""
        return [self._numbers[word] for word in dict.fromkeys(words) if word in self._numbers]

    def forms(self, word: str) -> list[str]:
        """Return the other forms of a word that the workspace uses."""
        found = self._by_stem.get(stem(word), ())
        return [other for other in ((found,) if isinstance(found, str) else found) if other != word]

    def beginning_with(self, prefix: str) -> list[str]:
        """Return the words that begin so."""
        held = self._sorted  # a later one takes its place, so this one stays as it is
        first = bisect_left(held, prefix)
        last = bisect_left(held, True, first, key=lambda word: not word.startswith(prefix))
        return held[first:last]

    def containing(self, text: str) -> list[str]:
        """Return the words in which a text stands somewhere."""
        return [word for word in self._sorted if text in word]

    def settle(self) -> None:
        """Sort what was added, by stem too."""
        new, self._new = self._new, []
        if len(new) > _FEW_WORDS:
            self._sorted = sorted([*self._sorted, *new])
        elif new:
            grown = [*self._sorted]  # to compare all words again would take 20 ms
            for word in new:
                insort(grown, word)
            self._sorted = grown
        for word in new:
            if len(word) > _LONGEST_WITH_FORMS:
                continue
            key = stem(word)
            held = self._by_stem.get(key)
            if held is None:
                self._by_stem[key] = word
            elif isinstance(held, str):
                self._by_stem[key] = [held, word]
            else:
                held.append(word)
