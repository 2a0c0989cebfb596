"""What happens to documents reaches an indexer in the order in which it happened, or not at all."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from codearch.errors import IndexerLostError
from codearch.server.buffers import Buffers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 30
URI = "file:///shop/cart.py"


class SlowClient:
    """Stands for an indexer that answers when it is let, and keeps what it was told."""

    connected = True

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.let = threading.Event()
        self.fails = False

    def tell(self, method: str, params: dict[str, Any]) -> None:
        del method, params

    def overlay(self, path: str, text: str) -> None:
        self._keep(f"overlay {path}", text)

    def discard(self, path: str) -> None:
        self._keep(f"discard {path}", "")

    def call(self, method: str, params: dict[str, Any]) -> None:
        self._keep(f"{method} {params['paths'][0]}", "")

    def wait_for_buffers(self, seconds: float) -> bool:
        return self.let.wait(seconds)

    def _keep(self, what: str, text: str) -> None:
        self.let.wait(PATIENCE_SECONDS)
        self.told.append((what, text))
        if self.fails:
            message = "The indexer ended."
            raise IndexerLostError(message)


@dataclass(eq=False)
class Folder:
    """A root of a session."""

    path: Path
    client: SlowClient
    loose: bool = False


class Shop:
    """A session with one folder and one document, as far as buffers know it."""

    def __init__(self, folder: Path) -> None:
        self.client = SlowClient()
        self.text = "on disk\n"
        (folder / "cart.py").write_text(self.text)
        root = Folder(folder, self.client)
        self.failures: list[str] = []
        session: Any = SimpleNamespace(
            root_of=lambda _uri: (root, "cart.py"),
            serve_file=lambda _uri: None,
            leave_file=lambda _uri: None,
            server=SimpleNamespace(
                workspace=SimpleNamespace(
                    get_text_document=lambda _uri: SimpleNamespace(source=self.text)
                )
            ),
            telling=SimpleNamespace(
                publish_soon=lambda _uris: None,
                failed=lambda _root, error: self.failures.append(error.message),
            ),
        )
        self.buffers = Buffers(session)

    def type(self, text: str) -> None:
        self.text = text
        self.buffers.changed(URI, text)

    async def all_told(self) -> list[tuple[str, str]]:
        self.client.let.set()
        await asyncio.wait_for(asyncio.to_thread(self.buffers.send_waiting), PATIENCE_SECONDS)
        return self.client.told


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


async def test_a_document_that_is_closed_at_once_leaves_nothing(shop: Shop) -> None:
    shop.text = "restored by the editor\n"
    shop.buffers.opened(URI)
    shop.buffers.closed(URI)
    told = await shop.all_told()
    assert told[-1] == ("discard cart.py", "")


async def test_what_is_typed_after_opening_stands(shop: Shop) -> None:
    shop.text = "restored by the editor\n"
    shop.buffers.opened(URI)
    shop.type("typed\n")
    told = await shop.all_told()
    assert told == [
        ("overlay cart.py", "restored by the editor\n"),
        ("overlay cart.py", "typed\n"),
    ]


async def test_what_is_typed_while_a_save_is_told_stands(shop: Shop) -> None:
    shop.type("saved\n")
    asking = asyncio.create_task(asyncio.to_thread(shop.buffers.send_waiting))
    await asyncio.sleep(0)  # lets the question begin
    shop.buffers.saved(URI)
    shop.type("typed after\n")
    told = await shop.all_told()
    await asking
    assert told[-3:] == [
        ("touched cart.py", ""),
        ("discard cart.py", ""),
        ("overlay cart.py", "typed after\n"),
    ]


async def test_typing_never_waits_for_an_indexer(shop: Shop) -> None:
    shop.type("first\n")
    asking = asyncio.create_task(asyncio.to_thread(shop.buffers.send_waiting))
    await asyncio.sleep(0)  # lets the question begin
    for number in range(100):
        shop.type(f"key {number}\n")
    shop.buffers.catch_up(URI)  # gives up after its 40 ms
    assert not shop.client.told
    told = await shop.all_told()
    await asking
    assert told[-1] == ("overlay cart.py", "key 99\n")


async def test_an_indexer_that_says_nothing_is_not_waited_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codearch.server.buffers._SEND_SECONDS", 0.1)
    shop.type("never taken\n")
    await asyncio.wait_for(asyncio.to_thread(shop.buffers.send_waiting), PATIENCE_SECONDS)
    assert not shop.client.told
    shop.client.let.set()


async def test_who_gives_up_is_let_go(shop: Shop) -> None:
    shop.type("never taken\n")
    gives_up = asyncio.to_thread(shop.buffers.send_waiting, lambda: True)
    await asyncio.wait_for(gives_up, PATIENCE_SECONDS)
    assert not shop.client.told
    shop.client.let.set()


async def test_a_loss_is_said_and_the_next_text_told(shop: Shop) -> None:
    shop.client.fails = True
    shop.type("lost\n")
    await shop.all_told()
    shop.client.fails = False
    shop.type("found\n")
    told = await shop.all_told()
    assert shop.failures == ["The indexer ended."]
    assert told[-1] == ("overlay cart.py", "found\n")
