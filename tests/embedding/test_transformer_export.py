"""A published model becomes an artifact: exported, gated, installed, run. Needs the extra `torch`.

The weights are drawn by a seed, in the files and under the names of a published RoBERTa.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra torch: pip install -e .[torch]")
pytest.importorskip("onnxscript", reason="needs the extra torch: pip install -e .[torch]")

import codearch
from codearch.cli import run
from codearch.embedding.backends import Lengths, Trained, backend, write
from codearch.embedding.chosen import chosen_encoder, encoder_of
from codearch.embedding.hub import Manifest, model_problems
from codearch.embedding.hub.installed import MANIFEST
from codearch.embedding.transformer import artifact, gates, making, weights
from codearch.embedding.transformer.devices import HALF, INT8, SINGLE
from codearch.embedding.transformer.encoder import TransformerEncoder
from codearch.embedding.transformer.inputs import GraphInput, Node, Special, batch
from codearch.embedding.transformer.reading import Code, Corpus, Sample, Variable
from codearch.embedding.transformer.session import Session
from codearch.errors import EncoderError
from codearch.settings import ModelSettings, Settings
from codearch.store.processor import has_vnni

LAYERS, HIDDEN, INNER, PIECES = 2, 48, 96, 300
WORDS = ["def", "return", "if", "else", "for", "in", "load", "save", "user", "name", "path", "file"]
WORDS += ["open", "close", "(", ")", ":", "=", "+", "x", "y", "z"]
LENGTHS = Lengths(32, 8)


def published(folder: Path, seed: int = 3) -> Path:
    """Write a folder as a hub gives it: config, vocabulary, weights."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(
        json.dumps(
            {
                "model_type": "roberta",
                "vocab_size": PIECES,
                "max_position_embeddings": 64,
                "hidden_size": HIDDEN,
                "num_hidden_layers": LAYERS,
                "num_attention_heads": 4,
                "intermediate_size": INNER,
                "type_vocab_size": 1,
            }
        )
    )
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces += [chr(code) for code in range(33, 127)] + ["Ġ"]
    merges = []
    for word in WORDS:
        whole = "Ġ"
        for letter in word:
            if whole + letter not in pieces:
                merges.append(f"{whole} {letter}")
                pieces.append(whole + letter)
            whole += letter
    (folder / "vocab.json").write_text(json.dumps({one: place for place, one in enumerate(pieces)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    torch.save(drawn(seed), folder / "pytorch_model.bin")
    return folder


def drawn(seed: int) -> dict[str, torch.Tensor]:
    """Return weights under the names of a published RoBERTa."""
    generator = torch.Generator().manual_seed(seed)
    shapes = {
        "embeddings.word_embeddings.weight": (PIECES, HIDDEN),
        "embeddings.position_embeddings.weight": (64, HIDDEN),
        "embeddings.token_type_embeddings.weight": (1, HIDDEN),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            shapes[f"{layer}attention.{name}.weight"] = (HIDDEN, HIDDEN)
            shapes[f"{layer}attention.{name}.bias"] = (HIDDEN,)
        shapes[f"{layer}intermediate.dense.weight"] = (INNER, HIDDEN)
        shapes[f"{layer}intermediate.dense.bias"] = (INNER,)
        shapes[f"{layer}output.dense.weight"] = (HIDDEN, INNER)
        shapes[f"{layer}output.dense.bias"] = (HIDDEN,)
        norms += [f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"]
    found = {name: torch.randn(shape, generator=generator) * 0.3 for name, shape in shapes.items()}
    for norm in norms:
        found |= {f"{norm}.weight": torch.ones(HIDDEN), f"{norm}.bias": torch.zeros(HIDDEN)}
    found["pooler.dense.weight"] = torch.zeros(HIDDEN, HIDDEN)  # of another task
    return {f"roberta.{name}": value for name, value in found.items()}


def functions(count: int, seed: int) -> list[Code]:
    """Return functions of words that the vocabulary knows, some with data flow."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        words = tuple(chance.choice(WORDS, size=int(chance.integers(5, 30))).tolist())
        found.append(Code(words, (Variable(1, ()), Variable(3, (0,)))))
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[making.Made]:
    place = tmp_path_factory.mktemp("models")
    reduced_range = not has_vnni()  # as `codearch models export` decides for this processor
    recipe = making.Recipe(
        backend("graphcodebert"), published(place / "weights"), "r1", LENGTHS, 16, reduced_range
    )
    tried = tuple(Sample(" ".join(code.words[:6]), code) for code in functions(40, 2))
    corpus = Corpus("words", "0" * 64, tuple(functions(80, 1)), tried)
    return making.make(
        recipe, [SINGLE, INT8, HALF], corpus, place / "artifacts", lambda *_told: None
    )


def test_every_precision_passes_its_gates_and_is_installed(made: list[making.Made]) -> None:
    for one in made:
        assert one.artifact.passed, one.artifact.gates
        assert one.folder is not None
        assert {path.name for path in one.folder.iterdir()} == {
            "artifact.json",
            "model.onnx",
            "vocab.json",
            "merges.txt",
        }
    assert [gate.name for gate in made[1].artifact.gates] == [
        "parity",
        "not finite",
        "not finite in int8",
        "ranking loss",
    ]


def test_the_artifact_says_what_it_was_made_of(made: list[making.Made]) -> None:
    assert made[1].folder is not None
    read = artifact.read(made[1].folder)
    assert read == made[1].artifact
    assert (read.projection.kind, read.projection.corpus) == ("pca", "words")
    assert read.exporter["torch"] == torch.__version__


def test_precisions_have_vectors_of_their_own_under_names_of_their_own(
    made: list[making.Made],
) -> None:
    encoders = [TransformerEncoder(one.folder, "cpu") for one in made if one.folder]
    assert len({encoder.id for encoder in encoders}) == 3
    codes = functions(12, 5)
    single, eight, half = (encoder.encode_code(codes) for encoder in encoders)
    assert single.shape == (12, 16)
    assert np.allclose(np.linalg.norm(single, axis=1), 1, atol=1e-5)
    assert (single * half).sum(1).min() > 0.999
    assert (single * eight).sum(1).mean() > 0.95


def test_eight_bit_vectors_do_not_depend_on_their_neighbours(made: list[making.Made]) -> None:
    assert made[1].folder is not None
    encoder = TransformerEncoder(made[1].folder, "cpu")
    codes = functions(9, 6)
    together = encoder.encode_code(codes)
    for code, row in zip(codes, together, strict=True):
        assert np.array_equal(encoder.encode_code([code])[0], row)


def test_a_long_function_is_the_mean_of_its_windows(made: list[making.Made]) -> None:
    assert made[0].folder is not None
    encoder = TransformerEncoder(made[0].folder, "cpu")
    words = tuple(WORDS * 6)
    row = encoder.encode_code([Code(words)])[0]
    assert np.isfinite(row).all()
    assert not np.allclose(row, encoder.encode_code([Code(words[:25])])[0], atol=1e-3)


def test_the_end_of_a_long_function_is_found(made: list[making.Made]) -> None:
    """Functions that differ only behind their third window are told apart by what stands there."""
    assert made[0].folder is not None
    encoder = TransformerEncoder(made[0].folder, "cpu")
    ends = [code.words for code in functions(20, 9)]
    rows = encoder.encode_code([Code((*WORDS * 4, *end)) for end in ends])
    asked = encoder.encode_queries([" ".join(end) for end in ends])
    scores = asked @ rows.T
    better = (scores > scores.diagonal()[:, None]).sum(1)
    assert np.median(better) <= 1, "of 20, by weights that have learned nothing"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> making.Made:
    """Export as many numbers as the model has inside."""
    place = tmp_path_factory.mktemp("whole")
    recipe = making.Recipe(
        backend("graphcodebert"), published(place / "weights"), "r1", LENGTHS, HIDDEN, False
    )
    tried = tuple(Sample(" ".join(code.words[:6]), code) for code in functions(20, 2))
    corpus = Corpus("words", "0" * 64, tuple(functions(10, 1)), tried)
    (one,) = making.make(recipe, [SINGLE], corpus, place / "artifacts", lambda *_told: None)
    return one


def test_all_numbers_are_kept_on_request(whole: making.Made) -> None:
    assert whole.folder is not None
    assert (whole.artifact.dimension, whole.artifact.projection.kind) == (HIDDEN, "none")
    assert whole.folder.name == f"float32-{HIDDEN}-32+8"
    rows = TransformerEncoder(whole.folder, "cpu").encode_code(functions(5, 3))
    assert rows.shape == (5, HIDDEN)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_next_model_that_is_ready_stands_in(whole: making.Made, tmp_path: Path) -> None:
    assert whole.folder is not None
    shutil.copytree(whole.folder, tmp_path / "codebert" / "artifacts" / whole.folder.name)
    settings = Settings(model=ModelSettings(name="graphcodebert", dir=str(tmp_path), device="cpu"))
    chosen = chosen_encoder(settings)
    assert (chosen.name, chosen.encoder.dimension) == ("codebert", HIDDEN)
    (problem,) = model_problems(settings)
    assert "graphcodebert is not on this machine, so codebert is used" in problem.message


def test_a_damaged_export_is_nothing_against_the_others(
    made: list[making.Made], tmp_path: Path
) -> None:
    place = tmp_path / "graphcodebert" / "artifacts"
    single, eight, half = (one.folder for one in made)
    assert single
    assert eight
    assert half
    for folder in (single, eight, half):
        shutil.copytree(folder, place / folder.name)
    (place / eight.name / "artifact.json").write_text("{")  # what a processor would take
    (place / half.name / "model.onnx").unlink()
    settings = Settings(model=ModelSettings(name="graphcodebert", dir=str(tmp_path), device="cpu"))
    chosen = chosen_encoder(settings)
    assert (chosen.name, chosen.encoder.precision, chosen.problem) == (
        "graphcodebert",
        "float32",
        None,
    )
    kept = TransformerEncoder(single, "cpu").id
    assert chosen.encoder.id == kept
    again = encoder_of(kept, "graphcodebert", settings)
    assert again is not None
    assert again.id == kept
    (place / single.name / "artifact.json").unlink()
    gone = chosen_encoder(settings)
    assert gone.name == "static"
    assert gone.problem is not None
    assert encoder_of(kept, "graphcodebert", settings) is None


def test_a_graph_takes_any_number_of_inputs_of_any_length(whole: making.Made) -> None:
    import onnx

    assert whole.folder is not None
    inputs = onnx.load(whole.folder / "model.onnx").graph.input
    shapes = {one.name: one.type.tensor_type.shape.dim for one in inputs}
    assert [len(shapes[name]) for name in ("ids", "positions", "mask")] == [2, 2, 3]
    assert all(place.dim_param for shape in shapes.values() for place in shape)
    network, _ = weights.read(whole.folder.parents[1] / "weights", HIDDEN)
    session = Session(whole.folder / "model.onnx", "cpu", 1)
    for rows, length in ((1, 3), (3, 9), (2, 40)):
        inputs = [GraphInput((0, 5, 2), (Node(1, 2, ()),)) for _ in range(rows)]
        made = batch(inputs, Special(), max(length, 4))
        feed = {"ids": made.ids, "positions": made.positions, "mask": made.mask}
        with torch.inference_mode():
            expected = network(*map(torch.from_numpy, feed.values())).numpy()
        assert np.abs(session.run(feed) - expected).max() <= gates.MOST_DIFFERENCE


def test_the_projection_s_corpus_is_part_of_what_vectors_are_known_by(
    made: list[making.Made],
) -> None:
    folder, described = made[0].folder, made[0].artifact
    assert folder is not None
    other = msgspec.structs.replace(described.projection, digest="1" * 64)
    changed = msgspec.structs.replace(described, projection=other)
    assert artifact.identity(folder, changed) != artifact.identity(folder, described)


def test_the_data_flow_changes_the_vector(made: list[making.Made]) -> None:
    assert made[0].folder is not None
    encoder = TransformerEncoder(made[0].folder, "cpu")
    plain, flowing = (
        Code(("x", "=", "y")),
        Code(("x", "=", "y"), (Variable(2, ()), Variable(0, (0,)))),
    )
    rows = encoder.encode_code([plain, flowing])
    assert not np.allclose(rows[0], rows[1], atol=1e-4)


def test_a_node_is_the_mean_of_its_pieces() -> None:
    network = weights.seeded(weights.Shape(50, 40, 16, 1, 2, 32, dimension=4), seed=1)
    one = GraphInput((0, 10, 11, 12, 2), (Node(1, 3, ()),))
    made = batch([one], Special(), one.length)
    rows = network._embedded(*map(torch.from_numpy, (made.ids, made.positions, made.mask)))
    table = network.words.weight
    assert torch.allclose(rows[0, 5], (table[10] + table[11]) / 2)


def test_seeded_weights_are_the_same_each_time() -> None:
    shape = weights.Shape(50, 40, 16, 1, 2, 32, dimension=4)
    first, second = weights.seeded(shape, 7), weights.seeded(shape, 7)
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name])


def test_weights_that_do_not_fit_are_refused_by_name(tmp_path: Path) -> None:
    folder = published(tmp_path / "weights")
    broken = drawn(3)
    del broken["roberta.encoder.layer.1.output.dense.bias"]
    torch.save(broken, folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"lacks layers\.1\.outer\.bias"):
        weights.read(folder, 16)


def test_code_in_a_pickle_is_never_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (__import__("os").system, (f"touch {tmp_path / 'run'}",))

    folder = published(tmp_path / "weights")
    torch.save({"roberta.embeddings.word_embeddings.weight": Trap()}, folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match="cannot be read as weights"):
        weights.read(folder, 16)
    assert not (tmp_path / "run").exists()


def test_what_fails_a_gate_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "MOST_DIFFERENCE", -1.0)
    recipe = making.Recipe(
        backend("codebert"), published(tmp_path / "weights"), "r1", Lengths(32), 16, False
    )
    tried = tuple(Sample("load user", code) for code in functions(5, 2))
    corpus = Corpus("words", "0" * 64, tuple(functions(40, 1)), tried)
    (made,) = making.make(recipe, [SINGLE], corpus, tmp_path / "artifacts", lambda *_told: None)
    assert made.folder is None
    assert list((tmp_path / "artifacts").iterdir()) == []


def test_a_failing_export_says_so_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "models"
    folder = published(home / "ours" / "weights")
    manifest = Manifest("ours", "here", "r1", "MIT", 0, ())
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    described = Trained("Ours", "MIT", "graph", HIDDEN, 0, (LENGTHS, LENGTHS), ("<s>",), ("</s>",))
    write(home, "ours", described)
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(home))
    monkeypatch.chdir(tmp_path)
    sources = Path(codearch.__file__).parent
    command = ["models", "export", "ours", "--precision", "int8", "--dimension", "16"]
    command += ["--functions", "40", "--corpus", str(sources)]
    monkeypatch.setattr(gates, "MOST_RANKING_LOSS", 1.0)  # of weights that have learned nothing
    assert run(command) == 0
    said = capsys.readouterr().out
    (installed,) = (home / "ours" / "artifacts").iterdir()
    kept = artifact.read(installed)
    assert all(f"  {gate.name} " in said for gate in kept.gates)
    assert f"{kept.gates[0].value:<8.2g}  ≤ 0.0001  passed" in said
    assert kept.projection.corpus == "codearch"

    monkeypatch.setattr(gates, "MOST_RANKING_LOSS", -2.0)
    assert run(command) == 3
    told = capsys.readouterr()
    assert "≤ -2  failed" in told.out
    assert "  not installed" in told.out
    assert "int8 did not pass: nothing of it is installed." in told.err
    assert artifact.read(installed) == kept
