"""A real server process at the end of a pipe, with a small shop to look after."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from pytest_lsp import ClientServerConfig, client_capabilities

from server.editing import Editor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pytest_lsp import LanguageClient

    from conftest import Workspace

PRICES = '''"""Prices of a shop."""


def gross_price(net, rate):
    """Return the price with its tax."""
    return net * (1 + rate)


def discounted(net):
    return gross_price(net * 0.9, 0.2)
'''
BILL = '''"""Bills of a shop."""
import os
from prices import gross_price


class Bill:
    """What a customer owes."""

    def total(self, items):
        return sum(gross_price(item, 0.2) for item in items)
'''
TEST = """from prices import gross_price


def test_gross_price():
    assert gross_price(100, 0.2) == 120
"""


@pytest.fixture
def shop(repository: Workspace, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A committed repository of three files, and a cache of the test's own."""
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    repository.write("prices.py", PRICES)
    repository.write("bill.py", BILL)
    repository.write("test_prices.py", TEST)
    repository.commit("Compute prices with tax", author="Ada")
    return repository


@pytest_asyncio.fixture
async def editor(shop: Workspace) -> AsyncIterator[Editor]:
    """VS Code with the shop open, and the index up to date."""
    async for each in _editor(shop, "visual-studio-code"):
        yield each


@pytest_asyncio.fixture
async def neovim(shop: Workspace) -> AsyncIterator[Editor]:
    """Neovim with the shop open, and the index up to date."""
    async for each in _editor(shop, "neovim@0.11"):
        yield each


async def _editor(shop: Workspace, name: str) -> AsyncIterator[Editor]:
    client = await started()
    editor = Editor(client, shop.root)
    await editor.start(client_capabilities(name))
    await editor.command("index.flush")
    yield editor
    await client.shutdown_session()


async def started() -> LanguageClient:
    """Return a client whose server has been started."""
    command = [sys.executable, "-m", "codearch", "lsp", "--stdio"]
    return await ClientServerConfig(command, server_env=dict(os.environ)).start()
