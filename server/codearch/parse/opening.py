"""What a file says of itself before its first definition: in words, and that a program wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from codearch.parse import comments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import CommentKind, Span
    from codearch.languages._language import Language
    from codearch.parse.places import Places

MAX_DOC = 4000  # characters


class Said(Protocol):
    """A comment."""

    @property
    def text(self) -> str:
        """Its text, with its markers."""

    @property
    def span(self) -> Span:
        """Where it stands."""

    @property
    def kind(self) -> CommentKind:
        """What kind of comment it is."""


def is_generated(docstring: str, said: Sequence[Said], first: int, language: Language) -> bool:
    """Say whether comments or the docstring that open a file say that a program wrote it.

    `first` is the byte at which the first definition begins.
    """
    head = [docstring] if docstring else []
    for comment in said:
        if comment.span.start_byte > min(first, comments.HEAD_BYTES):
            break
        head.append(comment.text)
    mark = language.generated or comments.GENERATED
    return comments.is_generated("\n".join(head).encode(errors="replace"), mark)


def first_words(said: Sequence[Said], first: int, places: Places) -> str:
    """Return the first of the comments that open a file which says something and is no licence.

    `first` is the byte at which the first definition or what documents it begins.
    """
    for run in _runs(said, first, places):
        words = "\n".join(filter(None, map(comments.prose, run)))
        if words and not comments.LICENCE.search("\n".join(run)):
            return words[:MAX_DOC]
    return ""


def _runs(said: Sequence[Said], first: int, places: Places) -> list[list[str]]:
    """Return the comments before the first definition: blocks, and runs of line comments."""
    runs: list[list[str]] = []
    next_line = -1
    for comment in said:
        if comment.span.start_byte >= first or not places.is_own_line(comment.span):
            break
        if comment.kind == "line" and comment.span.line == next_line:
            runs[-1].append(comment.text)
        else:
            runs.append([comment.text])
        next_line = comment.span.end_line + 1 if comment.kind == "line" else -1
    return runs
