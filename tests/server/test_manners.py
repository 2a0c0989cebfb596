"""What a server owes to clients that send nonsense, answer late, or live elsewhere."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from server.wire import PATIENCE_SECONDS, Wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conftest import Workspace

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def wire(shop: Workspace) -> AsyncIterator[Wire]:
    """A server in the shop's cache, not yet initialized."""
    del shop
    async with Wire() as each:
        yield each


async def test_malformed_requests_are_answered(shop: Workspace, wire: Wire) -> None:
    await wire.start(shop.root)
    document = {"uri": "file:///a.py"}
    command = "workspace/executeCommand"
    cases: list[tuple[str, Any, str]] = [
        ("textDocument/hover", {"textDocument": document}, "position"),
        (
            "textDocument/hover",
            {"textDocument": document, "position": {"line": "first", "character": 0}},
            "position.line",
        ),
        ("textDocument/codeLens", {"textDocument": {}}, "textDocument.uri"),
        ("textDocument/codeLens", None, "params"),
        (command, {"command": "codearch.search", "arguments": 5}, "arguments"),
        (command, {}, "command"),
    ]
    for method, params, field in cases:
        error = (await wire.ask(method, params))["error"]
        assert error["code"] == -32602
        assert f"`{field}`" in error["message"]


async def test_text_that_is_no_unicode_is_refused(shop: Workspace, wire: Wire) -> None:
    await wire.start(shop.root)
    error = (await wire.command("search", {"query": "price \ud800"}))["error"]
    assert error["code"] == -32602
    assert error["data"] == {"field": "query"}
    assert "result" in await wire.command("search", {"query": "price"})


async def test_bar_that_the_client_takes_late_does_not_stay(shop: Workspace, wire: Wire) -> None:
    taken = asyncio.get_running_loop().create_future()
    asked = asyncio.Event()

    def answers(method: str) -> asyncio.Future[Any]:
        assert method == "window/workDoneProgress/create"
        asked.set()
        return taken

    wire.answers = answers
    for number in range(300):
        shop.write(f"shop_{number}.py", f"def price_{number}(net):\n    return net * {number}\n")
    await wire.start(shop.root, window={"workDoneProgress": True})
    await wire.command("index.flush")
    assert asked.is_set()
    taken.set_result(None)
    await wire.command("status")
    assert not [params for _, method, params in wire.told if method == "$/progress"]


async def test_client_of_another_machine_is_not_missed(shop: Workspace, wire: Wire) -> None:
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()  # its number is that of no process here
    await wire.start(shop.root, process=gone.pid)
    with pytest.raises(TimeoutError):  # longer than it takes to miss a client
        await asyncio.wait_for(wire.process.wait(), 1.5)
    assert "result" in await wire.command("status")


async def test_status_of_several_folders_is_told_at_most_four_times_a_second(
    shop: Workspace, wire: Wire
) -> None:
    other = shop.root.parent / "other"
    other.mkdir()
    (other / "far.py").write_text("def far_away():\n    return 1\n")
    await wire.start(shop.root, other)
    told: list[float] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    for number in itertools.count():
        shop.write("prices.py", f"def price(net):\n    return net * {number}\n")
        await wire.command("index.flush")
        told = [when for when, method, _ in wire.told if method == "codearch/status"]
        if len(told) > 4:
            break
        assert time.monotonic() < deadline, "the status is told when it changes"
    # Over the whole stretch: a reader that was held up for a moment sees two at once.
    assert len(told) - 2 <= 4 * (told[-1] - told[0])


async def test_cancelled_command_is_answered_once_and_not_complained_of(
    shop: Workspace, wire: Wire
) -> None:
    await wire.start(shop.root)
    for number in range(300):
        shop.write(f"shop_{number}.py", f"def price_{number}(net):\n    return net * {number}\n")
    flushed = wire.ask_and_cancel("workspace/executeCommand", {"command": "codearch.index.flush"})
    assert (await flushed)["error"]["code"] == -32800
    assert "result" in await wire.command("index.flush")
    assert not [params for _, method, params in wire.told if method == "window/showMessage"]


async def test_request_taken_back_too_late_is_nothing_to_complain_of(shop: Workspace) -> None:
    async with Wire() as wire:
        await wire.start(shop.root)
        assert "result" in await wire.command("status")
        wire.cancel_last()
        query = {"command": "codearch.search", "arguments": [{"query": "price"}]}
        await wire.ask_and_cancel("workspace/executeCommand", query)
    assert wire.complaints == ""


async def test_settings_that_come_too_late_are_not_complained_of(
    shop: Workspace, wire: Wire
) -> None:
    given = asyncio.get_running_loop().create_future()

    def answers(method: str) -> asyncio.Future[Any]:
        assert method == "workspace/configuration"
        return given

    wire.answers = answers
    await wire.start(shop.root, workspace={"configuration": True})
    assert "result" in await wire.command("search", {"query": "price"})
    given.set_result([None])
    assert "result" in await wire.command("status")
    assert not [params for _, method, params in wire.told if method == "window/showMessage"]
