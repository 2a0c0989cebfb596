"""Writes what was counted: a table to read, and all of it as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hosts import LANGUAGES
from judging import PYTHON_ALONE, Count, Verdict

if TYPE_CHECKING:
    from argparse import Namespace

    from agreement import Agreement
    from planted import Checked, Corpus


def share(found: int, planted: int) -> str:
    return f"{100 * found / planted:.0f} %" if planted else ""


def summed(verdict: Verdict, rule: str) -> Count:
    """Return a rule's counts over all languages."""
    total = Count()
    for (each, _), count in verdict.counts.items():
        if each == rule:
            for name in vars(total):
                setattr(total, name, getattr(total, name) + getattr(count, name))
    return total


def _rule_rows(verdict: Verdict) -> list[str]:
    rows = [
        "| rule | planted | found | recall | look-alikes | of them reported | elsewhere in the planted lines |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rule in sorted({each for each, _ in verdict.counts}):
        count = summed(verdict, rule)
        rows.append(
            f"| `{rule}` | {count.planted} | {count.found} | {share(count.found, count.planted)} | {count.alike} | {count.alike_reported} | {count.elsewhere} |"
        )
    return rows


def _language_rows(verdict: Verdict) -> list[str]:
    rows = ["| rule | " + " | ".join(LANGUAGES) + " |", "| --- |" + " --- |" * len(LANGUAGES)]
    for rule in sorted({each for each, _ in verdict.counts}):
        cells = []
        for language in LANGUAGES:
            count = verdict.counts.get((rule, language))
            if count is None:
                cells.append("")
                continue
            cell = f"{count.found}/{count.planted}" if count.planted else "-"
            cells.append(
                cell
                + (
                    f", {count.alike_reported} of {count.alike} alike"
                    if count.alike_reported
                    else ""
                )
            )
        rows.append(f"| `{rule}` | " + " | ".join(cells) + " |")
    return rows


def _rival_rows(checked: Checked) -> list[str]:
    rows = [
        "| tool | rule | planted | found | recall | ours there | look-alikes | reported | ours there |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for tool, verdict in sorted(checked.others.items()):
        for rule in sorted({each for each, _ in verdict.counts}):
            count = summed(verdict, rule)
            ours = Count()
            for each, language in verdict.counts:
                mine = checked.ours.counts.get((each, language))
                if each == rule and mine is not None:
                    for name in vars(ours):
                        setattr(ours, name, getattr(ours, name) + getattr(mine, name))
            rows.append(
                f"| {tool} | `{rule}` | {count.planted} | {count.found} | {share(count.found, count.planted)} | {share(ours.found, ours.planted)} | {count.alike} | {count.alike_reported} | {ours.alike_reported} |"
            )
    return rows


def _clean_rows(checked: Checked, corpus: Corpus) -> list[str]:
    lines: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, found in checked.clean.items():
        files = {each.path for each in corpus.hosts[name]}
        lines[name] = sum(len(each.lines) for each in corpus.hosts[name])
        for each in found:
            if each.path in files or each.rule == "secret":
                counts[each.rule][name] += 1
    rows = ["| rule | " + " | ".join(lines) + " |", "| --- |" + " --- |" * len(lines)]
    rows.append("| *lines* | " + " | ".join(f"{each:,}" for each in lines.values()) + " |")
    rows += [
        f"| `{rule}` | " + " | ".join(str(mine[name]) for name in lines) + " |"
        for rule, mine in sorted(counts.items())
    ]
    return rows


def _others_clean_rows(checked: Checked, corpus: Corpus) -> list[str]:
    """Findings in the sources of the repositories as they are, ours where the tool can read."""
    rows = ["| tool | rule | theirs | ours | repositories |", "| --- | --- | --- | --- | --- |"]
    for tool, found in sorted(checked.others_clean.items()):
        theirs: Counter[str] = Counter()
        ours: Counter[str] = Counter()
        files = {
            name: {
                host.path
                for host in corpus.hosts[name]
                if tool not in PYTHON_ALONE or host.language == "python"
            }
            for name in found
        }
        for name, reports in found.items():
            theirs.update(_family(each.rule) for each in reports)
            ours.update(
                _family(each.rule)
                for each in checked.clean[name]
                if each.path in files[name] or each.rule == "secret"
            )
        count = sum(1 for each in files.values() if each)
        rows += [
            f"| {tool} | `{rule}` | {n} | {ours[rule]} | {count} |"
            for rule, n in sorted(theirs.items())
        ]
    return rows


def _family(rule: str) -> str:
    return "security-*" if rule.startswith("security-") else rule


def _agreement_rows(alike: list[Agreement]) -> list[str]:
    rows = [
        "| language | functions that both see | alike | share | lizard ends them elsewhere | of them alike | others as the grammar says: codearch, lizard | seen by one alone: codearch, lizard |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return rows + [
        f"| {each.language} | {each.functions} | {each.alike} | {100 * each.alike / each.functions:.1f} %"
        f" | {each.ended_elsewhere} | {each.ended_elsewhere_alike}"
        f" | {each.ours_as_the_grammar}, {each.theirs_as_the_grammar} | {each.ours_alone}, {each.theirs_alone} |"
        for each in alike
        if each.functions
    ]


def _variant_rows(verdict: Verdict) -> list[str]:
    rows = []
    for rule, language, variant in sorted({each[:3] for each in verdict.variants}):
        hit, missed = (
            verdict.variants[rule, language, variant, True],
            verdict.variants[rule, language, variant, False],
        )
        if missed:
            rows.append(f"- `{rule}` {language} {variant}: {hit} of {hit + missed}")
    return rows


def write(
    options: Namespace, checked: Checked, corpus: Corpus, told: str, alike: list[Agreement]
) -> None:
    """Write `results.json` and `results.md`."""
    folder = options.out
    ours = checked.ours
    parts = [
        "# Planted debt", told,
        f"Seed {options.seed}, each variant {options.each} times, secrets shown in an output: {ours.leaks}.",
        "## By rule", *_rule_rows(ours), "", "## By language: found of planted", *_language_rows(ours),
        "", "## Beside others", *_rival_rows(checked), "", "## Complexity beside lizard", *_agreement_rows(alike),
        "", "## On the code as it is", *_clean_rows(checked, corpus),
        "", "## Others on the code as it is", *_others_clean_rows(checked, corpus), "", "## Variants with misses", *_variant_rows(ours),
        "", "## Not placed", ", ".join(sorted(corpus.unplaced)), "",
    ]  # fmt: skip
    (folder / "results.md").write_text("\n".join(parts), "utf-8")
    data = {
        "machine": told,
        "seed": options.seed,
        "counts": [
            {"tool": each.tool, "rule": rule, "language": language, **vars(count)}
            for each in (ours, *checked.others.values())
            for (rule, language), count in each.counts.items()
        ],
        "leaks": ours.leaks,
        "misses": ours.misses,
        "alarms": ours.alarms,
        "rivals": {
            each.tool: {"misses": each.misses, "alarms": each.alarms}
            for each in checked.others.values()
        },
        "agreement": [vars(each) for each in alike],
        "others clean": {
            tool: {name: [vars(each) for each in found] for name, found in mine.items()}
            for tool, mine in checked.others_clean.items()
        },
        "clean": {name: [vars(each) for each in found] for name, found in checked.clean.items()},
        "unplaced": sorted(corpus.unplaced),
    }
    (folder / "results.json").write_text(json.dumps(data, indent=1), "utf-8")
