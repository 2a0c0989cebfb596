"""What a client is told unasked: status, progress, findings, and that it should ask again."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from codearch.checked import learnt
from codearch.commands.status import FolderStatus, summed
from codearch.errors import CodearchError
from codearch.features._diagnostics import diagnostics, state_of
from codearch.server.alerting import alert
from codearch.server.fallback import without_indexer
from codearch.settings import SETTINGS_FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codearch.server.roots import Root
    from codearch.server.session import Session
    from codearch.server.working import Working

log = logging.getLogger(__name__)

STATUS = "codearch/status"
_REFRESH_SECONDS = 0.3
_STATUS_SECONDS = 0.25


@dataclass(eq=False)
class _Bar:
    """A progress bar; nothing is told of it before the client has taken its token."""

    token: str
    begun: bool = False
    beginning: asyncio.Future[None] | None = None  # held, since the loop itself does not


class Telling:
    """Turns the indexers' events into notifications. Events come on other threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._published: dict[str, str] = {}  # uri -> state of what was pushed
        self._publishing = threading.Lock()
        self._bars: dict[Root, _Bar] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._refresh: asyncio.TimerHandle | None = None
        self._status_due: asyncio.TimerHandle | None = None
        self._told_at = 0.0  # on the loop's clock
        self._told: object = None
        self._failures: dict[Root, CodearchError] = {}
        self._closed = False
        self.working: list[Working] = []  # requests that may take long

    def begin(self) -> None:
        """Note the loop on which the client is written to."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Tell nothing more."""
        self._closed = True

    # --- from other threads ------------------------------------------------------------------

    def on_event(self, root: Root, event: str, told: dict[str, Any]) -> None:
        """Take an event of a root's indexer."""
        if event == "status":
            root.status = told
            self._failures.pop(root, None)
            self.soon(lambda: self._status(root))
        elif event == "changed":
            if not SETTINGS_FILES.isdisjoint(told.get("paths") or []):
                root.reload(self._session.client_settings)
            self.soon(lambda: self._changed(root, told.get("paths") or []))
        elif event == "checked":
            self.soon(self._show_findings)
        elif event == "lost":
            # Back at once, with the buffers that it had been told.
            self._session.shell.submit(lambda: self._session.open_root(root))

    def opened(self, root: Root) -> None:
        """Note that a root's indexer answers."""
        self._failures.pop(root, None)
        try:
            root.status = root.client.call("status")
        except CodearchError as error:
            log.warning("%s", error)
        self.soon(lambda: self._status(root))
        self.soon(lambda: self._changed(root, []))

    def configured(self) -> None:
        """Note that the editor's settings are others, which need not alter anything indexed."""
        self.soon(lambda: self.publish_soon(self._session.buffers.uris))

    def failed(self, root: Root, error: CodearchError) -> None:
        """Say what keeps a root from being indexed."""
        log.warning("%s", error)
        self._failures[root] = error
        self.soon(lambda: self._status(root))

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Have something done on the loop, unless the session has ended by then."""
        loop = self._loop

        def unless_closed() -> None:
            if not self._closed:
                work()

        if loop is not None:
            self.soon(lambda: loop.call_later(seconds, unless_closed))

    def soon(self, work: Any) -> None:
        """Have something done on the loop."""
        if self._loop is not None and not self._closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)

    # --- status and progress -----------------------------------------------------------------

    def forget(self, root: Root) -> None:
        """End what was told of a root."""
        self._end_bar(root)
        self._failures.pop(root, None)

    def _status(self, root: Root) -> None:
        """Show a root's progress, and tell the status of all, at most four times a second."""
        self._progress(root)
        if self._status_due is None and self._loop is not None:
            wait = max(0.0, self._told_at + _STATUS_SECONDS - self._loop.time())
            self._status_due = self._loop.call_later(wait, self._tell_status)

    def _tell_status(self) -> None:
        self._status_due = None
        if self._closed or self._loop is None:
            return
        self._told_at = self._loop.time()
        folders = [self._folder(each) for each in self._session.roots.values()]
        context = self._session.context(lambda: False)
        status = msgspec.to_builtins(summed(context, folders))
        if status != self._told:
            self._told = status
            self._session.server.protocol.notify(STATUS, status)

    def _folder(self, root: Root) -> FolderStatus:
        told = self._last(root)
        known = {name: told[name] for name in FolderStatus.__struct_encode_fields__ if name in told}
        return msgspec.convert({"root": str(root.path), **known}, learnt(FolderStatus))

    def _last(self, root: Root) -> dict[str, Any]:
        """Return what is known of a root without asking."""
        told, failure = root.status or {}, self._failures.get(root)
        return told if failure is None else without_indexer(told, failure)

    def _progress(self, root: Root) -> None:
        """Show a bar while bulk work goes on; cancelling it pauses the index."""
        told = self._last(root).get("progress")
        window = self._session.server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        if told is None:
            self._end_bar(root)
            return
        message, percentage = _said(told)
        bar = self._bars.get(root)
        if bar is None:
            bar = self._bars[root] = _Bar(f"codearch-{uuid.uuid4().hex}")
            bar.beginning = asyncio.ensure_future(self._begin_bar(root, bar, message, percentage))
        elif bar.begun:
            self._notify_bar(
                bar, lsp.WorkDoneProgressReport(message=message, percentage=percentage)
            )

    async def _begin_bar(self, root: Root, bar: _Bar, message: str, percentage: int) -> None:
        """Begin a bar once the client has taken its token, unless the work has ended by then."""
        try:
            await self._session.server.work_done_progress.create_async(bar.token)
        except JsonRpcException as error:
            log.info("the editor shows no progress: %s", error)
            return
        if self._bars.get(root) is not bar:
            return
        begin = lsp.WorkDoneProgressBegin(
            title=f"Indexing {root.path.name}",
            cancellable=True,
            message=message,
            percentage=percentage,
        )
        bar.begun = True
        self._notify_bar(bar, begin)

    def _end_bar(self, root: Root) -> None:
        bar = self._bars.pop(root, None)
        if bar is not None and bar.begun:
            self._notify_bar(bar, lsp.WorkDoneProgressEnd())

    def _notify_bar(self, bar: _Bar, value: Any) -> None:
        self._session.server.protocol.notify(lsp.PROGRESS, lsp.ProgressParams(bar.token, value))

    def cancelled(self, token: object) -> None:
        """Pause the index whose progress bar was cancelled, or give the request up that has it."""
        for work in self.working:
            if work.token == token:
                work.cancel()
        for root, bar in list(self._bars.items()):
            if bar.token == token:
                self._session.shell.submit(partial(root.client.call, "pause"))

    # --- findings and lenses -----------------------------------------------------------------

    def _changed(self, root: Root, paths: list[str]) -> None:
        """Have shown again what the change may have altered, once for a burst of changes."""
        uris = [(root.path / path).as_uri() for path in paths]
        self.publish_soon(uris if paths else self._session.buffers.uris)

    def publish_soon(self, uris: Iterable[str]) -> None:
        """Publish the findings of open documents, and ask clients that pull to pull again."""
        del uris  # an edit may alter the findings and lenses of any open document
        if self._refresh is None and self._loop is not None:
            self._refresh = self._loop.call_later(_REFRESH_SECONDS, self._show_again)

    def _show_again(self) -> None:
        self._refresh = None
        if self._closed:
            return
        self._show_findings()
        workspace = self._session.server.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._ask(lsp.WORKSPACE_CODE_LENS_REFRESH)
        self._session.shell.submit(self._alert)

    def _show_findings(self) -> None:
        """Publish the findings of all open documents, or have the client ask for them."""
        if self._closed:
            return
        workspace = self._session.server.client_capabilities.workspace
        if self._session.pulls:
            if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
                self._ask(lsp.WORKSPACE_DIAGNOSTIC_REFRESH)
        else:
            for uri in self._session.buffers.uris:
                self._session.shell.submit(partial(self._publish, uri))

    def _ask(self, method: str) -> None:
        self._session.server.protocol.send_request(method, None)

    def _publish(self, uri: str) -> None:
        """Push a document's findings if they are other than before; runs on a thread."""
        found = self._session.root_of(uri)
        if found is None:
            return
        root, path = found
        with self._publishing:  # else what was read first might be shown last
            with root.workspace(lambda: False).read() as snapshot:
                items = diagnostics(snapshot, path, self._session.encoding)
            state = state_of(items)
            if self._published.get(uri, state_of([])) != state:
                self._published[uri] = state
                params = lsp.PublishDiagnosticsParams(uri=uri, diagnostics=items)
                self.soon(lambda: self._session.server.text_document_publish_diagnostics(params))

    def _alert(self) -> None:
        """Give the messages that are due about open documents; runs on a thread."""
        open_paths: dict[Root, list[str]] = {}
        for uri in self._session.buffers.uris:
            found = self._session.root_of(uri)
            if found is not None:
                open_paths.setdefault(found[0], []).append(found[1])
        for root, paths in open_paths.items():
            message = alert(root, paths)
            if message is not None:
                self.soon(partial(self._session.server.window_show_message, message))

    def withdraw(self, uri: str) -> None:
        """Take back what was pushed for a document that was closed."""
        if self._published.pop(uri, None) is not None:
            params = lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[])
            self._session.server.text_document_publish_diagnostics(params)


def _said(progress: dict[str, Any]) -> tuple[str, int]:
    """Return what a bar says, and how far it is in percent."""
    message = f"{progress['phase']} {progress['done']:,} of {progress['total']:,}"
    if progress["secondsLeft"] is not None:
        message += f", {progress['secondsLeft']} s left"
    return message, round(100 * progress["share"])
