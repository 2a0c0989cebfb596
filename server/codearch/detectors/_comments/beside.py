"""Comments, each with the code it stands beside."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from codearch.parse.comments import prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment

_LONGEST_LINE = 400  # bytes of code beside which a comment is read
_MOST_LINES = 12  # of a comment that is read


class Beside(NamedTuple):
    """A comment's words in one line, and the code it is about: of its own line, or of the next."""

    text: str
    code: str
    trailing: bool
    start_byte: int
    end_byte: int
    line: int  # of the code


def beside(file: FileView, sign: re.Pattern[str]) -> Iterator[Beside]:
    """Yield the comments that hold a sign, and stand at the end of code or right above it."""
    comments = file.facts.comments
    done = -1
    for index, comment in enumerate(comments):
        if index <= done or sign.search(comment.text) is None:
            continue
        span = comment.span
        if _code(file, span.line, until=span.start_byte).strip():
            if span.line != span.end_line:
                continue
            code = _code(file, span.line)
            if not code[_characters(file, comment) :].strip(" \t,;)"):
                yield _beside([comment], code, span.line, trailing=True)
            continue
        first, last = _run(file, index)
        done = last
        own = comments[first : last + 1]
        if own[-1].span.end_line - own[0].span.line >= _MOST_LINES:
            continue
        line = own[-1].span.end_line + (_code(file, own[-1].span.end_line).strip() == "")
        code = _code(file, line)
        if code.strip():
            yield _beside(own, code, line, trailing=False)


def _characters(file: FileView, comment: Comment) -> int:
    """Return where in its line a comment begins."""
    start = file.lines.starts[comment.span.line]
    return len(file.source[start : comment.span.start_byte].decode("utf-8", "replace"))


def _beside(own: Sequence[Comment], code: str, line: int, *, trailing: bool) -> Beside:
    text = " ".join(" ".join(prose(each.text) for each in own).split())
    return Beside(text, code, trailing, own[0].span.start_byte, own[-1].span.end_byte, line)


def _run(file: FileView, index: int) -> tuple[int, int]:
    """Return the first and the last of the comments that stand in lines of their own together."""
    comments = file.facts.comments
    first = last = index
    while first and _follows(file, comments[first - 1], comments[first]):
        first -= 1
    while last + 1 < len(comments) and _follows(file, comments[last], comments[last + 1]):
        last += 1
    return first, last


def _follows(file: FileView, one: Comment, other: Comment) -> bool:
    return (
        other.span.line == one.span.end_line + 1
        and other.span.column == one.span.column
        and not _code(file, one.span.line, until=one.span.start_byte).strip()
    )


def _code(file: FileView, line: int, *, until: int | None = None) -> str:
    """Return the code of a line, up to a byte if one is given, without its comments."""
    lines = file.lines
    if line >= len(lines):
        return ""
    start = lines.starts[line]
    end = lines.starts[line + 1] if line + 1 < len(lines) else len(file.source)
    end = end if until is None else min(end, until)
    if end - start > _LONGEST_LINE:
        return ""
    comments = file.facts.comments
    at = bisect_right(file.once("comment-ends", lambda: [*map(_end, comments)]), start)
    if at == len(comments) or comments[at].span.start_byte >= end:
        return file.source[start:end].decode("utf-8", "replace").rstrip("\r\n")
    code = bytearray(file.source[start:end])
    while at < len(comments) and (span := comments[at].span).start_byte < end:
        begin, stop = max(span.start_byte, start) - start, min(span.end_byte, end) - start
        code[begin:stop] = b" " * (stop - begin)
        at += 1
    return code.decode("utf-8", "replace").rstrip("\r\n")


def _end(comment: Comment) -> int:
    return comment.span.end_byte
