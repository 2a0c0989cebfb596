"""Queries are read from standard input as they come, in whatever pieces."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from codearch.cli._input import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="waits for POSIX's signals")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Lend the end of a pipe whose other end is standard input."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield writing


def test_lines_come_whole_whatever_the_pieces(typed: int) -> None:
    read = lines()
    os.write(typed, b"parse the header\r\nopen")
    assert next(read) == "parse the header", "before the next one is typed"
    os.write(typed, b" a socket\n\nna\xc3")
    assert [next(read), next(read)] == ["open a socket", ""]
    os.write(typed, b"\xafve \xff")
    os.close(typed)
    assert list(read) == ["naïve \ufffd"]


def test_a_signal_that_lets_the_program_go_on_loses_no_line(typed: int) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        read = lines()
        os.write(typed, b"tax\n")
        assert next(read) == "tax"
        signal.raise_signal(signal.SIGINT)
        os.write(typed, b"price\n")
        assert next(read) == "price"
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == [signal.SIGINT]
    os.close(typed)


def test_what_was_piped_in_whole_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo"), "utf-8"))
    assert list(lines()) == ["one", "two"]
