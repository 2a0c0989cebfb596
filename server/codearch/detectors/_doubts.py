"""How often people marked the findings of a rule as false: a rule that is often wrong says so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codearch.detectors._judged import Judgement

_LEAST = 10
_SHARE = 0.25


class Doubts(msgspec.Struct, frozen=True):
    """Of how many findings of a rule how many were marked false."""

    marked: int = 0
    of: int = 0

    @property
    def often(self) -> bool:
        """Whether that is so often that the rule had better be off here."""
        return self.marked >= _LEAST and self.marked > _SHARE * self.of


def doubted(judgements: Iterable[Judgement]) -> frozenset[str]:
    """Return the rules that may be wrong often: they have been marked so many times."""
    marked = Counter(each.rule for each in judgements if each.status == "falsePositive")
    return frozenset(rule for rule, count in marked.items() if rule and count >= _LEAST)


def doubts(
    judgements: Iterable[Judgement], found: Mapping[str, int], gone: Iterable[Judgement]
) -> dict[str, Doubts]:
    """Return what is known of each rule that people spoke of.

    `found` counts the findings of each rule that there are, marked or not, `gone` was said of such
    as are found no more.
    """
    said = [each for each in judgements if each.rule]
    marked = Counter(each.rule for each in said if each.status == "falsePositive")
    past = Counter(each.rule for each in gone)
    rules = {each.rule for each in said}
    return {rule: Doubts(marked[rule], found.get(rule, 0) + past[rule]) for rule in sorted(rules)}
