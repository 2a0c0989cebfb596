"""Plants debt in real repositories and counts what is found, beside other tools.

    python tests/bench_debt/run.py REPOSITORIES [--each N] [--only RULE …] [--seed N] [--out FOLDER]
        [--rivals FOLDER] [--jscpd FILE] [--parts PART …]

REPOSITORIES holds one checkout a folder, of projects that no rule was tuned on. What concerns one
file is planted in a copy of that file alone, all of them in one tree, which is checked once; what
needs more of a repository (clones, cycles, unused symbols, licences) is planted in copies of the
whole repositories, in rounds, each beside what was found there before. The copies are removed at
the end. What only a history shows (coupling, untested code, learnt patterns) is planted as commits
in one repository a language. Prints the figures beside their bounds and exits 1 beyond one; OUT
gets `results.json` (each miss and each false alarm with its lines) and `results.md`.
The same seed and the same checkouts give the same plants.

`--parts commits` plants nothing: it lists what editors show by default on the newest commits of
repositories with their history, for somebody to judge (`commits.py`, `judged.py`, `judged/`).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "server"
sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parent), str(SERVER)]

import agreement
import apart
import bounds
import commits
import histories
import report
import whole
from planted import Checked, Corpus, recipes
from rivals import Rivals
from surroundings import machine, own_surroundings

PLANTING = ("agreement", "apart", "whole", "histories")
PARTS = (*PLANTING, "commits")


def main() -> int:
    """Measure and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repositories", type=Path)
    arguments.add_argument("--each", type=int, default=1, help="how often each variant is planted")
    arguments.add_argument("--only", nargs="+", metavar="RULE")
    arguments.add_argument("--parts", nargs="+", choices=PARTS, default=PLANTING)
    arguments.add_argument("--seed", type=int, default=6)
    arguments.add_argument("--out", type=Path, default=Path("build/bench-debt"))
    arguments.add_argument("--rivals", type=Path, help="folder with lizard, ruff, vulture, …")
    arguments.add_argument("--jscpd", type=Path, help="the jscpd program")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl+C does: clean up first
    for name in ("rivals", "jscpd", "repositories"):
        if getattr(options, name):
            setattr(options, name, getattr(options, name).absolute())
    if "commits" in options.parts:
        commits.run(options.repositories, commits.newest, options.out.absolute() / "commits")
    if set(options.parts).isdisjoint(PLANTING):
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="codearch-debt-", ignore_cleanup_errors=True) as folder,
        own_surroundings(Path(folder).resolve()),
    ):
        os.environ["CODEARCH_INDEXER_IDLE_SECONDS"] = "1"
        os.environ["CODEARCH_MODEL_NAME"] = "none"  # vectors change no finding
        told = machine()
        print(told, flush=True)
        corpus = Corpus(options.repositories, random.Random(options.seed), options.seed)
        wanted = [(each, at) for each in recipes(options.only) for at in range(options.each)]
        jscpd = options.jscpd if options.jscpd and options.jscpd.exists() else None
        rivals = Rivals(options.rivals, jscpd) if options.rivals else None
        checked = Checked(rivals)
        alike: list[agreement.Agreement] = []
        options.out.mkdir(parents=True, exist_ok=True)

        def write() -> None:
            report.write(options, checked, corpus, told, alike)

        if "apart" in options.parts:
            apart.run(corpus, checked, wanted, Path(folder).resolve() / "apart")
            write()
        if "agreement" in options.parts and rivals and not options.only:
            alike += agreement.measure(corpus, rivals)
            write()
        if "whole" in options.parts:
            trees = Path(folder).resolve() / "whole"
            whole.run(corpus, checked, wanted, trees, write)
        if "histories" in options.parts and (
            not options.only or set(options.only) & set(histories.RULES)
        ):
            histories.run(corpus, checked, Path(folder).resolve() / "histories", write)
        write()
        return bounds.verdict(bounds.figures(checked, alike))


if __name__ == "__main__":
    sys.exit(main())
