"""The same code in several places: copies, copies under other names, copies with a few changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._clones.extracting import extraction
from codearch.detectors._clones.finding import Least, Seen, found_in
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.telling import Texts, draft_of
from codearch.detectors._detector import Draft, ProjectDetector, ProjectView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._clones.families import Family
    from codearch.detectors._clones.finding import Found

_seen = Seen()


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield one finding for each family of clones."""
    least = Least(int(view.limits["lines"]), int(view.limits["tokens"]))
    found = found_in(view.project, least, _seen, view.off)
    known, _seen.drafts = _seen.drafts, {}
    texts = Texts(view.project)
    for family in found.families:
        places = (*family.places, *family.known)
        key = (family, *((found.digests[each.path], found.tests(each)) for each in places))
        draft = known.get(key) or _draft(view, texts, family, found)
        _seen.drafts[key] = draft
        yield draft


def _draft(view: ProjectView, texts: Texts, family: Family, found: Found) -> Draft:
    """Return a family's finding, with the fix where parts of its places in one file are exact."""
    draft = draft_of(texts, family, found.tests)
    if family.known or len({place.path for place in family.places}) > 1:
        return draft
    return replace(draft, fix=extraction(view.view(draft.path), family.places))


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
    # What it knows of each file is in memory alone: some 100 MB for 6,000 files, made anew with
    # each process. Until the index keeps that, it runs for those who ask.
    on=False,
    limits={"lines": 6, "tokens": 50},
    check=check,
    texts=True,
)
