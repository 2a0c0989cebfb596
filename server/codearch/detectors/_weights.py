"""Which lines of a function make it complex, and where it lies deepest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from codearch.facts import Related
from codearch.flow.nodes import node_of
from codearch.languages._flows import Branch, Function
from codearch.languages._language import Flow
from codearch.parse.places import CodeLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.facts import SymbolFact
    from codearch.languages._language import Language

_BODIES = ("consequence", "body", "statement", "block")  # fields from which on things lie deeper
_SHOWN = 5
_MOST_OF_FUNCTION = 0.85  # of its lines: a block as long as that says nothing


class Increment(NamedTuple):
    """What one place adds to cognitive complexity, `nesting` of it for how deep it lies."""

    at: int  # its byte
    line: int
    cost: int
    nesting: int


@dataclass(frozen=True, slots=True)
class Block:
    """A branch, a loop or a `try` with all that lies in it; lines are 0-based."""

    word: str
    line: int
    end_line: int
    lines: int  # of code
    level: int  # 1 for the outermost
    cost: int  # cognitive complexity that it adds


@dataclass(frozen=True, slots=True)
class Weights:
    """The places of one function that add to its complexity, and its blocks.

    Of the branches of an `#if` it is the one that adds most; what the others add is in
    `other_builds`.
    """

    increments: tuple[Increment, ...] = ()
    blocks: tuple[Block, ...] = ()
    other_builds: int = 0

    @property
    def cost(self) -> int:
        """Return what all of them add."""
        return _cost(self.increments)

    @property
    def nesting(self) -> int:
        """Return what of it is for how deep they lie."""
        return sum(each.nesting for each in self.increments)

    def heaviest(self, lines: int) -> Block | None:
        """Return the smallest block with half of the complexity, else the heaviest one.

        `lines` are the function's own lines of code.
        """
        total = self.cost
        parts = [each for each in self.blocks if each.lines <= _MOST_OF_FUNCTION * lines]
        halves = [each for each in parts if 2 * each.cost >= total]
        if halves:
            return min(halves, key=lambda each: (each.lines, -each.level))
        return max(parts, key=lambda each: each.cost, default=None)

    def related(self, path: str) -> tuple[Related, ...]:
        """Return the lines that add most, in the order of the source."""
        by_line: dict[int, list[Increment]] = {}
        for each in self.increments:
            by_line.setdefault(each.line, []).append(each)
        most = sorted(by_line, key=lambda line: (-_cost(by_line[line]), line))[:_SHOWN]
        return tuple(
            Related(path, line, line, _adds(by_line[line]))
            for line in sorted(most)
            if _cost(by_line[line]) > 1
        )

    def deepest(self, level: int) -> Block | None:
        """Return the first block that lies as deep as this, 1 being the outermost."""
        return next((each for each in self.blocks if each.level >= level), None)


def _cost(increments: Iterable[Increment]) -> int:
    return sum(each.cost for each in increments)


def _adds(increments: list[Increment]) -> str:
    nesting = sum(each.nesting for each in increments)
    return f"adds {_cost(increments)}" + (
        f", {nesting} of it by how deep it lies" if nesting else ""
    )


def weights(file: FileView, symbol: SymbolFact) -> Weights:
    """Return what adds to a function's cognitive complexity, functions inside included."""
    return file.once(f"weights:{symbol.span.start_byte}", lambda: weights_without(file, symbol, ()))


def weights_without(file: FileView, symbol: SymbolFact, inside: Sequence[SymbolFact]) -> Weights:
    """Return what adds to a function's cognitive complexity, some functions inside left out."""
    program = file.program
    function = node_of(program, symbol.span)
    if function is None or program.flows is None:
        return Weights()
    found = _Counting(program.language, _code_lines(file))
    pending = [(child, function, 0, 0) for child in reversed(function.children)]
    while pending:
        node, parent, nesting, level = pending.pop()
        if any(_lies_in(node, each) for each in inside):
            continue
        body, deeper, higher = found.count(node, parent, nesting, level)
        for child in reversed(node.children):
            if child.start_byte >= body:
                pending.append((child, node, deeper, higher))
            else:
                pending.append((child, node, nesting, level))
    return found.weights()


def _lies_in(node: Node, symbol: SymbolFact) -> bool:
    span = symbol.span
    return span.start_byte <= node.start_byte and node.end_byte <= span.end_byte


class _Counting:
    """The increments and blocks of one function, found in the order of the source."""

    def __init__(self, language: Language, code: CodeLines) -> None:
        self._language = language
        self._code = code
        self._increments: list[Increment] = []
        self._blocks: list[tuple[Node, int]] = []
        self._chosen: list[tuple[Node, Node]] = []  # conditionals of the preprocessor, their others

    def count(self, node: Node, parent: Node, nesting: int, level: int) -> tuple[int, int, int]:
        """Note what a node adds; return from which byte on it is deeper, and how deep."""
        language = self._language
        flow = language.flow.get(node.type)
        nothing = node.end_byte + 1, nesting, level
        if flow is None:
            if node.type in language.logical and self._begins_sequence(node, parent):
                self._add(node, 1, 0)
            shape = language.flows.shapes.get(node.type) if language.flows is not None else None
            if isinstance(shape, Branch):
                self._note_choice(node, shape)
            inner = isinstance(shape, Function)
            return (node.start_byte, nesting + 1, level) if inner else nothing
        if flow is Flow.ELSE or (flow is Flow.JUMP and node.named_child_count):
            self._add(node, 1, 0)
        if flow in {Flow.ELSE, Flow.JUMP} or self._goes_on(node, parent):
            return nothing
        if flow is Flow.DEEPER:
            return node.start_byte, nesting + 1, level
        if flow is not Flow.LEVEL:
            self._add(node, 1 + nesting, nesting)
        higher = level
        if flow is not Flow.CONDITION:
            higher += 1
            self._blocks.append((node, higher))
        return _body_start(node), nesting + (flow is not Flow.LEVEL), higher

    def _add(self, node: Node, cost: int, nesting: int) -> None:
        self._increments.append(Increment(node.start_byte, node.start_point.row, cost, nesting))

    def _goes_on(self, node: Node, parent: Node) -> bool:
        """Say whether a branch goes on with the ladder around it."""
        if self._language.flow.get(parent.type) is Flow.ELSE:
            return True
        return parent.type == node.type and node in parent.children_by_field_name("alternative")

    def _begins_sequence(self, node: Node, parent: Node) -> bool:
        """Say whether a logical operator is another one than that around it."""
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type not in self._language.logical_operators:
            return False
        around: Node | None = parent
        while around is not None and around.type in self._language.parentheses:
            around = around.parent
        if around is None or around.type not in self._language.logical:
            return True
        above = around.child_by_field_name("operator")
        return above is None or above.type != operator.type

    def _note_choice(self, node: Node, shape: Branch) -> None:
        """Note the preprocessor's choice between branches: of two, one build reads one."""
        other = node.child_by_field_name(shape.otherwise)
        if other is not None and callable(shape.condition) and shape.condition(node) is None:
            self._chosen.append((node, other))

    def weights(self) -> Weights:
        """Return what was found."""
        read = self._increments
        for node, other in reversed(self._chosen):  # inner ones first
            first = _between(read, node.start_byte, other.start_byte)
            second = _between(read, other.start_byte, other.end_byte)
            left_out = min(first, second, key=_cost)
            read = [each for each in read if each not in left_out]
        blocks = tuple(
            Block(
                _word(node),
                node.start_point.row,
                node.end_point.row,
                self._code.count(node.start_point.row, node.end_point.row),
                level,
                _cost(_between(read, node.start_byte, node.end_byte)),
            )
            for node, level in self._blocks
        )
        return Weights(tuple(read), blocks, _cost(self._increments) - _cost(read))


def _between(increments: Iterable[Increment], start: int, end: int) -> list[Increment]:
    return [each for each in increments if start <= each.at < end]


def _code_lines(file: FileView) -> CodeLines:
    comments = (each.span for each in file.facts.comments)
    return file.once("code lines", lambda: CodeLines(file.source, comments))


def _body_start(node: Node) -> int:
    for name in _BODIES:
        body = node.child_by_field_name(name)
        if body is not None:
            return body.start_byte
    return node.start_byte


def _word(node: Node) -> str:
    """Return the word with which a block begins, labels apart."""
    for child in node.children:
        if not child.is_named and child.type[:1].isalpha():
            return child.type
    return (node.text or b"").split(maxsplit=1)[0].decode(errors="replace")[:12]
