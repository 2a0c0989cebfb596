"""Cyclomatic and cognitive complexity, and nesting, counted along the walk.

Cyclomatic: 1, and 1 for each token or node that the language lists in `decisions`, which follows
lizard's conditions; those of a nested function count for the nested one alone, as lizard's do.

Cognitive complexity is G. Ann Campbell's ("Cognitive Complexity: a new way of measuring
understandability", SonarSource, 2018, version 1.5 of 2021). Its rules, as they are counted here:

B1 +1 for each break in the linear flow: `if`, `else if`, `else`, ternary, `switch`, `for`, `while`,
   `do`, `catch`; `goto LABEL`, and `break` and `continue` to a label; each sequence of like logical
   operators (`a && b && c` is one, `a && b || c` two, and a negated group begins anew); each
   function that calls itself directly.
B2 nesting grows within: `if`, `else if`, `else`, ternary, `switch`, loops, `catch`, and nested
   functions and lambdas. Conditions and loop headers are not yet within.
B3 +1 more for each level of nesting, for: `if`, ternary, `switch`, loops, `catch`. An `else if` or
   an `else` pays no such surplus: its cost was paid with the `if`.
-  `try`, `finally`, the cases of a `switch`, null-coalescing and a declaration cost nothing.
-  What stands in a nested function counts for the outer one as well, one level deeper; but where
   the outer one only declares functions and returns (Python's decorators, JavaScript's modules),
   its inner functions are not taken as nested (compensating usages).

`Metrics.nesting` is the deepest level of control flow blocks; an `else if` ladder is one level.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from codearch.languages._language import Flow

NO_END = sys.maxsize


@dataclass(slots=True)
class Count:
    """The running counts of one callable; `base` and `level` are what was around it."""

    base: int
    level: int
    cyclomatic: int = 1
    cognitive: int = 0
    surplus: int = 0  # increments that pay for nesting: how much one level more would cost
    nesting: int = 0
    inner: list[tuple[int, int, int]] = field(default_factory=list)  # cognitive, surplus, depth
    recursive: bool = False
    decisions_end: int = NO_END

    def total(self, *, declares_only: bool) -> tuple[int, int]:
        """Return cognitive complexity and surplus, nested functions included."""
        cognitive = self.cognitive + self.recursive
        surplus = self.surplus
        for inner_cognitive, inner_surplus, depth in self.inner:
            cognitive += inner_cognitive + inner_surplus * max(depth - declares_only, 0)
            surplus += inner_surplus
        return cognitive, surplus


class Complexity:
    """Counts for the callables that are open at the present place of the walk."""

    def __init__(self) -> None:
        self.open: list[Count] = []
        self._lost = (0, 0)
        self._blocks: list[
            tuple[int, int, int]
        ] = []  # byte where it begins, nesting, level outside

    def enter_callable(self, at: int, decisions_end: int = NO_END) -> None:
        """Begin counting for a callable at a byte; its decisions end at another."""
        nesting, level = self._place(at)
        self.open.append(Count(nesting, level, decisions_end=decisions_end))

    def leave_callable(
        self, *, declares_only: bool, counts_outside: bool, shares: bool = False
    ) -> Count:
        """End the innermost callable and pass its cost on to the one around it.

        `shares`: its decisions are those of the one around it as well.
        """
        count = self.open.pop()
        count.cognitive, count.surplus = count.total(declares_only=declares_only)
        if self.open and counts_outside:
            around = self.open[-1]
            around.inner.append((count.cognitive, count.surplus, count.base - around.base + 1))
        if self.open and shares:
            self.open[-1].cyclomatic += count.cyclomatic - 1
        return count

    def leave_anonymous(self) -> None:
        """End a function without a name: all but its decisions is a part of the one around."""
        count = self.open.pop()
        if self.open:
            around = self.open[-1]
            cognitive, surplus = count.total(declares_only=False)
            around.inner.append((cognitive, surplus, count.base - around.base))
            around.nesting = max(around.nesting, count.level - around.level + count.nesting)

    def decide(self, at: int) -> None:
        """Count a decision at a byte for the innermost callable that has not ended before."""
        if self._lost[0] <= at < self._lost[1]:
            return
        for count in reversed(self.open):
            if at < count.decisions_end:
                count.cyclomatic += 1
                return

    def lose(self, start: int, end: int) -> None:
        """Let decisions between two bytes count for nobody."""
        if end > start:
            self._lost = start, end

    def add_one(self) -> None:
        """Count a break of the flow that pays no surplus for nesting."""
        if self.open:
            self.open[-1].cognitive += 1

    def mark_recursion(self) -> None:
        """Note that the innermost callable calls itself."""
        if self.open:
            self.open[-1].recursive = True

    def branch(self, at: int, flow: Flow) -> None:
        """Count a branch that begins at a byte, with its surplus for nesting."""
        if not self.open:
            return
        nesting, level = self._place(at)
        count = self.open[-1]
        if flow is not Flow.LEVEL:
            count.cognitive += 1 + nesting - count.base
            count.surplus += 1
        if flow is not Flow.CONDITION:
            count.nesting = max(count.nesting, level - count.level + 1)

    def nest(self, at: int, body: int, flow: Flow) -> None:
        """From byte `body` on things stand one deeper; `unnest` ends it."""
        nesting, level = self._place(at)
        deeper = nesting + (flow is not Flow.LEVEL)
        higher = level + (flow in {Flow.BRANCH, Flow.LEVEL})
        self._blocks += ((at, nesting, level), (body, deeper, higher))

    def unnest(self) -> None:
        """Leave the innermost block."""
        del self._blocks[-2:]

    def _place(self, at: int) -> tuple[int, int]:
        """Return nesting and block level at a byte of the innermost block."""
        if not self._blocks:
            return 0, 0
        begins, nesting, level = self._blocks[-1]
        if at < begins:
            _, nesting, level = self._blocks[-2]
        return nesting, level
