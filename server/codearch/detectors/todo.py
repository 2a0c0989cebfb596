"""Notes that somebody left to be done."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._origins import told
from codearch.snapshot.origins import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FilePast

SHOWN_CHARACTERS = 120
TELLING_CHARACTERS = 16  # of a note that is found again by its words alone

# In capitals anywhere, as a word of its own: not in a name (TODO_LIST, to.TODO), not quoted, and
# XXX not as a placeholder (XXX-XX, \xXXX, xxx.XXX.y). In small letters as a mark before a colon
# that opens a comment.
_CAPITALS = re.compile(
    r"""(?<![\w.$#\\"'`/<-])(?:(?:TODO|FIXME|HACK)(?![\w"'`=]|\.\w)"""
    r"""|(?<![+=%*])XXX(?![\w"'`/>=+%*]|[.-]\w))"""
)
_OPENING = re.compile(r"@?(todo|fixme|hack|xxx)\s*(?:\([^)\n]*\))?\s*:", re.IGNORECASE)
_TAG = re.compile(r"[@\\](?:todo|fixme)(?=\s|\*/|$)", re.IGNORECASE)  # of a doc, at its place
_MARKERS = re.compile(r"[^\w@\\\"'`]*")
_CLOSING = re.compile(r"\s*(?:\*/|-->)?\s*$")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each line of a comment that holds a mark, with who left it and when."""
    origins = told(file)
    for note in _notes(file):
        origin = origins.get(_asked(file, note)) if origins else None
        yield note if origin is None else _left(note, origin)


def asks(file: FileView) -> Iterator[str]:
    """Yield what history is to be asked: who left the notes."""
    for note in _notes(file):
        yield _asked(file, note)


def origins_of(file: FileView, past: FilePast) -> dict[str, Origin | None]:
    """Return for each note the commit that brought it, where history knows it."""
    found: dict[str, Origin | None] = {}
    for note in _notes(file):
        commit = past.brought(_words(file, note))
        asked = _asked(file, note)
        found[asked] = None
        if commit is not None:
            found[asked] = Origin(commit.hash, commit.time, "", author=commit.author)
    return found


def _asked(file: FileView, note: Draft) -> str:
    return (
        f"{DETECTOR.id} {hashlib.blake2b(_words(file, note).encode(), digest_size=8).hexdigest()}"
    )


def _words(file: FileView, note: Draft) -> str:
    """Return by which words a note is found in other versions of its file."""
    words = file.text(note.span)
    return words if len(words) >= TELLING_CHARACTERS else file.line_text(note.span.line).strip()


def _left(note: Draft, origin: Origin) -> Draft:
    day = time.strftime("%Y-%m-%d", time.gmtime(origin.time))
    return replace(
        note, message=f"{note.message}; left by {origin.author} on {day}", since=origin.time
    )


def _notes(file: FileView) -> Iterator[Draft]:
    for comment in file.facts.comments:
        start = comment.span.start_byte
        for line in comment.text.splitlines(keepends=True):
            markers = _MARKERS.match(line)
            begin = markers.end() if markers else 0
            bare = line[begin:]
            match = _OPENING.match(bare) or _TAG.match(bare) or _CAPITALS.search(bare)
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
    summary="TODO, FIXME, HACK and XXX in comments, every one, with who left it and when.",
    why=(
        "Each is a decision that was put off, where only the next reader of that line sees it. "
        "Marks count in capitals anywhere in a comment, in small letters where they open it "
        "(`todo: ...`, `@todo ...`); words in strings, names and quotes do not. Where git knows "
        "the commit that brought a note, its author and day are told."
    ),
    example="# TODO: drop this once all clients send the new header",
    effort_hours=0.5,
    generated=True,
    quiet="whoever has just left a note knows of it",
    check=check,
    asks=asks,
    origins=origins_of,
)
