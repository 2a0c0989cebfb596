"""Notes that somebody left to be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_CHARACTERS = 120

# In capitals anywhere, as a word of its own: not in a name (TODO_LIST, to.TODO), not quoted, and
# XXX not as a placeholder (XXX-XX, \xXXX, xxx.XXX.y). In small letters as a mark before a colon
# that opens a comment.
_CAPITALS = re.compile(
    r"""(?<![\w.$#\\"'`/<-])(?:(?:TODO|FIXME|HACK)(?![\w"'`=]|\.\w)"""
    r"""|(?<![+=%*])XXX(?![\w"'`/>=+%*]|[.-]\w))"""
)
_OPENING = re.compile(r"@?(todo|fixme|hack|xxx)\s*(?:\([^)\n]*\))?\s*:", re.IGNORECASE)
_MARKERS = re.compile(r"[^\w@\\\"'`]*")
_CLOSING = re.compile(r"\s*(?:\*/|-->)?\s*$")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each line of a comment that holds a mark."""
    for comment in file.facts.comments:
        start = comment.span.start_byte
        for line in comment.text.splitlines(keepends=True):
            markers = _MARKERS.match(line)
            begin = markers.end() if markers else 0
            bare = line[begin:]
            match = _OPENING.match(bare) or _CAPITALS.search(bare)
            if match:
                at = begin + match.start()
                yield _draft(file, start + len(line[:at].encode()), line[at:])
            start += len(line.encode())


def _draft(file: FileView, start: int, rest_of_line: str) -> Draft:
    text = _CLOSING.sub("", rest_of_line)
    shown = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return Draft(
        span=file.span(start, start + len(text.encode())),
        message=" ".join(shown.split()),
        key=" ".join(text.split()),
    )


DETECTOR = FileDetector(
    id="todo",
    category="documentation",
    severity=1,
    languages=ALL_LANGUAGES,
    summary="TODO, FIXME, HACK and XXX in comments, every one.",
    why=(
        "Each is a decision that was put off, where only the next reader of that line sees it. "
        "Marks count in capitals anywhere in a comment, in small letters where they open it "
        "(`todo: ...`); words in strings, names and quotes do not."
    ),
    example="# TODO: drop this once all clients send the new header",
    effort_hours=0.5,
    generated=True,
    check=check,
)
