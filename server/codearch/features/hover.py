"""Hover: what no other server tells of a name: who calls it, who wrote it and why, what is off."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._neighbours import callers_in_words, counted
from codearch.commands._places import Places
from codearch.errors import StoreError
from codearch.facts import TYPE_KINDS
from codearch.features._feature import Feature, column_of, home_of, link, plain, range_of
from codearch.features._served import served_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.commands._command import Context
    from codearch.facts import Finding, History, Span, Symbol
    from codearch.snapshot import Snapshot

MOST_LINES = 12
_PROPERTY = re.compile(r"property$|\.(getter|setter|deleter)$")
_ACCESSOR = re.compile(r"((static|override|public|protected|private|abstract) )*[gs]et [\w#$]")
_NEAREST = 3
_MOST_BASES = 2
_MOST_FINDINGS = 3
_CYCLOMATIC_MATTERS, _COGNITIVE_MATTERS, _NESTING_MATTERS = 10, 15, 4


def run(context: Context, params: lsp.HoverParams) -> lsp.Hover | None:
    """Return what is known of the symbol whose name is under the cursor; None beside a name."""
    home = home_of(context, params.text_document.uri)
    if home is None or not home[0].settings.hover.enabled:
        return None
    workspace, path = home
    try:
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            column = column_of(places, path, params.position)
            found = _under(snapshot, path, params.position.line, column)
            if found is None:
                return None
            symbol, span = found
            lines = list(_lines(snapshot, places, symbol))
            where = range_of(places, path, span)
    except StoreError:
        return None  # nothing has been indexed yet
    # What is shown was true when it was read; what git says now is there at the next look.
    workspace.indexer.tell("want_history", {"paths": [symbol.path]})
    text = "  \n".join(lines[:MOST_LINES])
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text), where)


def _under(snapshot: Snapshot, path: str, line: int, column: int) -> tuple[Symbol, Span] | None:
    """Return the symbol named at a place, defined or called there, and the name's span."""
    symbol = snapshot.symbol_at(path, line, column)
    if symbol is not None and _on_name(symbol.name_span, line, column):
        return symbol, symbol.name_span
    for call in snapshot.call_at(path, line, column):
        target = snapshot.symbol(call.target)
        if target is not None:
            return target, call.span
    return None


def _on_name(span: Span, line: int, column: int) -> bool:
    return span.start_byte < span.end_byte and (
        (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)
    )


def _lines(snapshot: Snapshot, places: Places, symbol: Symbol) -> Iterator[str]:
    tests = snapshot.tests_of(symbol.id)
    yield from _called(snapshot, places, symbol, {test.id for test in tests})
    if symbol.summary and not served_elsewhere(symbol.language):
        yield plain(symbol.summary)
    if tests:
        yield f"**Tested** by {_links(places, tests)}"
    history = snapshot.history(symbol.id)
    if history is None:
        yield f"*No history: {plain(snapshot.no_history(symbol.path) or 'it is being read')}*"
    else:
        yield from _history(history)
    yield from _complexity(symbol)
    for finding in _findings(snapshot, symbol):
        yield f"**{plain(finding.rule)}** {plain(finding.message)}"


def _called(snapshot: Snapshot, places: Places, symbol: Symbol, tests: set[str]) -> Iterator[str]:
    """Yield who calls a symbol, itself or through its base, else what it is there for."""
    calls = Counter(call.source for call in snapshot.callers(symbol.id))
    callers = list(snapshot.symbols_by_id(list(calls)).values())
    through = snapshot.called_through(symbol)
    counts = snapshot.caller_counts([one.id for one in through])
    through = [one for one in through if one.id in counts][:_MOST_BASES]
    if callers:
        callers.sort(
            key=lambda one: (_distance(symbol, one), -calls[one.id], one.path, one.span.line)
        )
        how_many = callers_in_words([one.kind for one in callers], calls.total())
        verb = "Used" if symbol.kind in TYPE_KINDS else "Called"
        whom = "its tests alone" if tests.issuperset(calls) else _links(places, callers)
        yield f"**{verb}** by {how_many}: {whom}"
    for one in through:
        number = counted(counts[one.id], "caller")
        yield f"**Called** through {link(places, one)}: {number}"
    if not callers and not through:
        yield _purpose(snapshot, places, symbol)


def _purpose(snapshot: Snapshot, places: Places, symbol: Symbol) -> str:
    """Return what a symbol is there for that nothing is known to call."""
    subtypes = snapshot.subtypes(symbol.id)
    if subtypes:
        return f"**Subtypes** {_links(places, subtypes)}"
    tested = snapshot.tested_by(symbol.id) if symbol.test else ()
    if tested:
        return f"**Tests** {_links(places, tested)}"
    if symbol.test:
        return "*A test: nothing else calls it*"
    if symbol.kind in TYPE_KINDS:
        return "*No caller or subtype found*"
    return _perhaps(snapshot, places, symbol)


def _perhaps(snapshot: Snapshot, places: Places, symbol: Symbol) -> str:
    """Return how a function may be used although no call of it is known."""
    alike = snapshot.overloads(symbol)
    counts = snapshot.caller_counts([one.id for one in alike])
    for one in alike:
        if one.id in counts:
            callers = counted(counts[one.id], "caller")
            return f"**Called** perhaps: {link(places, one)} takes as many arguments, has {callers}"
    if _is_property(snapshot, symbol):
        return "*A property: who reads or sets it is not counted*"
    return "*No caller found*"


def _is_property(snapshot: Snapshot, symbol: Symbol) -> bool:
    """Say whether a method is used without being called."""
    if symbol.kind != "method":
        return False
    if symbol.language == "python":
        decorators = snapshot.facts(symbol.path).symbols[symbol.index].decorators
        return any(_PROPERTY.search(each) for each in decorators)
    return _ACCESSOR.match(symbol.signature) is not None or not re.search(
        r"[(\[]", symbol.signature
    )


def _distance(symbol: Symbol, other: Symbol) -> tuple[bool, bool, int]:
    """Return how far a caller is: tests last, then those out of the type, then by the folders."""
    mine, theirs = symbol.path.split("/"), other.path.split("/")
    shared = 0
    while shared < min(len(mine), len(theirs)) and mine[shared] == theirs[shared]:
        shared += 1
    apart = len(mine) + len(theirs) - 2 * shared
    elsewhere = apart > 0 or other.container != symbol.container
    return other.test, elsewhere, apart


def _links(places: Places, symbols: Sequence[Symbol]) -> str:
    shown = ", ".join(link(places, one) for one in symbols[:_NEAREST])
    left = len(symbols) - _NEAREST
    return f"{shown} and {left} more" if left > 0 else shown


def _history(history: History) -> Iterator[str]:
    total = sum(lines for _, lines in history.authors)
    shares = [f"{plain(name)} {round(100 * lines / total)}%" for name, lines in history.authors[:3]]
    yield f"**Written** by {', '.join(shares)}"
    day = time.strftime("%Y-%m-%d", time.gmtime(history.last_time))
    yield f"**Last changed** {day} by {plain(history.last_author)}: {plain(history.last_subject)}"
    commits = "1 commit" if history.commits == 1 else f"{history.commits} commits"
    changes = f"**Changes** {commits} among its lines, {history.file_commits} to the file in a year"
    lines = "1 line is" if history.uncommitted == 1 else f"{history.uncommitted} lines are"
    yield f"{changes}; {lines} not committed yet" if history.uncommitted else changes


def _complexity(symbol: Symbol) -> Iterator[str]:
    metrics = symbol.metrics
    if metrics is None:
        return
    if (
        metrics.cyclomatic >= _CYCLOMATIC_MATTERS
        or metrics.cognitive >= _COGNITIVE_MATTERS
        or metrics.nesting >= _NESTING_MATTERS
    ):
        yield (
            f"**Complexity** cyclomatic {metrics.cyclomatic}, cognitive {metrics.cognitive},"
            f" nesting {metrics.nesting}, {metrics.code_lines} lines of code"
        )


def _findings(snapshot: Snapshot, symbol: Symbol) -> list[Finding]:
    inside = [
        finding
        for finding in snapshot.findings(symbol.path)
        if symbol.span.line <= finding.span.line <= symbol.span.end_line
        and (symbol.kind != "module" or not finding.symbol)
    ]
    return sorted(inside, key=lambda one: -one.priority)[:_MOST_FINDINGS]


def options(_: lsp.ClientCapabilities) -> lsp.HoverOptions:
    """Offer hover to everybody."""
    return lsp.HoverOptions()


FEATURE = Feature(lsp.TEXT_DOCUMENT_HOVER, options, run)
