"""Notes that somebody left to be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import Comment

SHOWN_CHARACTERS = 120

# In capitals anywhere, as a word of its own: not in a name (TODO_LIST, to.TODO), not quoted, and
# XXX not as a placeholder (XXX-XX, \xXXX, xxx.XXX.y). In small letters as a mark before a colon
# that opens a comment.
_CAPITALS = re.compile(
    r"""(?<![\w.$#\\"'`/<-])(?:TODO|FIXME|HACK)(?![\w"'`/>=]|[.-]\w)"""
    r"""|(?<![\w.$#\\"'`/<-])(?:TODO|FIXME)(?=[/-]\w)"""
    r"""|(?<![\w.$#\\"'`/<+=%*-])XXX(?![\w"'`/>=+%*-]|\.\w)"""
)
_OPENING = re.compile(r"[\W_]*@?(todo|fixme|hack|xxx)\s*(?:\([^)\n]*\))?\s*:", re.IGNORECASE)
_CLOSING = re.compile(r"\s*(?:\*/|-->)?\s*$")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each line of a comment that holds a mark."""
    for comment in file.facts.comments:
        offset = 0
        for line in comment.text.splitlines(keepends=True):
            match = _CAPITALS.search(line) or _OPENING.match(line)
            if match:
                yield _draft(file, comment, offset, line, match)
            offset += len(line.encode())


def _draft(file: FileView, comment: Comment, offset: int, line: str, match: re.Match[str]) -> Draft:
    at = match.start(1) if match.lastindex else match.start()
    text = _CLOSING.sub("", line[at:])
    start = comment.span.start_byte + offset + len(line[:at].encode())
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
