"""What rules ask of git's history: which commit left docs or a comment behind.

Git is far too slow for an edit. So a rule says what is known; what it wants to know is asked for
when nobody waits, and it runs again where that brought something.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._detector import FileView
from codearch.languages import by_name
from codearch.parse import parse
from codearch.snapshot.origins import Origin
from codearch.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from codearch.detectors._detector import Draft, FilePast
    from codearch.facts import Comment

_SHOWN = 60  # characters of a commit's subject


def told(file: FileView) -> Mapping[str, Origin]:
    """Return what history has said of a file, by what it was asked."""
    return file.project.origins(file.path) if file.project is not None else {}


def mark_of(file: FileView, rule: str, draft: Draft) -> str:
    """Return by what a finding is known in other versions of its file: what the comment says."""
    comment = _around(file, draft)
    one_line = comment is not None and comment.span.line == comment.span.end_line
    said = comment.text if comment and one_line else file.line_text(draft.span.line).strip()
    return f"{rule} {hashlib.blake2b(said.encode(), digest_size=8).hexdigest()}"


def dated(
    file: FileView, rule: str, drafts: Sequence[Draft], origins: Mapping[str, Origin]
) -> Iterator[Draft]:
    """Yield the findings, each with the commit from which on it was there, where one is known."""
    for draft in drafts:
        origin = origins.get(mark_of(file, rule, draft))
        if origin is None:
            yield draft
        else:
            since = "so since" if origin.wrote else "right until"
            yield replace(draft, message=f"{draft.message}; {since} {commit_of(origin)}")


def commit_of(origin: Origin) -> str:
    """Return a commit in words: its hash, its day and its subject."""
    day = time.strftime("%Y-%m-%d", time.gmtime(origin.time))
    subject = origin.subject
    subject = subject if len(subject) <= _SHOWN else f"{subject[: _SHOWN - 1]}…"
    return f"{origin.commit[:9]} ({day}, {subject})" if subject else f"{origin.commit[:9]} ({day})"


def since(
    file: FileView,
    rule: str,
    check: Callable[[FileView], Iterable[Draft]],
    past: FilePast,
) -> dict[str, Origin | None]:
    """Return for each finding of a file the commit from which on it is found.

    It is looked for by halving: where a finding came, went and came back, any of its beginnings
    may be told. What is not committed, or older than the first commit that is known, has none.
    """
    marks = {mark_of(file, rule, draft) for draft in check(file)}
    found: dict[str, Origin | None] = dict.fromkeys(marks)
    versions = _Checked(file, rule, check, past)
    for mark in marks if len(past) else ():
        if mark in versions.at(0):
            found[mark] = _first(file, rule, mark, past, versions)
    return found


def _first(
    file: FileView, rule: str, mark: str, past: FilePast, versions: _Checked
) -> Origin | None:
    """Return the commit from which on a finding is there that the newest version has."""
    here, gone = 0, len(past)
    if mark in versions.at(gone - 1):
        here = gone - 1
    while gone - here > 1:
        middle = (here + gone) // 2
        here, gone = (middle, gone) if mark in versions.at(middle) else (here, middle)
    commit, before = past.versions[here], past.text_before(here)
    if before is None:
        wrote = here == len(past) - 1 and past.whole
    elif mark in versions.found(before):
        return None
    else:
        wrote = mark not in _lines(file, rule, before)
    if before is None and not wrote:
        return None
    return Origin(commit.hash, commit.time, commit.subject, wrote=wrote)


class _Checked:
    """What a rule finds in the versions of a file, each looked at once."""

    def __init__(
        self,
        file: FileView,
        rule: str,
        check: Callable[[FileView], Iterable[Draft]],
        past: FilePast,
    ) -> None:
        self._file, self._rule, self._check, self._past = file, rule, check, past
        self._known: dict[int, Collection[str]] = {}

    def at(self, index: int) -> Collection[str]:
        """Return the marks of what is found in a version."""
        if index not in self._known:
            text = self._past.text(index)
            self._known[index] = self.found(text) if text is not None else ()
        return self._known[index]

    def found(self, text: bytes) -> Collection[str]:
        """Return the marks of what is found in a text."""
        view = _view(self._file, text)
        return {mark_of(view, self._rule, draft) for draft in self._check(view)}


def _view(file: FileView, text: bytes) -> FileView:
    source = as_utf8(text)
    facts = parse(source, by_name(file.facts.language))
    return FileView(file.path, facts, source, limits=file.limits)


def _lines(file: FileView, rule: str, text: bytes) -> set[str]:
    """Return the marks that findings at the comments and lines of a text would have."""
    view = _view(file, text)
    said = {each.text for each in view.facts.comments if each.span.line == each.span.end_line}
    said |= {line.strip() for line in view.source.decode("utf-8", "replace").split("\n")}
    return {f"{rule} {hashlib.blake2b(each.encode(), digest_size=8).hexdigest()}" for each in said}


def _around(file: FileView, draft: Draft) -> Comment | None:
    comments = file.facts.comments
    at = bisect_right(comments, draft.span.start_byte, key=lambda each: each.span.start_byte) - 1
    found = comments[at] if at >= 0 else None
    return found if found and draft.span.start_byte < found.span.end_byte else None
