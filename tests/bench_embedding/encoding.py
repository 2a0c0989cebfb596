"""One encoder in a process of its own: what it costs, how fast it is, what vectors it makes.

python tests/bench_embedding/encoding.py JOB        (JSON in, JSON out)
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parents[1] / "server")]

import numpy as np
from material import Material
from processor import keep_to, peak_megabytes

from codearch.embedding.encoder import CodeEncoder, Encoder
from codearch.embedding.shipped import shipped_encoder, shipped_folder
from codearch.embedding.static import load
from codearch.embedding.texts import encode
from codearch.facts import Passage

if TYPE_CHECKING:
    from codearch.embedding.texts import Text
    from codearch.embedding.transformer.inputs import GraphInput

LENGTHS = (64, 128, 256)
NODES = 4  # of a window one place in so many is a variable's, as in the presets
STATIC = ""
_FIRST = Passage(name="close", signature="def close(self)", doc="", body="self.file.close()")
_QUERIES = 40
_COMPARED, _COMPARED_CODES = 2_000, 24
_MOST_PAUSE_SECONDS = 0.02
_MATMUL, _FEWEST_PRODUCTS = 768, 5

Kind = Literal["observe", "rates", "static"]
Result = TypeVar("Result")


class Job(msgspec.Struct, frozen=True):
    """What to do with which encoder; `started` is the time at which the process was begun."""

    kind: Kind
    artifact: str  # its folder; nothing is the one that ships
    material: str
    cores: int
    seconds: float = 3.0  # for each rate
    started: float = 0.0


class Observed(msgspec.Struct, frozen=True):
    """One process's encoder: times in milliseconds but for the first vector's."""

    first_seconds: float
    megabytes: float
    digest: str
    alone: list[float]  # queries when nothing else is done
    behind: list[float]  # queries while functions are encoded


class Rates(msgspec.Struct, frozen=True):
    """Functions a second by tokens, and this machine's own float32 products in a second."""

    functions: dict[int, float]
    operations: float


class Static(msgspec.Struct, frozen=True):
    """The shipped encoder on one core."""

    functions: float  # a second
    query_ms: float
    load_ms: float
    megabytes: float  # on disk


def asked(job: Job, kind: type[Result]) -> Result:
    """Do a job in a process of its own, and return what it found."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(job.cores)}
    text = msgspec.json.encode(msgspec.structs.replace(job, started=time.time())).decode()
    command = [sys.executable, __file__, text]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(said.stdout, type=kind)


# --- the kinds of jobs ------------------------------------------------------------------------


def observe(job: Job) -> Observed:
    """Load an encoder, note when its first vector is there, then ask it while it works."""
    encoder = _encoder(job.artifact)
    encoder.encode_passages([_FIRST])
    first = time.time() - job.started
    read = Material.read(Path(job.material))
    texts = _texts(encoder, read)
    compared = texts[: _COMPARED_CODES if isinstance(encoder, CodeEncoder) else _COMPARED]
    seen = hashlib.sha256(encode(encoder, compared).tobytes())
    seen.update(encoder.encode_queries(read.questions[:_COMPARED_CODES]).tobytes())
    alone = _answer_times(encoder, read.questions)
    with _Bulk(encoder, texts):
        behind = _answer_times(encoder, read.questions)
    return Observed(first, peak_megabytes(), seen.hexdigest(), alone, behind)


def rates(job: Job) -> Rates:
    """Return how fast an exported graph is at full windows of several lengths."""
    from codearch.embedding.backends import Lengths
    from codearch.embedding.transformer import artifact as artifacts
    from codearch.embedding.transformer.reading import Reader
    from codearch.embedding.transformer.running import Runner
    from codearch.embedding.transformer.session import Session
    from codearch.embedding.transformer.vocabulary import Vocabulary

    folder, read = Path(job.artifact), Material.read(Path(job.material))
    described, vocabulary = artifacts.read(folder), Vocabulary(folder)
    session = Session(folder / artifacts.GRAPH, "cpu", job.cores)
    runner = Runner(session, vocabulary.special, described.precision)
    found = {}
    for tokens in LENGTHS:
        reader = Reader(vocabulary, Lengths(tokens, tokens // NODES), described.around)
        inputs = full_windows([reader.code(code)[0] for code in read.codes], tokens)
        found[tokens] = _rate(lambda inputs=inputs: len(runner.vectors(inputs)), job.seconds)
    return Rates(found, _operations(job.seconds))


def full_windows(inputs: Sequence[GraphInput], tokens: int, most: int = 4) -> list[GraphInput]:
    """Return inputs that take all their tokens, those with the most variables."""
    full = [one for one in inputs if len(one.pieces) == tokens]
    return sorted(full, key=lambda one: -len(one.nodes))[:most]


def static(job: Job) -> Static:
    """Return what the shipped encoder takes, in processor time of one thread."""
    read = Material.read(Path(job.material))
    loading = _processor_seconds(lambda: load(shipped_folder()))
    encoder = shipped_encoder()
    encoding = _processor_seconds(lambda: encoder.encode_passages(read.passages))
    asking = _processor_seconds(lambda: [encoder.encode_queries([one]) for one in read.questions])
    size = sum(path.stat().st_size for path in shipped_folder().iterdir())
    return Static(
        len(read.passages) / encoding,
        1e3 * asking / len(read.questions),
        1e3 * loading,
        size / 1e6,
    )


# --- inside -----------------------------------------------------------------------------------


def _encoder(folder: str) -> Encoder:
    if folder == STATIC:
        return shipped_encoder()
    from codearch.embedding.transformer.encoder import TransformerEncoder

    return TransformerEncoder(Path(folder), "cpu")


def _texts(encoder: Encoder, read: Material) -> Sequence[Text]:
    return read.codes if isinstance(encoder, CodeEncoder) else read.passages


def _answer_times(encoder: Encoder, questions: Sequence[str]) -> list[float]:
    """Return the milliseconds of queries at moments that nobody foresees."""
    chance, found = random.Random(2), []
    for question in questions[:_QUERIES]:
        time.sleep(chance.random() * _MOST_PAUSE_SECONDS)  # a question comes unforeseen
        began = time.perf_counter()
        encoder.encode_queries([question])
        found.append((time.perf_counter() - began) * 1e3)
    return found


class _Bulk:
    """Encodes functions in another thread, a chunk at a time as the indexer does, while entered."""

    def __init__(self, encoder: Encoder, texts: Sequence[Text]) -> None:
        self._encoder, self._texts = encoder, texts
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _work(self) -> None:
        at = 0
        while not self._ended.is_set():
            encode(self._encoder, self._texts[at : at + self._encoder.chunk])
            at = (at + self._encoder.chunk) % len(self._texts)


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Return how many a second a repeated piece of work does, after it was done once."""
    work()
    done, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < seconds:
        done += work()
    return done / taken


def _operations(seconds: float) -> float:
    """Return this machine's own float32 matrix products, in operations a second, at their best."""
    left = np.ones((_MATMUL, _MATMUL), np.float32)
    taken: list[float] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends or len(taken) < _FEWEST_PRODUCTS:
        began = time.perf_counter()
        left @ left
        taken.append(time.perf_counter() - began)
    return 2.0 * _MATMUL**3 / min(taken)


def _processor_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Do the job that the command line holds."""
    job = msgspec.json.decode(sys.argv[1], type=Job)
    keep_to(job.cores)
    kinds: dict[str, Callable[[Job], object]] = {
        "observe": observe,
        "rates": rates,
        "static": static,
    }
    print(msgspec.json.encode(kinds[job.kind](job)).decode())


if __name__ == "__main__":
    main()
