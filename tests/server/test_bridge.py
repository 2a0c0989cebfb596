"""The bridge that serves the panels to a browser: who may ask, and what."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from codearch.server.bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PATIENCE_SECONDS = 60


@contextlib.asynccontextmanager
async def serving(root: Path) -> AsyncIterator[tuple[str, str]]:
    """Serve a folder; give host with port, and the token."""
    bundle = root.parent / "bundle"
    bundle.mkdir(exist_ok=True)
    (bundle / "index.html").write_text("<title>Panels</title>", "utf-8")
    begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.ensure_future(Bridge(root, bundle).run(0, begun.set_result))
    try:
        address = urlsplit(await asyncio.wait_for(begun, PATIENCE_SECONDS))
        yield address.netloc, address.fragment.removeprefix("token=")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))  # the state folder lies there
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    root = tmp_path / "shop"
    root.mkdir()
    (root / "codearch.toml").write_text("", "utf-8")
    (root / "prices.py").write_text("def gross_price(net):\n    return net * 1.2\n", "utf-8")
    return root


def socket(host: str, token: str, origin: str | None = None) -> connect:
    return connect(
        f"ws://{host}/socket",
        origin=origin or f"http://{host}",
        subprotocols=["codearch", token],
        proxy=None,
    )


async def refused(asking: connect) -> int:
    with pytest.raises(InvalidStatus) as caught:
        await asking
    return caught.value.response.status_code


async def got(host: str, path: str, named: str) -> str:
    """Return what is answered to a GET that names a host."""
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {named}\r\n\r\n".encode())
    text = (await reader.read()).decode()
    writer.close()
    return text


async def asked(page: Any, command: str, argument: object) -> dict[str, Any]:
    """Return the answer to a request; what is told meanwhile is left aside."""
    request = {"type": "request", "id": 7, "command": command, "argument": argument}
    await page.send(json.dumps(request))
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for text in page:
            message: dict[str, Any] = json.loads(text)
            if message["type"] == "response":
                return message
    raise AssertionError(command)


def test_only_our_own_page_with_the_token_may_ask(root: Path) -> None:
    async def scenario() -> None:
        async with serving(root) as (host, token):
            assert await refused(socket(host, "wrong")) == 401
            assert await refused(socket(host, token, "http://example.org")) == 403
            assert await refused(socket(host, token, f"https://{host}")) == 403
            nobody = connect(f"ws://{host}/socket", subprotocols=["codearch", token], proxy=None)
            assert await refused(nobody) == 403
            async with socket(host, token) as page:
                assert page.subprotocol == "codearch"  # the token is not said again

    asyncio.run(scenario())


def test_files_are_served_to_who_names_this_host_and_none_but_the_bundle(root: Path) -> None:
    async def scenario() -> None:
        async with serving(root) as (host, token):
            page = await got(host, "/", host)
            assert page.startswith("HTTP/1.1 200")
            assert "Content-Security-Policy: default-src 'none'; script-src 'self'" in page
            assert "unsafe" not in page
            assert token not in page
            assert (await got(host, "/", "rebound.example.org")).startswith("HTTP/1.1 403")
            for path in ("/../shop/prices.py", "/%2e%2e/shop/prices.py", "/absent.js"):
                assert (await got(host, path, host)).startswith("HTTP/1.1 404"), path

    asyncio.run(scenario())


def test_a_page_searches_and_runs_nothing_but_our_commands(root: Path) -> None:
    async def scenario() -> None:
        async with serving(root) as (host, token), socket(host, token) as page:
            await asked(page, "codearch.index.flush", {})
            found = await asked(page, "codearch.search", {"query": "gross price"})
            assert found["result"]["results"][0]["symbol"] == "gross_price"
            foreign = await asked(page, "workbench.action.terminal.new", {})
            assert "There is no command" in foreign["error"]["message"]
            wrong = await asked(page, "codearch.search", {"query": "x", "limit": 0})
            assert wrong["error"]["code"] == -32602
            assert "limit" in wrong["error"]["message"]
            assert "error" in await asked(page, "codearch.status", ["no object"])
            # A page that somebody has changed may say anything: here a list for a name.
            assert "error" in await asked(page, ["codearch.status"], {})  # type: ignore[arg-type]
            await page.send("no JSON")
            await page.send("[]")
            assert (await asked(page, "codearch.status", {}))["result"]["files"] == 2

    asyncio.run(scenario())


async def recent(page: Any) -> list[str]:
    """Return what a page is told next of searches; what else is told is left aside."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for text in page:
            message: dict[str, Any] = json.loads(text)
            if message["type"] == "recent":
                queries: list[str] = message["queries"]
                return queries
    raise AssertionError


def test_searches_outlive_the_bridge_on_their_folder_alone_until_forgotten(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()

    async def scenario() -> None:
        async with serving(root) as (host, token), socket(host, token) as page:
            assert await recent(page) == []
            for message in (
                {"type": "remember", "query": " gross price "},
                {"type": "remember", "query": ["no text"]},
                {"type": "remember"},
                {"type": "remember", "query": "\ud800 half a sign"},
            ):
                await page.send(json.dumps(message))
            assert await recent(page) == ["gross price"]
            assert await recent(page) == ["\ud800 half a sign", "gross price"]
        async with serving(other) as (host, token), socket(host, token) as page:
            assert await recent(page) == []
        async with serving(root) as (host, token):  # at another port
            async with socket(host, token) as page, socket(host, token) as beside:
                for each in (page, beside):
                    assert await recent(each) == ["\ud800 half a sign", "gross price"]
                await page.send(json.dumps({"type": "forget"}))
                assert await recent(beside) == []
            async with socket(host, token) as page:
                assert await recent(page) == []

    asyncio.run(scenario())
