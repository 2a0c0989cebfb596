"""Kills by the hundred, and after each the index is the one that would be built from nothing.

    python tests/kills/run.py [--kills N] [--seed N] [--only TEXT] [--folder DIR]

Prints a table of what was killed where, how often, and what was wrong afterwards.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "server")]

from kills.field import field
from kills.kinds import kinds


def main() -> int:
    """Kill; return 1 if anything was wrong afterwards, or nobody could be killed at some point."""
    options = _options()
    seed = options.seed if options.seed is not None else random.randrange(1_000_000)
    print(f"seed {seed}", flush=True)
    chosen = {name: kind for name, kind in kinds().items() if options.only in name}
    killed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="kills-", dir=options.folder) as place,
        field(Path(place).resolve(), seed) as ground,
    ):
        for said in ground.differences():
            print(f"  before anything: {said}")
        rounds = 0
        while killed.total() < options.kills and rounds < 3 * options.kills:
            for name, kind in random.Random(seed + rounds).sample([*chosen.items()], len(chosen)):
                if time.perf_counter() - began > options.seconds:
                    rounds = 3 * options.kills
                    break
                rounds += 1
                started = time.perf_counter()
                done = kind(ground)
                killed[name] += done
                said = ground.differences()
                wrong[name] += len(said)
                if options.each:
                    seconds = time.perf_counter() - started
                    print(f"{seconds:6.1f} s {'killed' if done else 'alive '} {name}", flush=True)
                for line in said:
                    print(f"  DIFFERENCE after {name}: {line}", flush=True)
        vectors = ground.compared
    for name in chosen:
        print(f"{killed[name]:5} kills {wrong[name]:3} differences  {name}")
    print(f"{killed.total():5} kills {wrong.total():3} differences, {vectors} vectors compared")
    print(f"seed {seed}, {time.perf_counter() - began:.0f} s")
    return int(wrong.total() > 0 or any(not killed[name] for name in chosen))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seconds", type=float, default=7_200, help="no longer than that")
    parser.add_argument("--only", default="")
    parser.add_argument("--each", action="store_true", help="print each")
    parser.add_argument("--folder", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
