"""Measures encoders, prints figures beside their bounds, and exits 1 beyond one.

    python tests/bench_embedding/run.py [--only NAME …] [--quick] [--markdown] [--json FILE]

Bounds on time and rates follow the machine as those of tests/bench/run.py do; those on processor
time hold as they are. Transformers have weights drawn by a seed: they are exported by the
product's own code at the first run, which takes some minutes, and kept in `.bench/` of this clone.
`--quick` takes small inputs, to see that the benchmark works.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parent), str(ROOT / "server")]

import arriving
import cuda
import encoding
import growing
import one_file
import processor
import throughput
from encoding import STATIC, Job, Observed, Rates, Static
from figures import Figure, percentile
from inputs import FUNCTIONS
from material import gathered
from models import GRAPHCODEBERT, SMALL, Kept
from sheet import Sheet
from surroundings import LIBRARIES, cores, machine, own_surroundings

from codearch.embedding.transformer.devices import HALF, INT8, SINGLE

if TYPE_CHECKING:
    from growing import Family, Grown
    from models import Architecture

CORES = 2
ARRIVING = 2_000  # functions that a second model embeds
MOST_CORES = 16  # from which on a machine must do better


class Bench:
    """Runs what is wanted, one after the other; a section is the method of its name."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.quick: bool = options.quick
        self.folder = folder
        self.material = gathered(*((600, 200) if self.quick else ())).write(folder / "material")
        self.kept = Kept(options.models, self.material)
        self.sheet = Sheet()
        self.grown: list[Grown] = []
        self._observed: dict[str, list[Observed]] = {}

    def run(self, wanted: list[str]) -> None:
        """Run these sections in their own order."""
        for name, section in SECTIONS.items():
            if name in wanted:
                section(self)

    # --- the encoder that ships --------------------------------------------------------------

    def static(self) -> None:
        """Measure the shipped encoder on one core."""

        def measured() -> list[Figure]:
            found = encoding.asked(self._job("static", STATIC, cores=1), Static)
            return [
                Figure("static: encoding, one core", found.functions, "a CPU s", 3_000, "least"),
                Figure("static: a query", found.query_ms, "CPU ms", 0.1),
                Figure("static: loading", found.load_ms, "CPU ms", 250),
                Figure("static: on disk", found.megabytes, "MB", 10),
                *self._costs("static", STATIC),
            ]

        self.sheet.measure(measured)

    def throughput(self) -> None:
        """Measure how fast files are indexed, vectors included."""
        least = 1_000 if len(cores()) >= MOST_CORES else 300
        count = 1_000 if self.quick else throughput.FILES

        def measured() -> list[Figure]:
            with processor.environment({"CODEARCH_SEARCH_VECTORS": "false"}):
                (words,) = throughput.measure(_folder(self.folder / "words"), count)
            (whole,) = throughput.measure(_folder(self.folder / "whole"), count)
            return [
                Figure(f"words alone: {words.name}", words.value, words.unit),
                Figure(f"static: {whole.name}", whole.value, whole.unit, least, "least"),
                Figure("  of words alone", whole.value / words.value, "times"),
            ]

        self.sheet.measure(measured)

    def file(self) -> None:
        """Measure how soon a saved file has its vectors."""
        edits = 5 if self.quick else one_file.EDITS
        self.sheet.measure(lambda: one_file.measure(self.folder, edits))

    # --- transformers ------------------------------------------------------------------------

    def small(self) -> None:
        """Measure the architecture that `codearch models train` makes from nothing."""
        self._transformer(SMALL, bounded=False)

    def graphcodebert(self) -> None:
        """Measure the published architecture: as this machine runs it, and with seven bits."""
        self._transformer(GRAPHCODEBERT, bounded=True)

    def _transformer(self, made: Architecture, *, bounded: bool) -> None:
        self.kept.home(made, [SINGLE, INT8])  # both at once: the network is drawn but once
        single = self._rates(made, SINGLE, "float32")
        eight = self._rates(made, INT8, "int8", single, least=10 if bounded else None)
        if bounded:
            self._rates(made, INT8, "int8, seven bits", eight, least=10, reduced=True)
        artifact = str(self.kept.artifact(made, INT8))
        self.sheet.measure(lambda: self._costs(f"{made.name}, int8", artifact))

    def _rates(
        self,
        made: Architecture,
        precision: str,
        title: str,
        against: Rates | None = None,
        least: float | None = None,
        *,
        reduced: bool = False,
    ) -> Rates:
        """Show functions a second at each length, and what share they are of something known."""
        artifact = self.kept.artifact(made, precision, reduced=reduced)
        kept: list[Rates] = []

        def figures() -> list[Figure]:
            shown: list[Figure] = []
            found = encoding.asked(self._job("rates", str(artifact)), Rates)
            kept.append(found)
            for tokens, rate in found.functions.items():
                label = f"{made.name}, {title}, {tokens} tokens"
                bound = least if tokens == 128 else None
                shown.append(Figure(label, rate, "functions/s", bound, "least"))
                if against is None:
                    done = rate * made.operations(tokens, tokens // encoding.NODES)
                    share = done / found.operations * 100
                    shown.append(Figure("  of the machine's own products", share, "%"))
                else:
                    ratio = rate / against.functions[tokens]
                    shown.append(Figure("  of the one above", ratio, "times"))
            return shown

        self.sheet.measure(figures)
        return kept[0]

    def _costs(self, title: str, artifact: str) -> list[Figure]:
        """Return memory and cold start of a process with one encoder."""
        found = self._twice(artifact)
        slowest = max(one.first_seconds for one in found)
        return [
            Figure(f"{title}: process to first vector", slowest, "s", 5),
            Figure(f"{title}: memory of the process", found[0].megabytes, "MB", 1_000),
        ]

    # --- what holds for every encoder --------------------------------------------------------

    def repeat(self) -> None:
        """Compare the vectors of two processes, byte by byte."""
        for title, artifact in self._encoders():

            def equal(title: str = title, artifact: str = artifact) -> list[Figure]:
                digests = [one.digest for one in self._twice(artifact)]
                same = float(digests.count(digests[0]))
                return [Figure(f"{title}: runs with the same vectors", same, "", 2, "least")]

            self.sheet.measure(equal)

    def behind(self) -> None:
        """Measure how long a query waits while functions are being encoded."""
        for title, artifact in self._encoders():

            def waits(title: str = title, artifact: str = artifact) -> list[Figure]:
                found = self._twice(artifact)[0]
                alone = statistics.median(found.alone)
                late = percentile(found.behind, 0.95)
                return [
                    Figure(f"{title}: a query alone, p50", alone, "ms"),
                    Figure(f"{title}: behind bulk, p95", late, "ms"),
                    Figure(f"{title}: it waits, p95", max(late - alone, 0.0), "ms", 50),
                ]

            self.sheet.measure(waits)

    def arrival(self) -> None:
        """Have a second model arrive beside the one that answers."""
        wanted = 200 if self.quick else ARRIVING
        home = self.kept.home(SMALL, [SINGLE, INT8])
        self.sheet.measure(lambda: arriving.measure(self.folder, SMALL.name, home, wanted))

    def cuda(self) -> None:
        """Measure a CUDA device as a share of what its matrix products allow."""
        if not cuda.is_here():
            print(f"cuda: {cuda.NOT_HERE}", flush=True)
            return
        artifact = self.kept.artifact(GRAPHCODEBERT, HALF)
        print(f"cuda: {cuda.device_name() or 'a device whose driver tells no name'}", flush=True)
        job = cuda.Job(str(artifact), str(self.material))
        self.sheet.measure(lambda: _cuda_figures(cuda.asked(job)))

    def growth(self) -> None:
        """Index 10,000 functions with each model, and print which one costs what."""
        wanted = 500 if self.quick else growing.WANTED
        for family in self._families(wanted):
            self.sheet.measure(lambda family=family: self._grow(family, wanted))
        print(f"\n{wanted:,} functions in {wanted // FUNCTIONS:,} files\n\n{growing.HEAD}")
        print("\n".join(grown.row(wanted) for grown in self.grown), flush=True)

    def _grow(self, family: Family, wanted: int) -> list[Figure]:
        grown = growing.measure(self.folder, family)
        if self.grown and family.functions < wanted:
            grown = grown.scaled(self.grown[0])
        self.grown.append(grown)
        label = f"{wanted:,} functions, {family.name} on {family.device}:"
        return [
            Figure(f"{label} ready", grown.seconds, "s"),
            Figure(f"{label} memory", grown.memory, "MB"),
            Figure(f"{label} store", grown.vectors + grown.rest, "MB"),
        ]

    def _families(self, wanted: int) -> list[Family]:
        few = min(growing.SCALED_FROM, wanted) if not self.quick else 100
        plain = self.kept.home(GRAPHCODEBERT, [SINGLE, INT8])
        self.kept.home(SMALL, [SINGLE, INT8])
        found = [
            growing.Family("static", "static", "cpu", None, wanted),
            growing.Family(f"{SMALL.title}, int8", SMALL.name, "cpu", plain, wanted),
            growing.Family(f"{GRAPHCODEBERT.title}, int8", GRAPHCODEBERT.name, "cpu", plain, few),
        ]
        if cuda.is_here():
            self.kept.home(GRAPHCODEBERT, [HALF])
            title = f"{GRAPHCODEBERT.title}, float16"
            found.append(growing.Family(title, GRAPHCODEBERT.name, "cuda", plain, wanted))
        return found

    # --- shared ------------------------------------------------------------------------------

    def _encoders(self) -> list[tuple[str, str]]:
        return [
            ("static", STATIC),
            (f"{SMALL.name}, int8", str(self.kept.artifact(SMALL, INT8))),
            (f"{GRAPHCODEBERT.name}, int8", str(self.kept.artifact(GRAPHCODEBERT, INT8))),
        ]

    def _twice(self, artifact: str) -> list[Observed]:
        """Return what two processes with the same encoder and inputs found."""
        if artifact not in self._observed:
            job = self._job("observe", artifact)
            self._observed[artifact] = [encoding.asked(job, Observed) for _ in range(2)]
        return self._observed[artifact]

    def _job(self, kind: encoding.Kind, artifact: str, cores: int = CORES) -> Job:
        return Job(kind, artifact, str(self.material), cores, 0.5 if self.quick else 3.0)


# In the order in which they run.
SECTIONS = {
    "static": Bench.static,
    "throughput": Bench.throughput,
    "file": Bench.file,
    "small": Bench.small,
    "graphcodebert": Bench.graphcodebert,
    "repeat": Bench.repeat,
    "behind": Bench.behind,
    "arrival": Bench.arrival,
    "cuda": Bench.cuda,
    "growth": Bench.growth,
}


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _cuda_figures(found: cuda.Speed) -> list[Figure]:
    figures = [Figure("cuda: own products, float16", found.operations / 1e12, "TFLOP/s")]
    for tokens, rate in found.bound.items():
        share = rate * GRAPHCODEBERT.operations(tokens, tokens // encoding.NODES)
        figures += [
            Figure(f"cuda, float16, {tokens} tokens", rate, "functions/s"),
            Figure("  of its own products", share / found.operations * 100, "%", 50, "least"),
            Figure("  with all copies, as it is used", found.product[tokens], "functions/s"),
        ]
    return figures


def main() -> int:
    """Measure, print, and say whether every bound was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(SECTIONS), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="small inputs")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--markdown", action="store_true", help="print a table for a document, too")
    kept = ROOT / ".bench" / "models"
    parser.add_argument("--models", type=Path, default=kept, help="where exports are kept")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl+C does: clean up first
    with (
        tempfile.TemporaryDirectory(prefix="codearch-bench-", ignore_cleanup_errors=True) as folder,
        own_surroundings(Path(folder).resolve()),
    ):
        print(f"{machine((*LIBRARIES, 'onnxruntime', 'torch'))}\n{processor.described()}")
        bench = Bench(options, Path(folder).resolve())
        bench.run(options.only or list(SECTIONS))
    if options.markdown:
        print(f"\n{bench.sheet.markdown()}")
    if options.json:
        bench.sheet.write(options.json)
    return bench.sheet.verdict()


if __name__ == "__main__":
    sys.exit(main())
