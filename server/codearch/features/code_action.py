"""Fixes of findings: one by one, and all of a file's that are safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._fitting import Fitting
from codearch.commands._places import Places
from codearch.commands._shown import shown
from codearch.detectors import together
from codearch.errors import StoreError
from codearch.features._diagnostics import SOURCE
from codearch.features._feature import Feature, home_of, range_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.commands._command import Context
    from codearch.facts import Finding, Fix, Replacement
    from codearch.snapshot import Snapshot

FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_QUICK = lsp.CodeActionKind.QuickFix.value
_UNSAFE = "unsafe"  # id of the note that such edits carry


def run(context: Context, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
    """Return the fixes of the findings on the lines asked for; nothing is changed by asking."""
    home = home_of(context, params.text_document.uri)
    if home is None:
        return None
    workspace, path = home
    try:
        with workspace.read() as snapshot:
            edits = _Edits(context, snapshot)
            if not edits.fitting.holds(path):
                return None  # the text was typed in since: its places are no longer these
            fixable = [each for each in shown(snapshot, path) if each.fix is not None]
            return list(_actions(edits, path, fixable, params)) or None
    except StoreError:
        return None


def _actions(
    edits: _Edits, path: str, fixable: Sequence[Finding], params: lsp.CodeActionParams
) -> Iterable[lsp.CodeAction]:
    only = params.context.only
    first, last = params.range.start.line, params.range.end.line
    here = [each for each in fixable if each.span.line <= last and each.span.end_line >= first]
    if _wanted(_QUICK, only):
        said = _by_finding(params.context.diagnostics)
        for finding in here:
            action = edits.quick(finding, said.get(finding.id))
            if action is not None:
                yield action
    automatic = params.context.trigger_kind == lsp.CodeActionTriggerKind.Automatic
    # Unasked for by its kind, it stands below the fixes of a line where somebody looks for one.
    if _wanted(FIX_ALL, only) and (only or (here and not automatic)):
        whole = edits.all_safe(path, fixable)
        if whole is not None:
            yield whole


def _wanted(kind: str, only: Sequence[lsp.CodeActionKind | str] | None) -> bool:
    """Say whether a kind is asked for, itself or by one that it is part of."""
    if only is None:
        return True
    asked = [str(getattr(each, "value", each)) for each in only]
    return any(not each or kind == each or kind.startswith(f"{each}.") for each in asked)


def _by_finding(diagnostics: Iterable[lsp.Diagnostic]) -> dict[str, lsp.Diagnostic]:
    return {
        each.data["id"]: each
        for each in diagnostics
        if each.source == SOURCE and isinstance(each.data, dict) and "id" in each.data
    }


class _Edits:
    """Makes the protocol's edits of a snapshot's fixes, for the documents as they are now."""

    def __init__(self, context: Context, snapshot: Snapshot) -> None:
        self._context = context
        self._snapshot = snapshot
        self._places = Places(snapshot, context.encoding)
        self.fitting = Fitting(context, snapshot)

    def quick(self, finding: Finding, diagnostic: lsp.Diagnostic | None) -> lsp.CodeAction | None:
        """Return the fix of one finding; None where what it was made for is another by now."""
        fix = finding.fix
        if fix is None or not self.fitting.fits(fix):
            return None
        return lsp.CodeAction(
            title=fix.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[diagnostic] if diagnostic is not None else None,
            is_preferred=fix.safe or None,
            edit=self._edit(fix.edits, asks=None if fix.safe else fix),
        )

    def all_safe(self, path: str, fixable: Iterable[Finding]) -> lsp.CodeAction | None:
        """Return one action for all safe fixes of a file that can be made at once."""
        file = self._snapshot.file(path)
        every = (each.fix for each in fixable if each.fix is not None)
        safe = [fix for fix in every if fix.safe and self.fitting.fits(fix)]
        if file is None or not safe:
            return None
        fixes = together(safe, path, self._snapshot.source(path), file.language)
        if not fixes:
            return None
        count = "the safe fix" if len(fixes) == 1 else f"all {len(fixes)} safe fixes"
        return lsp.CodeAction(
            title=f"Make {count} of CodeArchaeologist in this file",
            kind=FIX_ALL,
            edit=self._edit([edit for fix in fixes for edit in fix.edits], asks=None),
        )

    def _edit(self, edits: Iterable[Replacement], asks: Fix | None) -> lsp.WorkspaceEdit:
        """Return the edit; one that `asks` is shown for confirmation where the editor can."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for each in edits:
            edit = lsp.TextEdit(range_of(self._places, each.path, each.span), each.text)
            changes.setdefault(each.path, []).append(edit)
        if not self._context.editing.versioned:
            return lsp.WorkspaceEdit({self._uri(path): made for path, made in changes.items()})
        annotated = asks is not None and self._context.editing.annotated
        notes = {_UNSAFE: _note(asks)} if asks is not None and annotated else None
        return lsp.WorkspaceEdit(
            document_changes=[
                lsp.TextDocumentEdit(
                    self._identifier(path), _annotated(made) if annotated else made
                )
                for path, made in changes.items()
            ],
            change_annotations=notes,
        )

    def _identifier(self, path: str) -> lsp.OptionalVersionedTextDocumentIdentifier:
        document = self.fitting.document(path)
        version = None if document is None else document.version
        return lsp.OptionalVersionedTextDocumentIdentifier(self._uri(path), version)

    def _uri(self, path: str) -> str:
        document = self.fitting.document(path)
        return self._places.uri(path) if document is None else document.uri


def _annotated(edits: Iterable[lsp.TextEdit]) -> list[lsp.AnnotatedTextEdit]:
    return [lsp.AnnotatedTextEdit(_UNSAFE, each.range, each.new_text) for each in edits]


def _note(fix: Fix) -> lsp.ChangeAnnotation:
    what = "It may change what the program does."
    return lsp.ChangeAnnotation(fix.title, needs_confirmation=True, description=what)


def options(_: lsp.ClientCapabilities) -> lsp.CodeActionOptions:
    """Offer it to everybody."""
    return lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL])


FEATURE = Feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options, run)
