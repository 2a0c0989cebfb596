"""Which findings were there before, in the same file as it was: not new, whatever moved."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._detector import FileDetector
from codearch.detectors._run import run_file
from codearch.history.alignment import common_runs, line_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from codearch.detectors._detector import FileView, Rule
    from codearch.facts import Finding
    from codearch.settings import RuleSettings


class Was(NamedTuple):
    """A finding of another time."""

    rule: str
    line: int
    quiet: bool = False


def found_in(
    view: FileView, rules: Iterable[Rule], settings: Mapping[str, RuleSettings]
) -> dict[str, Was]:
    """Return each finding, by its id, that rules have in a file of another time.

    What only the workspace around the file can tell is not known of then, nor are secrets.
    """
    detectors = [each for each in rules if isinstance(each, FileDetector)]
    found = run_file(detectors, view, settings)
    return {each.id: Was(each.rule, each.span.line, each.quiet) for each in found}


def not_there_before(
    findings: Collection[Finding],
    was: Mapping[str, Was],
    then: bytes,
    now: bytes,
    *,
    worse: bool = False,
) -> list[Finding]:
    """Return the findings of a file that are not among those that it had `then`.

    With `worse`, also those for which nobody would have stopped then.

    One was there if its id was, at the line that has become its own, or at one that is gone: two
    that are alike change their ids when another comes before them. One about what comments say was
    there as well if its rule found something in the lines that stood in its place: who rewords a
    note has not made it.
    """
    if {each.rule for each in was.values()}.isdisjoint(each.rule for each in findings):
        return list(findings)
    runs = [each for each in common_runs(line_keys(then), line_keys(now)) if each[2]]
    lines = {old + offset: new + offset for old, new, size in runs for offset in range(size)}
    new = [
        each
        for each in findings
        if each.id not in was
        or lines.get(was[each.id].line) not in (None, each.span.line)
        or (worse and was[each.id].quiet and not each.quiet)
    ]
    same = {each.id for each in findings} & was.keys()
    olds, news = [old for old, _, _ in runs], [new for _, new, _ in runs]
    replaced = Counter(
        (each.rule, bisect_right(olds, each.line))
        for name, each in was.items()
        if each.line not in lines and name not in same
    )
    kept = set(lines.values())
    told = []
    for each in new:
        place = each.rule, bisect_right(news, each.span.line)
        if each.category == "documentation" and each.span.line not in kept and replaced[place]:
            replaced[place] -= 1
        else:
            told.append(each)
    return told
