"""Which findings of a file an editor shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.commands._new_code import NewIn
from codearch.detectors import (
    HIDING,
    Judgements,
    accepted_ids,
    all_rules,
    asked_for,
    is_vendored,
    one_of_each,
    read_judgements,
    says_it_is_copied,
    shown_in_editor,
    shown_in_tests,
)
from codearch.settings import rules_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.facts import File, Finding
    from codearch.snapshot import Snapshot


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
    return sorted(one_of_each(found, measures), key=in_file)


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


def in_file(finding: Finding) -> tuple[int, int, str]:
    """Return what findings of a file are put in order by."""
    return finding.span.line, finding.span.column, finding.rule
