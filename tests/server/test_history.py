"""Hover and explain say who wrote a symbol and why, as git and the text have it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_lsp import client_capabilities

from server.conftest import PRICES, started
from server.editing import Editor, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from conftest import Workspace

pytestmark = pytest.mark.asyncio
GROSS_PRICE = 3, 6
LATER = 1_700_000_100  # seconds since the epoch, after the fixture's commit


def told(editor: Editor, uri: str, words: str) -> Callable[[], Awaitable[bool]]:
    """Return the question whether hover over `gross_price` has these words."""

    async def asked() -> bool:
        return words in await editor.hover(uri, *GROSS_PRICE)

    return asked


async def last_subject(editor: Editor, name: str = "gross_price") -> str:
    await editor.command("index.flush")  # the text too has changed
    answer = await editor.command("explain", symbol=name)
    return str(answer["churn"]["lastSubject"])


async def test_commit_amend_and_checkout_are_told_at_once(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    await until(told(editor, uri, "Compute prices with tax"))
    shop.write("prices.py", PRICES.replace("1 + rate", "1.0 + rate"))
    shop.commit("Compute with floats", author="Bob", time=LATER)
    assert await last_subject(editor) == "Compute with floats"
    await until(told(editor, uri, "by Bob: Compute with floats"))
    shop.git(
        "-c", "user.name=Bob", "-c", "user.email=b@c", "commit", "--amend", "-qm", "Use floats"
    )
    assert await last_subject(editor) == "Use floats"
    await until(told(editor, uri, "Use floats"))
    shop.git("checkout", "-q", "-b", "other", "HEAD~1")
    assert await last_subject(editor) == "Compute prices with tax"
    await until(told(editor, uri, "Compute prices with tax"))


async def test_file_that_moved_keeps_its_people_and_reasons(
    shop: Workspace, editor: Editor
) -> None:
    assert await last_subject(editor) == "Compute prices with tax"
    shop.git("mv", "prices.py", "costs.py")
    shop.commit("Call it costs")
    assert await last_subject(editor) == "Compute prices with tax"
    uri = editor.open(shop.root / "costs.py")
    await until(told(editor, uri, "**Written** by Ada 100%"))


async def test_lines_that_are_not_committed_are_counted(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    await until(told(editor, uri, "**Written** by Ada"))
    editor.type_at_end(uri, "    rate = max(rate, 0)\n    net = abs(net)\n", 5)
    await until(told(editor, uri, "2 lines are not committed yet"))
    assert "**Written** by Ada 100%" in await editor.hover(uri, *GROSS_PRICE)
    assert (await editor.command("explain", symbol="gross_price"))["churn"]["uncommitted"] == 2


async def test_symbol_renamed_in_a_buffer_keeps_its_history(
    shop: Workspace, editor: Editor
) -> None:
    uri = editor.open(shop.root / "prices.py", PRICES.replace("gross_price", "price_with_tax"))

    async def renamed() -> bool:
        return await editor.hover(uri, 3, 4 + len("price_with_t")) != ""

    await until(renamed)
    await until(told(editor, uri, "**Written** by Ada 100%"))


async def test_new_symbol_is_said_to_be_not_committed(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py", PRICES + "\n\ndef free():\n    return 0\n")

    async def not_committed() -> bool:
        return "*No history: not committed yet*" in await editor.hover(uri, 12, 6)

    await until(not_committed)


async def test_blame_that_failed_is_said_and_tried_again(shop: Workspace, editor: Editor) -> None:
    lost = shop.git("rev-parse", "HEAD:prices.py").strip()
    shop.write("prices.py", PRICES.replace("1 + rate", "1.0 + rate"))
    shop.commit("Compute with floats", time=LATER)
    kept = _take_away(shop.root / ".git" / "objects" / lost[:2] / lost[2:])
    uri = editor.open(shop.root / "prices.py")
    await until(told(editor, uri, "*No history: git blame failed"))
    kept.rename(shop.root / ".git" / "objects" / lost[:2] / lost[2:])
    shop.commit("Change nothing")
    assert await last_subject(editor) == "Compute with floats"
    await until(told(editor, uri, "**Written** by Ada 100%"))


def _take_away(file: Path) -> Path:
    return file.rename(file.parents[2] / "taken-away")


@pytest.mark.parametrize(
    ("steps", "settings", "reason"),
    [
        ([], "", "this is no git repository"),
        (["init"], "", "nothing has been committed yet"),
        (["init"], "[history]\nenabled = false\n", r"\`history.enabled\` is off"),
    ],
)
async def test_reason_for_no_history_is_said(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[str],
    settings: str,
    reason: str,
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(workspace.root.parent / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    for step in steps:
        workspace.git(step, "-q")
    workspace.write("codearch.toml", settings)
    file = workspace.write("prices.py", PRICES)
    client = await started()
    editor = Editor(client, workspace.root)
    await editor.start(client_capabilities("visual-studio-code"))
    await editor.command("index.flush")
    await until(told(editor, editor.open(file), f"*No history: {reason}*"))
    await client.shutdown_session()
