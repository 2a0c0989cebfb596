"""`codearch.debt.list`: findings, filtered, sorted and added up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from codearch.checked import did_you_mean
from codearch.commands._command import Argument, Command, Context, Form, Workspace
from codearch.commands._debt import Debt, debts, gone
from codearch.commands._forms import DebtItem, debt_item
from codearch.commands._new_debt import LeftOut, added_up, on_new_code
from codearch.commands._orders import Sort, ordered_by
from codearch.commands._places import Places
from codearch.commands._scope import in_scope
from codearch.detectors import Status, all_rules
from codearch.errors import UsageError
from codearch.facts import Category

if TYPE_CHECKING:
    from codearch.facts import Finding
    from codearch.snapshot import Snapshot


class DebtQuery(Argument, frozen=True):
    """Which findings are asked for."""

    path: Annotated[str | None, Meta(description="A file, folder or glob below the root.")] = None
    category: Annotated[Category | None, Meta(description="Findings of this category alone.")] = (
        None
    )
    rule: Annotated[str | None, Meta(description="Findings of this rule alone.")] = None
    status: Annotated[
        Status | None,
        Meta(description="Findings of this status alone; else those still to be mended."),
    ] = None
    new_only: Annotated[
        bool,
        Meta(
            description=(
                "Findings on new code alone (`diagnostics.since`; mergeBase where that is all)."
            )
        ),
    ] = False
    sort: Annotated[
        Sort,
        Meta(
            description=(
                "What comes first; age has the oldest first where history tells (`todo`), "
                "path sorts by path and line."
            )
        ),
    ] = "priority"
    limit: Annotated[int, Meta(ge=1, le=10_000, description="How many items at most.")] = 100
    offset: Annotated[int, Meta(ge=0, description="How many items to leave out before.")] = 0


class DebtSummary(Form):
    """All matching findings added up, whatever the limit."""

    effort_hours: float
    by_severity: dict[str, int]
    by_category: dict[str, int]


class DebtList(Form):
    """One page of findings, how many there are in all, and their sum.

    `leftOut` is given where new code alone is listed.
    """

    items: list[DebtItem]
    total: int
    summary: DebtSummary
    left_out: LeftOut | None


def run(context: Context, query: DebtQuery) -> DebtList:
    """Return the findings that match."""
    known = all_rules()
    if query.rule is not None and query.rule not in known:
        message = f"`rule`: there is no rule {query.rule}.{did_you_mean(query.rule, known)}"
        raise UsageError(message, field="rule")
    found: list[tuple[Workspace, Debt]] = []
    parts: list[LeftOut] = []
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            matching = _matching(workspace, snapshot, query)
            if query.new_only:
                matching, left_out = on_new_code(snapshot, matching)
                parts.append(left_out)
        found += [(workspace, debt) for debt in matching]
    found.sort(key=lambda each: ordered_by(query.sort, each[1].finding))
    page = found[query.offset : query.offset + query.limit]
    findings = [debt.finding for _, debt in found]
    return DebtList(
        items=_items(context, page),
        total=len(findings),
        summary=_summary(findings),
        left_out=added_up(parts) if query.new_only else None,
    )


def _matching(workspace: Workspace, snapshot: Snapshot, query: DebtQuery) -> list[Debt]:
    known = [*debts(snapshot), *(gone(snapshot) if query.status == "resolved" else ())]
    return [
        debt
        for debt in known
        if (debt.stands if query.status is None else debt.status == query.status)
        and query.rule in (None, debt.finding.rule)
        and query.category in (None, debt.finding.category)
        and workspace.holds(debt.finding.path)
        and in_scope(debt.finding.path, query.path, workspace.root)
    ]


def _items(context: Context, page: list[tuple[Workspace, Debt]]) -> list[DebtItem]:
    """Return the items of a page in its order, each workspace's snapshot opened once."""
    items: dict[int, DebtItem] = {}
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            for index, (home, debt) in enumerate(page):
                if home is workspace:
                    items[index] = debt_item(places, debt)
    return [items[index] for index in range(len(page))]


def _summary(findings: list[Finding]) -> DebtSummary:
    severities = Counter(str(finding.severity) for finding in findings)
    categories = Counter(finding.category for finding in findings)
    return DebtSummary(
        effort_hours=round(sum(finding.effort_hours for finding in findings), 2),
        by_severity=dict(sorted(severities.items())),
        by_category=dict(sorted(categories.items())),
    )


COMMAND = Command("codearch.debt.list", DebtQuery, DebtList, run)
