"""Soaks real repositories: random operations by the hundred, and never a wrong answer.

    python tests/soak/run.py CHECKOUTS [--name NAME …] [--seed N] [--operations N] [--folder DIR]

CHECKOUTS holds one folder a repository; each is copied, never written into. A failure prints the
seed and the operations: the same seed does the same again. `--operations N` ends sooner, `--each`
compares everything after each operation, `--only 3,7-9` does no others.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "server")]

from soak.garden import begin
from soak.soaking import OPERATIONS, Plan, soak, surroundings


def main() -> int:
    """Soak each repository; return 1 if anything was found."""
    options = _options()
    names = options.name or sorted(each.name for each in options.checkouts.iterdir())
    seed = options.seed if options.seed is not None else random.randrange(1_000_000)
    failed = False
    for name in names:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="soak-", dir=options.folder) as place:
            root = copied(options.checkouts / name, Path(place) / name)
            os.environ.update(surroundings(Path(place)))
            begin(root)
            plan = _plan(options, seed)
            print(f"{name}: seed {seed}", flush=True)
            report = soak(root, Path(place), plan, lambda line: print("  ", line, flush=True))
        for line in report.lines():
            print(line, flush=True)
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
        failed = failed or not report.clean
    return int(failed)


def _plan(options: argparse.Namespace, seed: int) -> Plan:
    only = _numbers(options.only)
    plan = Plan(seed, options.operations, most_differences=options.most, only=only)
    return plan._replace(flush_share=1.0, everything_each=1) if options.each else plan


def _numbers(text: str) -> frozenset[int]:
    """Return the numbers that a text like `3,7-9` names."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)


def copied(checkout: Path, target: Path) -> Path:
    """Copy a checkout without its history."""
    shutil.copytree(checkout, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    return target.resolve()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--name", action="append")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--operations", type=int, default=20 * len(OPERATIONS))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--most", type=int, default=5, help="differences before it stops")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--only", default="")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
