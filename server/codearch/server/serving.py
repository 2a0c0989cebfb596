"""The process: over standard streams for one client, over TCP for any number of them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psutil
from lsprotocol import types as lsp
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from codearch import __version__
from codearch.server.protocol import Protocol
from codearch.server.registering import register
from codearch.server.session import Session

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

NAME = "codearch"
_LOOK_SECONDS = 0.5


class Server(LanguageServer):
    """One client's server."""

    protocol: Protocol

    def __init__(self, root: Path | None = None) -> None:
        super().__init__(
            name=NAME,
            version=__version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self.root = root  # served where the client names no folder
        self.ended = threading.Event()
        self.asked_to_exit = False
        self._client_process: int | None = None
        self.session = Session(self)
        register(self, self.session)

    async def serve(self, reader: Any) -> None:
        """Answer until the client leaves: by `exit`, by closing the stream, or by dying."""
        self.session.telling.begin()
        reading = asyncio.ensure_future(
            run_async(
                stop_event=self.ended,
                reader=reader,
                protocol=self.protocol,
                logger=logging.getLogger("pygls"),
                error_handler=self.report_server_error,
            )
        )
        watching = asyncio.ensure_future(self._until_ended())
        try:
            await asyncio.wait({reading, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.ended.set()
            reading.cancel()
            watching.cancel()
            self.session.close()

    def watch_client(self, process_id: int | None) -> None:
        """End with the client's process, unless it lives on another machine or in a container."""
        if process_id is not None and psutil.pid_exists(process_id):
            self._client_process = process_id

    async def _until_ended(self) -> None:
        """Return when the session has ended, or the client's process has."""
        while not self.ended.is_set():
            await asyncio.sleep(_LOOK_SECONDS)
            if self._client_process is not None and not psutil.pid_exists(self._client_process):
                log.warning("the client's process %d is gone", self._client_process)
                return


def serve_stdio(root: Path | None = None) -> int:
    """Serve one client over standard input and output; return the exit code."""
    # Whatever prints by mistake must not disturb the protocol.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server = Server(root)

    async def main() -> None:
        reader = StdinAsyncReader(sys.stdin.buffer, ThreadPoolExecutor(1, "codearch-stdin"))
        server.protocol.set_writer(StdoutWriter(output))
        await server.serve(reader)

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main())
    except (BrokenPipeError, KeyboardInterrupt):
        server.session.close()
    # The thread that reads standard input may wait for ever: nothing else is left to be done.
    sys.stderr.flush()
    os._exit(server.protocol.exit_code if server.asked_to_exit else 0)


def serve_tcp(host: str, port: int, root: Path | None = None) -> None:
    """Serve any number of clients, each with a session of its own; print where."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = Server(root)
        server.protocol.set_writer(writer)
        try:
            await server.serve(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            log.info("a client broke off")
        finally:
            writer.close()

    async def main() -> None:
        listener = await asyncio.start_server(connected, host, port)
        where = listener.sockets[0].getsockname()
        print(f"codearch: listening on {where[0]}:{where[1]}", file=sys.stderr, flush=True)
        async with listener:
            await listener.serve_forever()

    asyncio.run(main())
