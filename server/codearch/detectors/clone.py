"""The same code in several places: copies, copies under other names, copies with a few changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._clones import parting
from codearch.detectors._clones.finding import Known, Least, look
from codearch.detectors._clones.kept import counts, extract
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.standing import Telling
from codearch.detectors._detector import ProjectDetector, ProjectView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import Deferred

_TOO_MANY = "Clones are not looked for: there are more than {most} files to compare."
_MEND = "Give `rules.clone.files` a higher number in the settings to have them found."


def check(view: ProjectView) -> Iterator[Deferred]:
    """Yield one finding for each family of clones."""
    most = int(view.limits["files"])
    if _are_more(view, most):
        view.said.append((_TOO_MANY.format(most=most), _MEND))
        return
    least = Least(int(view.limits["lines"]), int(view.limits["tokens"]))
    known: Known | None = view.memory.get("known")
    if known is None or known.least != least:
        known = view.memory["known"] = Known(least)
    families = look(view, known)
    yield from Telling(view, known).told(families)


def _are_more(view: ProjectView, most: int) -> bool:
    """Say whether more files than this would be compared."""
    if len(view.project.digests()) <= most:
        return False
    files = view.project.files()
    return sum(counts(each.language) and not each.generated for each in files) > most


DETECTOR = ProjectDetector(
    id="clone",
    category="duplication",
    severity=3,
    languages=frozenset(LEXICONS),
    summary="Code that stands in several places: copied, renamed, or changed a little.",
    why=(
        "Whoever mends or changes code that was copied has to find all its copies and to know "
        "which of their differences are meant. There is one finding for each family of copies, "
        "with all places, what differs between them, and how many lines one of them would save. "
        "Imports, licences, tables of data, getters and generated code do not count; copies "
        "among tests weigh less."
    ),
    example="def total(lines): ...      def sum_up(items): ...  # the same, under other names",
    effort_hours=1.0,
    limits={"lines": 6, "tokens": 50, "files": 1_000},
    check=check,
    extract=extract,
    answer=parting.answer,
    texts=True,
)
