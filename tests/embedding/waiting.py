"""How long a question waits for a transformer that is busy with bulk.

    PYTHONPATH=server python tests/embedding/waiting.py ARTIFACT [FOLDER]

Embeds the functions under FOLDER (this repository's by default) with an exported model in one
thread, asks questions in another, and compares how long they take with how long they take alone.
Exits 1 where bulk costs a question more than MOST_MS.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from codearch import flow, languages
from codearch.embedding.passage import passages
from codearch.embedding.transformer.code import codes
from codearch.embedding.transformer.encoder import TransformerEncoder
from codearch.parse import parse

if TYPE_CHECKING:
    from codearch.embedding.transformer.reading import Code

MOST_MS = 50.0
QUESTIONS = (
    "where is a file opened",
    "parse the header of a message",
    "retry a request until it succeeds",
    "copy a folder with its permissions",
    "how are arguments of the command line checked",
)


class Waits(msgspec.Struct, frozen=True):
    """Milliseconds that a question takes alone and beside bulk, and functions a second of bulk."""

    alone: tuple[float, ...]
    beside: tuple[float, ...]
    functions: float

    @property
    def median(self) -> float:
        """Return what bulk adds to a usual question."""
        return statistics.median(self.beside) - statistics.median(self.alone)

    @property
    def worst(self) -> float:
        """Return what bulk adds to the slowest of twenty questions."""
        return _slow(self.beside) - _slow(self.alone)


def query_waits(encoder: TransformerEncoder, bulk: list[Code], asked: int = 100) -> Waits:
    """Ask so many questions alone, then as many while `bulk` is embedded over and over."""
    alone = _timed(encoder, asked)
    done, over = [0], threading.Event()

    def embed() -> None:
        while not over.is_set():
            for start in range(0, len(bulk), encoder.chunk):
                if over.is_set():
                    return
                done[0] += len(encoder.encode_code(bulk[start : start + encoder.chunk]))

    busy = threading.Thread(target=embed)
    began = time.perf_counter()
    busy.start()
    try:
        beside = _timed(encoder, asked)
    finally:
        over.set()
        busy.join()
    return Waits(alone, beside, done[0] / (time.perf_counter() - began))


def _timed(encoder: TransformerEncoder, asked: int) -> tuple[float, ...]:
    """Return the milliseconds of each question; bulk has time to begin between two of them."""
    found = []
    for number in range(asked):
        time.sleep(0.02 + 0.01 * (number % 7))  # bulk gets on, and is met at another place
        began = time.perf_counter()
        encoder.encode_queries([QUESTIONS[number % len(QUESTIONS)]])
        found.append(1e3 * (time.perf_counter() - began))
    return tuple(found)


def _slow(times: tuple[float, ...]) -> float:
    return sorted(times)[len(times) * 19 // 20]


def long_functions(folder: Path, most: int = 200) -> list[Code]:
    """Return the longest functions under a folder, which keep a device busy for longest."""
    found: list[Code] = []
    for path in sorted(folder.rglob("*.py"))[:400]:
        data, language = path.read_bytes(), languages.by_name("python")
        facts = parse(data, language)
        program = flow.read(data, language, facts)
        for index, symbol in enumerate(facts.symbols):
            if symbol.kind in {"function", "method"}:
                found += codes(program, symbol, passages(facts, index, data))
    return sorted(found, key=lambda code: -len(code.words))[:most]


def main() -> int:
    """Print the figures; return 1 where a question waits too long."""
    encoder = TransformerEncoder(Path(sys.argv[1]), "cpu")
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parents[2]
    found = query_waits(encoder, long_functions(folder))
    print(f"{encoder.id}, {len(found.alone)} questions, bulk {found.functions:.2f} functions/s\n")
    print("| question | median ms | 95th percentile ms |\n| --- | --- | --- |")
    for name, times in (("alone", found.alone), ("beside bulk", found.beside)):
        print(f"| {name} | {statistics.median(times):.1f} | {_slow(times):.1f} |")
    print(f"| what bulk adds (≤ {MOST_MS:.0f}) | {found.median:.1f} | {found.worst:.1f} |")
    return int(found.worst > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
