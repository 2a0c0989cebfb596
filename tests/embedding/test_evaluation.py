"""Models are measured: figures against plain formulas, and `codearch models eval` as it is called."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from training_corpus import project

from codearch.cli import run
from codearch.embedding.evaluation.exam import marks
from codearch.embedding.evaluation.judges import Words
from codearch.embedding.evaluation.measures import f1, figure, gains, ranks, reciprocals, threshold
from codearch.embedding.evaluation.tasks import tasks
from codearch.index.functions import Place, functions, parted, places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.training.functions import Form, Function


def read(folder: Path) -> list[Function]:
    return functions(places([folder]), 500, lambda *_: None, with_views=False)


class Knowing:
    """Knows which function a doc is of, and whose copy a form is."""

    def __init__(self, held: Sequence[Function]) -> None:
        self._docs = {one.question: id(one.form) for one in held}
        self._bodies = {id(form): one.body for one in held for form in (one.form, one.copy)}

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        right = [[self._docs.get(each) == id(form) for form in forms] for each in questions]
        return np.array(right, np.float32)

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        own, theirs = ([self._bodies[id(form)] for form in forms] for forms in (first, second))
        return np.array([[a == b for b in theirs] for a in own], np.float32)


def test_ranks_count_wrong_ones_ahead_and_half_of_those_beside() -> None:
    scores = np.array([[3, 2, 1, 2], [1, 1, 1, 0]], np.float32)
    right = np.array([[False, True, False, False], [True, False, False, False]])
    assert ranks(scores, right).tolist() == [1.5, 1.0]
    assert gains(np.array([0.0, 1.0, 10.0])).tolist() == [1.0, 1 / math.log2(3), 0.0]
    assert reciprocals(np.array([0.0, 1.0, 3.0])).tolist() == [1.0, 0.5, 0.25]


def test_another_right_answer_is_not_in_the_way() -> None:
    scores, right = np.array([[3, 2, 1]], np.float32), np.array([[True, False, True]])
    assert ranks(scores, right).tolist() == [0.0]


def test_the_threshold_is_the_one_of_the_best_f1() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.7, 0.1], np.float32)
    right = np.array([True, False, True, False, False])
    assert threshold(scores, right) == pytest.approx(0.9)  # 2/3; with all down to 0.7: 4/6
    right = np.array([True, True, True, False, False])
    assert threshold(scores, right) == pytest.approx(0.7)


def test_f1_is_that_of_the_summed_counts() -> None:
    counts = np.array([[[3.0, 1.0, 2.0], [1.0, 0.0, 0.0]]])
    precision, recall = 4 / 6, 4 / 5
    assert f1(counts)[0] == pytest.approx(2 * precision * recall / (precision + recall))
    assert f1(np.zeros((1, 2, 3))).tolist() == [0.0]


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    cases = np.random.default_rng(1).random(200)
    found = figure(cases)
    assert found is not None
    assert found == figure(cases)
    assert found.value == pytest.approx(cases.mean())
    spread = 1.96 * cases.std() / math.sqrt(len(cases))
    assert found.high - found.value == pytest.approx(spread, rel=0.2)
    assert found.value - found.low == pytest.approx(spread, rel=0.2)
    assert figure(np.zeros(0)) is None


def test_one_who_knows_gets_full_marks(tmp_path: Path) -> None:
    held = read(project(tmp_path))
    found = marks(Knowing(held), held)
    assert found.ndcg is not None
    assert found.clone_f1 is not None
    assert (found.ndcg.value, found.ndcg.count) == (1.0, 180)
    assert found.clone_f1.value == 1.0
    assert found.cross_language is None


def test_words_find_functions_by_their_docs_better_than_chance(tmp_path: Path) -> None:
    held = read(project(tmp_path))
    found = marks(Words(), held)
    assert found.ndcg is not None
    assert found.masked_ndcg is not None
    assert found.ndcg.value > found.masked_ndcg.value
    assert found.ndcg.low < found.ndcg.value < found.ndcg.high
    assert found.ndcg.value > 0.3


def test_the_tasks_are_each_written_in_four_languages() -> None:
    held = Counter(one.group for one in tasks())
    assert len(held) >= 30
    assert set(held.values()) == {4}
    assert {one.language for one in tasks()} == {"python", "javascript", "go", "java"}
    assert all(one.copy is not None and "fun1" in one.copy.code.words for one in tasks())
    assert len({one.body for one in tasks()}) == len(tasks())


class Grouping:
    """Knows which functions are translations, but for those of one task."""

    def __init__(self, held: Sequence[Function], unknown: str) -> None:
        self._groups = {
            id(form): one.group for one in held for form in (one.form, one.copy) if form is not None
        }
        self._unknown = unknown

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        return np.zeros((len(questions), len(forms)), np.float32)

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        own, theirs = ([self._groups[id(form)] for form in forms] for forms in (first, second))
        return np.array([[a == b != self._unknown for b in theirs] for a in own], np.float32)


def test_translations_are_found_in_every_other_language() -> None:
    held = tasks()
    found = marks(Grouping(held, "palindrome"), (), held)
    for one in (found.cross_language, found.masked_cross_language):
        assert one is not None
        assert one.count == len(held) / 4  # a task is one case
        assert one.value == pytest.approx(1 - 1 / one.count)
        assert one.low < one.value <= one.high


def test_words_know_translations_by_their_names_above_all() -> None:
    found = marks(Words(), (), tasks())
    assert found.ndcg is None
    assert found.cross_language is not None
    assert found.masked_cross_language is not None
    assert found.cross_language.value > found.masked_cross_language.value > 0.1


def test_packages_are_held_out_whole_and_the_same_each_time(tmp_path: Path) -> None:
    held = places([project(tmp_path)])
    parts = parted(held)
    assert parts == parted(list(reversed(held)))
    groups = {name: {place.group for place in part} for name, part in parts.items()}
    assert not groups["training"] & groups["development"]
    assert not groups["test"] & (groups["training"] | groups["development"])
    total = sum(place.size for place in held)
    for name in ("development", "test"):
        assert 0.1 <= sum(place.size for place in parts[name]) / total < 0.15


def test_a_package_is_as_deep_as_it_takes(tmp_path: Path) -> None:
    for number in range(12):
        folder = tmp_path / "src" / "main" / f"part{number}"
        folder.mkdir(parents=True)
        (folder / "a.py").write_text("x = 1\n")
    assert {place.group for place in places([tmp_path])} == {
        f"{tmp_path.name}/src/main/part{number}" for number in range(12)
    }


def test_a_folder_that_holds_most_of_the_code_is_parted_itself(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"tool{number}.py").write_text("x = 1\n")
        folder = tmp_path / "server" / f"part{number}"
        folder.mkdir(parents=True)
        (folder / "a.py").write_text("x = 1\n" * 50)
    groups = {place.group for place in places([tmp_path])}
    assert f"{tmp_path.name}/server/part3" in groups
    assert f"{tmp_path.name}/tool3.py" in groups
    assert len(groups) == 24


def test_what_holds_most_of_the_code_is_trained_on(tmp_path: Path) -> None:
    def place(group: str, size: int) -> Place:
        return Place(tmp_path, f"{group}/a.py", size, group)

    held = [place("big", 1_000), *(place(f"small{number}", 50) for number in range(20))]
    assert "big" in {one.group for one in parted(held)["training"]}


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    return project(tmp_path / "code")


def test_eval_has_words_and_the_static_model_beside_each_other(
    code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "eval", "--corpus", str(code), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in found["models"]] == ["BM25", "static"]
    assert (found["functions"], found["packages"], found["leftOut"]) == (20, 4, 0)
    for row in found["models"]:
        for name in ("ndcg", "mrr", "maskedNdcg", "maskedMrr", "cloneF1"):
            assert 0 <= row[name]["low"] <= row[name]["value"] <= row[name]["high"] <= 1
        for name in ("crossLanguage", "maskedCrossLanguage"):
            assert 0 < row[name]["low"] <= row[name]["value"] <= row[name]["high"] <= 1


def test_eval_prints_a_table_and_says_what_could_not_be_asked(
    code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "eval", "--root", str(code)]) == 0
    printed = capsys.readouterr().out
    assert "20 functions of 4 packages" in printed
    lines = printed.splitlines()
    assert "masked NDCG@10" in lines[2]
    assert [line.split()[0] for line in lines[3:5]] == ["BM25", "static"]
    assert "cross-language" in lines[6]
    assert [line.split()[0] for line in lines[7:9]] == ["BM25", "static"]
    for line in (*lines[3:5], *lines[7:9]):
        assert re.search(r"\d\.\d{3} \(\d\.\d{3}-\d\.\d{3}\)$", line)
    assert "\x1b" not in printed


def test_eval_says_what_is_wrong(
    tmp_path: Path, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "eval", "grafcodebert", "--corpus", str(code)]) == 2
    assert "Did you mean" in capsys.readouterr().err
    assert run(["models", "eval", "codebert", "--corpus", str(code)]) == 3
    assert "`codearch models pull codebert`" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["models", "eval", "--corpus", str(tmp_path / "empty")]) == 3
    assert "--corpus FOLDER" in capsys.readouterr().err
