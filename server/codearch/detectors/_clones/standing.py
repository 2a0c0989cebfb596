"""Which findings of clones stand, and which are to be made anew.

A finding hangs on the text of the file in which it is told, and on the code of the places. What two
of them differ in, and what is asked of history about them, no edit elsewhere changes.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from codearch.detectors._clones import parting
from codearch.detectors._clones.mending import fix_of
from codearch.detectors._clones.telling import Texts, draft_of, first_of
from codearch.detectors._detector import Deferred, Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.detectors._clones.families import Family, Place
    from codearch.detectors._clones.known import Known
    from codearch.detectors._clones.parting import Parting
    from codearch.detectors._detector import ProjectView

_STAMP_BYTES = 8


class Told(NamedTuple):
    """A family, and as what it was told."""

    code: Family
    now: Family  # where it stands
    first: str  # the file in which it is told
    paths: frozenset[str]  # the files in which it stands
    key: bytes  # of its code
    stamp: bytes  # of all but what history answered

    @property
    def rows(self) -> dict[Place, Place]:
        """The lines of code of its places, by where they stand."""
        now, code = (*self.now.places, *self.now.known), (*self.code.places, *self.code.known)
        return dict(zip(now, code, strict=True))

    @property
    def numbers(self) -> dict[Place, int]:
        """The numbers of its places among them, which no edit elsewhere changes."""
        return {place: number for number, place in enumerate((*self.now.places, *self.now.known))}


class Telling:
    """Tells the families of one look."""

    def __init__(self, view: ProjectView, known: Known) -> None:
        self._view, self._known = view, known
        self._texts = Texts(view.project)
        # All families of a file are told one after the other: it is parsed once.
        self._file = functools.lru_cache(maxsize=1)(view.view)

    def told(self, families: Iterable[Family]) -> Iterator[Deferred]:
        """Yield the findings of families, those that have not changed as they were."""
        known, view = self._known, self._view
        told = {each: self._as_before(each) for each in families}
        anew = [each for each, before in told.items() if before is None]
        for code, now in zip(anew, known.placed(anew), strict=True):
            told[code] = self._as_now(code, now)
        known.told, known.moved = {code: each for code, each in told.items() if each}, set()
        known.asked &= {each.key for each in known.told.values()}
        asked = dict(view.asks)
        view.asks.clear()
        for each in known.told.values():
            view.asks[each.key] = asked.get(each.key, b"")
            answer = view.answers.get(each.key, b"")
            stamp = _hash(each.stamp + answer) if answer else each.stamp
            yield Deferred(each.first, stamp, functools.partial(self._draft, each))

    def _as_before(self, family: Family) -> Told | None:
        before = self._known.told.get(family)
        return before if before and self._known.moved.isdisjoint(before.paths) else None

    def _as_now(self, code: Family, now: Family) -> Told:
        known = self._known
        places = [
            (each.path, known.around(each), known.is_test(here))
            for each, here in zip(
                (*code.places, *code.known), (*now.places, *now.known), strict=True
            )
        ]
        key = _hash(repr((places, code.type, code.tokens, len(code.known))).encode())
        first = first_of(now, known.is_test).path
        paths = frozenset(path for path, _, _ in places)
        stamp = _hash(repr((key, now, known.contents[first])).encode())
        return Told(code, now, first, paths, key, stamp)

    def _draft(self, told: Told) -> Draft:
        """Return a family's finding, with a fix where parts of its places in one file are exact."""
        known, family = self._known, told.now
        said = self._view.answers.get(told.key)
        if not said and told.key not in known.asked:
            self._view.asks[told.key] = self._questions(family, told.numbers)
        known.asked.add(told.key)
        draft = draft_of(
            family,
            known.is_test,
            self._texts,
            functools.partial(self._against, told.rows),
            _placed(parting.read(said), told.numbers) if said else None,
        )
        if family.known or len({place.path for place in family.places}) > 1:
            return draft
        code = repr((told.key, told.code.places, known.bares[draft.path])).encode()
        fix = fix_of(self._file(draft.path), family.places, code, known.mended)
        return replace(draft, fix=fix)

    def _against(self, rows: dict[Place, Place], first: Place, other: Place) -> str:
        """Return what differs between two places, which no edit elsewhere changes."""
        key = _hash(repr([self._known.around(rows[each]) for each in (first, other)]).encode())
        said = self._known.said.get(key)
        if said is None:
            said = self._texts.at(first).against(self._texts.at(other))
            self._known.say(key, said)
        return said

    def _questions(self, family: Family, numbers: dict[Place, int]) -> bytes:
        """Return what is asked of history about the places of a family that are no tests."""
        is_test, texts = self._known.is_test, self._texts
        first = first_of(family, is_test)
        if is_test(first):
            return b""
        others = [each for each in (*family.places, *family.known) if each != first]
        asked, *against = (
            parting.Numbered(each.path, numbers[each], texts.at(each).text)
            for each in (first, *others)
            if not is_test(each)
        )
        return parting.questions(asked, against, texts.at(first).remark)


def _placed(found: Parting, numbers: dict[Place, int]) -> Parting:
    """Return what history answered, with lines in the place of the numbers of places."""
    lines = {number: place.line for place, number in numbers.items()}
    return msgspec.structs.replace(
        found, line=lines[found.line], other_line=lines[found.other_line]
    )


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_STAMP_BYTES).digest()
