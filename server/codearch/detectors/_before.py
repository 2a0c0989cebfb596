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


def found_in(
    view: FileView, rules: Iterable[Rule], settings: Mapping[str, RuleSettings]
) -> dict[str, int]:
    """Return the line of each finding, by its id, that rules have in a file of another time.

    What only the workspace around the file can tell is not known of then, nor are secrets.
    """
    detectors = [each for each in rules if isinstance(each, FileDetector)]
    return {each.id: each.span.line for each in run_file(detectors, view, settings)}


def not_there_before(
    findings: Collection[Finding], was: Mapping[str, int], then: bytes, now: bytes
) -> list[Finding]:
    """Return the findings of a file that are not among those that it had `then`.

    One was there if its id was, at the line that has become its own, or at one that is gone: two
    that are alike change their ids when another comes before them.
    """
    if was.keys().isdisjoint(each.id for each in findings):
        return list(findings)
    lines = {
        old + offset: new + offset
        for old, new, size in common_runs(line_keys(then), line_keys(now))
        for offset in range(size)
    }
    return [
        each
        for each in findings
        if each.id not in was or lines.get(was[each.id]) not in (None, each.span.line)
    ]
