"""Findings together with what people said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors import HIDING, Judgements, all_rules, read_judgements
from codearch.facts import Finding, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors import Judgement, Status
    from codearch.snapshot import Snapshot

_NOWHERE = Span(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Debt:
    """One finding. `gone`: it was spoken of, and is found no more."""

    finding: Finding
    said: Judgement | None
    gone: bool = False

    @property
    def status(self) -> Status:
        """Where it stands: what is gone is resolved, whoever resolved it."""
        if self.gone:
            return "resolved"
        return self.said.status if self.said is not None else "open"

    @property
    def stands(self) -> bool:
        """Whether it is still to be mended."""
        return self.status not in HIDING


def debts(snapshot: Snapshot, path: str | None = None) -> list[Debt]:
    """Return all findings, or a file's, with what people said of them."""
    findings = snapshot.findings(path)
    said = Judgements(read_judgements(snapshot.root), snapshot).of(findings)
    return [Debt(each, said.get(each.id)) for each in findings]


def gone(snapshot: Snapshot) -> Iterator[Debt]:
    """Yield what people spoke of and is found no more."""
    rules = all_rules()
    for each in Judgements(read_judgements(snapshot.root), snapshot).gone(snapshot.findings()):
        rule = rules.get(each.rule)
        if rule is not None:  # of a rule that there is no more nobody can tell
            finding = Finding(
                each.id, each.rule, rule.category, rule.severity, each.message, each.path, _NOWHERE,
                effort_hours=0.0,
            )  # fmt: skip
            yield Debt(finding, each, gone=True)
