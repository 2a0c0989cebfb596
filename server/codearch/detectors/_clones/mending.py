"""The fixes of families, looked for anew only where what they hang on has changed.

That is the file's code, and what is written in and around the definitions in which the copies are,
comments among it. Comments elsewhere only move what a fix changes.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from codearch.detectors._clones.extracting import extraction
from codearch.detectors._clones.extracting_typed import TONGUES, beside
from codearch.detectors._clones.statements import bare_in
from codearch.facts import CALLABLE_KINDS, Fix, Span

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from codearch.detectors._clones.families import Place
    from codearch.detectors._detector import FileView

_KEY_BYTES = 8
_MOST = 20_000
_NUMBERED = re.compile(r"_\d+\Z")  # a name that was free when the plain one was not
_IN_CLASSES = frozenset({"java"})  # in which what is made stands beside the methods


class _Stretch(NamedTuple):
    """Whole lines of a file."""

    start: int  # bytes
    end: int
    line: int

    def holds(self, span: Span) -> bool:
        return self.start <= span.start_byte and span.end_byte <= self.end


class Mended(NamedTuple):
    """A fix, or None, and where what it hangs on stood."""

    fix: Fix | None
    around: Sequence[_Stretch]


def fix_of(
    view: FileView, places: Sequence[Place], code: bytes, known: MutableMapping[bytes, Mended]
) -> Fix | None:
    """Return the fix of a family in one file, whose code is told from all others by `code`.

    What is `known` serves again, and more is known then.
    """
    around = [_around(view, place) for place in places]
    made = hashlib.blake2b(code, digest_size=_KEY_BYTES)
    made.update(bytes((b"\r\n" in view.source, bool(view.facts.errors))))
    for each in around:
        made.update(b"%d\0" % (each.end - each.start))
        made.update(view.source[each.start : each.end])
    key = made.digest()
    before = known.get(key)
    if before is not None and (before.fix is None or _is_free(view, before.fix)):
        return _moved(before, around) if before.fix else None
    fix = extraction(view, places)
    if fix is None or _moves(fix, around):
        if len(known) >= _MOST:
            known.clear()
        known[key] = Mended(fix, around)
    return fix


def _around(view: FileView, place: Place) -> _Stretch:
    """Return the definition around a place, from the code before it to the code behind it."""
    language = view.facts.language
    first, last = place.line, place.end_line
    for symbol in view.facts.symbols:
        counts = (
            symbol.kind in CALLABLE_KINDS if language in _IN_CLASSES else symbol.kind != "module"
        )
        if counts and symbol.span.line <= place.line <= symbol.span.end_line:
            first, last = min(first, symbol.span.line), max(last, symbol.span.end_line)
            break  # those around come before those inside
    else:
        if language in TONGUES:
            return _Stretch(0, len(view.source), 0)
    code, starts = bare_in(view).lines, view.lines.starts
    before, behind = bisect_left(code, first), bisect_right(code, last)
    line = code[before - 1] + 1 if before else 0
    end = starts[code[behind]] if behind < len(code) else len(view.source)
    return _Stretch(starts[line], end, line)


def _name(fix: Fix) -> str:
    """Return the name of the function that a fix makes."""
    return fix.title.split("`")[1]


def _is_free(view: FileView, fix: Fix) -> bool:
    name = re.compile(rf"\b{re.escape(_name(fix))}\b".encode())
    return not any(name.search(each) for each in (view.source, *beside(view)))


def _moves(fix: Fix, around: Sequence[_Stretch]) -> bool:
    """Say whether all that a fix rests on is what it is known by."""
    if _NUMBERED.search(_name(fix)):
        return False
    return all(any(each.holds(edit.span) for each in around) for edit in fix.edits)


def _moved(before: Mended, around: Sequence[_Stretch]) -> Fix | None:
    """Return a fix where that stands now on which it hangs."""
    if before.fix is None:
        return None
    edits = []
    for edit in before.fix.edits:
        pairs = zip(before.around, around, strict=True)
        old, new = next(pair for pair in pairs if pair[0].holds(edit.span))
        span, size, rows = edit.span, new.start - old.start, new.line - old.line
        there = Span(
            span.start_byte + size, span.end_byte + size,
            span.line + rows, span.column, span.end_line + rows, span.end_column,
        )  # fmt: skip
        edits.append(replace(edit, span=there))
    return replace(before.fix, edits=tuple(edits))
