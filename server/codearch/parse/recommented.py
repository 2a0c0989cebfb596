"""Facts of a version in which comments alone are others: those of the version before, moved.

Most of the time of parsing goes into walking over a tree, and an edit of whole lines of comments,
such as a new licence header in five hundred files, leaves every fact as it was but for where it
stands. That is certain where the lines of code are the same, in the same order, and what is between
two of them is comments or nothing: a comment where the tree has one shows that there is no string
around it, in this version and, since all before it is the same, in the last one too. Where an
edited comment may mean something to others, as a doc, a type, a mark of generated code or inside of
an expression, the whole file is walked over as ever.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import tree_sitter
from msgspec.structs import replace

from codearch.facts import Comment, FileFacts, SymbolFact
from codearch.parse import comments, opening
from codearch.parse.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tree_sitter import Node, Tree

    from codearch.facts import Span
    from codearch.languages._language import Language
    from codearch.parse.plan import Grammar

_NOWHERE = -1
_MAY_BEGIN = frozenset((b"", b"#", b"/", b"*"))  # a line of a comment, or a blank one
_LONGEST_TEXT = 120  # bytes of an expression that a fact tells as it is written


class Before(Protocol):
    """A version of the same file that was parsed, secrets hidden."""

    @property
    def source(self) -> bytes:
        """Its UTF-8 source."""

    def comments(self) -> Sequence[Comment]:
        """Return its comments."""

    def moved(self, source: bytes, moves: Moves) -> FileFacts | None:
        """Return its facts as they stand in `source`, but for comments; None if any is lost."""


class Moves:
    """From bytes of one version to those of another, line by line."""

    def __init__(self, old: Sequence[int], new: Sequence[int], lines: Sequence[int]) -> None:
        """Take where lines start in each, and the new line of each old one, -1 where it is gone."""
        self._old = np.array(old, np.int64)
        to = np.array(lines, np.int64)
        self._by = np.array(new, np.int64)[to] - self._old
        self._gone = to < 0

    def starts(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where bytes stand now, -1 for those of lines that are gone."""
        line = np.searchsorted(self._old, at, side="right") - 1
        moved: NDArray[np.int64] = np.where(self._gone[line], _NOWHERE, at + self._by[line])
        return moved

    def ends(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the same of ends: each stays with the byte before it."""
        found = self.starts(np.maximum(at - 1, 0))
        moved: NDArray[np.int64] = np.where(found < 0, _NOWHERE, found + 1)
        return moved


class _Part(NamedTuple):
    """Lines between two lines of code: one that is blank, or those of one comment."""

    first: int
    end: int
    said: bool


class _Version:
    """One version's lines: which are code, and what is between them."""

    def __init__(self, source: bytes, said: Sequence[Span]) -> None:
        self.rows = source.split(b"\n")
        starts, at = [], 0
        for row in self.rows:
            starts.append(at)
            at += len(row) + 1
        starts.append(at)
        self.starts = starts  # and the end
        self.source = source
        self._last: dict[int, int] = {}  # a comment's first line -> its last
        for span in said:
            before = source[starts[span.line] : span.start_byte]
            after = source[span.end_byte : starts[span.end_line] + len(self.rows[span.end_line])]
            if not before.strip() and not after.strip():
                self._last[span.line] = span.end_line
        self.code: list[int] = []
        line, count = 0, len(self.rows)
        while line < count:
            if line in self._last:
                line = self._last[line]
            elif self.rows[line].strip():
                self.code.append(line)
            line += 1

    def text(self) -> list[bytes]:
        """Return the lines of code."""
        return [self.rows[line] for line in self.code]

    def between(self, number: int) -> tuple[int, int]:
        """Return the lines before a line of code, by its number among those: first, and end."""
        first = self.code[number - 1] + 1 if number else 0
        return first, self.code[number] if number < len(self.code) else len(self.rows)

    def parts(self, first: int, end: int) -> Iterator[_Part]:
        """Yield what stands on lines that hold no code."""
        while first < end:
            last = self._last.get(first, first)
            yield _Part(first, last + 1, first in self._last)
            first = last + 1

    def bytes_of(self, part: _Part) -> list[bytes]:
        """Return the lines of a part."""
        return self.rows[part.first : part.end]


class _Change(NamedTuple):
    """Where comments before a line of code are others, by lines; `code` is its number."""

    code: int
    old: tuple[int, int]
    new: tuple[int, int]
    parted: bool  # a blank line that was and is there follows it, before any code


def facts(grammar: Grammar, source: bytes, tree: Tree, before: Before) -> FileFacts | None:
    """Return the facts of `source` made of those before; None where the walk has to find them."""
    if tree.root_node.has_error or not source.strip() or _is_code(before.source, source):
        return None
    places = Places(source)
    nodes = [places.comment(node) for node in _comments(grammar, tree)]
    said = before.comments()
    old = _Version(before.source, [each.span for each in said])
    new = _Version(source, [span for _, span in nodes])
    found = _changes(old, new) if old.text() == new.text() else None
    if found is None:
        return None
    lines, changes = found
    added = sum(new.starts[change.new[1]] - new.starts[change.new[0]] for change in changes)
    if not all(_apart(change, new, tree, grammar.language, added) for change in changes):
        return None
    moved = before.moved(source, Moves(old.starts[:-1], new.starts, lines))
    made = _said(moved, said, nodes, lines) if moved is not None else None
    if moved is None or made is None or not _is_sound(moved, grammar.language):
        return None
    mean = _means_more([*made.gone, *made.fresh], grammar.language)
    if mean or any(_leads(change, new, moved) for change in changes):
        return None
    return _whole(moved, places, grammar.language, made)


def _is_code(old: bytes, new: bytes) -> bool:
    """Say whether edited lines are code for certain, as they mostly are: seen at a glance."""
    edited = set(old.split(b"\n")) ^ set(new.split(b"\n"))
    return any(row.strip()[:1] not in _MAY_BEGIN for row in edited)


def _is_sound(moved: FileFacts, language: Language) -> bool:
    named = moved.language == language.name
    return named and not moved.errors and not moved.generated and bool(moved.symbols)


def _comments(grammar: Grammar, tree: Tree) -> list[Node]:
    found = tree_sitter.QueryCursor(grammar.comments).captures(tree.root_node)
    nodes = [node for nodes in found.values() for node in nodes]
    return sorted(nodes, key=lambda node: node.start_byte)


def _changes(old: _Version, new: _Version) -> tuple[list[int], list[_Change]] | None:
    """Return the new line of each old one, and where comments are others; None if more is."""
    lines = [_NOWHERE] * len(old.rows)
    changes = []
    for number in range(len(old.code) + 1):
        first, end = old.between(number)
        now, till = new.between(number)
        if old.rows[first:end] == new.rows[now:till]:
            lines[first:end] = range(now, till)
        else:
            change = _change(old, new, number, lines)
            if change is None:
                return None
            changes.append(change)
        if number < len(old.code):
            lines[end] = till
    return lines, changes


def _change(old: _Version, new: _Version, number: int, lines: list[int]) -> _Change | None:
    """Return what is other before a line of code, and note the lines around it that are not."""
    was, now = list(old.parts(*old.between(number))), list(new.parts(*new.between(number)))
    if not any(part.said for part in (*was, *now)):
        return None  # blank lines may be those of a string
    if number and old.rows[old.code[number - 1]].rstrip().endswith(b"\\"):
        return None
    begin = 0
    while begin < min(len(was), len(now)) and _same(old, was[begin], new, now[begin]):
        begin += 1
    most, same = min(len(was), len(now)) - begin, 0
    while same < most and _same(old, was[-1 - same], new, now[-1 - same]):
        same += 1
    alike = [*range(begin), *range(-same, 0)]
    for part in alike:
        lines[was[part].first : was[part].end] = range(now[part].first, now[part].end)
    rest = now[len(now) - same :]
    ends = [
        (parts[begin].first, parts[len(parts) - same - 1].end)
        if begin < len(parts) - same
        else (0, 0)
        for parts in (was, now)
    ]
    return _Change(number, ends[0], ends[1], any(not part.said for part in rest))


def _same(old: _Version, was: _Part, new: _Version, now: _Part) -> bool:
    return was.said == now.said and old.bytes_of(was) == new.bytes_of(now)


def _apart(change: _Change, new: _Version, tree: Tree, language: Language, added: int) -> bool:
    """Say whether comments stand between statements or members, not inside of one.

    `added` are bytes of lines that were not there before, at most.
    """
    if change.code in (0, len(new.code)):
        return True
    above, below = new.code[change.code - 1], new.code[change.code]
    end = new.starts[above] + len(new.rows[above].rstrip())
    row = new.rows[below]
    start = new.starts[below] + len(row) - len(row.lstrip())
    around = tree.root_node.descendant_for_byte_range(end, start)
    if around is None or around.parent is None:
        return around is not None
    if not _holds(around, start, language):
        return False
    return not _is_told(around, language, _LONGEST_TEXT + added)


def _holds(around: Node, start: int, language: Language) -> bool:
    """Say whether a node holds statements, or does so from there on: after `def area(a):`."""
    blocks = language.blocks
    return around.type in blocks or any(
        each.type in blocks and each.start_byte == start for each in around.children
    )


def _is_told(node: Node, language: Language, longest: int) -> bool:
    """Say whether a fact may tell the source of what is around a node, and comments with it.

    So do short expressions, decorators, and headers of definitions.
    """
    while (around := node.parent) is not None and around.parent is not None:
        plain = around.type in language.blocks or around.parent.parent is None
        plain = plain or around.parent.type in language.blocks  # a statement, or a member
        if around.type in language.decorators:
            return True
        if not plain and around.end_byte - around.start_byte <= longest:
            return True
        if around.type in language.define and not (
            node.type in language.blocks or node.type in language.define
        ):
            return True
        node = around
    return False


def _leads(change: _Change, new: _Version, moved: FileFacts) -> bool:
    """Say whether a definition follows that these comments may document."""
    if change.parted or change.code == len(new.code):
        return False
    line = new.code[change.code]
    starts = new.starts
    return any(
        bisect_right(starts, symbol.lead_byte) - 1 <= line <= symbol.name_span.line
        for symbol in moved.symbols[1:]
    )


class _Said(NamedTuple):
    """The comments of a version, and which of them are not of the one before."""

    all: list[Comment]
    fresh: list[Comment]
    gone: list[Comment]


def _said(
    moved: FileFacts,
    said: Sequence[Comment],
    nodes: Sequence[tuple[str, Span]],
    lines: Sequence[int],
) -> _Said | None:
    """Return the comments: as they were, or as they stand in the tree."""
    kept = {(lines[each.span.line], each.span.column): each for each in said}
    to = {line for line in lines if line >= 0}
    made = _Said([], [], [each for each in said if lines[each.span.line] < 0])
    for text, span in nodes:
        if span.line in to:
            known = kept.get((span.line, span.column))
            if known is not None:  # else the walk passes over it
                made.all.append(replace(known, span=span))
            continue
        symbol = _symbol_at(moved.symbols, span.start_byte)
        comment = Comment(text, span, comments.kind_of(text), symbol)
        made.all.append(comment)
        made.fresh.append(comment)
    complete = len(made.all) - len(made.fresh) == len(said) - len(made.gone)
    return made if complete else None


def _symbol_at(symbols: Sequence[SymbolFact], byte: int) -> int:
    """Return the innermost definition around a byte; inner ones come after those around them."""
    return next(
        (
            index
            for index in range(len(symbols) - 1, 0, -1)
            if symbols[index].span.start_byte <= byte < symbols[index].span.end_byte
        ),
        0,
    )


def _means_more(edited: Sequence[Comment], language: Language) -> bool:
    """Say whether an edited comment may be more than words to whoever reads it here."""
    marks = (language.doc_comment, language.inner_doc, language.type_comment)
    signs = [dialect.sign for dialect in language.dialects]
    return any(
        comment.kind == "doc"
        or any(mark.match(comment.text) for mark in marks)
        or any(sign.search(comment.text.encode(errors="replace")) for sign in signs)
        for comment in edited
    )


def _whole(moved: FileFacts, places: Places, language: Language, made: _Said) -> FileFacts | None:
    """Return the facts with what is known of the whole file; None if it says it is generated."""
    module, *symbols = moved.symbols
    size = len(places.source)
    first = min((each.span.start_byte for each in symbols), default=size)
    if opening.is_generated("", made.all, first, language):
        return None  # and if its docstring said so, it was generated before
    if module.remarked:
        lead = min((each.lead_byte for each in symbols), default=size)
        module = replace(module, doc=opening.first_words(made.all, lead, places))
    return replace(
        moved,
        symbols=(replace(module, span=places.whole()), *symbols),
        comments=tuple(made.all),
        lines=places.line_count(),
    )
