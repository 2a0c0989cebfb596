"""Logs are JSON lines of bounded size; latency is counted in fixed memory."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from codearch.logs import JsonLines, Latency, event, start_logging
from codearch.settings import LogSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Leave no handler behind."""
    yield
    logger = logging.getLogger("codearch")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True
    logger.setLevel(logging.NOTSET)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_record_is_one_json_line(tmp_path: Path) -> None:
    path = start_logging(tmp_path, "server", LogSettings(level="info"))
    log = logging.getLogger("codearch.somewhere")
    event(log, logging.INFO, "indexed", files=3, took_ms=1.5)
    event(log, logging.DEBUG, "query", text="secret words")
    log.warning("two\nlines of %s", "ü")
    first, second = lines(path)
    assert (first["message"], first["files"], first["level"]) == ("indexed", 3, "info")
    assert second["message"] == "two\nlines of ü"
    assert str(first["time"]).endswith("Z")
    assert "secret" not in path.read_text("utf-8")


def test_an_exception_is_logged_with_its_trace(tmp_path: Path) -> None:
    path = start_logging(tmp_path, "server", LogSettings())
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("codearch").exception("failed")
    assert "ZeroDivisionError" in str(lines(path)[0]["error"])


def test_a_full_log_begins_anew_and_one_older_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    handler = JsonLines(path, 2000)
    log = logging.Logger("test")
    log.addHandler(handler)
    for number in range(200):
        log.warning("number %d", number)
    handler.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["server.1.jsonl", "server.jsonl"]
    assert all(path.stat().st_size < 2200 for path in tmp_path.iterdir())
    assert lines(path)[-1]["message"] == "number 199"


def test_two_processes_share_a_log_and_follow_its_rotation(tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    loggers = []
    for name in ("a", "b"):
        logger = logging.Logger(name)
        logger.addHandler(JsonLines(path, 1500))
        loggers.append(logger)
    for number in range(60):
        loggers[number % 2].warning("number %d", number)
    kept = [*lines(tmp_path / "server.1.jsonl"), *lines(path)]
    numbers = [int(str(line["message"]).split()[1]) for line in kept]
    assert numbers == list(range(numbers[0], 60)), "no line is lost or mixed within what is kept"


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    logger = logging.Logger("test")
    logger.addHandler(JsonLines(tmp_path / "missing" / "server.jsonl", 1000))
    logger.warning("nobody hears this")


def test_percentiles_are_right_within_a_bucket() -> None:
    latency = Latency()
    for milliseconds in range(1, 101):
        latency.record("hover", milliseconds / 1000)
    latency.record("search", 0.0)
    summary = latency.summary()
    assert summary["hover"].count == 100
    assert summary["hover"].p50_ms == pytest.approx(50, rel=0.1)
    assert summary["hover"].p95_ms == pytest.approx(95, rel=0.1)
    assert summary["search"].p95_ms < 0.1
