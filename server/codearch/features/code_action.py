"""Quick fixes for findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.errors import StoreError
from codearch.features._diagnostics import SOURCE, shown
from codearch.features._feature import Feature, home_of, range_of

if TYPE_CHECKING:
    from codearch.commands._command import Context
    from codearch.facts import Fix


def run(context: Context, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
    """Return the fixes of the findings on the lines asked for."""
    only = params.context.only
    if only and not any(lsp.CodeActionKind.QuickFix.value.startswith(kind) for kind in only):
        return None
    home = home_of(context, params.text_document.uri)
    if home is None:
        return None
    workspace, path = home
    first, last = params.range.start.line, params.range.end.line
    try:
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            mine = {
                (each.data or {}).get("id"): each
                for each in params.context.diagnostics
                if each.source == SOURCE and isinstance(each.data, dict)
            }
            return [
                _action(places, finding.fix, mine.get(finding.id))
                for finding in shown(snapshot, path)
                if finding.fix is not None
                and finding.span.line <= last
                and finding.span.end_line >= first
            ] or None
    except StoreError:
        return None


def _action(places: Places, fix: Fix, diagnostic: lsp.Diagnostic | None) -> lsp.CodeAction:
    changes: dict[str, list[lsp.TextEdit]] = {}
    for edit in fix.edits:
        where = range_of(places, edit.path, edit.span)
        changes.setdefault(places.uri(edit.path), []).append(lsp.TextEdit(where, edit.text))
    return lsp.CodeAction(
        title=fix.title,
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic] if diagnostic is not None else None,
        is_preferred=fix.safe,
        edit=lsp.WorkspaceEdit(changes=changes),
    )


def options(_: lsp.ClientCapabilities) -> lsp.CodeActionOptions:
    """Offer it to everybody."""
    return lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])


FEATURE = Feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options, run)
