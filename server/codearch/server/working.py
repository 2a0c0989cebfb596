"""The progress bar of one request that takes long; cancelling it cancels the request."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.server.session import Session

log = logging.getLogger(__name__)

QUIET_SECONDS = 0.5  # what ends sooner needs no bar
_TELLING_SECONDS = 0.25


class Working:
    """Shows how far one request has come. `told` is for the request's own thread."""

    def __init__(
        self, session: Session, title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._title = title
        self._clock = clock
        self._due = clock() + QUIET_SECONDS
        self._cancelled = threading.Event()
        self._beginning: asyncio.Future[None] | None = None  # held, since the loop itself does not
        self._begun = self._ended = False
        self.token = f"codearch-{uuid.uuid4().hex}"

    @property
    def cancelled(self) -> bool:
        """Whether somebody has cancelled the bar."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Have the request give up."""
        self._cancelled.set()

    def told(self, phase: str, done: int, total: int) -> None:
        """Show that so many of a total are done, not more often than people can read."""
        now = self._clock()
        if now >= self._due:
            self._due = now + _TELLING_SECONDS
            message = f"{phase} {done:,} of {total:,}"
            self._session.telling.soon(lambda: self._show(message, 100 * done // max(total, 1)))

    def end(self) -> None:
        """Take the bar away, on the loop."""
        self._ended = True
        if self._begun:
            self._notify(lsp.WorkDoneProgressEnd())

    def _show(self, message: str, percentage: int) -> None:
        window = self._session.server.client_capabilities.window
        if self._ended or window is None or not window.work_done_progress:
            return
        if self._beginning is None:
            self._beginning = asyncio.ensure_future(self._begin(message, percentage))
        elif self._begun:
            self._notify(lsp.WorkDoneProgressReport(message=message, percentage=percentage))

    async def _begin(self, message: str, percentage: int) -> None:
        """Begin the bar once the client has taken its token, unless the request has ended."""
        try:
            await self._session.server.work_done_progress.create_async(self.token)
        except JsonRpcException as error:
            log.info("the editor shows no progress: %s", error)
            return
        if self._ended:
            return
        self._begun = True
        begin = lsp.WorkDoneProgressBegin(
            title=self._title, cancellable=True, message=message, percentage=percentage
        )
        self._notify(begin)

    def _notify(self, value: Any) -> None:
        params = lsp.ProgressParams(self.token, value)
        self._session.server.protocol.notify(lsp.PROGRESS, params)
