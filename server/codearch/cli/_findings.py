"""Findings on the terminal: as JSON lines for programs, as text for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from codearch.cli._output import print_json, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import Finding, Span

SEVERITIES = {1: "minor", 2: "low", 3: "medium", 4: "high", 5: "critical"}
_COLOURS = {1: "white", 2: "white", 3: "yellow", 4: "red", 5: "red"}


def print_lines(findings: Sequence[Finding]) -> None:
    """Print one JSON object a finding."""
    for finding in findings:
        print_json(as_object(finding))


def as_object(finding: Finding) -> dict[str, Any]:
    """Return a finding in the command line's form, its lines counted from 1."""
    line, end_line = lines_of(finding.span)
    fix = finding.fix
    return {
        "path": finding.path,
        "line": line,
        "endLine": end_line,
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "message": finding.message,
        "evidence": finding.evidence,
        "symbol": finding.symbol,
        "effortHours": finding.effort_hours,
        "impact": finding.impact,
        "priority": finding.priority,
        "confidence": finding.confidence,
        "id": finding.id,
        "fix": None if fix is None else {"title": fix.title, "safe": fix.safe},
        "related": [
            {
                "path": each.path,
                "line": each.line + 1,
                "endLine": each.end_line + 1,
                "message": each.message,
            }
            for each in finding.related
        ],
    }


def lines_of(span: Span) -> tuple[int, int]:
    """Return a span's first and last line, from 1; an end at column 0 is before its line."""
    before = span.end_column == 0 and span.end_line > span.line
    return span.line + 1, span.end_line + (0 if before else 1)


def print_text(findings: Sequence[Finding]) -> None:
    """Print each finding with its place first, which terminals open on a click, and a sum."""
    for finding in findings:
        place = styled(f"{finding.path}:{finding.span.line + 1}", fg="cyan")
        severity = styled(
            SEVERITIES[finding.severity],
            fg=_COLOURS[finding.severity],
            bold=finding.severity >= 4,
        )
        click.echo(f"{place}: {severity} {styled(finding.rule, bold=True)}: {finding.message}")
        if finding.evidence:
            click.echo(styled(f"    {finding.evidence}", dim=True))
        for each in finding.related:
            click.echo(styled(f"    {each.path}:{each.line + 1}: {each.message}", dim=True))
        if finding.fix is not None:
            click.echo(styled(f"    fix: {finding.fix.title}", dim=True))
    click.echo(_sum(findings))


def _sum(findings: Sequence[Finding]) -> str:
    if not findings:
        return "No findings."
    files = len({finding.path for finding in findings})
    by_severity = Counter(finding.severity for finding in findings)
    counts = ", ".join(f"{by_severity[key]} {SEVERITIES[key]}" for key in sorted(by_severity)[::-1])
    hours = sum(finding.effort_hours for finding in findings)
    return (
        f"{_counted(len(findings), 'finding')} in {_counted(files, 'file')}: {counts}; "
        f"about {hours:,.1f} hours to mend"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
