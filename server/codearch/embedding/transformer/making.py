"""An artifact is made: projection fitted, graphs written, gates passed, then installed whole."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.embedding.hub.installed import sha256
from codearch.embedding.transformer import artifact as artifacts
from codearch.embedding.transformer import export, gates, weights
from codearch.embedding.transformer.artifact import Artifact, Gate, Projection
from codearch.embedding.transformer.devices import INT8, SINGLE
from codearch.embedding.transformer.projection import principal_components
from codearch.embedding.transformer.reading import Code, Corpus, Reader, Variable
from codearch.embedding.transformer.running import Runner
from codearch.embedding.transformer.session import Session, polite_threads
from codearch.embedding.transformer.vocabulary import FILES, Vocabulary
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.embedding.backends import Backend, Lengths
    from codearch.embedding.transformer.inputs import GraphInput
    from codearch.embedding.transformer.network import Network

Progress = Callable[[str, int, int], None]  # what, done, of how many


class Recipe(msgspec.Struct, frozen=True):
    """What to make of a pulled model."""

    backend: Backend
    source: Path
    revision: str
    lengths: Lengths
    dimension: int
    reduced_range: bool


class Made(msgspec.Struct, frozen=True):
    """An artifact with its gates, and where it was put: nowhere if a gate was not passed."""

    artifact: Artifact
    folder: Path | None


def make(
    recipe: Recipe, precisions: Sequence[str], corpus: Corpus, target: Path, told: Progress
) -> list[Made]:
    """Export a model in several precisions below `target`; what fails a gate is not installed."""
    network, shape = weights.read(recipe.source, recipe.dimension)
    workshop = _Workshop(recipe, network, corpus, told)
    projection = workshop.fit(shape.hidden)
    with _workplace(target) as place:
        reference = place / "reference.onnx"
        told("writing", 0, 1)
        export.write_graph(network, SINGLE, reference)
        single = workshop.try_single(reference)
        return [
            workshop.install(precision, place, target, projection, single)
            for precision in precisions
        ]


class _Workshop:
    """Holds what the steps of one export share."""

    def __init__(self, recipe: Recipe, network: Network, corpus: Corpus, told: Progress) -> None:
        self._recipe, self._network, self._corpus, self._told = recipe, network, corpus, told
        self._vocabulary = Vocabulary(recipe.source)
        around = (list(recipe.backend.prefix), list(recipe.backend.suffix))
        self._around = around
        self._reader = Reader(self._vocabulary, recipe.lengths, around)
        self._best = 0.0  # NDCG@10 of float32

    def fit(self, hidden: int) -> Projection:
        """Give the network its projection, and say what it was fitted on."""
        if weights.has_head(self._recipe.source):
            return Projection("trained")
        if self._recipe.dimension == hidden:
            return Projection("none")
        inputs = [self._reader.code(code)[0] for code in self._corpus.fitted]
        rows = []
        for row in export.pooled(self._network, inputs, self._vocabulary.special):
            rows.append(row)
            self._told("fitting", len(rows), len(inputs))
        centre, axes, kept = principal_components(np.stack(rows), self._recipe.dimension)
        export.set_head(self._network, centre, axes)
        corpus = self._corpus
        return Projection("pca", corpus.name, len(rows), corpus.digest, round(kept, 4))

    def try_single(self, graph: Path) -> list[Gate]:
        """Compare the float32 graph with PyTorch, and note how well it ranks."""
        edge = self._edge_cases()
        expected = np.stack(list(export.vectors(self._network, edge, self._vocabulary.special)))
        found = self._runner(graph, SINGLE).vectors(edge)
        self._best = self._ranked(graph, SINGLE)
        return [gates.parity(expected, found), gates.finite(found)]

    def install(
        self, precision: str, place: Path, target: Path, projection: Projection, single: list[Gate]
    ) -> Made:
        """Write one precision's folder and put it where it belongs if it passes its gates."""
        folder = place / precision
        folder.mkdir()
        graph = folder / artifacts.GRAPH
        self._write(precision, place / "reference.onnx", graph)
        passed = [*single, *self._gates(graph, precision)]
        artifact = self._described(precision, projection, passed)
        artifacts.write(folder, artifact)
        for name in FILES:
            shutil.copyfile(self._recipe.source / name, folder / name)
        if not artifact.passed:
            return Made(artifact, None)
        installed = target / artifacts.folder_name(artifact)
        _replace(folder, installed)
        return Made(artifact, installed)

    def _write(self, precision: str, reference: Path, graph: Path) -> None:
        self._told("writing", 0, 1)
        if precision == SINGLE:
            shutil.copyfile(reference, graph)
            return
        export.write_graph(
            self._network,
            precision,
            graph,
            reference=reference,
            reduced_range=self._recipe.reduced_range,
        )

    def _gates(self, graph: Path, precision: str) -> list[Gate]:
        if precision == SINGLE:
            return []
        finite = gates.finite(self._runner(graph, precision).vectors(self._edge_cases()))
        return [
            msgspec.structs.replace(finite, name=f"not finite in {precision}"),
            gates.ranking(self._best, self._ranked(graph, precision)),
        ]

    def _described(self, precision: str, projection: Projection, passed: list[Gate]) -> Artifact:
        recipe = self._recipe
        return Artifact(
            format=artifacts.FORMAT,
            model=recipe.backend.name,
            revision=recipe.revision,
            weights=sha256(weights.weights_file(recipe.source)),
            layout=recipe.backend.input,
            precision=precision,
            dimension=recipe.dimension,
            lengths=recipe.lengths,
            around=self._around,
            vocabulary=self._vocabulary.digest,
            projection=projection,
            gates=passed,
            exporter=export.versions(),
            reduced_range=recipe.reduced_range and precision == INT8,
        )

    def _edge_cases(self) -> list[GraphInput]:
        """Return the empty, the shortest and the longest input, and some of the corpus.

        The longest has a variable at each word, which takes its value from the one before.
        """
        lengths, word = self._recipe.lengths, self._corpus.fitted[0].words[:1]
        chain = tuple(Variable(at, (at - 1,) if at else ()) for at in range(lengths.tokens))
        codes = [Code(()), Code(word), Code(word * lengths.tokens, chain), *self._corpus.fitted[:5]]
        return [self._reader.code(code)[0] for code in codes]

    def _ranked(self, graph: Path, precision: str) -> float:
        """Return NDCG@10 of the corpus's docs as questions for its functions."""
        runner = self._runner(graph, precision)
        tried = self._corpus.tried
        inputs = [self._reader.question(sample.question) for sample in tried]
        inputs += [self._reader.code(sample.code)[0] for sample in tried]
        rows = []
        for at in range(0, len(inputs), 16):
            rows.append(runner.vectors(inputs[at : at + 16]))
            self._told(f"trying {precision}", min(at + 16, len(inputs)), len(inputs))
        found = np.concatenate(rows)
        return gates.ndcg(found[: len(tried)], found[len(tried) :], range(len(tried)))

    def _runner(self, graph: Path, precision: str) -> Runner:
        session = Session(graph, "cpu", polite_threads())
        return Runner(session, self._vocabulary.special, precision)


@contextlib.contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """Give a folder beside the artifacts, so that a rename puts a finished one in its place."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=target) as name:
        yield Path(name)


def _replace(folder: Path, target: Path) -> None:
    """Put a folder where another may stand; the other goes only when the new one is there."""
    if target.exists():
        target.rename(folder.with_name(f"{folder.name}-old"))
    try:
        folder.rename(target)
    except OSError as error:
        message = f"{target} cannot be written: {error}."
        raise EncoderError(message) from error
