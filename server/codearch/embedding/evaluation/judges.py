"""Who says how well things fit: words alone (BM25), or an encoder's vectors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

import numpy as np

from codearch.embedding.encoder import CodeEncoder
from codearch.text import word_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.training.functions import Form

NAME_TIMES = 3  # that a word of the name counts for words alone
SATURATION, LENGTH = 1.2, 0.75
AT_ONCE = 64


class Judge(Protocol):
    """Scores things against forms of functions: the higher, the better they fit."""

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        """Return the scores of forms as answers, shape (questions, forms)."""
        ...

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        """Return how alike forms are, shape (first, second)."""
        ...


class Words:
    """Okapi BM25 (Robertson and Zaragoza, 2009) over names, three times, signatures and bodies."""

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        """Return the scores of forms as answers, shape (questions, forms)."""
        return _bm25([word_counts(question) for question in questions], [*map(_bag, forms)])

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        """Return each one's score as a question, as a share of what it gives for itself."""
        asked, held = [*map(_bag, first)], [*map(_bag, second)]
        scores = _bm25(asked, [*held, *asked])
        own = scores[np.arange(len(first)), len(second) + np.arange(len(first))]
        shares = scores[:, : len(second)] / np.maximum(own, 1e-9)[:, None]
        return shares.astype(np.float32)


class Vectors:
    """The products of an encoder's vectors; a form is encoded once."""

    def __init__(self, encoder: Encoder, told: Callable[[int, int], None]) -> None:
        self._encoder, self._told = encoder, told
        self._known: dict[int, NDArray[np.float32]] = {}
        self._held: list[Form] = []  # so that no other form gets the id of a known one

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        """Return the scores of forms as answers, shape (questions, forms)."""
        found: NDArray[np.float32] = self._encoder.encode_queries(questions) @ self._rows(forms).T
        return found

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        """Return how alike forms are, shape (first, second)."""
        found: NDArray[np.float32] = self._rows(first) @ self._rows(second).T
        return found

    def _rows(self, forms: Sequence[Form]) -> NDArray[np.float32]:
        new = [form for form in forms if id(form) not in self._known]
        self._held += new
        for at in range(0, len(new), AT_ONCE):
            part = new[at : at + AT_ONCE]
            rows = self._encoded(part)
            self._known.update(zip(map(id, part), rows, strict=True))
            self._told(min(at + AT_ONCE, len(new)), len(new))
        return np.stack([self._known[id(form)] for form in forms])

    def _encoded(self, forms: Sequence[Form]) -> NDArray[np.float32]:
        if isinstance(self._encoder, CodeEncoder):
            return self._encoder.encode_code([form.code for form in forms])
        return self._encoder.encode_passages([form.passage for form in forms])


def _bag(form: Form) -> Counter[str]:
    passage = form.passage
    return word_counts(" ".join([*[passage.name] * NAME_TIMES, passage.signature, passage.body]))


def _bm25(asked: Sequence[Counter[str]], held: Sequence[Counter[str]]) -> NDArray[np.float32]:
    """Return scores, shape (asked, held); a word of a question counts once."""
    postings: dict[str, tuple[list[int], list[int]]] = {}
    for number, bag in enumerate(held):
        for word, times in bag.items():
            rows, counts = postings.setdefault(word, ([], []))
            rows.append(number)
            counts.append(times)
    sizes = np.array([bag.total() for bag in held], np.float64)
    norm = SATURATION * (1 - LENGTH + LENGTH * sizes / max(sizes.mean(), 1e-9))
    worth = {}
    for word, (rows, counts) in postings.items():
        at, often = np.array(rows), np.array(counts, np.float64)
        rare = np.log(1 + (len(held) - len(rows) + 0.5) / (len(rows) + 0.5))
        worth[word] = at, rare * often * (SATURATION + 1) / (often + norm[at])
    scores = np.zeros((len(asked), len(held)))
    for row, bag in zip(scores, asked, strict=True):
        for word in bag:
            if word in worth:
                at, added = worth[word]
                row[at] += added
    return scores.astype(np.float32)
