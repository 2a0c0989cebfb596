"""A short row of kills; `make kills` does hundreds, at more points and at random moments."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from kills.field import field
from kills.kinds import kinds

if TYPE_CHECKING:
    from pathlib import Path

SEED = 3
KINDS = (
    "before an upsert (edited)",  # SQLite written, LanceDB not
    "after an upsert (edited)",  # upserted and not flagged
    "in a worker's batch: the worker (first)",
)


@pytest.mark.timeout(300)  # some 25 s, where nothing else runs
@pytest.mark.skipif(sys.platform != "linux", reason="kills processes as Linux does")
def test_whoever_is_killed_the_index_is_that_built_from_nothing(tmp_path: Path) -> None:
    with field(tmp_path, SEED) as ground:
        assert ground.differences() == []
        for name in KINDS:
            killed = kinds()[name](ground)
            assert ground.differences() == [], name
            assert killed, name
