"""When to ask a host again."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codearch.embedding.backends import all_backends
from codearch.embedding.hub import in_use
from codearch.embedding.hub.breaker import MOST_FAILURES, Host, Hosts, failed
from codearch.embedding.hub.patience import LONGEST_SECONDS, pause, retry_after

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_700_000_000.0


@given(st.integers(1, 200), st.floats(0, 1))
def test_a_pause_is_at_least_half_of_its_step_and_never_too_long(
    failures: int, chance: float
) -> None:
    step = min(LONGEST_SECONDS, 2.0 ** (failures - 1))
    assert step / 2 <= pause(failures, chance) <= step


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (formatdate(NOON + 30, usegmt=True), 30.0),
        (formatdate(NOON - 30, usegmt=True), 0.0),
        ("Tue, 14 Nov 2023 23:13:50 +0100", 30.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_both_forms_of_retry_after_are_read(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOON) == seconds


def test_a_breaker_opens_for_longer_each_time() -> None:
    host, rests = Host(), []
    for _ in range(MOST_FAILURES + 8):
        host = failed(host, NOON)
        if host.failures >= MOST_FAILURES:
            rests.append(host.rests_until - NOON)
        else:
            assert host.rests_until == 0
    assert rests == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_hosts_are_remembered_by_the_next_process(tmp_path: Path) -> None:
    for _ in range(MOST_FAILURES):
        Hosts(tmp_path).failed("hub.example", NOON)
    Hosts(tmp_path).failed("other.example", NOON)
    assert list(Hosts(tmp_path).resting(NOON)) == ["hub.example"]
    assert Hosts(tmp_path).resting(NOON + 60) == {}
    Hosts(tmp_path).answered("hub.example")
    assert Hosts(tmp_path).resting(NOON) == {}
    assert not [path for path in tmp_path.iterdir() if path.name != "hosts.json"]


@pytest.mark.parametrize(
    ("wanted", "ready", "used"),
    [
        ("graphcodebert", {"graphcodebert", "unixcoder"}, "graphcodebert"),
        ("graphcodebert", {"unixcoder", "codebert"}, "unixcoder"),
        ("graphcodebert", {"codebert"}, "codebert"),
        ("graphcodebert", set(), "static"),
        ("static", {"graphcodebert"}, "static"),
        ("codebird", {"graphcodebert"}, "static"),
        ("mine", {"mine"}, "mine"),
    ],
)
def test_the_next_model_that_is_here_is_used(wanted: str, ready: set[str], used: str) -> None:
    assert in_use(wanted, lambda name: name in ready) == used


def test_every_chain_of_fallbacks_ends_with_the_one_that_ships() -> None:
    for name in all_backends():
        assert in_use(name, lambda _: False) == "static"
