"""Findings as diagnostics: which of them an editor shows, and in what form."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.detectors import (
    HIDING,
    Judgements,
    accepted_ids,
    all_rules,
    read_judgements,
    shown_in_editor,
)
from codearch.features._feature import range_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import Finding
    from codearch.snapshot import Snapshot
    from codearch.text import PositionEncoding

SOURCE = "codearch"
_SEVERITIES = {
    5: lsp.DiagnosticSeverity.Error,
    4: lsp.DiagnosticSeverity.Warning,
    3: lsp.DiagnosticSeverity.Information,
    2: lsp.DiagnosticSeverity.Hint,
    1: lsp.DiagnosticSeverity.Hint,
}
_FADED = frozenset({"unused-import"})


def shown(snapshot: Snapshot, path: str) -> list[Finding]:
    """Return the findings of a file that an editor shows, most pressing first."""
    file = snapshot.file(path)
    if file is None or not snapshot.settings.diagnostics.enabled:
        return []
    rules = all_rules()
    settings = snapshot.settings.rules
    every = snapshot.findings(path)
    said = Judgements(read_judgements(snapshot.root), snapshot).of(every)
    hidden = accepted_ids(snapshot.root).union(
        number for number, judgement in said.items() if judgement.status in HIDING
    )
    found = [
        finding
        for finding in every
        if finding.rule in rules
        and shown_in_editor(rules[finding.rule], file.language, settings)
        and finding.id not in hidden
    ]
    return sorted(found, key=lambda one: (one.span.line, one.span.column, one.rule))


def diagnostics(snapshot: Snapshot, path: str, encoding: PositionEncoding) -> list[lsp.Diagnostic]:
    """Return the diagnostics of a file."""
    places = Places(snapshot, encoding)
    return [_diagnostic(places, finding) for finding in shown(snapshot, path)]


def state_of(items: Sequence[lsp.Diagnostic]) -> str:
    """Return a text that changes when the diagnostics do."""
    return hashlib.sha256(repr(items).encode("utf-8", "replace")).hexdigest()[:16]


def _diagnostic(places: Places, finding: Finding) -> lsp.Diagnostic:
    related = [
        lsp.DiagnosticRelatedInformation(
            location=lsp.Location(
                places.uri(each.path),
                lsp.Range(lsp.Position(each.line, 0), lsp.Position(each.end_line + 1, 0)),
            ),
            message=each.message,
        )
        for each in finding.related
    ]
    return lsp.Diagnostic(
        range=range_of(places, finding.path, finding.span),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        source=SOURCE,
        tags=[lsp.DiagnosticTag.Unnecessary] if finding.rule in _FADED else None,
        related_information=related or None,
        data={"id": finding.id},
    )
