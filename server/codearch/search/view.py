"""The catalogue at one moment, which searches read without a lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.search.paths import PathWords
    from codearch.search.postings import Run
    from codearch.search.vocabulary import Vocabulary
    from codearch.search.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is searchable. Arrays are by part, by symbol and by file, dead ones included."""

    version: int
    weights: Weights
    vocabulary: Vocabulary
    runs: tuple[Run, ...]
    path_words: PathWords
    by_name: Mapping[str, Sequence[int]]  # `name_keys` -> symbols
    by_declared: Mapping[str, Sequence[int]]  # `name_key` of a variable -> symbols it stands in
    buffers: Mapping[int, Sequence[int]]  # session -> files on disk that its buffers hide
    kinds: Sequence[str]
    names: Sequence[str]
    containers: Sequence[str]
    paths: Sequence[str]
    languages: Sequence[str]
    part_symbol: NDArray[np.int32]
    part_file: NDArray[np.int32]
    part_passage: NDArray[np.int64]
    part_counts: NDArray[np.bool_]  # of a file as it is on disk now: what a word's rarity rests on
    further_parts: NDArray[np.int32]  # all but each symbol's first
    symbol_uid: NDArray[np.int64]
    symbol_file: NDArray[np.int32]
    symbol_part: NDArray[np.int32]  # the first
    symbol_kind: NDArray[np.uint8]
    symbol_sort: NDArray[np.uint8]  # PLAIN, TYPE, MODULE
    symbol_test: NDArray[np.bool_]
    symbol_words: NDArray[np.uint8]  # of its name
    symbol_size: NDArray[np.float32]  # words in all its parts
    file_symbol: NDArray[np.int32]  # the first
    file_length: NDArray[np.float32]  # words
    file_session: NDArray[np.int64]
    file_role: NDArray[np.uint8]
    file_stem_words: NDArray[np.uint8]  # of its name
    file_alive: NDArray[np.bool_]
    kept: dict[object, NDArray[np.float32]]  # what searches work out once for all

    def visible(self, session: int) -> NDArray[np.bool_]:
        """Return which files a session sees: its own buffers, else what is on disk."""
        seen: NDArray[np.bool_] = self.file_alive & (
            (self.file_session == 0) | (self.file_session == session)
        )
        for number in self.buffers.get(session, ()):
            seen[number] = False
        return seen

    def passages(self, files: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the passages of these files."""
        return self.part_passage[files[self.part_file]]

    def named(self, key: str) -> list[int]:
        """Return the symbols of a name, as `name_key` makes it."""
        return self._present(self.by_name.get(key, ()), len(self.symbol_uid))

    def declaring(self, key: str) -> list[int]:
        """Return the symbols in which a variable or a field of this name is declared."""
        return self._present(self.by_declared.get(key, ()), len(self.symbol_uid))

    def with_stem(self, key: str) -> list[int]:
        """Return the files whose name without suffixes is `key`, but for case and signs."""
        return self._present(self.path_words.with_stem(key), len(self.file_alive))

    def with_file_name(self, name: str) -> list[int]:
        """Return the files of this name, whatever its case."""
        return self._present(self.path_words.with_name(name), len(self.file_alive))

    @staticmethod
    def _present(numbers: Sequence[int], size: int) -> list[int]:
        """Leave out what was added after the view was taken."""
        return [number for number in list(numbers) if number < size]

    def symbols_of(self, file: int) -> tuple[int, int]:
        """Return a file's first symbol and the first of the next file."""
        last = file + 1 == len(self.file_symbol)
        end = len(self.symbol_uid) if last else int(self.file_symbol[file + 1])
        return int(self.file_symbol[file]), end

    def place_of(self, symbol: int) -> tuple[str, int]:
        """Return what puts symbols in an order that does not depend on when their files came."""
        return self.paths[self.symbol_file[symbol]], symbol

    def term(self, word: str) -> int:
        """Return the number of a word, 0 for one that no passage holds."""
        return self.vocabulary.number(word)

    def holds(self, word: str) -> bool:
        """Whether any symbol holds a word; what has gone since does not count."""
        term = self.term(word)
        return term > 0 and any(
            self.file_alive[self.part_file[run.parts[run.find(term)]]].any() for run in self.runs
        )

    def knows(self, word: str) -> bool:
        """Whether any symbol or path holds a word; what has gone since does not count."""
        if self.holds(word):
            return True
        hits = self.path_words.find(word)
        if hits is None:
            return False
        return bool(self.file_alive[hits.files[hits.files < len(self.file_alive)]].any())
