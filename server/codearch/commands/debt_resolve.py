"""`codearch.debt.resolve`: say where a finding stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from codearch.commands._command import Argument, Command
from codearch.commands._debt import Debt, debts
from codearch.commands._forms import DebtItem, debt_item
from codearch.commands._places import Places
from codearch.detectors import Judgement, Status, mark_of, write_judgement
from codearch.errors import UsageError

if TYPE_CHECKING:
    from codearch.commands._command import Context
    from codearch.snapshot import Snapshot


class Verdict(Argument, frozen=True):
    """Which finding, and where it stands from now on."""

    id: Annotated[str, Meta(description="The finding's id, as `codearch.debt.list` gives it.")]
    status: Annotated[
        Status,
        Meta(
            description="`wontFix` and `falsePositive` hide it for good, `resolved` until its file"
            " has changed and it is still found; `open` without a note takes back what was said."
        ),
    ]
    note: Annotated[str, Meta(description="Why, for whoever comes after.")] = ""


def run(context: Context, verdict: Verdict) -> DebtItem:
    """Write what is said into `.codearch/debt.toml`, and return the finding with it."""
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            debt = next((each for each in debts(snapshot) if each.finding.id == verdict.id), None)
            if debt is not None and workspace.holds(debt.finding.path):
                said = _said(snapshot, debt, verdict)
                before = debt.said.id if debt.said is not None else ""
                write_judgement(snapshot.root, said, instead_of=before)
                return debt_item(Places(snapshot, context.encoding), Debt(debt.finding, said))
    message = f"`id`: no finding has the id {verdict.id}; it may be gone, or have been mended."
    raise UsageError(message, field="id", mend="`codearch.debt.list` lists those that there are.")


def _said(snapshot: Snapshot, debt: Debt, verdict: Verdict) -> Judgement:
    finding = debt.finding
    file = snapshot.file(finding.path)
    return Judgement(
        id=finding.id,
        status=verdict.status,
        note=verdict.note,
        date=datetime.now().astimezone().date().isoformat(),
        rule=finding.rule,
        path=finding.path,
        message=finding.message,
        mark=mark_of(finding, snapshot.source(finding.path)),
        digest=file.digest if file is not None and verdict.status == "resolved" else "",
    )


COMMAND = Command("codearch.debt.resolve", Verdict, DebtItem, run, alters_findings=True)
