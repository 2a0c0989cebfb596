"""Counts which pairs of algorithms in two languages are found, and which near misses are believed.

    python tests/bench_debt/cross_language.py development|test|later|unseen [--shown]

The files of `cross` hold algorithms in several languages, written by hand.
All of a half are one workspace: a pair of the same section that is reported is found, any other one
is false. Each near miss then takes the place of the function that it was made from, among all
others: whatever is reported of it is false as well. A finding of more than two places stands for
all pairs of them in different languages.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import itertools
import re
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "bench"), str(HERE.parent), str(HERE.parents[1] / "server")]

from surroundings import machine

from codearch.detectors._algorithms.words import FAMILIES
from codearch.detectors._detector import ProjectView
from codearch.detectors.clone_cross_language import DETECTOR
from codearch.facts import File, FileFacts
from codearch.languages import by_name
from codearch.parse import parse

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEAR = re.compile(r"^- (\w+): `(.+?)` → `(.+?)`$", re.MULTILINE)
_IN_CLASSES = frozenset({"java", "csharp"})
Pair = frozenset[str]


@dataclass(frozen=True)
class Near:
    """A near miss: the path whose function it is made from, its source, and what was changed."""

    path: str
    source: str
    change: str


def material(half: str) -> tuple[dict[str, str], list[Near]]:
    """Return the sources of a half by path (algorithm/language), and the near misses."""
    sources: dict[str, str] = {}
    near: list[Near] = []
    text = (HERE / "cross" / f"{half}.md").read_text("utf-8")
    for section in text.split("\n## ")[1:]:
        name = section.partition("\n")[0]
        blocks = dict(_BLOCK.findall(section))
        for language, block in blocks.items():
            sources[f"{name}/{language}"] = _whole(language, block)
        for language, before, after in _NEAR.findall(section):
            if blocks[language].count(before) != 1:
                raise ValueError(f"{name}, {language}: {before}")
            made = _whole(language, blocks[language].replace(before, after))
            near.append(Near(f"{name}/{language}", made, f"{before} → {after}"))
    return sources, near


def _whole(language: str, block: str) -> str:
    return f"class Sample {{\n{block}}}\n" if language in _IN_CLASSES else block


class Workspace:
    """Sources in memory, as a rule sees a project."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources

    def files(self, language: str | None = None, under: str = "") -> list[File]:
        return [each for path in self._sources if (each := self.file(path))]

    def file(self, path: str) -> File | None:
        source = self._sources.get(path)
        if source is None:
            return None
        digest = hashlib.sha256(source.encode()).hexdigest()
        return File(1, path, path.partition("/")[2], digest, len(source), 0, 0, False, False)

    def facts(self, path: str) -> FileFacts:
        return _facts(self._sources[path], path.partition("/")[2])

    def source(self, path: str) -> bytes:
        return self._sources[path].encode()

    def check_cancelled(self) -> None:
        """Nothing more urgent waits."""


@functools.cache
def _facts(source: str, language: str) -> FileFacts:
    return parse(source.encode(), by_name(language))


def reported(sources: dict[str, str]) -> set[Pair]:
    """Return the pairs that the rule reports in a workspace."""
    found: set[Pair] = set()
    for draft in DETECTOR.check(ProjectView(Workspace(sources), DETECTOR.limits)):  # type: ignore[arg-type]
        places = {draft.path, *(each.path for each in draft.related)}
        found |= {frozenset(pair) for pair in itertools.combinations(places, 2) if _apart(*pair)}
    return found


def _apart(one: str, other: str) -> bool:
    families = [FAMILIES[each.partition("/")[2]] for each in (one, other)]
    return families[0] != families[1]


def _algorithm(path: str) -> str:
    return path.partition("/")[0]


def main() -> int:
    """Count and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("half", choices=("development", "test", "later", "unseen"))
    arguments.add_argument("--shown", action="store_true", help="name misses and false alarms")
    options = arguments.parse_args()
    sources, near = material(options.half)
    every = [pair for pair in itertools.combinations(sources, 2) if _apart(*pair)]
    same = {frozenset(pair) for pair in every if _algorithm(pair[0]) == _algorithm(pair[1])}
    found = reported(sources)
    believed: list[tuple[Near, list[str]]] = []
    for each in near:
        pairs = [
            pair for pair in reported({**sources, each.path: each.source}) if each.path in pair
        ]
        if pairs:
            believed.append((each, sorted(other for pair in pairs for other in pair - {each.path})))
    false = found - same
    wrong = len(false) + sum(len(others) for _, others in believed)
    right = len(found & same)
    algorithms = len({_algorithm(path) for path in sources})
    print(machine())
    print(f"{algorithms} algorithms, {len(sources)} functions, {len(near)} near misses")
    print(f"pairs found: {right} of {len(same)} ({100 * right / len(same):.0f} %)")
    print(f"other pairs reported: {len(false)} of {len(every) - len(same)}")
    print(f"near misses believed: {len(believed)} of {len(near)}, in {wrong - len(false)} pairs")
    print(f"precision: {right} of {right + wrong} ({100 * right / (right + wrong):.0f} %)")
    if options.shown:
        for pair in sorted(map(sorted, same - found)):
            print("missed:", " = ".join(pair))
        for pair in sorted(map(sorted, false)):
            print("false:", " = ".join(pair))
        for each, others in believed:
            print(f"believed: {each.path}: {each.change}: {', '.join(others)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
