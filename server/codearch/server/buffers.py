"""Unsaved text goes to the indexer a moment after the last key, until saved or closed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import partial
from typing import TYPE_CHECKING

from codearch.errors import CodearchError
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.server.roots import Root
    from codearch.server.session import Session

log = logging.getLogger(__name__)

QUIET_SECONDS = 0.1
_CATCH_UP_SECONDS = 0.04  # of what a hover may take
_SEND_SECONDS = 5.0  # that a command waits for an indexer to be told what was typed
_LOOK_SECONDS = 0.05  # between two looks whether the command was cancelled


class Buffers:
    """What differs from the disk in the documents that are open.

    What happens to the documents of a root is told to its indexer by one thread, in the order in
    which it happened: else a text might come after the one that replaced it, or after its document
    was closed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: set[str] = set()
        self._waiting: dict[str, str] = {}  # uri -> text still to be sent
        self._behind: set[str] = set()  # documents that were typed in since the index had them
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._lock = threading.Lock()  # of what waits and of the order; nobody is asked under it
        self._tellers: dict[Root, ThreadPoolExecutor] = {}

    @property
    def uris(self) -> set[str]:
        """Return the documents that are open."""
        return set(self._open)

    def opened(self, uri: str) -> None:
        """Note a document."""
        before = self._session.root_of(uri)
        self._open.add(uri)
        self._session.serve_file(uri)
        if before is not None and before == self._session.root_of(uri):
            self.announce(uri)  # to another root it has been announced already

    def tell_opened(self, root: Root) -> None:
        """Have the documents of a root read before its other files; runs on a thread."""
        found = [self._session.root_of(uri) for uri in self.uris]
        paths = [path for home, path in filter(None, found) if home is root]
        if paths:
            root.client.tell("opened", {"paths": paths})

    def announce(self, uri: str) -> None:
        """Send text that its root does not have from the disk."""
        found = self._session.root_of(uri)
        if found is None:
            return
        root, path = found
        text = self._session.server.workspace.get_text_document(uri).source
        root.client.tell("opened", {"paths": [path]})
        root.client.tell("want_history", {"paths": [path]})
        with self._lock:
            self._tell(root, partial(_compare, root, path, text))
        self._session.telling.publish_soon([uri])

    def discard(self, root: Root, path: str) -> None:
        """Have a root forget a document that another one serves now."""
        with self._lock:
            self._tell(root, partial(root.client.discard, path))

    def changed(self, uri: str, text: str) -> None:
        """Send the text when no further key has come for a moment."""
        with self._lock:
            self._waiting[uri] = text
            self._behind.add(uri)
        self._stop_timer(uri)
        loop = asyncio.get_running_loop()
        self._timers[uri] = loop.call_later(QUIET_SECONDS, self._send)

    def saved(self, uri: str) -> None:
        """Have the file on disk read, and the buffer forgotten, unless it is all that there is."""
        found = self._session.root_of(uri)
        if found is None or not found[0].loose:
            self._settle(uri, touched=True)

    def closed(self, uri: str) -> None:
        """Forget the buffer."""
        self._open.discard(uri)
        self._settle(uri, touched=False)
        self._session.leave_file(uri)

    def send_waiting(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Send what waits now; called before commands too, so that they see what was typed.

        An indexer that says nothing for long is not waited for.
        """
        deadline = time.monotonic() + _SEND_SECONDS
        for sent in self._send().values():
            while not cancelled() and time.monotonic() < deadline:
                with contextlib.suppress(FutureTimeout):
                    sent.result(_LOOK_SECONDS)
                    break

    def catch_up(self, uri: str) -> None:
        """Send what was typed in a document that is asked about, and give the index 40 ms for it.

        Else places would be those of the text as it was.
        """
        found = self._session.root_of(uri)
        if uri not in self._behind or found is None or not found[0].client.connected:
            return
        self._behind.discard(uri)
        with contextlib.suppress(FutureTimeout):
            sent = self._send().get(found[0])
            if sent is not None:
                sent.result(_CATCH_UP_SECONDS)
            if found[0].client.wait_for_buffers(_CATCH_UP_SECONDS):
                return
        self._behind.add(uri)

    def leave(self, root: Root) -> None:
        """Tell a root that is served no longer nothing more than what waits."""
        with self._lock:
            teller = self._tellers.pop(root, None)
        if teller is not None:
            teller.shutdown(wait=False)

    def close(self) -> None:
        """Tell nothing more."""
        for uri in list(self._timers):
            self._stop_timer(uri)
        with self._lock:
            tellers, self._tellers = self._tellers, {}
        for teller in tellers.values():
            teller.shutdown(wait=False, cancel_futures=True)

    # --- in order ----------------------------------------------------------------------------

    def _send(self) -> dict[Root, Future[None]]:
        """Have what waits sent; return for each root what is done once it has been told all."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            for uri, text in waiting.items():
                found = self._session.root_of(uri)
                if found is not None:
                    root, path = found
                    self._tell(root, partial(root.client.overlay, path, text))
            return {root: teller.submit(_nothing) for root, teller in self._tellers.items()}

    def _settle(self, uri: str, *, touched: bool) -> None:
        self._stop_timer(uri)
        found = self._session.root_of(uri)
        with self._lock:
            self._waiting.pop(uri, None)
            if found is None:
                return
            root, path = found
            if touched:
                self._tell(root, partial(root.client.call, "touched", {"paths": [path]}))
            self._tell(root, partial(root.client.discard, path))

    def _tell(self, root: Root, tell: Callable[[], object]) -> None:
        """Have something told after all that was to be told before; under the lock."""

        def run() -> None:
            try:
                tell()
            except CodearchError as error:
                self._session.telling.failed(root, error)
            except Exception:
                # The edge of a thread: what one text stumbles over must not be lost in silence.
                log.exception("%s was not told", root.path)

        if root not in self._tellers:
            self._tellers[root] = ThreadPoolExecutor(1, thread_name_prefix="codearch-buffers")
        self._tellers[root].submit(run)

    def _stop_timer(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()


def _compare(root: Root, path: str, text: str) -> None:
    """Send text other than the disk's, as editors restore it, or that nobody reads there."""
    try:
        on_disk = None if root.loose else decode((root.path / path).read_bytes())
    except OSError:
        on_disk = None
    if on_disk is None or on_disk.replace("\r\n", "\n") != text.replace("\r\n", "\n"):
        root.client.overlay(path, text)


def _nothing() -> None:
    """Do nothing, once all before it has been done."""
