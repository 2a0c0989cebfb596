"""All that is searchable of a workspace, in memory, as columns of numbers.

The indexer holds one and feeds it what it commits; a search takes a `View` and reads it without a
lock. Files are appended whole, so that a file's symbols and a symbol's parts stand side by side;
a new version of a file is appended again, and the old one is dead until the next `compact`.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.facts import TYPE_KINDS
from codearch.search.forms import stem
from codearch.search.paths import PathWords, role_of, split_words
from codearch.search.postings import OWN_SHIFT, Rows, Run, added, joined, rows_of, run_of, weighed
from codearch.search.query import name_key
from codearch.search.weights import WEIGHTS, Weights
from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_HEADER_BYTES = 8  # of a passage's packed words: four lengths, then a number a word
_COUNT_BITS = 10
PLAIN, TYPE, MODULE = range(3)  # sorts of symbols, as far as they rank differently
_TYPE_LINE = re.compile(
    r"(?:[\w@()\[\]]+\s+){0,4}?(?:class|module|interface|trait|object|struct|enum|union|protocol|record"
    r"|namespace|data|newtype|defmodule|defprotocol|type)\s+\w|\w+\s*=\s*(?:\w+\s+)?(?:struct|enum|union)\b"
    r"|(?:pub\s+)?const\s+\w+\s*=\s*(?:\w+\s+)?(?:struct|enum|union|opaque)\b"
)
_LAST_PART = re.compile(r"[.:/#\\]+")
_LEAST_DEAD = 20_000  # parts, before dead ones are worth clearing away
_DEAD_SHARE = 0.3


class CataloguedSymbol(msgspec.Struct, frozen=True, gc=False):
    """A symbol to be searched. `passages` are (passage id, its packed words), one a part.

    The id 0 is for words that have no vector.
    """

    uid: int
    name: str
    container: str
    kind: str
    signature: str
    test: bool
    passages: tuple[tuple[int, bytes], ...]
    declares: tuple[str, ...] = ()  # variables, constants and fields inside, which are no symbols


class CataloguedFile(msgspec.Struct, frozen=True):
    """A version of a file; of an unsaved buffer where `session` is not 0."""

    path: str
    language: str
    symbols: tuple[CataloguedSymbol, ...]
    session: int = 0
    test: bool = False
    generated: bool = False


_PART = np.dtype([("symbol", "i4"), ("passage", "i8")])
_SYMBOL = np.dtype(
    [
        ("uid", "i8"),
        ("file", "i4"),
        ("part", "i4"),
        ("kind", "u1"),
        ("sort", "u1"),
        ("test", "?"),
        ("words", "u1"),
        ("size", "f4"),
    ]
)
_FILE = np.dtype(
    [("symbol", "i4"), ("length", "f4"), ("session", "i8"), ("role", "u1"), ("alive", "?")]
)


class _Table:
    """Records that grow in number; what was read before stays as it was."""

    def __init__(self, kind: np.dtype[np.void]) -> None:
        self._array = np.empty(1024, kind)
        self.size = 0

    def extend(self, records: NDArray[np.void]) -> None:
        needed = self.size + len(records)
        if needed > len(self._array):
            grown = np.empty(max(needed, 2 * len(self._array)), self._array.dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self._array[self.size : needed] = records
        self.size = needed

    @property
    def rows(self) -> NDArray[np.void]:
        return self._array[: self.size]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The catalogue at one moment. Arrays are by part, by symbol and by file."""

    catalogue: Catalogue
    version: int
    runs: tuple[Run, ...]
    names: list[str]
    containers: list[str]
    kinds: list[str]
    paths: list[str]
    languages: list[str]
    path_words: PathWords
    stem_sizes: NDArray[np.uint8]
    part_symbol: NDArray[np.int32]
    part_file: NDArray[np.int32]
    part_passage: NDArray[np.int64]
    further_parts: NDArray[np.int32]  # all but each symbol's first
    symbol_uid: NDArray[np.int64]
    symbol_file: NDArray[np.int32]
    symbol_part: NDArray[np.int32]
    symbol_kind: NDArray[np.uint8]
    symbol_test: NDArray[np.bool_]
    symbol_words: NDArray[np.uint8]  # of its name
    symbol_size: NDArray[np.float32]  # words in all its parts
    symbol_sort: NDArray[np.uint8]  # SORTS
    symbol_callers: NDArray[np.int32]
    file_symbol: NDArray[np.int32]
    file_length: NDArray[np.float32]
    file_session: NDArray[np.int64]
    file_role: NDArray[np.uint8]
    file_alive: NDArray[np.bool_]
    kept: dict[object, NDArray[np.float32]]  # what searches work out once for all

    def visible(self, session: int) -> NDArray[np.bool_]:
        """Return which files a session sees: its own buffers, else what is on disk."""
        seen: NDArray[np.bool_] = self.file_alive & (
            (self.file_session == 0) | (self.file_session == session)
        )
        for number in self.catalogue.hidden_by(session):
            seen[number] = False
        return seen

    def symbols_of(self, file: int) -> tuple[int, int]:
        """Return a file's first symbol and the first of the next file."""
        after = file + 1
        end = (
            int(self.file_symbol[after]) if after < len(self.file_symbol) else len(self.symbol_uid)
        )
        return int(self.file_symbol[file]), end

    def term(self, word: str) -> int:
        """Return the number of a word, 0 for one that nothing holds."""
        return self.catalogue.term(word)

    def knows(self, word: str) -> bool:
        """Whether any symbol or path holds a word."""
        return bool(self.catalogue.term(word)) or self.path_words.find(word) is not None


class Catalogue:
    """Everything that can be found. One thread writes at a time; views may be read by any."""

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self._lock = threading.RLock()
        self._terms: dict[str, int] = {}
        self._words: dict[int, str] = {}
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._unstemmed: list[str] = []
        self._kinds: dict[str, int] = {}
        self._callers: Mapping[int, int] = {}
        self._version = 0
        self._view: View | None = None
        self._reset()

    def _reset(self) -> None:
        self._parts = _Table(_PART)
        self._lengths = np.empty((0, 5), np.uint16)
        self._symbols = _Table(_SYMBOL)
        self._files = _Table(_FILE)
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
            for number, word in terms:
                self._terms[word] = number
                self._unstemmed.append(word)

    def put(self, files: Iterable[CataloguedFile]) -> None:
        """Add files, or new versions of files."""
        with self._lock:
            for file in files:
                self._bury(file.session, file.path)
                self._append(file)
            self._version += 1
            if self._dead > max(_LEAST_DEAD, _DEAD_SHARE * self._parts.size):
                self._compact()

    def drop(self, paths: Iterable[str], session: int = 0) -> None:
        """Remove files; of a session other than 0 its buffers."""
        with self._lock:
            for path in paths:
                self._bury(session, path)
            self._version += 1

    def drop_session(self, session: int) -> None:
        """Remove all buffers of a session."""
        self.drop([path for owner, path in list(self._by_path) if owner == session], session)

    def set_callers(self, callers: Mapping[int, int]) -> None:
        """Say how many symbols call each symbol, by uid; 0 for those that are left out."""
        with self._lock:
            self._callers = callers
            self._version += 1

    def clear(self) -> None:
        """Forget everything but the words."""
        with self._lock:
            self._reset()
            self._version += 1

    def _bury(self, session: int, path: str) -> None:
        number = self._by_path.pop((session, path), None)
        if number is not None:
            self._files.rows["alive"][number] = False
            first = int(self._files.rows["symbol"][number])
            after = (
                int(self._files.rows["symbol"][number + 1])
                if number + 1 < self._files.size
                else self._symbols.size
            )
            parts = self._symbols.rows["part"]
            end = int(parts[after]) if after < self._symbols.size else self._parts.size
            self._dead += end - int(parts[first]) if first < after else 0

    def _append(self, file: CataloguedFile) -> None:
        number, first_symbol, first_part = self._files.size, self._symbols.size, self._parts.size
        symbols: list[tuple[int, int, int, int, int, bool, int, float]] = []
        parts: list[tuple[int, int]] = []
        blobs: list[bytes] = []
        for symbol in file.symbols:
            kind = self._kinds.setdefault(symbol.kind, len(self._kinds))
            at = first_symbol + len(symbols)
            count = min(len(set(split_words(symbol.name))), 255)
            size = sum(_length(blob) for _, blob in symbol.passages)
            part, sort = first_part + len(parts), sort_of(symbol.kind, symbol.signature)
            symbols.append((symbol.uid, number, part, kind, sort, symbol.test, count, size))
            for passage, blob in symbol.passages or ((0, b"\0" * _HEADER_BYTES),):
                parts.append((at, passage))
                blobs.append(blob)
            for key in name_keys(symbol.name):
                self._by_name[key].append(at)
            for name in symbol.declares:
                self._by_declared[name_key(name)].append(at)
        self._names += [symbol.name for symbol in file.symbols]
        self._containers += [symbol.container for symbol in file.symbols]
        self._symbols.extend(np.array(symbols, _SYMBOL))
        self._parts.extend(np.array(parts, _PART))
        rows, length = self._rows(file, blobs, np.array(parts, _PART)["symbol"], first_part)
        if rows is not None:
            self._pending.append(rows)
        role = role_of(file.path, test=file.test, generated=file.generated)
        self._files.extend(np.array([(first_symbol, length, file.session, role, True)], _FILE))
        self._paths.append(file.path)
        self._languages.append(file.language)
        self._path_words.add(file.path)
        self._by_path[file.session, file.path] = number

    def _rows(
        self,
        file: CataloguedFile,
        blobs: Sequence[bytes],
        part_symbol: NDArray[np.int32],
        first_part: int,
    ) -> tuple[Rows | None, float]:
        """Return the postings of a file's parts, and how many words it has."""
        if not blobs:
            return None, 0.0
        stored = np.array([np.frombuffer(blob, "<u2", count=4) for blob in blobs], np.uint16)
        sizes = np.array([len(blob) - _HEADER_BYTES for blob in blobs]) // 4
        packed = np.frombuffer(b"".join(blob[_HEADER_BYTES:] for blob in blobs), "<u4")
        local = np.repeat(np.arange(len(blobs), dtype=np.int64), sizes)
        terms = (packed >> _COUNT_BITS).astype(np.int32)
        counts = (packed & ((1 << _COUNT_BITS) - 1)).astype(np.uint16)
        own, own_lengths = self._own_words(file, part_symbol)
        held = np.isin((local << 32) | terms, own)
        counts[held] |= np.uint16(1 << OWN_SHIFT)
        lengths = np.column_stack([stored, own_lengths])
        weights = weighed(counts, lengths[local], self.weights)
        rows = Rows(terms, (local + first_part).astype(np.int32), counts, weights)
        return rows, float(stored.sum())

    def _own_words(
        self, file: CataloguedFile, part_symbol: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """Return (part, term) keys of the words of symbols' own names, and the names' lengths."""
        first = int(part_symbol[0])
        named = [identifier_terms(symbol.name, self._terms) for symbol in file.symbols]
        keys = [
            (part << 32) | term
            for part, symbol in enumerate(part_symbol)
            for term in named[int(symbol) - first]
        ]
        lengths = [len(named[int(symbol) - first]) for symbol in part_symbol]
        return np.array(keys, np.int64), np.array(lengths, np.uint16)

    def _compact(self) -> None:
        """Renumber what is alive and forget the rest."""
        files, symbols, parts = self._files.rows, self._symbols.rows, self._parts.rows
        alive_file = files["alive"]
        alive_symbol = alive_file[symbols["file"]]
        alive_part = alive_symbol[parts["symbol"]]
        rows = [rows_of(run, _renumbered(alive_part)) for run in self._runs]
        rows += [rows_of(run_of(each), _renumbered(alive_part)) for each in self._pending]
        file_numbers, symbol_numbers = _renumbered(alive_file), _renumbered(alive_symbol)
        by_name = _moved(self._by_name, symbol_numbers)
        by_declared = _moved(self._by_declared, symbol_numbers)
        names = [self._names[at] for at in np.flatnonzero(alive_symbol)]
        containers = [self._containers[at] for at in np.flatnonzero(alive_symbol)]
        kept_files = np.flatnonzero(alive_file)
        paths = [self._paths[at] for at in kept_files]
        languages = [self._languages[at] for at in kept_files]
        new_symbols = symbols[alive_symbol].copy()
        new_symbols["file"] = file_numbers[new_symbols["file"]]
        new_symbols["part"] = _renumbered(alive_part)[new_symbols["part"]]
        new_parts = parts[alive_part].copy()
        new_parts["symbol"] = symbol_numbers[new_parts["symbol"]]
        new_files = files[alive_file].copy()
        # A file without symbols begins where the next one does.
        counts = np.bincount(new_symbols["file"], minlength=len(new_files))
        new_files["symbol"] = np.cumsum(counts) - counts
        self._reset()
        self._symbols.extend(new_symbols)
        self._parts.extend(new_parts)
        self._files.extend(new_files)
        self._names, self._containers = names, containers
        self._paths, self._languages = paths, languages
        for number, path in enumerate(paths):
            self._path_words.add(path)
            self._by_path[int(new_files["session"][number]), path] = number
        self._by_name, self._by_declared = by_name, by_declared
        if rows:
            self._runs = (run_of(joined(rows)),)

    # --- reading -----------------------------------------------------------------------------

    def view(self) -> View:
        """Return what is searchable now; it is made anew only after a change."""
        with self._lock:
            if self._view is not None and self._view.version == self._version:
                return self._view
            if self._pending:
                self._runs = added(self._runs, run_of(joined(self._pending)))
                self._pending = []
            self._learn_stems()
            self._view = self._made_view()
            return self._view

    def _made_view(self) -> View:
        symbols, parts, files = self._symbols.rows, self._parts.rows, self._files.rows
        column = np.ascontiguousarray
        part_symbol = column(parts["symbol"])
        symbol_file = column(symbols["file"])
        uids = column(symbols["uid"])
        return View(
            catalogue=self,
            version=self._version,
            runs=self._runs,
            names=self._names,
            containers=self._containers,
            kinds=list(self._kinds),
            paths=self._paths,
            languages=self._languages,
            path_words=self._path_words,
            stem_sizes=np.minimum(self._path_words.stem_sizes, 255).astype(np.uint8),
            part_symbol=part_symbol,
            part_file=symbol_file[part_symbol],
            part_passage=column(parts["passage"]),
            further_parts=np.flatnonzero(np.diff(part_symbol, prepend=-1) == 0).astype(np.int32),
            symbol_uid=uids,
            symbol_file=symbol_file,
            symbol_part=column(symbols["part"]),
            symbol_kind=column(symbols["kind"]),
            symbol_test=column(symbols["test"]),
            symbol_words=column(symbols["words"]),
            symbol_size=column(symbols["size"]),
            symbol_sort=column(symbols["sort"]),
            symbol_callers=_counts_by_uid(uids, self._callers),
            file_symbol=column(files["symbol"]),
            file_length=column(files["length"]),
            file_session=column(files["session"]),
            file_role=column(files["role"]),
            file_alive=column(files["alive"]),
            kept={},
        )

    def _learn_stems(self) -> None:
        for word in self._unstemmed:
            self._by_stem[stem(word)].append(word)
        self._unstemmed = []

    def term(self, word: str) -> int:
        """Return the number of a word, 0 for one that nothing holds."""
        return self._terms.get(word, 0)

    def forms(self, word: str) -> list[str]:
        """Return the other forms of a word that the workspace uses."""
        return [other for other in self._by_stem.get(stem(word), ()) if other != word]

    def beginning_with(self, prefix: str) -> list[str]:
        """Return the words that begin so."""
        return [word for word in list(self._terms) if word.startswith(prefix)]

    def named(self, key: str) -> list[int]:
        """Return the symbols of a name, given as `name_key` makes it; dead ones among them."""
        return self._by_name.get(key, [])

    def declaring(self, key: str) -> list[int]:
        """Return the symbols that declare a variable, a constant or a field of a name."""
        return self._by_declared.get(key, [])

    def hidden_by(self, session: int) -> list[int]:
        """Return the files on disk in whose place a session has a buffer."""
        if session == 0:
            return []
        with self._lock:
            mine = [path for owner, path in self._by_path if owner == session]
            numbers = [self._by_path.get((0, path)) for path in mine]
        return [number for number in numbers if number is not None]


def sort_of(kind: str, signature: str) -> int:
    """Return what sort of definition a symbol is, by its kind or, in a text, by its first line."""
    if kind == "module":
        return MODULE
    if kind in TYPE_KINDS or (kind == "section" and _TYPE_LINE.match(signature)):
        return TYPE
    return PLAIN


def name_keys(name: str) -> set[str]:
    """Return the keys under which a name is looked up: its own, and that of its last part."""
    return {name_key(name), name_key(_LAST_PART.split(name)[-1])} - {""}


def _length(blob: bytes) -> float:
    return float(sum(memoryview(blob)[:_HEADER_BYTES].cast("H")))


def identifier_terms(name: str, terms: Mapping[str, int]) -> list[int]:
    """Return the numbers of the words of a name."""
    return [terms[word] for word in dict.fromkeys(words(name)) if word in terms]


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


def _counts_by_uid(uids: NDArray[np.int64], counts: Mapping[int, int]) -> NDArray[np.int32]:
    found = np.zeros(len(uids), np.int32)
    if not counts or not len(uids):
        return found
    keys = np.fromiter(counts.keys(), np.int64, len(counts))
    values = np.fromiter(counts.values(), np.int32, len(counts))
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys[order], uids), len(keys) - 1)
    same = keys[order][at] == uids
    found[same] = values[order][at[same]]
    return found
