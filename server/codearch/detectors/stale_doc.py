"""Docs that name what the code beside them no longer has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._docs.documented import Documented, documented
from codearch.detectors._docs.names import misnamed
from codearch.detectors._docs.parameters import stale_class_parameters, stale_parameters
from codearch.detectors._docs.properties import stale_properties
from codearch.detectors._docs.raising import not_raised
from codearch.detectors._docs.removing import removal
from codearch.detectors._docs.results import nothing_returned
from codearch.detectors._docs.type_parameters import stale_type_parameters
from codearch.detectors._origins import dated, mark_of, since, told
from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FilePast
    from codearch.detectors._docs.entry import Entry
    from codearch.snapshot.origins import Origin


ID = "stale-doc"
_EXCEPTION = re.compile(r"\{?([A-Z]\w*(?:Error|Exception)|(?:\w+(?:\.|::))+\w+)\b")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each name, result or exception that docs describe and code lacks."""
    yield from dated(file, ID, list(_stale(file)), told(file))


def asks(file: FileView) -> Iterator[str]:
    """Yield what history is to be asked: which commits broke the docs."""
    for draft in _stale(file):
        yield mark_of(file, ID, draft)


def origins_of(file: FileView, past: FilePast) -> dict[str, Origin | None]:
    """Return for each finding the commit that broke the docs, where history knows it."""
    return since(file, ID, _stale, past)


def _stale(file: FileView) -> Iterator[Draft]:
    for each in documented(file):
        symbol = file.facts.symbols[each.place]
        yield from misnamed(file, each)
        yield from stale_type_parameters(file, each)
        if symbol.kind == "class" and file.facts.language == "python":
            yield from stale_class_parameters(file, each)
        elif symbol.kind in CALLABLE_KINDS or symbol.parameters:
            yield from stale_parameters(file, each)
            yield from stale_properties(file, each)
        if symbol.kind in CALLABLE_KINDS:
            yield from _stale_result(file, each)
            yield from _stale_exceptions(file, each)


def _stale_result(file: FileView, each: Documented) -> Iterator[Draft]:
    said = [entry for entry in each.entries if entry.kind == "returns"]
    if not said:
        return
    reasons = [nothing_returned(file, each.place, entry.name) for entry in said]
    if not all(reasons):
        return
    name = each.symbol.name
    message = f"the docs say what `{name}` returns, but {reasons[0]}"
    fix = removal(file, each.doc, said, "Take the result out of the docs", safe=False)
    yield replace(_draft(file, each, said[0], message, "returns"), fix=fix)


def _stale_exceptions(file: FileView, each: Documented) -> Iterator[Draft]:
    for entry in each.entries:
        if entry.kind != "raises":
            continue
        reason = not_raised(file, each.place, entry.name)
        if not reason:
            continue
        name = each.symbol.name
        exception = _EXCEPTION.match(entry.name)
        what = f"`{exception.group(1)}`" if exception else "errors"
        message = f"the docs say that `{name}` raises {what}: {reason}"
        fix = removal(file, each.doc, [entry], f"Take {what} out of the docs", safe=False)
        yield replace(_draft(file, each, entry, message, entry.name), fix=fix)


def _draft(file: FileView, each: Documented, entry: Entry, message: str, key: str) -> Draft:
    span = each.doc.span(file, entry.start, entry.end)
    return Draft(span=span, message=message, symbol=each.symbol, key=key)


DETECTOR = FileDetector(
    id=ID,
    category="documentation",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Docs that describe a parameter, a result, an exception or a name that the code lacks.",
    why=(
        "Whoever calls the function believes its docs. What they describe was renamed or removed, "
        "and they stayed behind. Where git knows the commit that did so, it is named."
    ),
    example='def area(width, height): """:param length: ..."""',
    effort_hours=0.1,
    check=check,
    asks=asks,
    origins=origins_of,
)
