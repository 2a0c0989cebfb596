"""A shop under git, with `codearch` in the PATH of whatever editor opens it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from editors.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

PRICES = '''"""Prices of a shop."""
import os


def gross_price(net, rate):
    """Return the price with its tax."""
    return net * (1 + rate)


def discounted(net):
    # TODO: discounts above half
    return gross_price(net * 0.9, 0.2)
'''
BILL = """from prices import gross_price


def total(items):
    return sum(gross_price(item, 0.2) for item in items)
"""


@pytest.fixture
def desk(repository: Workspace, tmp_path: Path) -> Desk:
    """A committed shop of 40 files, in which somebody has just noted what is still to be done."""
    repository.write("prices.py", PRICES.replace("    # TODO: discounts above half\n", ""))
    repository.write("bill.py", BILL)
    for number in range(38):
        repository.write(f"goods/good_{number}.py", f"def weigh_{number}():\n    return {number}\n")
    repository.commit("Compute prices with tax")
    repository.write("prices.py", PRICES)
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "codearch"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codearch "$@"\n')
    command.chmod(0o755)
    cache = tmp_path / "cache"
    environment = os.environ | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "CODEARCH_CACHE_DIR": str(cache),
        "CODEARCH_INDEXER_IDLE_SECONDS": "0.2",
        "CODEARCH_RULES": '{"todo": {"enabled": true}}',
    }
    return Desk(repository, environment, cache)
