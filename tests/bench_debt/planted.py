"""What both ways of planting share: the files, the recipes, the product's answers."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import plant_clones
import plant_cycles
import plant_docs
import plant_imports
import plant_licences
import plant_secrets
import plant_sizes
import plant_snippets
import plant_statements
from hosts import BY_SUFFIX, Host, hosts, parser
from judging import Plant, Report, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hosts import Change
    from recipe import Recipe
    from rivals import Rivals

PLANTERS = (
    plant_sizes, plant_imports, plant_cycles, plant_statements, plant_clones,
    plant_docs, plant_secrets, plant_snippets, plant_licences,
)  # fmt: skip
PROJECT = frozenset({
    "clone", "clone-cross-language", "import-cycle", "unused-symbol",
    "licence", "untested", "coupling", "bug-pattern",
})  # fmt: skip
TRIES = 40
Wanted = list[tuple["Recipe", int]]


def recipes(only: list[str] | None) -> list[Recipe]:
    """Return all recipes, or those of some rules; `security` stands for all of that name."""
    found = [each for part in PLANTERS for each in part.recipes()]
    if only:
        found = [e for e in found if e.rule in only or e.rule.partition("-")[0] in only]
    return found


class Corpus:
    """The files of all repositories that something may be planted in."""

    def __init__(self, folder: Path, draw: random.Random, seed: int) -> None:
        self.draw, self.seed = draw, seed
        self.roots = {each.name: each for each in sorted(folder.iterdir()) if each.is_dir()}
        self.hosts: dict[str, list[Host]] = {}
        self.pool: dict[str, list[tuple[str, Host]]] = defaultdict(list)
        self.unplaced: set[str] = set()
        for name, root in self.roots.items():
            self.hosts[name] = hosts(root)
            for host in self.hosts[name]:
                self.pool[host.language].append((name, host))

    def place(
        self, recipe: Recipe, at: int, taken: set[tuple[str, str]], seen: set[tuple[str, str]]
    ) -> Plant | None:
        """Plant a recipe in a file of which nothing was taken yet, if it fits into one."""
        draw = random.Random(f"{self.seed} {recipe.key} {at}")
        pool = self.pool[recipe.language]
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


class Checked:
    """The verdicts on all tools, filled by both ways of planting."""

    def __init__(self, rivals: Rivals | None) -> None:
        self.rivals = rivals
        read = json.loads(codearch("rules", "--json"))
        rules = read if isinstance(read, list) else read["rules"]
        self.rules = [each["id"] for each in rules]
        self.ours = Verdict("codearch")
        self.others: dict[str, Verdict] = {}
        self.clean: dict[str, list[Report]] = {}  # ours, by repository as it is
        self.others_clean: dict[str, dict[str, list[Report]]] = {}  # by tool

    def other(self, tool: str) -> Verdict:
        return self.others.setdefault(tool, Verdict(tool))


def codearch(*arguments: str, cwd: Path | None = None) -> str:
    """Run the product and return what it prints; on a busy machine its indexer may start late."""
    for again in (True, True, False):
        done = subprocess.run(
            [sys.executable, "-m", "codearch", *arguments],
            capture_output=True, text=True, check=False, timeout=3600, cwd=cwd,
        )  # fmt: skip
        if done.returncode in (0, 1):
            return done.stdout
        if not again or "did not start" not in done.stderr:
            break
    raise RuntimeError(f"codearch {arguments[0]}: {done.stderr[-2000:]}")


def check(root: Path, rules: Iterable[str]) -> tuple[dict[str, Report], str]:
    """Return the findings of these rules by their ids, and the output as it came."""
    wanted = [part for each in rules for part in ("--rule", each)]
    text = codearch("check", "--root", str(root), "--format", "jsonl", *wanted)
    found = {}
    for line in text.splitlines():
        each = json.loads(line)
        related = tuple((r["path"], r["line"], r["endLine"]) for r in each["related"])
        found[f"{each['path']} {each['id']}"] = Report(
            each["rule"], each["path"], each["line"], each["endLine"],
            each["message"], related, each["severity"],
        )  # fmt: skip
    return found, text


def _parses(host: Host, change: Change) -> bool:
    for path, text in {host.path: change.text, **change.others}.items():
        language = BY_SUFFIX.get(path[path.rfind(".") :])
        if language and parser(language).parse(text.encode()).root_node.has_error:
            return False
    return True
