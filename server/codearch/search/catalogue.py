"""All that is searchable of a workspace, in memory, as columns of numbers.

The indexer holds one and feeds it what it commits; a search takes a `View` and reads it without a
lock. Files are appended whole, so that a file's symbols and a symbol's parts stand side by side;
a new version of a file is appended again, and the old one is dead until everything is renumbered.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from codearch.search.gathering import FILE, PART, SYMBOL, CataloguedFile, gather, name_keys
from codearch.search.paths import PathWords
from codearch.search.postings import Rows, Run, added, joined, rows_of, run_of
from codearch.search.query import name_key
from codearch.search.view import View
from codearch.search.vocabulary import Vocabulary
from codearch.search.weights import WEIGHTS, Weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_LEAST_DEAD = 20_000  # parts, before dead ones are worth clearing away
_DEAD_SHARE = 0.3


class _Table:
    """Records that grow in number; what was read before stays as it was."""

    def __init__(self, kind: np.dtype[np.void]) -> None:
        self._array = np.empty(1024, kind)
        self.size = 0

    def extend(self, records: NDArray[np.void]) -> None:
        needed = self.size + len(records)
        if needed > len(self._array):
            grown = np.empty(max(needed, self.size * 3 // 2), self._array.dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self._array[self.size : needed] = records
        self.size = needed

    @property
    def rows(self) -> NDArray[np.void]:
        return self._array[: self.size]


class Catalogue:
    """Everything that can be found. One thread writes at a time; views may be read by any."""

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self._lock = threading.RLock()
        self._vocabulary = Vocabulary()
        self._kinds: dict[str, int] = {}
        self._version = 0
        self._view: View | None = None
        self._reset()

    def _reset(self) -> None:
        self._parts, self._symbols, self._files = _Table(PART), _Table(SYMBOL), _Table(FILE)
        self._names: list[str] = []
        self._containers: list[str] = []
        self._paths: list[str] = []
        self._languages: list[str] = []
        self._path_words = PathWords(self.weights)
        self._by_path: dict[tuple[int, str], int] = {}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_declared: dict[str, list[int]] = defaultdict(list)
        self._runs: tuple[Run, ...] = ()
        self._pending: list[Rows] = []
        self._dead = 0

    # --- writing -----------------------------------------------------------------------------

    def add_terms(self, terms: Iterable[tuple[int, str]]) -> None:
        """Learn the words behind the numbers that packed passages hold."""
        with self._lock:
            self._vocabulary.add(terms)

    def put(self, files: Iterable[CataloguedFile]) -> None:
        """Add files, or new versions of files. The words they hold must have been added before."""
        with self._lock:
            self._append(list(files))
            self._version += 1
            if self._dead > max(_LEAST_DEAD, _DEAD_SHARE * self._parts.size):
                self._renumber()

    def drop(self, paths: Iterable[str], session: int = 0) -> None:
        """Remove files; of a session other than 0 its buffers."""
        with self._lock:
            for path in paths:
                self._bury(session, path)
            self._version += 1

    def drop_session(self, session: int) -> None:
        """Remove all buffers of a session."""
        self.drop([path for owner, path in list(self._by_path) if owner == session], session)

    def clear(self) -> None:
        """Forget everything but the words."""
        with self._lock:
            self._reset()
            self._version += 1

    def _bury(self, session: int, path: str) -> None:
        number = self._by_path.pop((session, path), None)
        if number is not None:
            alive = self._files.rows["alive"]
            alive[number] = False
            self._dead += int(np.count_nonzero(self._symbols.rows["file"] == number))

    def _append(self, files: list[CataloguedFile]) -> None:
        ends = self._parts.size, self._symbols.size, self._files.size
        gathered = gather(files, ends, self._kinds, self._vocabulary, self.weights)
        at = self._symbols.size
        for number, file in enumerate(files, self._files.size):
            self._bury(file.session, file.path)
            self._by_path[file.session, file.path] = number
            self._paths.append(file.path)
            self._languages.append(file.language)
            self._path_words.add(file.path)
            for symbol in file.symbols:
                self._names.append(symbol.name)
                self._containers.append(symbol.container)
                for key in name_keys(symbol.name):
                    self._by_name[key].append(at)
                for name in symbol.declares:
                    self._by_declared[name_key(name)].append(at)
                at += 1
        self._parts.extend(gathered.parts)
        self._symbols.extend(gathered.symbols)
        self._files.extend(gathered.files)
        if gathered.rows is not None:
            self._pending.append(gathered.rows)

    def _renumber(self) -> None:
        """Give what is alive new numbers and forget the rest; views taken before keep the old."""
        files, symbols, parts = self._files.rows, self._symbols.rows, self._parts.rows
        alive_file = files["alive"].copy()
        alive_symbol = alive_file[symbols["file"]]
        alive_part = alive_symbol[parts["symbol"]]
        file_numbers, symbol_numbers, part_numbers = map(
            _renumbered, (alive_file, alive_symbol, alive_part)
        )
        runs = [*self._runs, *map(run_of, self._pending)]
        rows = [rows_of(run, part_numbers) for run in runs]
        old = self._names, self._containers, self._paths, self._languages
        by_name = _moved(self._by_name, symbol_numbers)
        by_declared = _moved(self._by_declared, symbol_numbers)
        self._reset()
        self._by_name, self._by_declared = by_name, by_declared
        self._names, self._containers = (
            [column[at] for at in np.flatnonzero(alive_symbol)] for column in old[:2]
        )
        self._paths, self._languages = (
            [column[at] for at in np.flatnonzero(alive_file)] for column in old[2:]
        )
        self._take_over(files[alive_file].copy(), symbols[alive_symbol].copy(), file_numbers)
        kept_parts = parts[alive_part].copy()
        kept_parts["symbol"] = symbol_numbers[kept_parts["symbol"]]
        self._parts.extend(kept_parts)
        self._symbols.rows["part"] = part_numbers[self._symbols.rows["part"]]
        if rows:
            self._runs = (run_of(joined(rows)),)

    def _take_over(
        self, files: NDArray[np.void], symbols: NDArray[np.void], file_numbers: NDArray[np.int32]
    ) -> None:
        symbols["file"] = file_numbers[symbols["file"]]
        # A file without symbols begins where the next one does.
        counts = np.bincount(symbols["file"], minlength=len(files))
        files["symbol"] = np.cumsum(counts) - counts
        self._symbols.extend(symbols)
        self._files.extend(files)
        for number, path in enumerate(self._paths):
            self._path_words.add(path)
            self._by_path[int(files["session"][number]), path] = number

    # --- reading -----------------------------------------------------------------------------

    def view(self) -> View:
        """Return what is searchable now; it is made anew only after a change."""
        with self._lock:
            if self._view is None or self._view.version != self._version:
                if self._pending:
                    self._runs = added(self._runs, run_of(joined(self._pending)))
                    self._pending = []
                self._vocabulary.settle()
                self._view = self._made_view()
            return self._view

    def _made_view(self) -> View:
        symbols, parts, files = self._symbols.rows, self._parts.rows, self._files.rows
        column = np.ascontiguousarray  # fields of records lie apart; a copy of each is read faster
        part_symbol, symbol_file = column(parts["symbol"]), column(symbols["file"])
        stem_words = np.minimum(self._path_words.stem_sizes, 255)
        return View(
            version=self._version,
            weights=self.weights,
            vocabulary=self._vocabulary,
            runs=self._runs,
            path_words=self._path_words,
            by_name=self._by_name,
            by_declared=self._by_declared,
            buffers=self._buffers(),
            kinds=list(self._kinds),
            names=self._names,
            containers=self._containers,
            paths=self._paths,
            languages=self._languages,
            part_symbol=part_symbol,
            part_file=symbol_file[part_symbol],
            part_passage=column(parts["passage"]),
            part_counts=(files["alive"] & (files["session"] == 0))[symbol_file[part_symbol]],
            further_parts=np.flatnonzero(np.diff(part_symbol, prepend=-1) == 0).astype(np.int32),
            symbol_uid=column(symbols["uid"]),
            symbol_file=symbol_file,
            symbol_part=column(symbols["part"]),
            symbol_kind=column(symbols["kind"]),
            symbol_sort=column(symbols["sort"]),
            symbol_test=column(symbols["test"]),
            symbol_words=column(symbols["words"]),
            symbol_size=column(symbols["size"]),
            file_symbol=column(files["symbol"]),
            file_length=column(files["length"]),
            file_session=column(files["session"]),
            file_role=column(files["role"]),
            file_stem_words=stem_words.astype(np.uint8),
            file_alive=column(files["alive"]),
            kept={},
        )

    def _buffers(self) -> dict[int, list[int]]:
        hidden: dict[int, list[int]] = defaultdict(list)
        for session, path in self._by_path:
            if session and (0, path) in self._by_path:
                hidden[session].append(self._by_path[0, path])
        return dict(hidden)


def _renumbered(alive: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the new number of each record, -1 for the dead."""
    numbers = np.cumsum(alive, dtype=np.int32) - 1
    numbers[~alive] = -1
    return numbers


def _moved(by_key: dict[str, list[int]], numbers: NDArray[np.int32]) -> dict[str, list[int]]:
    """Return lists of symbols under their new numbers, without the dead."""
    moved: dict[str, list[int]] = defaultdict(list)
    for key, old in by_key.items():
        kept = [int(numbers[at]) for at in old if numbers[at] >= 0]
        if kept:
            moved[key] = kept
    return moved
