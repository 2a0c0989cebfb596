"""Which findings were there before, in the same file as it was: not new, whatever moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._detector import FileDetector
from codearch.detectors._run import run_file
from codearch.history.alignment import common_runs, line_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from codearch.detectors._detector import FileView, Rule
    from codearch.facts import Finding
    from codearch.settings import RuleSettings


def not_there_before(
    findings: Collection[Finding],
    then: FileView,
    now: bytes,
    rules: Iterable[Rule],
    settings: Mapping[str, RuleSettings],
) -> list[Finding]:
    """Return the findings of a file that its rules did not have `then`.

    One was there if its id was, at the line that has become its own, or at one that is gone: two
    that are alike change their ids when another comes before them. What only the workspace around
    the file can tell is not known of then, nor are secrets.
    """
    wanted = {each.rule for each in findings}
    detectors = [each for each in rules if isinstance(each, FileDetector) and each.id in wanted]
    if not detectors:
        return list(findings)
    lines = {
        old + offset: new + offset
        for old, new, size in common_runs(line_keys(then.source), line_keys(now))
        for offset in range(size)
    }
    was = {each.id: lines.get(each.span.line) for each in run_file(detectors, then, settings)}
    return [
        each
        for each in findings
        if each.id not in was or was[each.id] not in (None, each.span.line)
    ]
