"""Models are trained: losses, the loop, what survives a kill, what is installed. Needs `torch`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra torch: pip install -e .[torch]")

from msgspec.structs import replace
from test_transformer_export import published
from training_corpus import TINY, project

from codearch.embedding.backends import Lengths, all_backends, backend
from codearch.embedding.hub import manifest, weights_folder
from codearch.embedding.shipped import shipped_encoder
from codearch.embedding.training import checkpoints, loop
from codearch.embedding.training.lessons import Lesson, lessons, turn
from codearch.embedding.training.loop import LOWEST_RATE, rate_at
from codearch.embedding.training.losses import alike, info_nce, nt_xent
from codearch.embedding.training.plan import Plan, Sizes, fitted
from codearch.embedding.training.starting import (
    from_static,
    levelled,
    write_vocabulary,
)
from codearch.embedding.training.training import Outcome, Request, Told, train
from codearch.embedding.transformer import export, weights
from codearch.embedding.transformer.inputs import GraphInput
from codearch.embedding.transformer.reading import Reader
from codearch.embedding.transformer.vocabulary import Vocabulary
from codearch.errors import EncoderError, UsageError
from codearch.index.functions import functions, own_corpus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.embedding.training.functions import Function

torch.set_num_threads(1)  # as quick, and the same on every machine
Parts = tuple[list["Function"], list["Function"]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    held = own_corpus([project(tmp_path_factory.mktemp("project"))])
    training, development, test = (
        functions(held[part], 200, lambda *_: None, with_views=True)
        for part in ("training", "development", "test")
    )
    assert not {one.group for one in training} & {one.group for one in (*development, *test)}
    return training, [*development, *test]


def run(
    home: Path,
    parts: Parts,
    plan: Plan = TINY,
    stop: Callable[[], bool] = lambda: False,
    **options: object,
) -> Outcome:
    told = Told(lambda *_: None, lambda *_: None)
    return train(Request("ours", home, plan, *parts, **options), told, stop)


def stop_after(steps: int) -> Callable[[], bool]:
    asked = iter(range(10_000))
    return lambda: next(asked) >= steps


def unit(rows: list[list[float]]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.tensor(rows), dim=1)


def plain(scores: np.ndarray, right: int, left_out: set[int]) -> float:
    """Return -log of the right one's share of the sum, as the papers write it."""
    kept = [math.exp(score) for at, score in enumerate(scores) if at not in left_out - {right}]
    return -math.log(math.exp(scores[right]) / sum(kept))


def test_nt_xent_is_that_of_the_paper() -> None:
    first, second = unit([[1, 0.2], [0.1, 1], [1, 1]]), unit([[1, 0], [0, 1], [0.8, 1]])
    found = nt_xent(first, second, alike(torch.tensor([0, 1, 2] * 2)), 0.5)
    scores = (torch.cat([first, second]) @ torch.cat([first, second]).T / 0.5).numpy()
    by_hand = [plain(scores[row], (row + 3) % 6, {row}) for row in range(6)]
    assert float(found) == pytest.approx(np.mean(by_hand), abs=1e-6)


def test_views_of_equal_functions_are_no_negatives_of_each_other() -> None:
    first, second = unit([[1, 0.2], [0.1, 1], [1, 1]]), unit([[1, 0], [0, 1], [0.8, 1]])
    found = nt_xent(first, second, alike(torch.tensor([7, 1, 7] * 2)), 0.5)
    scores = (torch.cat([first, second]) @ torch.cat([first, second]).T / 0.5).numpy()
    twins = {0: {0, 2, 3, 5}, 1: {1, 4}, 2: {0, 2, 3, 5}}
    by_hand = [plain(scores[row], (row + 3) % 6, twins[row % 3]) for row in range(6)]
    assert float(found) == pytest.approx(np.mean(by_hand), abs=1e-6)


def test_no_batch_has_what_is_alike_among_its_negatives(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, development = parts
    twin = replace(training[0], question=training[1].question)  # its body, the other's doc
    met = []

    def noting(first: torch.Tensor, second: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
        met.append(same)
        return nt_xent(first, second, same)

    monkeypatch.setattr(loop, "nt_xent", noting)
    plan = replace(TINY, batch=len(training) + 1, steps=1)
    run(tmp_path, ([*training, twin], development), plan)
    (same,) = met
    held = lessons(
        ([*training, twin], development),
        Vocabulary(tmp_path / "ours" / "training"),
        (["<s>"], ["</s>"]),
        plan,
        lambda *_: None,
    ).training
    made = turn(held, plan, 0)
    labels = [(one.body, one.doc) for one in made.lessons] * 2
    views = [*made.first, *made.second]
    for row, own in enumerate(labels):
        for other, theirs in enumerate(labels):
            alike_in_one = own[0] == theirs[0] or own[1] == theirs[1] >= 0
            assert same[row, other] == (alike_in_one or views[row] == views[other])
    assert same.sum() > 4 * len(made.lessons)


def test_a_view_that_shows_nothing_is_left_out(tmp_path: Path, parts: Parts) -> None:
    training, development = parts
    bare = replace(training[0], views=(("a", "b"), (), ("c",)))
    run(tmp_path, parts, stop=stop_after(0))
    made = lessons(
        ([bare], development),
        Vocabulary(tmp_path / "ours" / "training"),
        (["<s>"], ["</s>"]),
        TINY,
        lambda *_: None,
    )
    assert len(made.training[0].views) == 2


def test_info_nce_goes_both_ways_and_leaves_equal_docs_and_bodies_out() -> None:
    questions, code = unit([[1, 0.2], [0.1, 1], [1, 1]]), unit([[1, 0], [0, 1], [0.8, 1]])
    same = alike(torch.tensor([0, 1, 2]), torch.tensor([5, 6, 5]))
    scores = (questions @ code.T / 0.07).numpy()
    out: dict[int, set[int]] = {0: {2}, 1: set(), 2: {0}}
    there = [plain(scores[row], row, out[row]) for row in range(3)]
    back = [plain(scores[:, row], row, out[row]) for row in range(3)]
    assert float(info_nce(questions, code, same)) == pytest.approx(
        (np.mean(there) + np.mean(back)) / 2, abs=1e-5
    )


def test_functions_without_a_doc_are_not_alike_for_that() -> None:
    assert alike(torch.tensor([0, 1]), torch.tensor([-1, -1])).tolist() == [
        [True, False],
        [False, True],
    ]


def test_the_rate_rises_in_a_line_and_falls_in_half_a_cosine() -> None:
    plan = replace(TINY, steps=100, rate=1.0, warm_up=0.1)
    assert [rate_at(plan, step) for step in (0, 4, 9)] == pytest.approx([0.1, 0.5, 1.0])
    assert rate_at(plan, 55) == pytest.approx((1 + LOWEST_RATE) / 2)
    assert rate_at(plan, 99) == pytest.approx(LOWEST_RATE, abs=1e-3)


def test_an_epoch_meets_every_function_once_in_two_different_views() -> None:
    def lesson(number: int) -> Lesson:
        views = tuple(GraphInput((number, view)) for view in range(5))
        return Lesson(GraphInput((number,)), None, views, number, -1)

    held = [lesson(number) for number in range(24)]
    turns = [turn(held, TINY, step) for step in range(6)]
    first, second = (
        [one.code.pieces[0] for made in turns[at : at + 3] for one in made.lessons] for at in (0, 3)
    )
    assert sorted(first) == sorted(second) == list(range(24))
    assert first != second
    for made in turns:
        for one, other in zip(made.first, made.second, strict=True):
            assert one.pieces[0] == other.pieces[0]
            assert one.pieces[1] != other.pieces[1]
    assert turn(held, TINY, 4) == turns[4]
    assert turn(held, replace(TINY, seed=1), 4) != turns[4]


def test_rows_are_levelled_so_that_layer_norm_leaves_them_as_they_are() -> None:
    vectors = np.random.default_rng(1).normal(size=(200, 30)) * np.arange(200)[:, None]
    rows = levelled(vectors, 40)
    assert np.abs(rows.mean(1)).max() < 1e-9
    assert rows.std(1) == pytest.approx(np.ones(200))
    kept, wanted = rows[:190, :-10], vectors[:190]  # the longest are cut
    assert kept == pytest.approx(wanted * (kept[1, 1] / wanted[1, 1]))


def test_a_small_model_begins_as_the_static_one(tmp_path: Path, parts: Parts) -> None:
    write_vocabulary(parts[0], 600, tmp_path)
    vocabulary = Vocabulary(tmp_path)
    sizes = Sizes(pieces=600, hidden=344, layers=2, heads=2, inner=32)
    network = from_static(sizes, tmp_path, Lengths(32, 8), 0).network
    reader = Reader(vocabulary, Lengths(32, 8), (["<s>"], ["</s>"]))
    inputs = [reader.question(one.question) for one in parts[0][:20]]
    found = np.stack(list(export.vectors(network, inputs, vocabulary.special)))
    rows = shipped_encoder().sums(vocabulary.texts())
    wanted = np.stack([rows[list(one.pieces)].sum(0) for one in inputs])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert found @ found.T == pytest.approx(wanted @ wanted.T, abs=0.05)  # but for places


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16], ids=["bfloat16", "float16"])
def test_mixed_precision_computes_in_half_and_keeps_single(
    tmp_path: Path, parts: Parts, kind: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = set()

    def note(module: torch.nn.Module, _given: object, rows: torch.Tensor) -> None:
        if isinstance(module, torch.nn.Linear):
            computed.add(rows.dtype)

    monkeypatch.setattr(loop, "_precision", lambda _device: kind)
    with torch.nn.modules.module.register_module_forward_hook(note):
        run(tmp_path, parts, stop=stop_after(7))
        _, state = checkpoints.load(tmp_path / "ours" / "training")
        folder = run(tmp_path, parts).folder
    assert computed == {kind}
    assert bool(state["scaler"]) == (kind is torch.float16)
    assert folder is not None
    network, _ = weights.read(folder, 256)
    assert {one.dtype for one in network.parameters()} == {torch.float32}
    assert all(torch.isfinite(one).all() for one in network.parameters())


def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path, parts: Parts) -> None:
    whole = run(tmp_path / "whole", parts)
    stopped = run(tmp_path / "parted", parts, stop=stop_after(7))
    assert (stopped.folder, stopped.progress.step) == (None, 7)
    ended = run(tmp_path / "parted", parts)
    assert (ended.resumed_at, ended.progress) == (7, whole.progress)
    assert whole.folder is not None
    assert ended.folder is not None
    names = ("model.safetensors", "vocab.json", "merges.txt", "config.json")
    for name in names:
        assert (whole.folder / name).read_bytes() == (ended.folder / name).read_bytes(), name


def test_what_was_trained_is_known_by_its_name_and_keeps_its_head(
    tmp_path: Path, parts: Parts
) -> None:
    outcome = run(tmp_path, parts)
    assert outcome.folder == weights_folder(tmp_path, "ours")
    model = backend("ours", tmp_path)
    assert (model.dimension, model.vector, model.input) == (32, 256, "graph")
    assert "ours" not in all_backends()
    stored = manifest(tmp_path, "ours")
    assert stored is not None
    assert "180 functions" not in stored.origin  # the held-out packages were not trained on
    assert weights.has_head(outcome.folder)
    network, _ = weights.read(outcome.folder, 256)
    assert not torch.equal(network.head.projection, torch.eye(32, 256))


def test_the_best_three_and_the_last_are_kept(tmp_path: Path, parts: Parts) -> None:
    outcome = run(tmp_path, parts, replace(TINY, steps=20, patience=99))
    kept = {path.name for path in (tmp_path / "ours" / "training").glob("*.pt")}
    assert kept == {"last.pt", *(f"best-{best.step}.pt" for best in outcome.progress.best)}
    assert len(outcome.progress.best) == 3
    assert [best.score for best in outcome.progress.best] == sorted(
        (best.score for best in outcome.progress.best), reverse=True
    )


def test_it_stops_where_nothing_gets_better(tmp_path: Path, parts: Parts) -> None:
    still = replace(TINY, rate=0.0, steps=200, every=1, patience=3)
    assert run(tmp_path, parts, still).progress.step == 4


def test_another_training_of_the_same_name_is_refused_unless_restarted(
    tmp_path: Path, parts: Parts
) -> None:
    run(tmp_path, parts, stop=stop_after(2))
    other = replace(TINY, seed=5)
    with pytest.raises(UsageError, match="--restart"):
        run(tmp_path, parts, other)
    assert run(tmp_path, parts, other, restart=True).resumed_at == 0


def test_a_broken_checkpoint_is_named(tmp_path: Path, parts: Parts) -> None:
    run(tmp_path, parts, stop=stop_after(2))
    (tmp_path / "ours" / "training" / checkpoints.LAST).write_bytes(b"not a checkpoint")
    with pytest.raises(EncoderError, match=r"last\.pt cannot be read"):
        run(tmp_path, parts)


def test_too_little_code_is_refused(tmp_path: Path, parts: Parts) -> None:
    training, development = parts
    with pytest.raises(EncoderError, match="too few"):
        run(tmp_path, (training[:8], development))
    assert run(tmp_path, parts).folder is not None  # what failed is not in the way


@pytest.mark.parametrize(
    ("how", "moved"),
    [
        ({"learned": "low-rank"}, {"head", "query.weight", "value.weight"}),
        ({"learned": "top", "top": 1}, {"head", "layer.1"}),
        ({"learned": "all"}, {"head", "layer.0", "layer.1", "embeddings"}),
    ],
    ids=["low rank", "top layer", "all layers"],
)
def test_published_weights_are_tuned_where_the_plan_says(
    tmp_path: Path, parts: Parts, how: dict[str, object], moved: set[str]
) -> None:
    published(weights_folder(tmp_path, "graphcodebert"))
    plan = fitted(replace(TINY, steps=3, sizes=None, **how), backend("graphcodebert"))
    outcome = run(tmp_path, parts, plan, base=backend("graphcodebert"))
    assert outcome.folder is not None
    before, _ = weights.read(weights_folder(tmp_path, "graphcodebert"), 256)
    after, _ = weights.read(outcome.folder, 256)
    names = {
        weights._published(name)
        for name, value in before.state_dict().items()
        if not torch.equal(value, after.state_dict()[name])
    }
    assert names
    assert all(any(part in name for part in moved) for name in names)
    assert all(any(part in name for name in names) for part in moved)
    tuned = backend("ours", tmp_path)
    assert (tuned.input, tuned.licence, tuned.lengths) == (
        "graph",
        "MIT",
        backend("graphcodebert").lengths,
    )


def test_damaged_safetensors_are_named(tmp_path: Path, parts: Parts) -> None:
    folder = run(tmp_path, parts).folder
    assert folder is not None
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(EncoderError, match="cannot be read as weights"):
        weights.read(folder, 256)
    with pytest.raises(EncoderError, match="cannot be read as weights"):
        weights.has_head(folder)
