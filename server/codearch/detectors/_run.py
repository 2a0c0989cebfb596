"""Runs rules, and makes findings of their drafts: identity, place, scores, suppression."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as replace_fields

from codearch.detectors import _scores
from codearch.detectors._detector import (
    Deferred,
    Draft,
    FileDetector,
    ProjectDetector,
    ProjectView,
)
from codearch.detectors._suppression import suppressed_rules
from codearch.facts import CALLABLE_KINDS, Finding
from codearch.moving import anchor_at, anchor_of
from codearch.settings import RuleSettings, said_anywhere
from codearch.text import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from codearch.detectors._detector import FileView, Project, Rule
    from codearch.facts import Fix, Related, SymbolFact
    from codearch.settings import Settings

_NO_SETTINGS = RuleSettings()
_STAMP_BYTES = 8
_Completed = dict[  # by path: the file's digest, the rule's settings, drafts and findings
    str, tuple[str, RuleSettings, list[Draft], list[Finding]]
]
# By path, and by what each hangs on (Deferred.stamp); None for one that a comment silences.
_Told = dict[str, dict[bytes, Finding | None]]


@dataclass
class Remembered:
    """What is known of a project rule from run to run, as long as the process lives."""

    completed: _Completed = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)  # the rule's own
    kept: dict[str, bytes] = field(default_factory=dict)  # extracts for the index to keep, by path
    said: list[tuple[str, str]] = field(default_factory=list)  # see ProjectView
    asks: dict[bytes, bytes] = field(default_factory=dict)  # see ProjectView
    answers: Mapping[bytes, bytes] = field(default_factory=dict)  # what history has told of it
    told: _Told = field(default_factory=dict)  # what was deferred, and stands as long as its stamp


def run_file(
    detectors: Iterable[FileDetector],
    view: FileView,
    rules: Mapping[str, RuleSettings] | None = None,
) -> list[Finding]:
    """Return the findings of these rules in one file, in the order of the file."""
    findings: list[Finding] = []
    for detector in detectors:
        if view.facts.language not in detector.languages:
            continue
        if view.generated and not detector.generated:
            continue
        settings = (rules or {}).get(detector.id, _NO_SETTINGS)
        own = replace(view, limits={**detector.limits, **settings.limits})
        findings += _completed(detector, settings, own, detector.check(own))
    return sorted(findings, key=_place)


def run_project(
    detectors: Iterable[ProjectDetector],
    project: Project,
    rules: Mapping[str, RuleSettings] | None = None,
    remembered: Mapping[str, Remembered] | None = None,
    at: Callable[[str], Mapping[str, RuleSettings]] | None = None,
) -> list[Finding]:
    """Return the findings of these rules in the whole workspace, by path.

    What is `remembered` by rule serves the next time: a file's findings whose drafts and content
    are the same are taken from it. `at` gives the settings for a file where they differ from
    `rules`.
    """
    findings: list[Finding] = []
    for detector in detectors:
        known = (remembered or {}).get(detector.id) or Remembered()
        general = (rules or {}).get(detector.id, _NO_SETTINGS)
        own = _own_settings(detector, general, at)
        limits = {**detector.limits, **general.limits}
        off = partial(_is_off, own)
        known.said.clear()
        whole = ProjectView(
            project,
            limits,
            off,
            known.memory,
            known.kept,
            known.said,
            known.asks,
            known.answers,
        )
        by_path: dict[str, list[Draft | Deferred]] = {}
        for draft in detector.check(whole):
            by_path.setdefault(draft.path, []).append(draft)
        for gone in known.told.keys() - by_path.keys():
            del known.told[gone]
        completed: _Completed = {}
        for path, each in by_path.items():
            project.check_cancelled()
            settings = own(path)
            said = repr(settings).encode()
            deferred = {_stamp(one, said): one for one in each if isinstance(one, Deferred)}
            if len(deferred) == len(each):
                findings += _standing(detector, settings, whole, known.told, deferred)
                continue
            drafts = [one.make() if isinstance(one, Deferred) else one for one in each]
            file = project.file(path)
            content = file.digest if file else ""
            done = known.completed.get(path)
            if done is None or not content or done[:3] != (content, settings, drafts):
                made = list(_completed(detector, settings, whole.view(path), drafts))
                done = content, settings, drafts, made
            completed[path] = done
            findings += done[3]
        known.completed = completed
    return sorted(findings, key=_place)


def _stamp(deferred: Deferred, settings: bytes) -> bytes:
    """Return what a finding hangs on, the settings for its file among it."""
    return hashlib.blake2b(deferred.stamp + settings, digest_size=_STAMP_BYTES).digest()


def _standing(
    rule: Rule,
    settings: RuleSettings,
    whole: ProjectView,
    told: _Told,
    deferred: Mapping[bytes, Deferred],
) -> Iterator[Finding]:
    """Yield what was deferred in one file, as it was told where nothing of it has changed."""
    path = next(iter(deferred.values())).path
    if deferred.keys() != told.get(path, {}).keys():
        made = [(each.make(), stamp) for stamp, each in deferred.items()]
        stamps = {id(draft): stamp for draft, stamp in made}
        found = _judged(rule, settings, whole.view(path), [draft for draft, _ in made])
        told[path] = {stamps[id(draft)]: finding for draft, finding in found}
    yield from (each for each in told[path].values() if each)


def _own_settings(
    rule: Rule, general: RuleSettings, at: Callable[[str], Mapping[str, RuleSettings]] | None
) -> Callable[[str], RuleSettings]:
    """Return what gives the settings of one rule for a file."""
    if at is None:
        return lambda _: general
    return lambda path: at(path).get(rule.id, _NO_SETTINGS)


def _is_off(own: Callable[[str], RuleSettings], path: str) -> bool:
    return own(path).enabled is False


def runs(rule: Rule, rules: Mapping[str, RuleSettings]) -> bool:
    """Say whether the rule runs without being asked for by name."""
    enabled = rules.get(rule.id, _NO_SETTINGS).enabled
    return rule.on if enabled is None else enabled


def runs_somewhere(rule: Rule, settings: Settings) -> bool:
    """Say whether the rule runs for some files without being asked for by name."""
    said = [each.enabled for each in said_anywhere(settings, rule.id)]
    return runs(rule, settings.rules) or any(said)


def shown_in_editor(rule: Rule, language: str, rules: Mapping[str, RuleSettings]) -> bool:
    """Say whether editors show the rule's findings of a language."""
    enabled = rules.get(rule.id, _NO_SETTINGS).enabled
    return rule.in_editor(language) if enabled is None else enabled


def asked_for(rule: Rule, rules: Mapping[str, RuleSettings]) -> bool:
    """Say whether the user turned the rule on, or gave it a severity: all of it is for editors.

    Who says where the limit of a measure lies asks for it, too.
    """
    own = rules.get(rule.id, _NO_SETTINGS)
    return own.enabled is True or own.severity is not None or (rule.measures and bool(own.limits))


def shown_in_tests(rule: Rule, rules: Mapping[str, RuleSettings]) -> bool:
    """Say whether editors show the rule's findings in tests: always where the user turned it on."""
    return rule.in_tests or rules.get(rule.id, _NO_SETTINGS).enabled is True


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.path, finding.span.start_byte, finding.span.end_byte, finding.rule


def _completed(
    rule: Rule, settings: RuleSettings, view: FileView, drafts: Iterable[Draft]
) -> Iterable[Finding]:
    """Yield the findings of one rule in one file, without those that a comment silences."""
    return (finding for _, finding in _judged(rule, settings, view, drafts) if finding)


def _judged(
    rule: Rule, settings: RuleSettings, view: FileView, drafts: Iterable[Draft]
) -> Iterator[tuple[Draft, Finding | None]]:
    """Yield the drafts in one file with their findings, None where a comment silences one."""
    silenced = None
    seen: Counter[str] = Counter()
    for draft in sorted(drafts, key=lambda each: (each.span.start_byte, each.span.end_byte)):
        if silenced is None:
            silenced = suppressed_rules(view)
        finding = _finding(rule, settings, view, draft, seen)
        lines = _suppressing_lines(view, draft)
        quiet = any(rule.id in silenced.get(line, ()) for line in lines)
        yield draft, None if quiet else finding


def _suppressing_lines(view: FileView, draft: Draft) -> range:
    """Return the lines on which a comment may speak of a finding.

    For a finding on a definition these begin with its decorators and docs.
    """
    first = draft.span.line
    if draft.symbol is not None:
        first = min(first, view.lines.position(draft.symbol.lead_byte)[0])
    return range(first, draft.span.line + 1)


def _finding(
    rule: Rule, settings: RuleSettings, view: FileView, draft: Draft, seen: Counter[str]
) -> Finding:
    symbol = _qualified_name(draft.symbol or _innermost(view, draft))
    key = draft.key or " ".join(view.line_text(draft.span.line).split())
    identity = "\0".join((rule.id, view.path, symbol, key))
    seen[identity] += 1
    severity = settings.severity or draft.severity or rule.severity
    effort = rule.effort_hours if draft.effort_hours is None else draft.effort_hours
    impact = draft.impact
    if impact is None:
        impact = _scores.impact_of(severity, test=view.test)
    return Finding(
        id=hashlib.sha256(f"{identity}\0{seen[identity]}".encode()).hexdigest()[:16],
        rule=rule.id,
        category=rule.category,
        severity=severity,
        message=draft.message,
        path=view.path,
        span=draft.span,
        symbol=symbol,
        effort_hours=effort,
        impact=impact,
        priority=_scores.priority_of(impact, draft.confidence, effort),
        confidence=draft.confidence,
        fix=_anchored(view, draft.fix) if draft.fix and _is_whole(view, draft.fix) else None,
        related=_anchored_related(view, draft) if _runs_late(rule) else draft.related,
        anchor=anchor_of(view.lines, draft.span),
        quiet=draft.quiet or bool(rule.quiet),
        since=draft.since,
    )


def _runs_late(rule: Rule) -> bool:
    """Say whether a rule runs when a file is saved, not while somebody types in it."""
    return isinstance(rule, ProjectDetector)


def _anchored_related(view: FileView, draft: Draft) -> tuple[Related, ...]:
    """Return the other places; those of the finding's own file can move with its text."""
    lines = view.lines
    return tuple(
        replace_fields(each, anchor=anchor_at(lines, each.line, each.end_line))
        if each.path == view.path
        else each
        for each in draft.related
    )


def _anchored(view: FileView, fix: Fix) -> Fix:
    """Return a fix whose edits say which lines they were made for.

    Those are the lines of the function around an edit, on which it rests, or its own.
    """
    edits = []
    for edit in fix.edits:
        lines, around = view.lines, edit.span
        if edit.path == view.path:
            whole = [
                symbol.span
                for symbol in view.facts.symbols
                if symbol.kind in CALLABLE_KINDS
                and symbol.span.start_byte <= edit.span.start_byte < symbol.span.end_byte
            ]
            if whole:  # an edit may end behind it, with the line
                start = whole[0].start_byte
                around = view.span(start, max(whole[0].end_byte, edit.span.end_byte))
        elif view.project is not None:
            lines = Lines(view.project.source(edit.path))
        edits.append(replace_fields(edit, anchor=anchor_of(lines, around)))
    return replace_fields(fix, edits=tuple(edits))


def _is_whole(view: FileView, fix: Fix) -> bool:
    """Say whether a fix writes no signs that stand in a secret's place (see codearch.secrets)."""
    signs = [view.source[each.hidden_byte : each.end_byte] for each in view.facts.secrets]
    return not any(sign in edit.text.encode() for edit in fix.edits for sign in signs)


def _innermost(view: FileView, draft: Draft) -> SymbolFact | None:
    """Return the innermost definition around a finding, None at top level."""
    place = draft.span.start_byte
    found = None
    for symbol in view.facts.symbols:  # parents come before children
        if symbol.span.start_byte > place:
            break
        if symbol.kind != "module" and place < symbol.span.end_byte:
            found = symbol
    return found


def _qualified_name(symbol: SymbolFact | None) -> str:
    if symbol is None:
        return ""
    return f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name
