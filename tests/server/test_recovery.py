"""A session goes on by itself, whatever befalls its indexer or its index."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
from typing import TYPE_CHECKING

import pytest

from codearch.indexer import launch
from codearch.settings import claimed_cache
from server.conftest import PRICES
from server.editing import until

if TYPE_CHECKING:
    from conftest import Workspace
    from server.editing import Editor


pytestmark = pytest.mark.asyncio


def kill_indexer(shop: Workspace) -> None:
    endpoint = launch.read_endpoint(claimed_cache(shop.root))
    assert endpoint is not None
    os.kill(endpoint.pid, signal.SIGKILL)


async def test_a_killed_indexer_is_not_noticed(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    editor.type_at_end(uri, "def zebra_fee(net):\n    return net / 7\n\n\n", 2)
    await editor.command("index.flush")
    kill_indexer(shop)
    await editor.command("index.flush")
    assert (await editor.found("zebra_fee"))[0] == "zebra_fee"
    kill_indexer(shop)
    assert (await editor.found("zebra_fee"))[0] == "zebra_fee"


async def test_a_deleted_cache_is_made_again(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    shutil.rmtree(claimed_cache(shop.root))
    await editor.command("index.flush")
    assert (await editor.found("gross_price"))[0] == "gross_price"
    assert "Called" in await editor.hover(uri, 3, 6)
    assert (await editor.command("status"))["health"] == "ok"


async def test_hover_knows_where_a_name_has_moved(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    assert "Called" in await editor.hover(uri, 3, 6)
    editor.type_at_end(uri, "import os\nimport sys\n", 2)
    assert "Called" in await editor.hover(uri, 5, 6)
    editor.type_at_end(uri, "\n", 0)
    assert "Called" in await editor.hover(uri, 6, 6)


async def test_an_index_damaged_below_a_session(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    assert "Called" in await editor.hover(uri, 3, 6)
    path = claimed_cache(shop.root) / "index.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 4096))
    (shop.root / "prices.py").write_text(PRICES.replace("discounted", "reduced"))

    await editor.command("index.flush")

    async def answered() -> bool:
        found = await editor.found("reduced")
        return found[0] == "reduced" and "Called" in await editor.hover(uri, 3, 6)

    await until(answered)
