"""Unsaved text goes to the indexer a moment after the last key, until saved or closed."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from codearch.errors import CodearchError
from codearch.text import decode

if TYPE_CHECKING:
    from codearch.server.roots import Root
    from codearch.server.session import Session

QUIET_SECONDS = 0.12
_CATCH_UP_SECONDS = 0.04  # of what a hover may take


class Buffers:
    """What differs from the disk in the documents that are open."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: set[str] = set()
        self._waiting: dict[str, str] = {}  # uri -> text still to be sent
        self._behind: set[str] = set()  # documents that were typed in since the index had them
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._lock = threading.Lock()

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
        self._session.shell.submit(lambda: self._compare(root, path, text))
        self._session.telling.publish_soon([uri])

    def changed(self, uri: str, text: str) -> None:
        """Send the text when no further key has come for a moment."""
        with self._lock:
            self._waiting[uri] = text
            self._behind.add(uri)
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[uri] = loop.call_later(
            QUIET_SECONDS, lambda: self._session.shell.submit(self.send_waiting)
        )

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

    def send_waiting(self) -> None:
        """Send what waits now; called before commands too, so that they see what was typed."""
        with self._lock:
            self._send()

    def catch_up(self, uri: str) -> None:
        """Send what was typed in a document that is asked about, and give the index 40 ms for it.

        Else places would be those of the text as it was.
        """
        found = self._session.root_of(uri)
        if uri not in self._behind or found is None or not found[0].client.connected:
            return
        if not self._lock.acquire(timeout=_CATCH_UP_SECONDS):
            return
        try:
            self._send()
            self._behind.discard(uri)
        finally:
            self._lock.release()
        if not found[0].client.wait_for_buffers(_CATCH_UP_SECONDS):
            self._behind.add(uri)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for uri, text in waiting.items():
            found = self._session.root_of(uri)
            if found is not None:
                root, path = found
                root.client.overlay(path, text)

    def _settle(self, uri: str, *, touched: bool) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        found = self._session.root_of(uri)
        if found is None:
            return
        root, path = found

        def work() -> None:
            with self._lock:
                self._waiting.pop(uri, None)
                if touched:
                    root.client.call("touched", {"paths": [path]})
                root.client.discard(path)

        self._session.shell.submit(work)

    def _compare(self, root: Root, path: str, text: str) -> None:
        """Send text other than the disk's, as editors restore it, or that nobody reads there."""
        try:
            on_disk = None if root.loose else decode((root.path / path).read_bytes())
        except OSError:
            on_disk = None
        if on_disk is None or on_disk.replace("\r\n", "\n") != text.replace("\r\n", "\n"):
            try:
                root.client.overlay(path, text)
            except CodearchError as error:
                self._session.telling.failed(root, error)
