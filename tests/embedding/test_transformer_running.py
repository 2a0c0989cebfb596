"""Batches: what fits together, what goes first, and what happens when a device has had enough."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from codearch.embedding.transformer.devices import HALF, INT8
from codearch.embedding.transformer.inputs import GraphInput, Special
from codearch.embedding.transformer.running import PLACES, Runner
from codearch.embedding.transformer.session import OutOfMemoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Summing:
    """A device that adds up ids, and holds so many places at a time."""

    on_processor = False

    def __init__(self, places: int = PLACES) -> None:
        self.places = places
        self.shapes: list[tuple[int, ...]] = []

    def run(self, feed: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        ids = feed["ids"]
        if ids.size > self.places:
            message = "no memory"
            raise OutOfMemoryError(message)
        self.shapes.append(ids.shape)
        return (ids * (feed["positions"] > 1)).sum(1, keepdims=True).astype(np.float32)


def texts(*lengths: int) -> list[GraphInput]:
    return [GraphInput(tuple(range(10, 10 + length))) for length in lengths]


def sums(inputs: list[GraphInput]) -> list[float]:
    return [float(sum(one.pieces)) for one in inputs]


def test_rows_come_back_in_the_order_of_the_inputs() -> None:
    inputs = texts(90, 3, 200, 40, 5, 120)
    found = Runner(Summing(), Special(), HALF).vectors(inputs)
    assert found[:, 0].tolist() == sums(inputs)


def test_inputs_of_like_length_share_a_batch() -> None:
    device = Summing()
    Runner(device, Special(), HALF).vectors(texts(*([200] * 100), *([20] * 100)))
    assert all(rows * places <= PLACES for rows, places in device.shapes)
    assert len(device.shapes) < 8


def test_eight_bits_run_one_by_one_without_padding() -> None:
    device = Summing()
    Runner(device, Special(), INT8).vectors(texts(7, 33, 9))
    assert device.shapes == [(1, 7), (1, 9), (1, 33)]


def test_a_device_that_is_lost_leaves_the_processor_one_at_a_time() -> None:
    device = Summing()
    runner = Runner(device, Special(), HALF)
    inputs = texts(7, 33, 9)
    runner.vectors(inputs)
    assert device.shapes == [(3, 64)]
    device.on_processor = True
    assert runner.vectors(inputs)[:, 0].tolist() == sums(inputs)
    assert device.shapes[1:] == [(1, 7), (1, 9), (1, 33)]


def test_a_full_device_gets_smaller_batches_from_then_on() -> None:
    device = Summing(places=1000)
    runner = Runner(device, Special(), HALF)
    inputs = texts(*([30] * 200))
    assert runner.vectors(inputs)[:, 0].tolist() == sums(inputs)
    assert max(rows for rows, _ in device.shapes) * 32 <= 1000


def test_an_input_that_never_fits_is_said() -> None:
    with pytest.raises(OutOfMemoryError):
        Runner(Summing(places=10), Special(), HALF).vectors(texts(40))


def test_a_question_is_answered_between_two_batches_of_bulk() -> None:
    order: list[str] = []
    bulk_runs, asked = threading.Event(), threading.Event()

    class Slow(Summing):
        def run(self, feed: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
            asking = feed["ids"].shape[1] == 3
            order.append("question" if asking else "bulk")
            if asking:
                asked.set()
            else:
                bulk_runs.set()
                asked.wait(30)
            return super().run(feed)

    runner = Runner(Slow(), Special(), INT8)
    bulk = threading.Thread(target=runner.vectors, args=(texts(5, 6, 7),))
    bulk.start()
    assert bulk_runs.wait(30)
    assert runner.question(texts(3)[0]).tolist() == [33.0]
    bulk.join(30)
    assert order == ["bulk", "question", "bulk", "bulk"]
