"""The panels in a plain browser: their files over HTTP, their requests over a WebSocket.

Loopback alone. The files hold no secret and are served to whoever asks this host by its own name; a
WebSocket is opened for our own page alone, and with the token that was printed. What comes through
it may run the commands of `codearch.*`, have searches kept or forgotten, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response
from websockets.typing import Subprotocol

from codearch.commands._schema import all_commands
from codearch.server.relay import AnswerError, Relay
from codearch.server.searches import Searches
from codearch.settings import root_searches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request

HOST = "127.0.0.1"
SUBPROTOCOL = Subprotocol("codearch")  # the token is the other one that the page offers
LARGEST_MESSAGE = 1 << 20  # of what a panel asks; answers may be larger
_TELLING = ("generation", "state")  # findings follow a generation, and end with the state
_INVALID, _UNKNOWN = -32600, -32601
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Bridge:
    """One server session for a root, and every page that has shown the token."""

    def __init__(self, root: Path, bundle: Path) -> None:
        self.token = secrets.token_urlsafe(32)
        self._files = {f"/{path.name}": path for path in bundle.iterdir() if path.suffix in _KINDS}
        self._relay = Relay(root, self._told)
        self._searches = Searches(root, root_searches(root))
        self._noting = asyncio.Lock()
        self._pages: set[ServerConnection] = set()
        self._status: Any = None

    async def run(self, port: int, begun: Callable[[str], None]) -> None:
        """Serve until cancelled; `begun` is told the address to open."""
        await self._relay.start()
        try:
            async with serve(
                self._talk,
                HOST,
                port,
                process_request=self._checked,
                select_subprotocol=lambda _, offered: SUBPROTOCOL if offered else None,
                max_size=LARGEST_MESSAGE,
                compression=None,
            ) as listener:
                where = next(iter(listener.sockets)).getsockname()[1]
                self._hosts = {f"{name}:{where}" for name in (HOST, "localhost")}
                begun(f"http://{HOST}:{where}/#token={self.token}")
                await listener.serve_forever()
        finally:
            await self._relay.close()

    def _checked(self, _connection: ServerConnection, request: Request) -> Response | None:
        """Answer a request for a file or a refused one; None lets a page open its socket."""
        host = request.headers.get("Host", "")
        if host not in self._hosts:
            return _answer(HTTPStatus.FORBIDDEN, "This host serves its own name alone.\n")
        path = request.path.partition("?")[0]
        if path != "/socket":
            return self._file("/index.html" if path == "/" else path)
        if request.headers.get("Origin") != f"http://{host}":
            return _answer(HTTPStatus.FORBIDDEN, "Another page may not ask here.\n")
        offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        if not any(
            hmac.compare_digest(each.strip().encode(), self.token.encode()) for each in offered
        ):
            return _answer(HTTPStatus.UNAUTHORIZED, "The token is wrong.\n")
        return None

    def _file(self, path: str) -> Response:
        found = self._files.get(path)
        if found is None:
            return _answer(HTTPStatus.NOT_FOUND, "There is no such file.\n")
        return _answer(HTTPStatus.OK, found.read_bytes(), _KINDS[found.suffix])

    async def _talk(self, page: ServerConnection) -> None:
        """Answer what a page asks, all its requests side by side."""
        self._pages.add(page)
        asked: dict[int, asyncio.Task[None]] = {}

        async def answered(number: int, message: dict[str, Any]) -> None:
            try:
                await self._answer(page, number, message)
            finally:
                del asked[number]

        try:
            await page.send(_recent(await self._searched(self._searches.latest)))
            if self._status is not None:
                await page.send(json.dumps({"type": "status", "status": self._status}))
            async for text in page:
                match _decoded(text):
                    case {"type": "request", "id": int(number)} as message if number not in asked:
                        asked[number] = asyncio.create_task(answered(number, message))
                    case {"type": "cancel", "id": int(number)} if number in asked:
                        asked[number].cancel()
                    case {"type": "remember", "query": str(query)}:
                        await self._note(partial(self._searches.remember, query))
                    case {"type": "forget"}:
                        await self._note(self._searches.forget)
        except ConnectionClosed:
            pass
        finally:
            self._pages.discard(page)
            for task in list(asked.values()):
                task.cancel()

    async def _note(self, change: Callable[[], list[str]]) -> None:
        """Change what is kept of searches, and tell every page."""
        broadcast(self._pages, _recent(await self._searched(change)))

    async def _searched(self, act: Callable[[], list[str]]) -> list[str]:
        """Return what reading or writing the searches gives, one after the other."""
        async with self._noting:
            return await asyncio.to_thread(act)

    async def _answer(self, page: ServerConnection, number: int, message: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"type": "response", "id": number}
        try:
            answer["result"] = await self._ran(message.get("command"), message.get("argument"))
        except AnswerError as error:
            answer["error"] = {"message": error.message, "code": error.code}
        with contextlib.suppress(ConnectionClosed):
            await page.send(json.dumps(answer, ensure_ascii=False))

    async def _ran(self, command: object, argument: object) -> Any:
        if not isinstance(command, str) or command not in all_commands():
            message = f"There is no command {command}: the panels may run those of codearch alone."
            raise AnswerError(message, _UNKNOWN)
        if not isinstance(argument, dict):
            message = "The argument of a command is an object."
            raise AnswerError(message, _INVALID)
        params = {"command": command, "arguments": [argument]}
        return await self._relay.ask("workspace/executeCommand", params)

    def _told(self, method: str, params: Any) -> None:
        """Pass the server's status on; a new generation or state says that answers may differ."""
        if method != "codearch/status":
            return
        before = self._status or {"generation": None, "state": None}
        changed = any(before[each] != params[each] for each in _TELLING)
        self._status = params
        broadcast(self._pages, json.dumps({"type": "status", "status": params}))
        if changed:
            broadcast(self._pages, json.dumps({"type": "changed"}))


def _recent(queries: list[str]) -> str:
    return json.dumps({"type": "recent", "queries": queries})


def _decoded(text: str | bytes) -> dict[str, Any]:
    """Return a message, an empty one for what is none."""
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _answer(status: HTTPStatus, body: str | bytes, kind: str = "text/plain") -> Response:
    content = body.encode() if isinstance(body, str) else body
    headers = Headers(
        {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Connection": "close",
        }
    )
    return Response(status.value, status.phrase, headers, content)
