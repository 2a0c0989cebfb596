"""Findings as diagnostics: which of them an editor shows, and in what form."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._new_code import NewIn
from codearch.commands._places import Places
from codearch.commands._shown import in_file, shown
from codearch.detectors import most_pressing, page_of
from codearch.features._feature import range_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import Finding
    from codearch.history import Fork
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


def diagnostics(snapshot: Snapshot, path: str, encoding: PositionEncoding) -> list[lsp.Diagnostic]:
    """Return the diagnostics of a file: the most pressing, and how many were left out."""
    places = Places(snapshot, encoding)
    found = shown(snapshot, path)
    told = sorted(most_pressing(found, snapshot.settings.diagnostics.max_per_file), key=in_file)
    made = [_diagnostic(places, finding) for finding in told]
    if len(told) < len(found):
        fork = NewIn(snapshot, snapshot.settings.diagnostics.since).fork_point(path)
        made.insert(0, _left_out(len(found) - len(told), path, fork))
    return made


def _left_out(number: int, path: str, fork: Fork) -> lsp.Diagnostic:
    """Return the line that says what is not shown, at the top of the file."""
    what = f"{number} more finding" + ("" if number == 1 else "s")
    verb = "is" if number == 1 else "are"
    where = "in this file" if fork.why else "on new code of this file"
    message = (
        f"{what} {where}, of lower priority, {verb} left out:"
        f" `codearch check {shlex.quote(path)}` lists all, `diagnostics.maxPerFile` shows more."
    )
    if fork.why:
        message += f" All of it counts as new code, since {fork.why}."
    top = lsp.Position(0, 0)
    return lsp.Diagnostic(
        range=lsp.Range(top, top),
        message=message,
        severity=lsp.DiagnosticSeverity.Information,
        code="left-out",
        source=SOURCE,
    )


def state_of(items: Sequence[lsp.Diagnostic]) -> str:
    """Return a text that changes when the diagnostics do."""
    return hashlib.sha256(repr(items).encode("utf-8", "replace")).hexdigest()[:16]


def _description(rule: str) -> lsp.CodeDescription | None:
    """Return the link to a rule's page, which lies on this machine as the rule does."""
    page = page_of(rule)
    return None if page is None else lsp.CodeDescription(page.as_uri())


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
        message=finding.told,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=_description(finding.rule),
        source=SOURCE,
        tags=[lsp.DiagnosticTag.Unnecessary] if finding.rule in _FADED else None,
        related_information=related or None,
        data={"id": finding.id},
    )
