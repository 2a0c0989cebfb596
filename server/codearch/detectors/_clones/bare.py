"""A source without comments and without lines that hold nothing else: what clones are made of.

Edits of comments and blank lines leave it as it is, byte for byte, and only say anew which line of
the source each of its lines is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.facts import Comment

_GOES_ON = b"\\"  # at a line's end: the next one belongs to it, also where it is blank


class Bare(NamedTuple):
    """What is left of a source; `lines` are those of the source, one for each that is left."""

    text: bytes
    lines: Sequence[int]


def bare_of(source: bytes, comments: Iterable[Comment]) -> Bare:
    """Return a source without its comments, which the parser knows better than a lexicon."""
    kept: list[bytes] = []
    lines: list[int] = []
    for number, row in enumerate(_without(source, comments).split(b"\n")):
        text = row.rstrip()
        if text or (kept and kept[-1].endswith(_GOES_ON)):
            kept.append(text)
            lines.append(number)
    return Bare(b"\n".join(kept), lines)


def _without(source: bytes, comments: Iterable[Comment]) -> bytes:
    """Return a source with a blank in the place of each comment, and as many lines."""
    parts, at = [], 0
    for span in (each.span for each in comments):
        rows = source.count(b"\n", max(at, span.start_byte), span.end_byte)
        parts += [source[at : span.start_byte], b" ", b"\n" * rows]
        at = max(at, span.end_byte)
    return b"".join((*parts, source[at:]))
