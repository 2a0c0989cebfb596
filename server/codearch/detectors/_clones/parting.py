"""Which commit changed one place of a family and left the other as it was.

Until then lines stood in both that one of them alone has now, and it has others instead. A commit
is told only where it accounts for all the difference: so that both were the same before it.
Comments do not count, so that what is asked is the same whatever they say.
"""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.detectors._detector import FilePast
    from codearch.snapshot.past import Past

_MOST_PLACES = 3  # of a family beside the first that are compared with it
_MOST_DIFFERENT = 12  # lines of a place
_LEAST_SHARED = 0.6  # of the lines of both
_THERE = 0.8  # of the shared lines, where a place is taken to be in an older text
_TELLING = 3  # letters and digits of a line that says something


class Question(msgspec.Struct, frozen=True, array_like=True):
    """Two places with the hashes of their lines: those of both, and of each alone.

    Places have a number each. See `questions` for the `mark`.
    """

    path: str
    place: int
    other: str
    other_place: int
    shared: tuple[int, ...]
    mine: tuple[int, ...]
    theirs: tuple[int, ...]
    mark: str

    def turned(self) -> Question:
        """Return the same question from the other place's side."""
        return Question(
            self.other, self.other_place, self.path, self.place,
            self.shared, self.theirs, self.mine, self.mark,
        )  # fmt: skip


class Parting(msgspec.Struct, frozen=True, array_like=True):
    """The commit that changed one place alone; `together` before it changed both files.

    An answer has the numbers of places for their lines.
    """

    path: str
    line: int
    other: str
    other_line: int
    commit: str
    time: int
    subject: str
    fix: bool
    together: int


class Numbered(NamedTuple):
    """A place of a family, and what stands there."""

    path: str
    number: int
    text: str


class _Rows(NamedTuple):
    """The telling lines of a text, by hash."""

    counts: Counter[int]

    def holds(self, rows: Sequence[int], times: int) -> bool:
        """Say whether most of some lines stand there so often."""
        return sum(self.counts[row] >= times for row in rows) >= _THERE * len(rows)

    def is_now(self, question: Question) -> bool:
        """Say whether the first place of a question stands there as it is now."""
        return self.holds(question.shared, 1) and all(self.counts[row] for row in question.mine)


_encode = msgspec.msgpack.Encoder().encode
_questions = msgspec.msgpack.Decoder(list[Question])
_parting = msgspec.msgpack.Decoder(Parting)


def questions(first: Numbered, others: Iterable[Numbered], mark: str) -> bytes:
    """Return what is to be asked of history about a family, b"" for nothing.

    Texts are given without comments; `mark` begins those that end with their lines.
    """
    found = [
        each for other in list(others)[:_MOST_PLACES] if (each := _question(first, other, mark))
    ]
    return _encode(found) if found else b""


def _question(first: Numbered, second: Numbered, mark: str) -> Question | None:
    one, another = _rows(first.text.splitlines()), _rows(second.text.splitlines())
    shared, mine, theirs = one & another, one - another, another - one
    sizes = [each.total() for each in (shared, mine, theirs)]
    different = sizes[1] + sizes[2]
    if not different or max(sizes[1:]) > _MOST_DIFFERENT:
        return None
    if sizes[0] < _LEAST_SHARED * max(sizes[0] + sizes[1], sizes[0] + sizes[2]):
        return None
    return Question(
        first.path, first.number, second.path, second.number,
        tuple(shared), tuple(mine), tuple(theirs), mark,
    )  # fmt: skip


def answer(data: bytes, past: Past, versions: Callable[[str], FilePast]) -> bytes | None:
    """Return the commit that parted two places, b"" for none, None before it is committed."""
    committed = True
    for each in _questions.decode(data):
        for question in (each, each.turned()):
            newest = versions(question.path)
            now = newest.text(0) if len(newest) else None
            if now is None or not _of(now, question).is_now(question):
                committed = False
                continue
            found = _parted(question, past, versions)
            if found is not None:
                return _encode(found)
    return b"" if committed else None


def read(data: bytes) -> Parting:
    """Return an answer."""
    return _parting.decode(data)


def _parted(question: Question, past: Past, versions: Callable[[str], FilePast]) -> Parting | None:
    """Return the commit that changed the first of two places alone."""
    own, other = versions(question.path), versions(question.other)
    index = _changing(question, own)
    if index is None:
        return None
    version = own.versions[index]
    if question.other != question.path and not _was_there(question, other, version.time):
        return None
    commits = {each.commit.hash: each.commit for each in past.changes(question.path)}
    commit = commits.get(version.hash)
    if commit is None or commit.apart:
        return None
    together = 0
    if question.other != question.path:
        before = past.together(question.path, question.other)
        together = sum(each.time < version.time for each in before)
    return Parting(
        question.path, question.place, question.other, question.other_place,
        version.hash, version.time, version.subject, commit.fix, together,
    )  # fmt: skip


def _changing(question: Question, own: FilePast) -> int | None:
    """Return the newest commit that made the whole difference, where there was the place before."""
    times = 2 if question.other == question.path else 1
    after = None
    for index in range(len(own)):
        text = own.text(index)
        if text is None:
            return None
        after = _of(text, question)
        if not after.holds(question.shared, times):
            return None
        older = own.text(index + 1) if index + 1 < len(own) else own.text_before(index)
        before = _of(older, question) if older is not None else None
        if before is not None and _differ(before, after, question):
            exact = own.text_before(index)
            then = _of(exact, question) if exact is not None else None
            whole = then is not None and _differ(then, after, question)
            there = then is not None and then.holds(question.shared, times)
            return index if whole and there else None
    return None


def _differ(before: _Rows, after: _Rows, question: Question) -> bool:
    gone = all(before.counts[row] > after.counts[row] for row in question.theirs)
    return gone and all(after.counts[row] > before.counts[row] for row in question.mine)


def _was_there(question: Question, other: FilePast, time: int) -> bool:
    """Say whether the other place was what it is when the first one changed."""
    for index, version in enumerate(other.versions):
        if version.time <= time:
            text = other.text(index)
            return text is not None and _of(text, question).is_now(question.turned())
    return False


def _of(text: bytes, question: Question) -> _Rows:
    """Return the lines of a file's text, also without the comments at their ends."""
    lines = decode(text).splitlines()
    ended = [line.partition(question.mark)[0] for line in lines if question.mark in line]
    return _Rows(_rows(lines) + _rows(ended))


def _rows(lines: Iterable[str]) -> Counter[int]:
    """Count the lines that say something, but for white space."""
    rows = (" ".join(line.split()) for line in lines)
    return Counter(
        zlib.crc32(row.encode("utf-8", "surrogatepass"))
        for row in rows
        if sum(map(str.isalnum, row)) >= _TELLING
    )
