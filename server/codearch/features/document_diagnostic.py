"""Findings of a file, for editors that pull diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.errors import StoreError
from codearch.features._diagnostics import SOURCE, diagnostics, state_of
from codearch.features._feature import Feature, home_of

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(context: Context, params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
    """Return the file's findings, or that they are those of the last answer."""
    items: list[lsp.Diagnostic] = []
    home = home_of(context, params.text_document.uri)
    if home is not None:
        workspace, path = home
        try:
            with workspace.read() as snapshot:
                items = diagnostics(snapshot, path, context.encoding)
        except StoreError:
            items = []  # not indexed yet: a refresh follows
    state = state_of(items)
    if state == params.previous_result_id:
        return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=state)
    return lsp.RelatedFullDocumentDiagnosticReport(items=items, result_id=state)


def options(client: lsp.ClientCapabilities) -> lsp.DiagnosticOptions | None:
    """Offer pulling to clients that can: the others are sent what changes."""
    if client.text_document is None or client.text_document.diagnostic is None:
        return None
    return lsp.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE
    )


FEATURE = Feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options, run)
