"""Plants what concerns one file: each plant in a folder of its own, all in one tree."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from judging import Report, able
from planted import PROJECT, check
from rivals import Rivals

if TYPE_CHECKING:
    from pathlib import Path

    from judging import Plant
    from planted import Checked, Corpus, Wanted


def run(corpus: Corpus, checked: Checked, wanted: Wanted, root: Path) -> None:
    """Plant, check the tree once with each tool, and judge each plant by its folder."""
    plants: dict[str, Plant] = {}
    paths: list[str] = []
    for recipe, at in wanted:
        if recipe.rule in PROJECT:
            continue
        plant = corpus.place(recipe, at, set(), set())
        if plant is None:
            corpus.unplaced.add(recipe.key)
            continue
        folder = f"p{len(plants):05}"
        plants[folder] = plant
        for path, text in {plant.path: plant.change.text, **plant.change.others}.items():
            file = root / folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            paths.append(f"{folder}/{path}")
    print(f"{len(plants)} planted apart", flush=True)
    if not plants:
        return
    found, output = check(root, [each for each in checked.rules if each not in PROJECT])
    rules = set(checked.rules)
    for folder, reports in _by_folder(list(found.values())).items():
        checked.ours.judge([plants[folder]], reports, rules)
    missing = set(plants) - {each.path.split("/")[0] for each in found.values()}
    for folder in sorted(missing):
        checked.ours.judge([plants[folder]], [], rules)
    hidden = [each.change.hidden for each in plants.values() if each.change.hidden]
    checked.ours.leaks += sum(1 for each in hidden if each in output)
    print(f"{len(found)} findings", flush=True)
    if checked.rivals is None:
        return
    for tool in Rivals.RULES:
        mine = {
            folder: plant for folder, plant in plants.items() if able(tool, plant, Rivals.RULES)
        }
        if not mine or tool in ("vulture", "jscpd"):
            continue
        theirs = [each for each in paths if each.split("/")[0] in mine]
        reports = _by_folder(checked.rivals.reports(tool, root, theirs))
        for folder, plant in mine.items():
            checked.other(tool).judge([plant], reports.get(folder, []), Rivals.RULES[tool])
        print(f"{tool}: {len(mine)} judged", flush=True)


def _by_folder(reports: list[Report]) -> dict[str, list[Report]]:
    """Return findings by their folders, with paths as they are below."""
    found: dict[str, list[Report]] = defaultdict(list)
    for each in reports:
        folder, _, path = each.path.partition("/")
        found[folder].append(
            Report(each.rule, path, each.line, each.end, each.message, (), each.severity)
        )
    return found
