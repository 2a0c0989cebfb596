"""Compares what a tool reports with what was planted."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hosts import Change
    from recipe import Recipe

PYTHON_ALONE = frozenset({"ruff", "vulture", "bandit", "pydoclint"})


@dataclass(frozen=True)
class Report:
    """One finding of one tool; lines are 1-based."""

    rule: str
    path: str
    line: int
    end: int
    message: str
    related: tuple[tuple[str, int, int], ...] = ()
    severity: int = 0


@dataclass(frozen=True)
class Plant:
    """What a recipe put into one repository in one round."""

    recipe: Recipe
    change: Change
    path: str
    repository: str

    @property
    def files(self) -> set[str]:
        return {self.path, *self.change.others}

    @property
    def place_path(self) -> str:
        return self.change.place_path or self.path


@dataclass
class Count:
    """What became of what was planted for a rule in a language."""

    planted: int = 0
    found: int = 0
    alike: int = 0
    alike_reported: int = 0
    elsewhere: int = 0


@dataclass
class Verdict:
    """All counts of one tool, and what people mend from: misses and false alarms."""

    tool: str
    counts: dict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    variants: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    misses: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[dict[str, Any]] = field(default_factory=list)
    leaks: int = 0

    def judge(self, plants: list[Plant], reports: list[Report], rules: set[str]) -> None:
        """Count one repository's round; `rules` are those that the tool has at all."""
        by_path: dict[str, list[Report]] = defaultdict(list)
        for each in reports:
            for path in {each.path, *(place[0] for place in each.related)}:
                by_path[path].append(each)
        claimed: set[int] = set()
        for plant in plants:
            if same_rule(plant.recipe.rule, rules):
                near = [each for path in plant.files for each in by_path[path]]
                self._one(plant, near, claimed)
        if self.tool == "codearch":
            for plant in plants:
                near = [each for path in plant.files for each in by_path[path]]
                self._elsewhere(plant, near, claimed)

    def _one(self, plant: Plant, near: list[Report], claimed: set[int]) -> None:
        recipe, change = plant.recipe, plant.change
        count = self.counts[recipe.rule, recipe.language]
        mine = [each for each in near if fits(recipe.rule, each.rule)]
        if recipe.alike:
            count.alike += 1
            hit = [each for each in mine if _touches(plant, each)]
            count.alike_reported += bool(hit)
            if hit:
                claimed.update(map(id, hit))
                self.alarms.append(_told(plant, change.first, hit[0].message))
            return
        for place in change.places:
            hit = [each for each in mine if _at(plant, place, each)]
            count.planted += 1
            count.found += bool(hit)
            self.variants[recipe.rule, recipe.language, recipe.variant, bool(hit)] += 1
            claimed.update(map(id, hit))
            if not hit:
                self.misses.append(_told(plant, place[0], change.note))

    def _elsewhere(self, plant: Plant, near: list[Report], claimed: set[int]) -> None:
        """Count new findings in the planted lines that nobody planted, clones of plants apart."""
        for each in near:
            expected = (*plant.recipe.beside, plant.recipe.rule, "clone", "untested", "coupling")
            if id(each) in claimed or each.rule in expected or each.path != plant.path:
                continue
            if plant.change.first <= each.end and each.line <= plant.change.last:
                claimed.add(id(each))
                self.counts[each.rule, plant.recipe.language].elsewhere += 1
                told = _told(plant, each.line, each.message)
                self.alarms.append({**told, "rule": each.rule, "beside": plant.recipe.key})


def fits(rule: str, reported: str) -> bool:
    """Say whether a finding of one rule is what was planted for another."""
    return rule == reported or (rule.startswith("security-") and reported.startswith("security-"))


def same_rule(rule: str, rules: set[str]) -> bool:
    return any(fits(rule, each) for each in rules)


def _at(plant: Plant, place: tuple[int, int], report: Report) -> bool:
    change, path = plant.change, plant.place_path
    spans = [(report.path, report.line, report.end), *report.related]
    if plant.recipe.rule == "import-cycle":
        planted, told = _loaded(plant, plant.files), _loaded(plant, {each[0] for each in spans})
        return len(planted & told) >= min(2, len(planted))
    if plant.recipe.rule == "licence" and change.others:
        return (
            report.path in plant.files - {plant.path}
            and change.note in report.message + report.path
        )
    if change.source is not None:
        half = (place[1] - place[0]) // 2
        ours = any(p == path and min(e, place[1]) - max(s, place[0]) >= half for p, s, e in spans)
        theirs = any(
            p == change.source[0] and s <= change.source[2] and change.source[1] <= e
            for p, s, e in spans
        )
        return ours and theirs
    return any(p == path and s <= place[1] and place[0] <= e for p, s, e in spans[:1])


def _touches(plant: Plant, report: Report) -> bool:
    """Say whether a finding is about what was planted as a look-alike."""
    if plant.recipe.rule == "import-cycle":
        told = _loaded(plant, {report.path, *(each[0] for each in report.related)})
        return len(_loaded(plant, plant.files) & told) > 1
    if report.path in plant.change.others:
        return True
    spans = [(report.path, report.line, report.end), *report.related]
    return any(
        p == plant.path and s <= plant.change.last and plant.change.first <= e for p, s, e in spans
    )


def _loaded(plant: Plant, paths: set[str]) -> set[str]:
    """Return what is loaded with files: of Go their package, whichever of its files imports."""
    go = plant.recipe.language == "go"
    return {posixpath.dirname(each) for each in paths} if go else paths


def _told(plant: Plant, line: int, message: str) -> dict[str, Any]:
    path = plant.place_path
    text = plant.change.others.get(path, plant.change.text).split("\n")
    shown = (
        text[max(0, plant.change.first - 1) : plant.change.last][:14]
        if path == plant.path
        else text[:8]
    )
    return {
        "rule": plant.recipe.rule,
        "language": plant.recipe.language,
        "variant": plant.recipe.variant,
        "repository": plant.repository,
        "path": path,
        "line": line,
        "what": message,
        "text": [] if plant.change.hidden else shown,
    }


def able(tool: str, plant: Plant, rules: dict[str, set[str]]) -> bool:
    """Say whether a tool could find what was planted: some read Python alone."""
    if tool in PYTHON_ALONE and plant.recipe.language != "python":
        return False
    return same_rule(plant.recipe.rule, rules[tool])
