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


def told(
    seconds: dict[str, float],
    parsed: float = 0.0,
    ahead: float = 0.0,
    held_up: float = 1.0,
    steps: int = 50,
) -> list[tuple[float, dict[str, float]]]:
    """Return what is reported in a run whose phases take so long, and what is really left.

    Workers take `parsed` seconds of processor time, `ahead` seconds of what reading takes are spent
    on embedding, and other programs hold us up so many times.
    """
    clock = Clock()
    progress = Progress(clock, busy=lambda: clock.now / held_up)
    if "comparing" not in seconds:
        progress.leave_out("comparing")
    end = clock.now + sum(seconds.values())
    found = []
    for phase, length in seconds.items():
        if phase == "vectors":  # nothing is noted while they are indexed
            clock.now += length
            continue
        for step in range(steps + 1):
            if phase == "comparing":  # nobody knows how far that is
                progress.compares()
            else:
                progress.note(phase, step, steps)
            if phase == "reading" and step:
                progress.parsed(parsed / steps)
                progress.embedded_ahead(ahead / steps)
            report = progress.report()
            assert report is not None
            found.append((end - clock.now, report))
            clock.now += length / steps if step < steps else 0
    return found


# Of first indexes on two cores, as they were recorded: seconds of processor time that workers took
# to parse, seconds of embedding while files were read, and seconds of the phases.
RECORDED = {
    "Python": (
        46.6,
        11.4,
        {"reading": 54.6, "resolving": 16.5, "embedding": 3.2, "vectors": 4.6, "checking": 7.7},
    ),
    "TypeScript": (
        3.8,
        0.0,
        {"reading": 5.0, "resolving": 1.1, "embedding": 0.8, "checking": 0.2, "comparing": 4.3},
    ),
    "Java": (
        6.7,
        0.0,
        {"reading": 10.4, "resolving": 3.2, "embedding": 1.5, "checking": 0.4, "comparing": 4.9},
    ),
    "Go": (
        4.6,
        0.0,
        {"reading": 6.9, "resolving": 1.3, "embedding": 0.9, "checking": 0.4, "comparing": 3.4},
    ),
    "20,000 files": (
        90.7,
        18.4,
        {"reading": 94.6, "resolving": 50.2, "embedding": 5.0, "vectors": 6.4, "checking": 15.7},
    ),
}


@pytest.mark.parametrize(("parsed", "ahead", "seconds"), RECORDED.values(), ids=RECORDED)
def test_the_second_half_is_foreseen_within_a_third(
    parsed: float, ahead: float, seconds: dict[str, float]
) -> None:
    half = sum(seconds.values()) / 2
    late = [(left, report["secondsLeft"]) for left, report in told(seconds, parsed, ahead)]
    late = [(left, said) for left, said in late if 2 < left < half]
    assert len(late) > 50
    right = [abs(said - left) <= 0.3 * left + 0.5 for left, said in late]
    assert sum(right) / len(right) > 0.85


def test_who_is_held_up_by_other_programs_says_so() -> None:
    """Workers wait for a core and their processor time is the same; what follows is as slow."""
    slow = {"reading": 60.0, "resolving": 23.0, "embedding": 15.0, "vectors": 4.0, "checking": 7.0}
    slow["comparing"] = 45.0
    late = [
        (left, report["secondsLeft"])
        for left, report in told(slow, parsed=20.0, held_up=3.0)
        if 4 < left < 75
    ]
    assert all(abs(said - left) <= 0.3 * left for left, said in late)


def test_where_nothing_is_compared_nothing_is_expected_of_it() -> None:
    clock = Clock()
    progress = Progress(clock, costs={"checking": 0.5, "comparing": 10.0})
    progress.leave_out("comparing")
    progress.note("reading", 0, 10)
    clock.now += 5
    progress.parsed(5.0)
    progress.note("reading", 5, 10)
    report = progress.report()
    assert report is not None
    assert report["secondsLeft"] == 10  # 5 of reading, 5 of checking


def test_what_is_compared_is_told_as_checking() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress.note("reading", 0, 10)
    progress.parsed(10.0)
    progress.note("checking", 10, 10)
    progress.compares()
    report = progress.report()
    assert report is not None
    assert (report["phase"], report["done"], report["total"]) == ("checking", 10, 10)


def test_a_slow_model_is_foreseen_by_its_own_pace() -> None:
    phases = {"reading": 10.0, "resolving": 2.0, "embedding": 500.0, "checking": 5.0}
    late = [(left, report["secondsLeft"]) for left, report in told(phases, 8.0) if 20 < left < 250]
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
    progress = Progress(clock, costs={"embedding": 1.0})
    progress.note("reading", 0, 100)
    for step in range(1, 51):
        clock.now += 1.0
        progress.embedded_ahead(0.5)
        progress.note("reading", step, 100)
        progress.parsed(0.9)
    report = progress.report()
    assert report is not None
    assert report["secondsLeft"] == 90  # 25 of reading, 90 of embedding, 25 of that done


def test_files_of_different_size_are_told_by_their_bytes() -> None:
    clock = Clock()
    progress = Progress(clock, costs={})
    progress.note("reading", 0, 100, 0.0)
    clock.now += 30.0
    progress.note("reading", 10, 100, 0.75)  # the large ones came first
    report = progress.report()
    assert report is not None
    assert (report["done"], report["total"], report["secondsLeft"]) == (10, 100, 10)
