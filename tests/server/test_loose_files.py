"""Documents that lie in no workspace folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from lsprotocol import types as lsp
from pytest_lsp import client_capabilities

from server.conftest import started
from server.editing import Editor, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from conftest import Workspace

pytestmark = pytest.mark.asyncio

NOTES = """import os


def remember_milk(shop):
    # TODO: oat milk
    return shop.buy("milk")


def plan():
    remember_milk(None)
"""
SCRIPT = "function buy_milk(shop)\n  return shop\nend\n"


@pytest_asyncio.fixture
async def window(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Editor]:
    """An editor without a folder, which does not pull diagnostics, and shows notes."""
    monkeypatch.setenv("CODEARCH_RULES", '{"todo": {"enabled": true}}')
    client = await started()
    editor = Editor(client)
    await editor.start(client_capabilities("emacs@29.1"))
    yield editor
    await client.shutdown_session()


def beside(shop: Workspace, name: str = "notes.py", text: str = NOTES) -> Path:
    """Write a file that lies in no repository, beside others that nobody opened."""
    folder = shop.root.parent / "home" / "notes"
    folder.mkdir(exist_ok=True)
    (folder / "unopened.py").write_text("def unopened_secret():\n    return 1\n")
    (folder / name).write_text(text)
    return folder / name


async def test_file_of_no_folder_is_served_alone(shop: Workspace, window: Editor) -> None:
    uri = window.open(beside(shop))

    async def hovered() -> bool:
        return "**Called** by 1 function: " in await window.hover(uri, 3, 6)

    await until(hovered)
    assert await window.found("remember milk") == ["remember_milk", "plan"]
    assert "unopened_secret" not in await window.found("unopened secret")

    async def pushed() -> bool:
        return {each.code for each in window.client.diagnostics.get(uri, [])} == {"todo"}

    await until(pushed)
    symbols = await window.client.workspace_symbol_async(lsp.WorkspaceSymbolParams("plan"))
    assert [each.location.uri for each in symbols or []] == [uri]


async def test_file_of_no_folder_is_followed_until_it_is_closed(
    shop: Workspace, window: Editor
) -> None:
    uri = window.open(beside(shop))
    window.type_at_end(uri, "def buy_bread(shop):\n    return shop\n\n\n", 0)
    await window.command("index.flush")
    assert (await window.found("buy_bread"))[0] == "buy_bread"
    window.save(uri)
    await window.command("index.flush")
    assert (await window.found("buy_bread"))[0] == "buy_bread"
    window.close(uri)
    assert not await window.found("buy_bread")
    assert (await window.command("status"))["folders"] == []


async def test_outline_of_a_language_that_no_other_server_knows(
    shop: Workspace, window: Editor
) -> None:
    uri = window.open(beside(shop, "notes.r", "milk <- function(shop) {\n  shop\n}\n"))
    params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri))
    await window.command("index.flush")
    found = await window.client.text_document_document_symbol_async(params)
    assert found is not None


async def test_home_under_git_is_not_indexed_for_one_file(shop: Workspace, window: Editor) -> None:
    home = shop.root.parent / "home"
    shop.git("init", "-q", folder="../home")
    uri = window.open(beside(shop))
    await window.command("index.flush")
    assert "remember_milk" in await window.found("remember milk")
    assert "unopened_secret" not in await window.found("unopened secret")
    assert (await window.command("status"))["folders"][0]["root"] == home.anchor
    assert await window.hover(uri, 3, 6)


async def test_file_beside_an_inner_folder_does_not_widen_it(shop: Workspace) -> None:
    shop.write("inner/till.py", "def open_till():\n    return 1\n")
    client = await started()
    editor = Editor(client, shop.root / "inner")
    await editor.start(client_capabilities("emacs@29.1"))
    editor.open(shop.root / "prices.py")
    await editor.command("index.flush")
    assert "gross_price" in await editor.found("gross_price")
    assert "Bill" not in await editor.found("bill of a customer")
    assert "gross_price" not in await editor.found(
        "gross_price", folder=(shop.root / "inner").as_uri()
    )
    await client.shutdown_session()


async def test_folders_inside_each_other_give_each_result_once(shop: Workspace) -> None:
    shop.write("inner/till.py", "def open_till():\n    return 1\n")
    client = await started()
    editor = Editor(client, shop.root, shop.root / "inner")
    await editor.start(client_capabilities("visual-studio-code"))
    await editor.command("index.flush")
    assert (await editor.found("open_till")).count("open_till") == 1
    inner = (shop.root / "inner").as_uri()
    assert "gross_price" not in await editor.found("gross_price", folder=inner)
    status = await editor.command("status", folder=inner)
    assert status["files"] == 1
    await client.shutdown_session()


async def test_document_moves_with_its_text_into_a_folder_that_opens(
    shop: Workspace, window: Editor
) -> None:
    path = beside(shop)
    uri = window.open(path)
    window.type_at_end(uri, "def buy_bread(shop):\n    return shop\n\n\n", 0)
    await window.command("index.flush")
    folder = lsp.WorkspaceFolder(uri=path.parent.as_uri(), name="notes")
    event = lsp.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    window.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    await window.command("index.flush")
    assert "unopened_secret" in await window.found("unopened secret")
    assert (await window.found("buy_bread"))[0] == "buy_bread"
    assert len((await window.command("status"))["folders"]) == 1
