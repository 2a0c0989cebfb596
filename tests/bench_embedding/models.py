"""Transformers with weights drawn by a seed, exported as published ones are, kept for later runs.

    python tests/bench_embedding/models.py HOME MATERIAL NAME REDUCED PRECISION …

Speed does not depend on what weights say, so that architectures are measured without a hub. It runs
in a process of its own, since PyTorch and its graphs take 3 GB.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "server"
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(SERVER)]

from material import Material

from codearch.embedding.backends import Backend, Trained, backend, write
from codearch.embedding.training.plan import SCRATCH_LENGTHS, Sizes
from codearch.embedding.transformer.reading import Corpus, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 1
POSITIONS = 514
DIMENSION = 256  # of the vectors
TRIED = 8  # functions, asked for by their own words: drawn weights rank nothing better
_LIBRARIES = ("torch", "onnx", "onnxscript", "onnxruntime", "tokenizers")
_SHAPING = ("artifact", "export", "inputs", "making", "network", "reading", "vocabulary", "weights")
_OURS = "made-*"  # folders of what one state of the sources has made


class Architecture(NamedTuple):
    """A transformer to measure, under the name by which the product knows it."""

    name: str
    title: str
    sizes: Sizes

    def operations(self, tokens: int, nodes: int) -> float:
        """Return the floating-point operations of the layers' products for one function."""
        places, sizes = tokens + nodes, self.sizes
        dense = 4 * sizes.hidden**2 + 2 * sizes.hidden * sizes.inner
        return 2.0 * sizes.layers * places * (dense + 2 * places * sizes.hidden)


GRAPHCODEBERT = Architecture(
    "graphcodebert", "GraphCodeBERT (12 layers)", Sizes(50_265, 768, 12, 12, 3_072)
)
SMALL = Architecture("small", "small transformer (2 layers)", Sizes())
ARCHITECTURES = {one.name: one for one in (GRAPHCODEBERT, SMALL)}


class Kept:
    """The folder of models that were made; those of other sources and libraries are removed."""

    def __init__(self, folder: Path, material: Path) -> None:
        self._folder, self._material = folder / f"made-{_fingerprint()}", material
        for other in folder.glob(_OURS):
            if other != self._folder:
                shutil.rmtree(other)

    def home(self, made: Architecture, precisions: Sequence[str], *, reduced: bool = False) -> Path:
        """Return a folder of models that holds this one, after making what is not there yet."""
        home = self._folder / ("reduced" if reduced else "plain")
        missing = [one for one in precisions if not list(_artifacts(home, made.name, one))]
        if missing:
            print(f"making {made.title}: {', '.join(missing)}", flush=True)
            command = [sys.executable, __file__, str(home), str(self._material), made.name]
            subprocess.run([*command, str(int(reduced)), *missing], check=True)
        return home

    def artifact(self, made: Architecture, precision: str, *, reduced: bool = False) -> Path:
        """Return the folder of one export."""
        home = self.home(made, [precision], reduced=reduced)
        return next(_artifacts(home, made.name, precision))


def _artifacts(home: Path, name: str, precision: str) -> Iterator[Path]:
    return (home / name / "artifacts").glob(f"{precision}-*")


def _fingerprint() -> str:
    """Return what changes when an export might come out otherwise."""
    package = SERVER / "codearch" / "embedding" / "transformer"
    seen = hashlib.sha256(Path(__file__).read_bytes())
    for name in _SHAPING:
        seen.update((package / f"{name}.py").read_bytes())
    seen.update(repr([importlib.metadata.version(name) for name in _LIBRARIES]).encode())
    return seen.hexdigest()[:16]


def make(
    home: Path, made: Architecture, precisions: Sequence[str], read: Material, *, reduced: bool
) -> None:
    """Draw weights, learn a vocabulary, and export both with the product's own code and gates."""
    from codearch.embedding.transformer import making, weights
    from codearch.embedding.transformer.network import Shape
    from codearch.embedding.transformer.vocabulary import learn

    with tempfile.TemporaryDirectory(prefix="codearch-weights-") as name:
        source = Path(name)
        learn((f" {' '.join(code.words)}" for code in read.codes), made.sizes.pieces, source)
        sizes = made.sizes
        shape = Shape(
            sizes.pieces,
            POSITIONS,
            sizes.hidden,
            sizes.layers,
            sizes.heads,
            sizes.inner,
            dimension=DIMENSION,
        )
        weights.write(source, weights.seeded(shape, SEED), shape)
        known = _known(home, made)
        lengths = known.lengths[0]
        recipe = making.Recipe(known, source, f"seed {SEED}", lengths, DIMENSION, reduced)
        tried = [Sample(" ".join(code.words[:64]), code) for code in read.codes[:TRIED]]
        corpus = Corpus("drawn", "0" * 64, tuple(read.codes[TRIED : 2 * TRIED]), tuple(tried))
        target = home / made.name / "artifacts"
        for one in making.make(recipe, precisions, corpus, target, lambda *_told: None):
            if one.folder is None:
                raise SystemExit(f"{made.name} did not pass: {one.artifact.gates}")


def _known(home: Path, made: Architecture) -> Backend:
    """Return the model's backend; one that does not ship is described as trained ones are."""
    if made is SMALL:
        (home / made.name).mkdir(parents=True, exist_ok=True)
        own = Trained(
            title=made.title,
            licence="none",
            input="graph",
            dimension=made.sizes.hidden,
            vector=DIMENSION,
            lengths=SCRATCH_LENGTHS,
            prefix=("<s>",),
            suffix=("</s>",),
        )
        write(home, made.name, own)
    return backend(made.name, home)


def main() -> None:
    """Make one model as the command line says."""
    home, material, name, reduced, *precisions = sys.argv[1:]
    made = ARCHITECTURES[name]
    make(Path(home), made, precisions, Material.read(Path(material)), reduced=reduced == "1")


if __name__ == "__main__":
    main()
