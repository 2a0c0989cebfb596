"""Inputs become vectors: sorted by length, in batches that fit, back in the order they came."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from codearch.embedding.transformer.devices import INT8
from codearch.embedding.transformer.inputs import batch
from codearch.embedding.transformer.session import OutOfMemoryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from codearch.embedding.transformer.inputs import GraphInput, Special

PLACES = 16_384  # of one batch, padding included
MOST = 512  # inputs in one batch
BUCKET = 32  # lengths are rounded up to a multiple: a device plans for each shape that it meets


class Runs(Protocol):
    """What a session does: a feed of arrays in, one row an input out."""

    @property
    def on_processor(self) -> bool:
        """Return whether it runs on the processor, as it may from one batch to the next."""
        ...

    def run(self, feed: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Return the graph's first output; raises OutOfMemoryError where less may do."""
        ...


class Turns:
    """Lets questions go ahead of bulk, which asks before each batch. Safe from several threads."""

    def __init__(self) -> None:
        self._asking = 0
        self._free = threading.Condition()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Hold bulk back until the block ends."""
        with self._free:
            self._asking += 1
        try:
            yield
        finally:
            with self._free:
                self._asking -= 1
                self._free.notify_all()

    def wait(self) -> None:
        """Wait until no question is being answered."""
        with self._free:
            self._free.wait_for(lambda: self._asking == 0)


class Runner:
    """Feeds a session; questions go ahead of bulk. Safe to use from several threads."""

    def __init__(self, session: Runs, special: Special, precision: str) -> None:
        self._session, self._special = session, special
        self._precision = precision
        self._places = PLACES
        self._turns = Turns()

    def vectors(self, inputs: Sequence[GraphInput]) -> NDArray[np.float32]:
        """Return one row an input."""
        order = sorted(range(len(inputs)), key=lambda index: inputs[index].length)
        found: dict[int, NDArray[np.float32]] = {}
        while len(found) < len(order):
            ahead = order[len(found) : len(found) + MOST]
            part = self._next([inputs[index] for index in ahead])
            self._turns.wait()
            try:
                rows = self._run(part)
            except OutOfMemoryError:
                if len(part) == 1:
                    raise
                self._places = max(self._places // 2, 1)
                continue
            chosen = order[len(found) : len(found) + len(part)]
            found.update(zip(chosen, rows, strict=True))
        return np.stack([found[index] for index in range(len(inputs))])

    def question(self, one: GraphInput) -> NDArray[np.float32]:
        """Return one row at once, beside a batch that runs and ahead of those that wait."""
        with self._turns.ahead():
            row: NDArray[np.float32] = self._run([one])[0]
            return row

    @property
    def alone(self) -> bool:
        """Return whether inputs run one at a time.

        Eight-bit activations share a scale over the whole batch, so that a vector would depend on
        its neighbours and on padding. To a processor a batch is no gain, and a question would wait
        for all of it.
        """
        return self._precision == INT8 or self._session.on_processor

    def _next(self, sorted_inputs: Sequence[GraphInput]) -> Sequence[GraphInput]:
        """Return as many inputs, shortest first, as one batch holds; at least one."""
        if self.alone:
            return sorted_inputs[:1]
        count = 1
        for one in sorted_inputs[1:]:
            if (count + 1) * _rounded(one.length) > self._places:
                break
            count += 1
        return sorted_inputs[:count]

    def _run(self, inputs: Sequence[GraphInput]) -> NDArray[np.float32]:
        longest = max(one.length for one in inputs)
        made = batch(inputs, self._special, longest if self.alone else _rounded(longest))
        feed = {"ids": made.ids, "positions": made.positions, "mask": made.mask}
        return self._session.run(feed)


def _rounded(length: int) -> int:
    return -(-length // BUCKET) * BUCKET
