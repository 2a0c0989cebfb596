"""Findings as SARIF 2.1.0, the form in which code hosts take results of static analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from codearch import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from codearch.detectors import Rule
    from codearch.facts import Finding, Fix, Related, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "SRCROOT"
_LEVELS = {5: "error", 4: "warning", 3: "warning", 2: "note", 1: "note"}


def sarif_log(findings: Iterable[Finding], rules: Mapping[str, Rule], root: Path) -> dict[str, Any]:
    """Return one run with these findings; `rules` are all that ran, found anything or not."""
    numbers = {name: number for number, name in enumerate(rules)}
    driver = {
        "name": "codearch",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {ROOT: {"uri": root.as_uri().rstrip("/") + "/"}},
        "results": [_result(finding, numbers[finding.rule]) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.summary}\n\n{rule.why}\n\nExample:\n{rule.example}"},
        "defaultConfiguration": {"enabled": rule.on, "level": _LEVELS[rule.severity]},
        "properties": {"category": rule.category, "tags": [rule.category]},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.told},
        "locations": [_location(finding)],
        "partialFingerprints": {"codearchId/v1": finding.id},
        "rank": finding.priority,
        "properties": {
            "severity": finding.severity,
            "effortHours": finding.effort_hours,
            "impact": finding.impact,
            "confidence": finding.confidence,
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            _related(number, each) for number, each in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(finding.path),
            "region": _region(finding.span),
        }
    }
    if finding.symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.symbol}]
    return location


def _related(number: int, related: Related) -> dict[str, Any]:
    return {
        "id": number,
        "message": {"text": related.message},
        "physicalLocation": {
            "artifactLocation": _artifact(related.path),
            "region": {"startLine": related.line + 1, "endLine": related.end_line + 1},
        },
    }


def _fix(fix: Fix) -> dict[str, Any]:
    by_path: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        change = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        by_path.setdefault(edit.path, []).append(change)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": changes}
            for path, changes in by_path.items()
        ],
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, safe="/~!$&'()*+,;=@"), "uriBaseId": ROOT}


def _region(span: Span) -> dict[str, int]:
    """Return a region: lines and columns from 1, its end exclusive as the span's is."""
    return {
        "startLine": span.line + 1,
        "startColumn": span.column + 1,
        "endLine": span.end_line + 1,
        "endColumn": span.end_column + 1,
    }
