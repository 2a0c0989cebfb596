"""Plants what needs a whole repository: clones, cycles, unused symbols, licences."""

from __future__ import annotations

import shutil
from collections import defaultdict
from typing import TYPE_CHECKING

from judging import able, same_rule
from planted import PROJECT, check
from rivals import Rivals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from judging import Plant, Report
    from planted import Checked, Corpus, Wanted

MOST_ROUNDS = 20
LEFT_OUT = shutil.ignore_patterns(".git", "node_modules", "*.obj")


def run(
    corpus: Corpus,
    checked: Checked,
    wanted: Wanted,
    folder: Path,
    judged: Callable[[], None],
) -> None:
    """Plant round by round, each file once a round; `judged` is told after each repository."""
    waiting = [each for each in wanted if each[0].rule in PROJECT]
    corpus.draw.shuffle(waiting)
    before: dict[str, dict[str, Report]] = {}
    rules = [each for each in checked.rules if each in PROJECT]
    for number in range(1, MOST_ROUNDS + 1):
        plants, waiting = _round(corpus, waiting)
        if not plants:
            break
        print(
            f"round {number}: {sum(map(len, plants.values()))} planted, {len(waiting)} to go",
            flush=True,
        )
        for name, mine in sorted(plants.items(), key=lambda each: len(corpus.hosts[each[0]])):
            root = folder / name
            if name not in before:
                shutil.copytree(corpus.roots[name], root, symlinks=True, ignore=LEFT_OUT)
                before[name], _ = check(root, checked.rules)
                checked.clean[name] = list(before[name].values())
                _others_clean(corpus, checked, name, root)
                print(f"{name}: {len(before[name])} findings before", flush=True)
            _judge(checked, root, mine, before[name], rules)
            judged()
    corpus.unplaced |= {each.key for each, _ in waiting}


def _others_clean(corpus: Corpus, checked: Checked, name: str, root: Path) -> None:
    """Keep what other tools report on a repository as it is."""
    if checked.rivals is None:
        return
    sources = [each.path for each in corpus.hosts[name]]
    everything = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
    for tool in Rivals.RULES:
        paths = everything if tool == "detect-secrets" else sources
        found = checked.rivals.reports(tool, root, paths)
        wanted = set(paths)
        kept = [e for e in found if e.path in wanted and same_rule(e.rule, Rivals.RULES[tool])]
        checked.others_clean.setdefault(tool, {})[name] = kept


def _round(corpus: Corpus, waiting: Wanted) -> tuple[dict[str, list[Plant]], Wanted]:
    """Give each recipe a file that nothing was planted in yet in this round."""
    plants: dict[str, list[Plant]] = defaultdict(list)
    taken: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    left = []
    for recipe, at in waiting:
        plant = corpus.place(recipe, at, taken, seen)
        if plant is None:
            left.append((recipe, at))
            continue
        plants[plant.repository].append(plant)
        seen.add((recipe.key, plant.repository))
        taken.update((plant.repository, path) for path in plant.files)
        if plant.change.source:
            taken.add((plant.repository, plant.change.source[0]))
    return plants, left


def _judge(
    checked: Checked, root: Path, plants: list[Plant], before: dict[str, Report], rules: list[str]
) -> None:
    """Write what was planted, look for it, and put the files back."""
    kept: dict[Path, bytes | None] = {}
    changed: list[str] = []
    for plant in plants:
        for path, text in {plant.path: plant.change.text, **plant.change.others}.items():
            file = root / path
            kept[file] = file.read_bytes() if file.exists() else None
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            changed.append(path)
    try:
        after, _ = check(root, rules)
        fresh = [each for key, each in after.items() if key not in before]
        checked.ours.judge(plants, fresh, set(checked.rules))
        for tool in ("vulture", "jscpd") if checked.rivals else ():
            mine = [each for each in plants if able(tool, each, Rivals.RULES)]
            if mine and checked.rivals and (tool != "jscpd" or checked.rivals.node):
                reports = checked.rivals.reports(tool, root, changed)
                checked.other(tool).judge(mine, reports, Rivals.RULES[tool])
    finally:
        for file, old in kept.items():
            if old is None:
                file.unlink()
            else:
                file.write_bytes(old)
