"""Plants debt in real repositories and counts what is found, beside other tools.

    python tests/bench_debt/run.py REPOSITORIES [--each N] [--only RULE …] [--seed N] [--out FOLDER]
        [--rivals FOLDER] [--jscpd FILE]

REPOSITORIES holds one checkout a folder, of projects that no rule was tuned on. They are copied;
the planted copies are removed at the end. OUT gets `results.json` (each miss and each false alarm
with its lines) and `results.md`. The same seed and the same checkouts give the same plants.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "server"
sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parent), str(SERVER)]

import agreement
import plant_clones
import plant_docs
import plant_imports
import plant_licences
import plant_secrets
import plant_sizes
import plant_snippets
import plant_statements
import report
from hosts import BY_SUFFIX, Change, Host, hosts, parser
from judging import Plant, Report, Verdict, same_rule
from rivals import Rivals
from surroundings import machine, own_surroundings

PLANTERS = (
    plant_sizes, plant_imports, plant_statements, plant_clones,
    plant_docs, plant_secrets, plant_snippets, plant_licences,
)  # fmt: skip
TRIES = 40
LEFT_OUT = shutil.ignore_patterns(".git", "node_modules", "*.obj")


class Bench:
    """Copies of the repositories, and what was planted in them."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.draw = random.Random(options.seed)
        self.rules = [each["id"] for each in self._rules()]
        self.ours = Verdict("codearch")
        self.others: dict[str, Verdict] = {}
        self.rivals = Rivals(options.rivals, options.jscpd) if options.rivals else None
        self.clean: dict[str, list[Report]] = {}
        self.hosts: dict[str, list[Host]] = {}
        self.roots: dict[str, Path] = {}
        for source in sorted(each for each in options.repositories.iterdir() if each.is_dir()):
            root = folder / source.name
            shutil.copytree(source, root, symlinks=True, ignore=LEFT_OUT)
            self.roots[source.name] = root
            self.hosts[source.name] = hosts(root)

    def _codearch(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "codearch", *arguments],
            capture_output=True, text=True, check=False, timeout=1800,
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise RuntimeError(f"codearch {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    def _rules(self) -> list[dict[str, object]]:
        read = json.loads(self._codearch("rules", "--json"))
        return read if isinstance(read, list) else read["rules"]

    def check(self, root: Path) -> tuple[dict[str, Report], str]:
        """Return all findings of all rules by their ids, and the output as it came."""
        wanted = [part for each in self.rules for part in ("--rule", each)]
        text = self._codearch("check", "--root", str(root), "--format", "jsonl", *wanted)
        found = {}
        for line in text.splitlines():
            each = json.loads(line)
            related = tuple((r["path"], r["line"], r["endLine"]) for r in each["related"])
            found[each["id"]] = Report(
                each["rule"],
                each["path"],
                each["line"],
                each["endLine"],
                each["message"],
                related,
                each["severity"],
            )
        return found, text

    def recipes(self) -> list[tuple[object, int]]:
        """Return what is still to be planted: each recipe as often as it was asked for."""
        wanted = [each for part in PLANTERS for each in part.recipes()]
        if self.options.only:
            wanted = [
                each
                for each in wanted
                if each.rule in self.options.only
                or (each.rule.startswith("security-") and "security" in self.options.only)
            ]
        return [(each, at) for each in wanted for at in range(self.options.each)]

    def run(self) -> None:
        """Plant round by round until everything had its turn."""
        before = {}
        for name, root in self.roots.items():
            started = time.monotonic()
            before[name], _ = self.check(root)
            self.clean[name] = list(before[name].values())
            print(
                f"{name}: {len(self.hosts[name])} files, {len(before[name])} findings before, {time.monotonic() - started:.0f} s",
                flush=True,
            )
        waiting = self.recipes()
        self.draw.shuffle(waiting)
        number = 0
        while waiting and number < self.options.rounds:
            number += 1
            plants, waiting = self._round(waiting)
            print(
                f"round {number}: {sum(map(len, plants.values()))} planted, {len(waiting)} to go",
                flush=True,
            )
            if not plants:
                break
            for name, mine in plants.items():
                self._judge(name, mine, before[name])
        self.unplaced = sorted({each.key for each, _ in waiting})

    def _round(self, waiting: list) -> tuple[dict[str, list[Plant]], list]:
        """Give each recipe a file that nothing was planted in yet in this round."""
        plants: dict[str, list[Plant]] = defaultdict(list)
        taken: set[tuple[str, str]] = set()
        seen: set[tuple[str, str]] = set()
        left = []
        free: dict[str, list[tuple[str, Host]]] = defaultdict(list)
        for name, mine in self.hosts.items():
            for host in mine:
                free[host.language].append((name, host))
        for pool in free.values():
            self.draw.shuffle(pool)
        for recipe, at in waiting:
            draw = random.Random(f"{self.options.seed} {recipe.key} {at}")
            plant = self._place(recipe, free[recipe.language], draw, taken, seen)
            if plant is None:
                left.append((recipe, at))
            else:
                plants[plant.repository].append(plant)
                seen.add((recipe.key, plant.repository))
                taken.update((plant.repository, path) for path in plant.files)
                if plant.change.source:
                    taken.add((plant.repository, plant.change.source[0]))
        return plants, left

    def _place(self, recipe, pool, draw: random.Random, taken: set, seen: set) -> Plant | None:
        tries = 0
        for name, host in draw.sample(pool, len(pool)):
            if (name, host.path) in taken or (recipe.key, name) in seen:
                continue
            tries += 1
            if tries > TRIES:
                break
            try:
                change = recipe.make(host, draw)
            except ValueError:
                continue
            if change is None or any((name, path) in taken for path in change.others):
                continue
            if change.source and (name, change.source[0]) in taken:
                continue
            if _parses(host, change):
                return Plant(recipe, change, host.path, name)
        return None

    def _judge(self, name: str, plants: list[Plant], before: dict[str, Report]) -> None:
        """Write what was planted, look for it, and put the files back."""
        root = self.roots[name]
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
            after, output = self.check(root)
            fresh = [each for key, each in after.items() if key not in before]
            self.ours.judge(plants, fresh, set(self.rules))
            self.ours.leaks += sum(
                1 for each in plants if each.change.hidden and each.change.hidden in output
            )
            if self.rivals:
                languages = {each.recipe.language for each in plants}
                for tool, reports in self.rivals.all(root, changed, languages).items():
                    verdict = self.others.setdefault(tool, Verdict(tool))
                    verdict.judge(_able(tool, plants), reports, Rivals.RULES[tool])
        finally:
            for file, old in kept.items():
                if old is None:
                    file.unlink()
                else:
                    file.write_bytes(old)


def _able(tool: str, plants: list[Plant]) -> list[Plant]:
    """Return what a tool could find: most of them read Python alone."""
    if tool in ("ruff", "vulture", "bandit", "pydoclint"):
        return [each for each in plants if each.recipe.language == "python"]
    return [each for each in plants if same_rule(each.recipe.rule, Rivals.RULES[tool])]


def _parses(host: Host, change: Change) -> bool:
    for path, text in {host.path: change.text, **change.others}.items():
        language = BY_SUFFIX.get(Path(path).suffix)
        if language and parser(language).parse(text.encode()).root_node.has_error:
            return False
    return True


def main() -> int:
    """Measure and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repositories", type=Path)
    arguments.add_argument("--each", type=int, default=3, help="how often each variant is planted")
    arguments.add_argument("--rounds", type=int, default=40)
    arguments.add_argument("--only", nargs="+", metavar="RULE")
    arguments.add_argument("--seed", type=int, default=6)
    arguments.add_argument("--out", type=Path, default=Path("build/bench-debt"))
    arguments.add_argument("--rivals", type=Path, help="folder with lizard, ruff, vulture, …")
    arguments.add_argument("--jscpd", type=Path, help="the jscpd program")
    options = arguments.parse_args()
    for name in ("rivals", "jscpd", "repositories"):
        if getattr(options, name):
            setattr(options, name, getattr(options, name).absolute())
    with (
        tempfile.TemporaryDirectory(prefix="codearch-debt-", ignore_cleanup_errors=True) as folder,
        own_surroundings(Path(folder).resolve()),
    ):
        os.environ["CODEARCH_INDEXER_IDLE_SECONDS"] = "1"
        place = Path(folder).resolve() / "trees"
        place.mkdir()
        told = machine()
        print(told)
        bench = Bench(options, place)
        alike = agreement.measure(bench) if bench.rivals and not options.only else []
        bench.run()
        options.out.mkdir(parents=True, exist_ok=True)
        report.write(options.out, bench, told, alike)
    return 0


if __name__ == "__main__":
    sys.exit(main())
