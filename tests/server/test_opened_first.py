"""What is open is read before all else that waits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from codearch.settings import root_cache
from codearch.store.database import FILE_NAME

if TYPE_CHECKING:
    from conftest import Workspace
    from server.editing import Editor

pytestmark = pytest.mark.asyncio
FILES = 300  # more than are looked at one by one


def commits(shop: Workspace) -> dict[str, int]:
    """Return the number of the commit that wrote each file."""
    with closing(sqlite3.connect(root_cache(shop.root) / FILE_NAME)) as store:
        return dict(store.execute("SELECT path, generation FROM files WHERE session = 0"))


async def test_open_files_are_read_before_others(shop: Workspace, editor: Editor) -> None:
    await editor.command("index.pause")
    for number in range(FILES):
        shop.write(f"stock/part{number}.py", f"def part{number}():\n    return {number}\n")
    opened = shop.write("stock/zz_last.py", "def last():\n    return 'of all'\n")
    editor.open(opened)
    await editor.command("index.resume")
    await editor.command("index.flush")
    written = commits(shop)
    others = [number for path, number in written.items() if path.startswith("stock/part")]
    assert len(others) == FILES
    assert written["stock/zz_last.py"] == min(others)
    assert sum(number == min(others) for number in others) < FILES / 2
