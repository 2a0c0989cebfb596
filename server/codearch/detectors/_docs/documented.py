"""The definitions of a file that have docs in a known format, and what these say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._docs.formats import FORMATS
from codearch.detectors._docs.place import DocText, comment_text, docstring_text, leading_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.entry import Entry
    from codearch.detectors._docs.formats import Format
    from codearch.facts import SymbolFact


_WITH_DOCSTRINGS = frozenset({"function", "method", "class"})


class Documented(NamedTuple):
    """A definition, its place among the file's symbols, its doc, and what the doc says."""

    place: int
    symbol: SymbolFact
    doc: DocText
    entries: tuple[Entry, ...]


def documented(file: FileView) -> Iterator[Documented]:
    """Yield the definitions whose docs say something that a parser knows."""
    formats = FORMATS[file.facts.language]
    found = (
        _docstrings(file, formats) if file.facts.language == "python" else _comments(file, formats)
    )
    broken = [error.line for error in file.facts.errors]
    for index, doc in found:
        symbol = file.facts.symbols[index]
        if any(symbol.span.line <= line <= symbol.span.end_line for line in broken):
            continue
        entries = [
            entry
            for each in formats
            if each.sign.search(doc.text)
            for entry in each.entries(doc.text)
        ]
        others = [each for each in entries if _is_of_another(each, symbol)]
        if others:
            entries = [each for each in others if each.kind == "name"]
        if entries:
            yield Documented(index, symbol, doc, tuple(entries))


def _docstrings(file: FileView, formats: tuple[Format, ...]) -> Iterator[tuple[int, DocText]]:
    for index, symbol in enumerate(file.facts.symbols):
        if symbol.kind not in _WITH_DOCSTRINGS or not symbol.doc or symbol.remarked:
            continue
        if any(each.sign.search(symbol.doc) for each in formats):
            doc = docstring_text(file, symbol)
            if doc is not None:
                yield index, doc


def _comments(file: FileView, formats: tuple[Format, ...]) -> Iterator[tuple[int, DocText]]:
    for index, comments in leading_comments(file).items():
        if any(each.sign.search(comment.text) for comment in comments for each in formats):
            yield index, comment_text(file, comments)


def _is_of_another(entry: Entry, symbol: SymbolFact) -> bool:
    """Say whether docs are said to be about something else than the definition after them."""
    return entry.kind in {"name", "about"} and entry.name.casefold() != symbol.name.casefold()
