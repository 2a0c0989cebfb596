"""Docs that say they are about something else than what follows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.facts import Fix, Replacement
from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.documented import Documented

_BRANCHED = re.compile(r"\s#\s*(?:if|else|elif|endif)")


def misnamed(file: FileView, each: Documented) -> Iterator[Draft]:
    """Yield one finding where the docs' own name for a definition is that of nothing here."""
    symbol = each.symbol
    for entry in each.entries:
        if entry.kind not in {"name", "likely"} or _same(entry.name, symbol.name):
            continue
        if entry.kind == "likely" and not _renamed(entry.name, symbol.name):
            continue
        if entry.name.istitle() and entry.name.lower() in _words(symbol.name):
            continue  # "Test validates ..." above `TestOrders`: a word of its own
        if entry.name in _names_of(file) or _BRANCHED.search(symbol.signature):
            continue
        span = each.doc.span(file, entry.start, entry.end)
        fix = None
        if _alike(entry.name, symbol.name):
            edit = Replacement(file.path, span, symbol.name)
            fix = Fix(f"Write `{symbol.name}` in the docs", safe=True, edits=(edit,))
        yield Draft(
            span=span,
            message=(
                f"the docs speak of `{entry.name}`, which nothing here is called; "
                f"what follows is `{symbol.name}`"
            ),
            symbol=symbol,
            key=entry.name,
            fix=fix,
        )


def _same(said: str, name: str) -> bool:
    """Say whether both are one name, by case or as a test and the part of it."""
    said, name = said.casefold(), name.casefold()
    return said == name or said.removeprefix("test").lstrip("_") == name


def _alike(said: str, name: str) -> bool:
    """Say whether one name has most words of the other: it was renamed, not copied along."""
    old, new = _words(said), _words(name)
    return 2 * len(old & new) >= min(len(old), len(new)) > 0


def _renamed(said: str, name: str) -> bool:
    """Say whether each name has words of its own, fewer than both have."""
    old, new = _words(said), _words(name)
    own = min(len(old - new), len(new - old))
    return own > 0 and 2 * len(old & new) > max(len(old), len(new))


def _words(name: str) -> set[str]:
    return {word.lower() for word in split_identifier(name)}


def _names_of(file: FileView) -> set[str]:
    """Return all names that the file's code defines, uses or calls."""
    facts = file.facts
    names = {each.name for each in facts.symbols}
    names.update(each.name for each in facts.definitions)
    names.update(each.name for each in facts.uses)
    names.update(each.name for each in facts.calls)
    return names
