"""The same code in several places: copies, copies under other names, copies with a few changes."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._clones import parting
from codearch.detectors._clones.extracting import extraction
from codearch.detectors._clones.finding import Known, Least, look
from codearch.detectors._clones.kept import counts, extract
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.telling import Texts, draft_of, first_of
from codearch.detectors._detector import Deferred, Draft, ProjectDetector, ProjectView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._clones.families import Family

_STAMP_BYTES = 8
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
    texts = Texts(view.project)
    families = look(view, known)
    asked = dict(view.asks)
    view.asks.clear()
    for family in families:
        places = (*family.places, *family.known)
        digests = [known.contents[each.path] for each in places]
        tests = [known.is_test(each) for each in places]
        key = _hash(repr((family, digests, tests)).encode())
        view.asks[key] = asked.get(key, b"")
        answer = view.answers.get(key, b"")
        make = functools.partial(_draft, view, texts, family, known, key)
        yield Deferred(first_of(family, known.is_test).path, _hash(key + answer), make)


def _are_more(view: ProjectView, most: int) -> bool:
    """Say whether more files than this would be compared."""
    if len(view.project.digests()) <= most:
        return False
    files = view.project.files()
    return sum(counts(each.language) and not each.generated for each in files) > most


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_STAMP_BYTES).digest()


def _draft(view: ProjectView, texts: Texts, family: Family, known: Known, key: bytes) -> Draft:
    """Return a family's finding, with the fix where parts of its places in one file are exact."""
    said = view.answers.get(key)
    draft = draft_of(texts, family, known.is_test, parting.read(said) if said else None)
    if not said:
        view.asks[key] = _questions(texts, family, known)
    if family.known or len({place.path for place in family.places}) > 1:
        return draft
    return replace(draft, fix=extraction(view.view(draft.path), family.places))


def _questions(texts: Texts, family: Family, known: Known) -> bytes:
    """Return what is asked of history about the places of a family that are no tests."""
    first = first_of(family, known.is_test)
    others = [each for each in (*family.places, *family.known) if each != first]
    told = [(each, texts.at(each).text) for each in others if not known.is_test(each)]
    if known.is_test(first):
        return b""
    return parting.questions(first, texts.at(first).text, told)


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
