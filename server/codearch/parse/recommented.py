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
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import tree_sitter
from msgspec.structs import replace

from codearch.facts import Comment, FileFacts, SymbolFact
from codearch.parse import comments, opening, symbols
from codearch.parse.between import NOWHERE, Change, Part, Version, changes_between
from codearch.parse.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tree_sitter import Node, Tree

    from codearch.facts import Span
    from codearch.languages._language import Language
    from codearch.parse.plan import Grammar

_MAY_BEGIN = frozenset((b"", b"#", b"/", b"*"))  # a line of a comment, or a blank one
_LONGEST_TEXT = 120  # bytes of an expression that a fact tells as it is written
_LONGEST_HEADER = 4 * symbols.MAX_SIGNATURE  # bytes up to the end of which a header is read
_DEEPEST = 60  # nodes around a comment that are looked at


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
        moved: NDArray[np.int64] = np.where(self._gone[line], NOWHERE, at + self._by[line])
        return moved

    def ends(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the same of ends: each stays with the byte before it."""
        found = self.starts(np.maximum(at - 1, 0))
        moved: NDArray[np.int64] = np.where(found < 0, NOWHERE, found + 1)
        return moved


def facts(grammar: Grammar, source: bytes, tree: Tree, before: Before) -> FileFacts | None:
    """Return the facts of `source` made of those before; None where the walk has to find them."""
    if tree.root_node.has_error or not source.strip() or _is_code(before.source, source):
        return None
    places = Places(source)
    nodes = [places.comment(node) for node in _comments(grammar, tree)]
    said = before.comments()
    old = Version(before.source, [each.span for each in said])
    new = Version(source, [span for _, span in nodes])
    found = changes_between(old, new) if old.text() == new.text() else None
    if found is None:
        return None
    lines, changes = found
    added = sum(new.starts[change.new[1]] - new.starts[change.new[0]] for change in changes)
    language = grammar.language
    if not _are_apart(changes, new, tree, language, added) or not _reads_alike(old, new, language):
        return None
    moved = before.moved(source, Moves(old.starts[:-1], new.starts, lines))
    made = _said(moved, said, nodes, lines) if moved is not None else None
    if moved is None or made is None or not _is_sound(moved, language):
        return None
    mean = _means_more([*made.gone, *made.fresh], language)
    if mean or _touch(changes, new, moved):
        return None
    return _whole(moved, places, language, made)


def _reads_alike(old: Version, new: Version, language: Language) -> bool:
    """Say whether the code of both is given to the grammar in the same way.

    What is done to a source before may look at the words of a comment, or across it.
    """
    if language.prepare is None:
        return True
    one, other = language.prepare(old.source), language.prepare(new.source)
    if one == old.source and other == new.source:
        return True
    return all(
        one[(at := old.starts[was]) : at + len(old.rows[was])]
        == other[(to := new.starts[now]) : to + len(new.rows[now])]
        for was, now in zip(old.code, new.code, strict=True)
    )


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


def _are_apart(
    changes: Sequence[Change], new: Version, tree: Tree, language: Language, added: int
) -> bool:
    """Say whether comments stand between statements or members, not inside of one.

    `added` are bytes of lines that were not there before, at most.
    """
    told: dict[int, bool] = {}  # what is around -> whether a fact may tell its source
    for change in changes:
        around = _around(change, new, tree, language)
        if around is None:
            return False
        if around.id not in told:
            told[around.id] = _is_told(around, language, _LONGEST_TEXT + added)
        if told[around.id]:
            return False
    return True


def _around(change: Change, new: Version, tree: Tree, language: Language) -> Node | None:
    """Return the node whose children the comments of a change are, None if it is no place so."""
    root = tree.root_node
    start, end = new.gap(change.code)
    around: Node | None = root
    if 0 < change.code < len(new.code):
        around = root.descendant_for_byte_range(start, end)
        if around is None or (around.parent is not None and not _holds(around, end, language)):
            return None
        above = around.first_child_for_byte(start - 1)
        if above is None or not _is_done(above, language):
            return None
    for part in new.parts(*new.between(change.code)):
        # One that is indented may belong to the block above, which then ends after it.
        if part.said and (around is None or not _is_in(part, new, around)):
            return None
    return around


def _is_in(part: Part, new: Version, around: Node) -> bool:
    """Say whether a comment is a child of a node."""
    row = new.rows[part.first]
    at = new.starts[part.first] + len(row) - len(row.lstrip())
    child = around.first_child_for_byte(at)
    return child is not None and child.start_byte == at


def _is_done(above: Node, language: Language) -> bool:
    """Say whether what stands above means the same whatever follows it."""
    inside = above.children if above.child_count <= _DEEPEST else ()
    apart = language.decorators | language.overloads
    return above.type not in apart and not any(each.type in language.overloads for each in inside)


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
    blocks = language.blocks
    for _ in range(_DEEPEST):
        if (around := node.parent) is None or around.parent is None:
            return False
        plain = around.type in blocks or around.parent.parent is None
        plain = plain or around.parent.type in blocks  # a statement, or a member
        if around.type in language.decorators:
            return True
        if not plain and around.end_byte - around.start_byte <= longest:
            return True
        if around.type in language.define and not (
            node.type in blocks or node.type in language.define
        ):
            return True
        ends = language.decisions_end
        if ends is not None and around.type in language.anonymous and node.type not in blocks:
            return True  # its text is looked through for where it ends
        node = around
    return True  # so deep, it takes longer to find out


def _touch(changes: Sequence[Change], new: Version, moved: FileFacts) -> bool:
    """Say whether comments may document a definition that follows, or stand where one ends."""
    leads = [0] * (len(new.rows) + 2)  # by lines, how many more begin than end there
    headers = leads.copy()
    starts = new.starts
    ends = [symbol.span.end_byte for symbol in moved.symbols[1:]]
    ends = sorted([*ends, *(scope.span.end_byte for scope in moved.scopes[1:])])
    for symbol in moved.symbols[1:]:
        first = bisect_right(starts, symbol.lead_byte) - 1
        if first <= symbol.name_span.line:
            leads[first] += 1
            leads[symbol.name_span.line + 1] -= 1
        if symbol.body_byte - symbol.span.start_byte > _LONGEST_HEADER:
            headers[symbol.span.line] += 1
            headers[bisect_right(starts, symbol.body_byte)] -= 1
    leads, headers = list(accumulate(leads)), list(accumulate(headers))
    for change in changes:
        if change.code == len(new.code):
            line = len(new.rows) - 1
        else:
            line = new.code[change.code]
            if leads[line] and not change.parted:
                return True
        begin = starts[new.code[change.code - 1] + 1] if change.code else 0
        end = new.gap(change.code)[1]
        if headers[line] or bisect_right(ends, begin) < bisect_right(ends, end - 1):
            return True
    return False


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
    """Return the comments, as they were or as they stand in the tree; None if that is unclear."""
    kept = {(lines[each.span.line], each.span.column): each for each in said}
    to = {line for line in lines if line >= 0}
    begins = [each.span.start_byte for each in moved.symbols]
    if any(after < begin for begin, after in pairwise(begins)):
        return None
    made = _Said([], [], [each for each in said if lines[each.span.line] < 0])
    for text, span in nodes:
        if span.line in to:
            known = kept.get((span.line, span.column))
            if known is not None:  # else the walk passes over it
                made.all.append(replace(known, span=span))
            continue
        symbol = _symbol_at(moved.symbols, begins, span.start_byte)
        comment = Comment(text, span, comments.kind_of(text), symbol)
        made.all.append(comment)
        made.fresh.append(comment)
    complete = len(made.all) - len(made.fresh) == len(said) - len(made.gone)
    return made if complete else None


def _symbol_at(symbols: Sequence[SymbolFact], begins: Sequence[int], byte: int) -> int:
    """Return the innermost definition around a byte, of those that begin at these."""
    found = bisect_right(begins, byte) - 1
    while found > 0 and byte >= symbols[found].span.end_byte:
        found = symbols[found].parent
    return max(found, 0)


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
