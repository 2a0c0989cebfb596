"""What people say of definitions, in comments and docs: all of a file that its code does not tell.

So where comments alone have changed, and these say the same, what is kept of the file stands.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts

_STAMP_BYTES = 8
_ALL_KEPT = re.compile(  # in the whole file
    r"/\*\s*eslint(?:-disable\b(?!-)|\s).*no-unused-vars|#\s*pylint:\s*disable=.*unused|NOLINTBEGIN"
    r"|#\s*(?:ruff|flake8):\s*noqa\s*$|@ts-nocheck|noinspection.*unused",
    re.IGNORECASE,
)


class _Saying(NamedTuple):
    """What is looked for in comments; one of the words stands wherever it is said."""

    words: tuple[str, ...]
    what: re.Pattern[str]

    def may_stand_in(self, text: str) -> bool:
        lowered = text.lower()
        return any(word in lowered for word in self.words)

    def stands_in(self, text: str) -> bool:
        return self.may_stand_in(text) and self.what.search(text) is not None


_KEPT = _Saying(
    ("nolint", "unused", "noqa", "dead", "vulture", "skylos", "ts-", "no cover"),
    re.compile(
        r"(?i:nolint|no-unused|unused|noqa|dead.?code|vulture|skylos|ts-(?:ignore|expect-error)"
        r"|pragma: no cover)"
    ),
)
_CALLED = _Saying(  # in its docs, or in comments at its head: for those who are not looked at
    ("called", "invoked", "used", "hook", "deprecated", "implementation"),
    re.compile(
        r"(?i)\b(?:called|invoked|used) (?:\w+ )?(?:by|from|via)\b|\bhooks?\b|\bdeprecated\b"
        r"|\bimplementation (?:helper|of)\b"
    ),
)
_DIRECTIVE = re.compile(r"//(?:export|go:\w+)\b|/\*\s*(?:global|exported)\b")


class Remarks(NamedTuple):
    """What comments and docs say."""

    all_kept: bool  # the whole file is as it is on purpose
    kept: frozenset[int]  # symbols that are kept on purpose, or used by those who are not looked at
    names: frozenset[str]  # the same of what is bound, and no symbol
    directives: tuple[tuple[int, str], ...]  # comments that name something, by where they stand

    def stamp(self, code: bytes) -> bytes:
        """Return a hash of this and of what stands for the file's code."""
        said = repr((self.all_kept, sorted(self.kept), sorted(self.names), self.directives))
        made = hashlib.blake2b(code, digest_size=_STAMP_BYTES)
        made.update(said.encode("utf-8", "surrogatepass"))
        return made.digest()


def remarks_of(facts: FileFacts, source: bytes) -> Remarks:
    """Return what a file's comments and docs say."""
    kept, called = _lines_that_say(_KEPT, facts), _lines_that_say(_CALLED, facts)
    return Remarks(
        any(_ALL_KEPT.match(each.text) for each in facts.comments),
        frozenset(_kept(facts, source, kept, called)),
        frozenset(_names_on(kept | called, facts)),
        tuple((each.symbol, each.text) for each in facts.comments if is_directive(each.text)),
    )


def is_directive(comment: str) -> bool:
    """Say whether a comment names what somebody uses."""
    return _DIRECTIVE.match(comment) is not None


def _kept(facts: FileFacts, source: bytes, kept: set[int], called: set[int]) -> Iterator[int]:
    """Yield the definitions that people wrote to keep, or to be used from somewhere else."""
    for number, symbol in enumerate(facts.symbols):
        if _CALLED.stands_in(symbol.doc):
            yield number
        elif kept or called:
            lead = source.count(b"\n", symbol.lead_byte, symbol.span.start_byte)
            head = source.count(b"\n", symbol.span.start_byte, symbol.body_byte)
            first = symbol.span.line - lead - 1
            named = range(first, symbol.name_span.line + 1)
            if not (
                kept.isdisjoint(named)
                and called.isdisjoint(range(first, symbol.span.line + head + 1))
            ):
                yield number


def _names_on(lines: set[int], facts: FileFacts) -> Iterator[str]:
    """Yield what is bound on such a line, or below one, and is no definition."""
    for each in facts.definitions if lines else ():
        line = each.span.line
        if each.symbol < 0 and not lines.isdisjoint((line - 1, line)):
            yield each.name


def _lines_that_say(what: _Saying, facts: FileFacts) -> set[int]:
    """Return the lines of comments that say something."""
    if not what.may_stand_in("\n".join(each.text for each in facts.comments)):
        return set()
    return {
        line
        for each in facts.comments
        if what.stands_in(each.text)
        for line in range(each.span.line, each.span.end_line + 1)
    }
