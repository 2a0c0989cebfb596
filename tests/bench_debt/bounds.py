"""What was counted as figures beside the bounds that they have to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from figures import Figure
from report import summed

if TYPE_CHECKING:
    from agreement import Agreement
    from judging import Count, Verdict
    from planted import Checked

EXACT = (
    "unused-import", "import-cycle", "unreachable-code", "high-complexity", "long-function",
    "deep-nesting", "many-parameters", "large-class", "todo", "licence",
)  # fmt: skip
CLONES = {"type-1": 100, "type-2": 95, "type-3": 80}
HEAD = f"{'figure':<46}{'value':>16}{'bound':>10}"


def figures(checked: Checked, alike: list[Agreement]) -> list[Figure]:
    """Return all figures that the run has counts for."""
    ours = checked.ours
    rules = sorted({rule for rule, _ in ours.counts})
    counts = {rule: summed(ours, rule) for rule in rules}
    found: list[Figure] = []
    for rule in (each for each in rules if not each.startswith("security-") and each != "clone"):
        found += _of_rule(rule, counts[rule])
    found += _of_clones(ours, counts.get("clone"))
    found += _of_security([counts[each] for each in rules if each.startswith("security-")])
    found.append(Figure("planted secrets in an output", ours.leaks, "", 0))
    docs = [sum(e.rule == "stale-doc" for e in mine) for mine in checked.clean.values()]
    if docs:
        found.append(Figure("stale-doc on a repository as it is, most", max(docs), ""))
    for each in alike:
        if each.functions:
            share = 100 * each.alike / each.functions
            found.append(Figure(f"complexity as lizard, {each.language}", share, "%", 98, "least"))
    return found


def _of_rule(rule: str, count: Count) -> list[Figure]:
    found, planted = count.found, count.planted
    rows = []
    least: int | None = 100 if rule in (*EXACT, "unused-symbol") else None
    least = {"secret": 97, "stale-doc": 95}.get(rule, least)
    if planted:
        rows.append(
            Figure(f"{rule}: found of {planted}", 100 * found / planted, "%", least, "least")
        )
    if rule == "secret":
        share = 100 * found / max(1, found + count.alike_reported)
        rows.append(Figure("secret: precision", share, "%", 95, "least"))
    elif count.alike:
        most = {"unused-symbol": 2, **dict.fromkeys(EXACT, 0)}.get(rule)
        name = f"{rule}: reported of {count.alike} look-alikes"
        rows.append(Figure(name, count.alike_reported, "", most))
    return rows


def _of_clones(ours: Verdict, count: Count | None) -> list[Figure]:
    rows = []
    for variant, least in CLONES.items():
        hit, missed = (
            sum(
                n
                for key, n in ours.variants.items()
                if key[0] == "clone" and key[2:] == (variant, at)
            )
            for at in (True, False)
        )
        if hit + missed:
            name = f"clone, {variant}: found of {hit + missed}"
            rows.append(Figure(name, 100 * hit / (hit + missed), "%", least, "least"))
    if count is not None and count.found:
        share = 100 * count.found / (count.found + count.alike_reported + count.elsewhere)
        rows.append(Figure("clone: precision", share, "%", 95, "least"))
    return rows


def _of_security(counts: list[Count]) -> list[Figure]:
    """Without bounds: none was set before the figures were known."""
    planted, alike = sum(e.planted for e in counts), sum(e.alike for e in counts)
    if not planted:
        return []
    share = 100 * sum(e.found for e in counts) / planted
    reported = sum(e.alike_reported for e in counts)
    return [
        Figure(f"security: found of {planted}", share, "%"),
        Figure(f"security: reported of {alike} look-alikes", reported, ""),
    ]


def verdict(found: list[Figure]) -> int:
    """Print all figures beside their bounds; return 1 where one is missed."""
    print(f"\n{HEAD}")
    for each in found:
        name, value, bound, _, _, told = each.cells()
        print(f"{name:<46}{value:>16}{bound:>10}  {told}".rstrip())
    missed = sum(1 for each in found if not each.ok)
    print(f"\n{missed} beyond their bound" if missed else "\nall within their bounds")
    return 1 if missed else 0
