"""Findings as diagnostics: which of them an editor shows, and in what form."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING

from lsprotocol import types as lsp
from msgspec.structs import replace

from codearch.commands._new_code import NewIn
from codearch.commands._places import Places
from codearch.detectors import (
    HIDING,
    Judgements,
    accepted_ids,
    all_rules,
    asked_for,
    is_vendored,
    most_pressing,
    one_of_each,
    page_of,
    read_judgements,
    says_it_is_copied,
    shown_in_editor,
    shown_in_tests,
)
from codearch.features._feature import range_of
from codearch.settings import rules_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codearch.facts import File, Finding
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


def shown(snapshot: Snapshot, path: str) -> list[Finding]:
    """Return the findings that an editor has to do with, in the order of the file.

    Those on new code, of rules that no other server of the language stands for, that nobody has
    accepted or judged; none in copies and in what programs wrote. Tests weigh less, and nobody
    measures them, nor what says where it was copied; of what is measured, a definition has one.
    What is for lists is shown to who wants to see old code as well, or the rule.
    """
    file = snapshot.file(path)
    if file is None or not snapshot.settings.diagnostics.enabled:
        return []
    if file.generated or is_vendored(path):
        return []
    since = snapshot.settings.diagnostics.since
    everything = since == "all"  # old code, too
    rules, settings = all_rules(), rules_at(snapshot.settings, path)
    found = [
        finding
        for finding in standing(snapshot, file)
        if not finding.quiet or everything or asked_for(rules[finding.rule], settings)
    ]
    found = NewIn(snapshot, since).new(found, worse=True)
    measures = {rule.id for rule in rules.values() if rule.measures}
    found = [
        each
        for each in _tests_lower(snapshot, file, found)
        if each.rule not in measures
        or everything
        or not says_it_is_copied(snapshot.facts(path), each.span.line)
    ]
    return sorted(one_of_each(found, measures), key=_place)


def diagnostics(snapshot: Snapshot, path: str, encoding: PositionEncoding) -> list[lsp.Diagnostic]:
    """Return the diagnostics of a file: the most pressing, and how many were left out."""
    places = Places(snapshot, encoding)
    found = shown(snapshot, path)
    told = sorted(most_pressing(found, snapshot.settings.diagnostics.max_per_file), key=_place)
    made = [_diagnostic(places, finding) for finding in told]
    if len(told) < len(found):
        fork = NewIn(snapshot, snapshot.settings.diagnostics.since).fork_point(path)
        made.insert(0, _left_out(len(found) - len(told), path, fork))
    return made


def standing(snapshot: Snapshot, file: File) -> list[Finding]:
    """Return the findings of a file that are for editors and that nobody has put aside."""
    rules = all_rules()
    settings = rules_at(snapshot.settings, file.path)
    every = snapshot.findings(file.path)
    said = Judgements(read_judgements(snapshot.root), snapshot).of(every)
    hidden = accepted_ids(snapshot.root).union(
        number for number, judgement in said.items() if judgement.status in HIDING
    )
    return [
        finding
        for finding in every
        if finding.rule in rules
        and shown_in_editor(rules[finding.rule], file.language, settings)
        and finding.id not in hidden
    ]


def _tests_lower(snapshot: Snapshot, file: File, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings, those in tests with less severity, or not at all (see Rule)."""
    rules, settings = all_rules(), rules_at(snapshot.settings, file.path)
    inside = {each.qualified_name for each in snapshot.symbols(file.path) if each.test}
    for finding in findings:
        if not file.test and finding.symbol not in inside:
            yield finding
        elif shown_in_tests(rules[finding.rule], settings):
            yield replace(finding, severity=max(1, finding.severity - 1))


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.line, finding.span.column, finding.rule


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
