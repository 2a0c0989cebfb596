"""How far bulk work has come, told by a clock of the test's own."""

from __future__ import annotations

import pytest

from codearch.indexer.progress import Progress


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(seconds: dict[str, float], steps: int = 50) -> list[tuple[float, dict[str, float]]]:
    """Return what is reported in a run whose phases take so long, and what is really left."""
    clock = Clock()
    progress = Progress(clock)
    end = clock.now + sum(seconds.values())
    found = []
    for phase, length in seconds.items():
        if phase == "vectors":  # nothing is noted while they are indexed
            clock.now += length
            continue
        for step in range(steps + 1):
            progress.note(phase, step, steps)
            report = progress.report()
            assert report is not None
            found.append((end - clock.now, report))
            clock.now += length / steps if step < steps else 0
    return found


# Seconds of the phases of a first index on two cores, as they were recorded.
RECORDED = {
    "a library": {
        "reading": 8.7, "resolving": 4.1, "embedding": 2.6, "vectors": 2.2, "checking": 2.0,
    },
    "TypeScript": {
        "reading": 5.6, "resolving": 2.8, "embedding": 2.5, "vectors": 0.9, "checking": 1.1,
    },
    "many small files": {
        "reading": 4.7, "resolving": 3.3, "embedding": 1.3, "vectors": 0.8, "checking": 0.9,
    },
}  # fmt: skip


@pytest.mark.parametrize("seconds", RECORDED.values(), ids=RECORDED)
def test_the_second_half_is_foreseen_within_a_third(seconds: dict[str, float]) -> None:
    half = sum(seconds.values()) / 2
    late = [(left, report["secondsLeft"]) for left, report in told(seconds) if 2 < left < half]
    assert len(late) > 50
    right = [abs(said - left) <= 0.3 * left + 0.5 for left, said in late]
    assert sum(right) / len(right) > 0.9


def test_a_slow_model_is_foreseen_by_its_own_pace() -> None:
    run = told({"reading": 10.0, "resolving": 2.0, "embedding": 500.0, "checking": 5.0})
    late = [(left, report["secondsLeft"]) for left, report in run if 20 < left < 250]
    assert all(abs(said - left) < 0.3 * left for left, said in late)


def test_the_bar_never_goes_back_nor_says_that_all_is_done() -> None:
    shares = [report["share"] for _, report in told({"reading": 1.0, "embedding": 300.0})]
    assert shares == sorted(shares)
    assert shares[-1] <= 0.99


def test_a_run_that_ended_leaves_nothing_behind() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress.note("reading", 5, 10)
    clock.now += 5
    assert progress.running
    progress.end()
    assert progress.report() is None
    progress.note("reading", 0, 4)
    report = progress.report()
    assert report == {"phase": "reading", "done": 0, "total": 4, "share": 0.0, "secondsLeft": None}


def test_what_was_embedded_ahead_makes_reading_no_slower() -> None:
    """Of a large workspace texts are embedded while files are read, lest they fill memory."""
    clock = Clock()
    progress = Progress(clock, {"reading": 0.5, "embedding": 0.5})
    for step in range(1, 51):
        clock.now += 1.0
        progress.embedded_ahead(0.5)
        progress.note("reading", step, 100)
    report = progress.report()
    assert report is not None
    assert report["secondsLeft"] == 50  # 25 of reading, 50 of embedding, half of that done


def test_files_of_different_size_are_told_by_their_bytes() -> None:
    clock = Clock()
    progress = Progress(clock, {"reading": 1.0})
    progress.note("reading", 0, 100, 0.0)
    clock.now += 30.0
    progress.note("reading", 10, 100, 0.75)  # the large ones came first
    report = progress.report()
    assert report is not None
    assert (report["done"], report["total"], report["secondsLeft"]) == (10, 100, 10)
