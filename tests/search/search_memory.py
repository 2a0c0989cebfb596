"""An index in memory: what the store gives a search, made from sources alone."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codearch import languages
from codearch.embedding.passage import passages
from codearch.facts import Passage, Symbol
from codearch.index import terms
from codearch.index.remarks import remarks
from codearch.index.test_paths import is_test_path
from codearch.parse import parse
from codearch.search import Catalogue, CataloguedFile, CataloguedSymbol, View, Weights
from codearch.search import search as search_view
from codearch.search.query import parse_query
from codearch.search.weights import WEIGHTS
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codearch.facts import FileFacts, Hit


@dataclass(frozen=True)
class MemoryFile:
    """A parsed file with the passages of its symbols."""

    path: str
    language: str
    source: bytes
    facts: FileFacts
    passages: tuple[tuple[tuple[int, Passage], ...], ...]  # by symbol: number and text


def read_file(path: str, data: bytes, numbers: Iterable[int]) -> MemoryFile | None:
    """Parse a file, numbering its passages from `numbers`; None for what is not text."""
    language = languages.by_path(path, data[:8000])
    if language is None:
        return None
    facts = parse(data, language)
    source = decode(data).encode("utf-8", "surrogatepass")
    made = tuple(
        tuple(zip(numbers, passages(facts, index, source), strict=False))
        for index in range(len(facts.symbols))
    )
    return MemoryFile(path, language.name, source, facts, made)


@dataclass
class MemoryIndex:
    """Files that can be searched; it stands for a snapshot as well."""

    files: list[MemoryFile]
    weights: Weights = WEIGHTS
    session: int = 0
    cancelled: Exception | None = None
    _symbols: dict[str, Symbol] = field(default_factory=dict)
    _by_path: dict[str, list[Symbol]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._terms: dict[str, int] = {}
        uids = itertools.count(1)
        catalogued = [self._catalogued(file, uids) for file in self.files]
        self.catalogue = Catalogue(self.weights)
        self.catalogue.add_terms((number, word) for word, number in self._terms.items())
        self.catalogue.put(catalogued)
        self._sources = {file.path: file.source for file in self.files}

    def view(self) -> View:
        """Return what is searchable."""
        return self.catalogue.view()

    def use(self, weights: Weights) -> None:
        """Rank by other weights from now on; those of words stay as they were catalogued."""
        self.catalogue.weights = weights
        self.catalogue.put([])

    def search(
        self, query: str, limit: int = 10, nearest: Sequence[tuple[int, float]] = (), **options: str
    ) -> list[Hit]:
        """Search as the product does."""
        return search_view(self.view(), self, parse_query(query, **options), limit, lambda: nearest)

    def symbols_by_id(self, numbers: Sequence[str]) -> dict[str, Symbol]:
        return {number: self._symbols[number] for number in numbers if number in self._symbols}

    def source(self, path: str) -> bytes:
        return self._sources.get(path, b"")

    def symbols(self, path: str) -> list[Symbol]:
        return self._by_path.get(path, [])

    def check_cancelled(self) -> None:
        if self.cancelled is not None:
            raise self.cancelled

    def _catalogued(self, file: MemoryFile, uids: Iterable[int]) -> CataloguedFile:
        symbols = []
        lacking = remarks(file.facts, file.source)
        said = {index: self._packed(counted) for index, counted in lacking.words}
        declared: dict[int, list[str]] = defaultdict(list)
        for index, name in lacking.names:
            declared[index].append(name)
        for index, (uid, fact) in enumerate(zip(uids, file.facts.symbols, strict=False)):
            parts = tuple(
                (number, self._packed(terms.count(each))) for number, each in file.passages[index]
            )
            parts += ((0, said[index]),) if index in said else ()
            symbols.append(
                CataloguedSymbol(
                    uid,
                    fact.name,
                    fact.container,
                    fact.kind,
                    fact.signature,
                    fact.test,
                    parts,
                    tuple(declared[index]),
                )
            )
            number = f"{uid:012x}"
            self._symbols[number] = Symbol(
                number, file.path, file.language, fact.name, fact.container, fact.kind,
                fact.span, fact.name_span, fact.signature, fact.doc, fact.exported, fact.test,
                index, None, len(fact.parameters), fact.metrics,
            )  # fmt: skip
            self._by_path.setdefault(file.path, []).append(self._symbols[number])
        test, generated = is_test_path(file.path), file.facts.generated
        return CataloguedFile(file.path, file.language, tuple(symbols), 0, test, generated)

    def _packed(self, counted: terms.Counted) -> bytes:
        (part,) = terms.unpack(terms.pack(terms.gather([counted]), self._term))
        return part

    def _term(self, word: str) -> int:
        return self._terms.setdefault(word, len(self._terms) + 1)


def memory_index(sources: Mapping[str, str | bytes], **options: object) -> MemoryIndex:
    """Return an index of sources by path."""
    numbers = itertools.count(1)
    files = [
        read_file(path, data if isinstance(data, bytes) else data.encode(), numbers)
        for path, data in sources.items()
    ]
    return MemoryIndex([file for file in files if file is not None], **options)
