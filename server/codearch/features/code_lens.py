"""The line above a definition: how many call it, how many test it, and what is found in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.commands._shown import standing
from codearch.errors import StoreError
from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.features._feature import Feature, home_of, range_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.commands._command import Context
    from codearch.facts import Symbol
    from codearch.snapshot import Snapshot

COMMAND = "codearch.explain"


def run(context: Context, params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
    """Return a lens for each definition that something calls or tests, or that has findings."""
    home = home_of(context, params.text_document.uri)
    if home is None or not home[0].settings.code_lens.enabled:
        return None
    workspace, path = home
    try:
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            symbols = [
                symbol
                for symbol in snapshot.symbols(path)
                if symbol.kind in CALLABLE_KINDS | TYPE_KINDS and not symbol.test
            ]
            ids = [symbol.id for symbol in symbols]
            callers, tests = snapshot.caller_counts(ids), snapshot.test_counts(ids)
            findings = _findings(snapshot, path, symbols)
            lenses = []
            for symbol in symbols:
                parts = [
                    _counted(callers.get(symbol.id, 0), "caller"),
                    _counted(tests.get(symbol.id, 0), "test"),
                    _counted(findings[symbol.id], "finding"),
                ]
                title = " · ".join(part for part in parts if part)
                if title:
                    where = range_of(places, path, symbol.name_span)
                    argument = {
                        "uri": params.text_document.uri,
                        "position": {
                            "line": where.start.line,
                            "character": where.start.character,
                        },
                        "offer": True,
                    }
                    command = lsp.Command(title, COMMAND, arguments=[argument])
                    lenses.append(lsp.CodeLens(where, command))
            return lenses
    except StoreError:
        return None


def _findings(snapshot: Snapshot, path: str, symbols: Sequence[Symbol]) -> Counter[str]:
    """Return how many findings each of a file's definitions has, on old code as well, by its id."""
    found: Counter[str] = Counter()
    file = snapshot.file(path)
    if file is None or not snapshot.settings.diagnostics.enabled:
        return found
    by_name: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        by_name.setdefault(symbol.qualified_name, []).append(symbol)
    for finding in standing(snapshot, file):
        overloads = by_name.get(finding.symbol, [])
        # Docs stand above what they are about.
        own = [each for each in overloads if finding.span.line <= each.span.end_line]
        found.update(each.id for each in (own or overloads)[:1])
    return found


def _counted(number: int, noun: str) -> str:
    if not number:
        return ""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def options(_: lsp.ClientCapabilities) -> lsp.CodeLensOptions:
    """Offer it to everybody; a setting turns it off."""
    return lsp.CodeLensOptions(resolve_provider=False)


FEATURE = Feature(lsp.TEXT_DOCUMENT_CODE_LENS, options, run)
