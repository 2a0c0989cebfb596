"""A client of our own server: starts one for a root, and passes commands to it and back."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from codearch import __version__
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEAVING_SECONDS = 5.0
_ENDED = "The language server has ended."


class AnswerError(CodearchError):
    """The server refused a request, with the code that the protocol gives."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Relay:
    """One server process for one root. `told` gets the method and parameters of what it tells."""

    def __init__(self, root: Path, told: Callable[[str, Any], None]) -> None:
        self._root = root
        self._told = told
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0

    async def start(self) -> None:
        """Start the server and open its session."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "codearch", "lsp", "--root", str(self._root)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.ensure_future(self._read())
        folder = {"uri": self._root.as_uri(), "name": self._root.name}
        await self.ask(
            "initialize",
            {
                "processId": None,
                "clientInfo": {"name": "codearch panels", "version": __version__},
                "rootUri": None,
                "capabilities": {},
                "workspaceFolders": [folder],
            },
        )
        self.tell("initialized", {})

    async def ask(self, method: str, params: Any) -> Any:
        """Return what a request is answered; raise AnswerError where it is refused.

        Whoever is cancelled while waiting takes the request back.
        """
        if self._process.returncode is not None or self._reading.done():
            raise AnswerError(_ENDED, -32099)
        self._number += 1
        number = self._number
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        try:
            return await self._waiting[number]
        except asyncio.CancelledError:
            self.tell("$/cancelRequest", {"id": number})
            raise
        finally:
            del self._waiting[number]

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    async def close(self) -> None:
        """Have the server leave, and end it where it does not."""
        try:
            async with asyncio.timeout(LEAVING_SECONDS):
                await self.ask("shutdown", None)
                self.tell("exit", None)
                await self._process.wait()
        except (TimeoutError, AnswerError, ConnectionError):
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
        self._reading.cancel()

    async def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        try:
            while True:
                self._take(await _message(self._process.stdout))
        except (asyncio.IncompleteReadError, ConnectionError):
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(AnswerError(_ENDED, -32099))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message:
            if "id" in message:  # what the server asks of editors: there is none here
                self._send({"id": message["id"], "result": None})
            else:
                self._told(message["method"], message.get("params"))
            return
        future = self._waiting.get(message["id"])
        if future is None or future.done():
            return
        if "error" in message:
            error = message["error"]
            future.set_exception(AnswerError(error["message"], error["code"]))
        else:
            future.set_result(message.get("result"))

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


async def _message(reader: asyncio.StreamReader) -> dict[str, Any]:
    """Return the next message; raise IncompleteReadError at the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(sizes[0].partition(b":")[2]))
    message: dict[str, Any] = json.loads(body)
    return message
