"""The forms that several commands give: a symbol, a finding, and what each is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands._command import Form
from codearch.commands._places import Position, Range

if TYPE_CHECKING:
    from codearch.commands._debt import Debt
    from codearch.commands._places import Places
    from codearch.facts import Symbol


class SymbolForm(Form):
    """A symbol and where it is defined; `selectionRange` is its name."""

    id: str
    name: str
    container: str
    kind: str
    language: str
    uri: str
    range: Range
    selection_range: Range


class FixForm(Form):
    """A mend that is offered; safe where it cannot change what the program does."""

    title: str
    safe: bool


class RelatedForm(Form):
    """Another place that belongs to a finding."""

    uri: str
    range: Range
    message: str


class DebtItem(Form):
    """One finding, with what people said of it."""

    id: str
    uri: str
    range: Range
    rule: str
    category: str
    severity: int
    message: str
    evidence: str
    symbol: str
    effort_hours: float
    impact: float
    priority: float
    confidence: float
    status: str
    note: str
    date: str
    fix: FixForm | None
    related: list[RelatedForm]


def symbol_form(places: Places, symbol: Symbol) -> SymbolForm:
    """Return a symbol as clients see it."""
    return SymbolForm(
        id=symbol.id,
        name=symbol.name,
        container=symbol.container,
        kind=symbol.kind,
        language=symbol.language,
        uri=places.uri(symbol.path),
        range=places.range(symbol.path, symbol.span),
        selection_range=places.range(symbol.path, symbol.name_span),
    )


def debt_item(places: Places, debt: Debt) -> DebtItem:
    """Return a finding as clients see it, with what people said of it."""
    finding, said = debt.finding, debt.said
    nowhere = Range(Position(0, 0), Position(0, 0))
    return DebtItem(
        id=finding.id,
        uri=places.uri(finding.path),
        range=nowhere if debt.gone else places.range(finding.path, finding.span),
        rule=finding.rule,
        category=finding.category,
        severity=finding.severity,
        message=finding.message,
        evidence=finding.evidence,
        symbol=finding.symbol,
        effort_hours=finding.effort_hours,
        impact=finding.impact,
        priority=finding.priority,
        confidence=finding.confidence,
        status=debt.status,
        note=said.note if said else "",
        date=said.date if said else "",
        fix=FixForm(title=finding.fix.title, safe=finding.fix.safe) if finding.fix else None,
        related=[
            RelatedForm(
                uri=places.uri(one.path),
                range=places.lines(one.path, one.line, one.end_line),
                message=one.message,
            )
            for one in finding.related
        ],
    )
