"""How fast the shipped encoder is, on one core.

    PYTHONPATH=server python tests/embedding/bench.py [FOLDER]

Cuts the sources under FOLDER (this repository's by default) into passages with the product's own
parser, and prints figures beside their bounds; exits 1 beyond one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from codearch.embedding.passage import passages
from codearch.embedding.shipped import shipped_encoder, shipped_folder
from codearch.embedding.static import load
from codearch.languages import by_path
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import Passage

FUNCTIONS = 20_000
QUERIES = 2_000


def passages_of(folder: Path) -> list[Passage]:
    """Return the passages of the callables under a folder, at most FUNCTIONS."""
    found: list[Passage] = []
    for path in sorted(folder.rglob("*.py")):
        language = by_path(path.name)
        if language is None or len(found) >= FUNCTIONS:
            continue
        source = path.read_bytes()
        facts = parse(source, language)
        for index, symbol in enumerate(facts.symbols):
            if symbol.kind in {"function", "method"}:
                found += passages(facts, index, source)
    return found[:FUNCTIONS]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that a piece of work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> int:
    """Print the figures; return how many are beyond their bounds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    texts = passages_of(folder)
    asked = [(passage.doc or passage.name)[:80] for passage in texts[:QUERIES]]
    loading = seconds(lambda: load(shipped_folder()))
    encoder = shipped_encoder()
    encode = seconds(lambda: encoder.encode_passages(texts))
    ask = seconds(lambda: [encoder.encode_queries([query]) for query in asked])
    size = sum(path.stat().st_size for path in shipped_folder().iterdir())
    figures = [
        ("functions a second", len(texts) / encode, 3_000, False),
        ("milliseconds a query", 1e3 * ask / len(asked), 0.1, True),
        ("milliseconds to load", 1e3 * loading, 250, True),
        ("megabytes", size / 1e6, 10, True),
    ]
    print(
        f"{encoder.id}, {len(texts)} functions, {len(asked)} queries\n\n| figure | value | bound |"
    )
    print("| --- | --- | --- |")
    failed = 0
    for name, value, bound, most in figures:
        failed += (value > bound) if most else (value < bound)
        print(f"| {name} | {value:,.3g} | {'≤' if most else '≥'} {bound:,} |")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
