"""A client that sends what no library would: raw messages, late answers, none at all."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Self

from streams import framed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE_SECONDS = 20


class Wire:
    """A server at the end of a pipe; `async with` starts and ends it."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str, Any]] = []  # seconds, method, params of notifications
        self.complaints = ""  # what stood on standard error, which editors show as errors
        self.answers: Callable[[str], asyncio.Future[Any]] = lambda _: _done(None)
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0

    async def __aenter__(self) -> Self:
        command = [sys.executable, "-m", "codearch", "lsp"]
        self.process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ,
        )
        self._tasks = [asyncio.ensure_future(self._read())]
        self._complaining = asyncio.ensure_future(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.ask("shutdown", None)
        self._send({"method": "exit"})
        await self.process.wait()
        await self._complaining
        for task in self._tasks:
            task.cancel()

    async def start(self, *folders: Path, process: int | None = None, **capabilities: Any) -> None:
        """Begin a session with folders open."""
        params = {
            "processId": process,
            "rootUri": None,
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in folders],
        }
        assert "result" in await self.ask("initialize", params)
        self._send({"method": "initialized", "params": {}})

    async def ask(self, method: str, params: Any) -> dict[str, Any]:
        """Send a request and return the whole reply."""
        return await asyncio.wait_for(self._ask(method, params), PATIENCE_SECONDS)

    async def ask_and_cancel(self, method: str, params: Any) -> dict[str, Any]:
        """Send a request, take it back at once, and return the whole reply."""
        reply = self._ask(method, params)
        self.cancel_last()
        return await asyncio.wait_for(reply, PATIENCE_SECONDS)

    async def command(self, name: str, argument: Any = None) -> dict[str, Any]:
        """Execute one of the server's commands and return the whole reply."""
        arguments = [] if argument is None else [argument]
        params = {"command": f"codearch.{name}", "arguments": arguments}
        return await self.ask("workspace/executeCommand", params)

    def cancel_last(self) -> None:
        """Take the last request back, whether or not it has been answered."""
        self._send({"method": "$/cancelRequest", "params": {"id": self._number}})

    def _ask(self, method: str, params: Any) -> asyncio.Future[dict[str, Any]]:
        self._number += 1
        reply = self._replies[self._number] = asyncio.get_running_loop().create_future()
        self._send({"id": self._number, "method": method, "params": params})
        return reply

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(framed(message))

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            header = await self.process.stdout.readuntil(b"\r\n\r\n")
            length = int(header.lower().partition(b"content-length:")[2].split()[0])
            message = json.loads(await self.process.stdout.readexactly(length))
            if "method" not in message:
                self._replies.pop(message["id"]).set_result(message)
            elif "id" in message:
                self._tasks.append(asyncio.ensure_future(self._answer(message)))
            else:
                now = asyncio.get_running_loop().time()
                self.told.append((now, message["method"], message.get("params")))

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            said = line.decode(errors="replace")
            self.complaints += said
            sys.stderr.write(said)

    async def _answer(self, message: dict[str, Any]) -> None:
        result = await self.answers(message["method"])
        self._send({"id": message["id"], "result": result})


def _done(value: Any) -> asyncio.Future[Any]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future
