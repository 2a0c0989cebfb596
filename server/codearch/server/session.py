"""One session: an editor's folders, settings, buffers, and what it is told unasked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codearch.commands._command import Context, Document, Editing
from codearch.commands._places import path_of_uri
from codearch.commands._schema import all_commands
from codearch.errors import CodearchError, UnusableStoreError, UsageError
from codearch.features.code_lens import COMMAND as EXPLAIN
from codearch.server.buffers import Buffers
from codearch.server.offering import offer
from codearch.server.roots import Root, outermost
from codearch.server.shell import Shell
from codearch.server.telling import Telling
from codearch.server.working import Working
from codearch.settings import find_root, is_too_wide, is_whole_disk
from codearch.settings.folders import ROOT_MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codearch.features._feature import Feature
    from codearch.server.serving import Server
    from codearch.text import PositionEncoding

log = logging.getLogger(__name__)

SECTION = "codearch"
_BEGIN_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 5.0  # before an indexer that could not be started is started again
_LONGEST_PAUSE_SECONDS = 60.0
_ENCODINGS: dict[str, PositionEncoding] = {"utf-8": "utf-8", "utf-32": "utf-32"}


class Session:
    """Holds the roots of one client; its methods run on the event loop or say otherwise."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.shell = Shell()
        self.roots: dict[Path, Root] = {}
        self.client_settings: dict[str, Any] = {}
        self.telling = Telling(self)
        self.buffers = Buffers(self)
        self.begun = asyncio.Event()
        self.pulls = False  # whether the client pulls diagnostics
        self._offering: set[asyncio.Future[None]] = set()
        self._folders: set[Path] = set()
        self._around: set[Path] = set()  # repositories of single files that lie in no folder

    @property
    def encoding(self) -> PositionEncoding:
        """Return the position encoding that was agreed on."""
        agreed = self.server.workspace.position_encoding
        return _ENCODINGS.get(getattr(agreed, "value", agreed) or "", "utf-16")

    # --- answering ---------------------------------------------------------------------------

    async def feature(self, feature: Feature, params: Any) -> Any:
        """Answer a request of the protocol."""
        await self._until_begun()
        document = getattr(params, "text_document", None)

        def work(cancelled: Callable[[], bool]) -> Any:
            if document is not None:
                self.buffers.catch_up(document.uri)
            return self._repaired(lambda: feature.run(self.context(cancelled), params))

        return await self.shell.run(feature.method, work)

    async def command(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Answer a command; it takes one object, or nothing."""
        await self._until_begun()
        command = all_commands()[name]
        working = Working(self, name)
        self.telling.working.append(working)

        def work(dropped: Callable[[], bool]) -> Any:
            def cancelled() -> bool:
                return dropped() or working.cancelled

            if len(arguments) > 1:
                message = f"`arguments`: {name} takes one object, not {len(arguments)}."
                raise UsageError(message, field="arguments")
            self.buffers.send_waiting(cancelled)
            raw = arguments[0] if arguments else None
            context = replace(self.context(cancelled), told=working.told)
            return self._repaired(lambda: command.answer(context, raw))

        try:
            answer = await self.shell.run(name, work)
        finally:
            self.telling.working.remove(working)
            working.end()
        if command.alters_findings:
            self.telling.publish_soon(self.buffers.uris)
        if name == EXPLAIN and isinstance(arguments[0], dict) and arguments[0].get("offer"):
            offering = asyncio.ensure_future(offer(self.server, answer))
            self._offering.add(offering)  # held, since the loop itself does not
            offering.add_done_callback(self._offering.discard)
        return answer

    def _repaired(self, answer: Callable[[], Any]) -> Any:
        """Answer, and once more where an index was damaged: its indexer begins it anew."""
        try:
            return answer()
        except UnusableStoreError as error:
            log.warning("%s", error)
            for root in list(self.roots.values()):
                root.client.call("repair", {"inode": error.inode, "reason": error.message})
            return answer()

    async def _until_begun(self) -> None:
        """Wait until folders and settings are known: a client need not wait for that itself."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.begun.wait(), _BEGIN_SECONDS)

    def context(self, cancelled: Callable[[], bool]) -> Context:
        """Return what features and commands answer from."""
        return Context(
            tuple(root.workspace(cancelled) for root in list(self.roots.values())),
            self.encoding,
            self.shell.latency.summary(),
            cancelled,
            self._document,
            self._editing(),
        )

    def _document(self, path: Path) -> Document | None:
        """Return an open document; None also for one that is being typed in at this moment."""
        for uri, document in list(self.server.workspace.text_documents.items()):
            if _path_of(uri) == path:
                found = Document(uri, document.version, document.source)
                return found if document.version == found.version else None
        return None

    def _editing(self) -> Editing:
        workspace = self.server.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace is not None else None
        if edit is None:
            return Editing()
        versioned = bool(edit.document_changes)
        return Editing(versioned, versioned and edit.change_annotation_support is not None)

    # --- folders and settings ----------------------------------------------------------------

    def change_folders(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Take workspace folders in, and leave others."""
        gone = {path_of_uri(uri) for uri in removed if uri.startswith("file:")}
        come = {path_of_uri(uri) for uri in added if uri.startswith("file:")}
        self._folders = {path for path in (self._folders - gone) | come if path.is_dir()}
        self._serve()

    def begin(self, folders: Iterable[str]) -> None:
        """Serve the first folders, and the documents that were opened meanwhile."""
        self.change_folders(folders, [])
        self.begun.set()
        for uri in self.buffers.uris:
            self.serve_file(uri)

    def serve_file(self, uri: str) -> None:
        """See that a document in no folder is served: by the repository around it, else alone."""
        path = _path_of(uri)
        if path is None or not self.begun.is_set():
            return
        if any(path.is_relative_to(each) for each in self._bounded()):
            return
        around = find_root(path.parent)
        marked = any((around / mark).exists() for mark in ROOT_MARKS)
        if marked and not is_too_wide(around):
            self._around.add(around)
        self._serve()

    def leave_file(self, uri: str) -> None:
        """Stop serving a document alone."""
        found = self.root_of(uri)
        if found is not None and found[0].loose:
            self._serve()

    def root_of(self, uri: str) -> tuple[Root, str] | None:
        """Return the root that a document lies in, and its path below it."""
        path = _path_of(uri)
        homes = [] if path is None else [each for each in self.roots if path.is_relative_to(each)]
        if path is None or not homes:
            return None
        home = max(homes, key=lambda each: len(each.parts))
        return self.roots[home], path.relative_to(home).as_posix()

    def configure(self, settings: object) -> None:
        """Take the editor's settings over: the section itself, or an object that holds it."""
        if isinstance(settings, dict):
            inner = settings.get(SECTION, settings)
            if isinstance(inner, dict) and inner != self.client_settings:
                self.client_settings = inner
                for root in self.roots.values():
                    self.shell.submit(partial(self._configure, root, inner))

    def _configure(self, root: Root, settings: dict[str, Any]) -> None:
        """Hand the editor's settings on, and have shown anew what is open."""
        root.configure(settings)
        self.telling.configured()

    def touched(self, uris: Iterable[str]) -> None:
        """Have files looked at that the editor says have changed."""
        by_root: dict[Path, list[str]] = {}
        for uri in uris:
            found = self.root_of(uri)
            if found is not None:
                by_root.setdefault(found[0].path, []).append(found[1])
        for folder, paths in by_root.items():
            self.roots[folder].client.tell("touched", {"paths": paths})

    @property
    def diagnostics_mode(self) -> str:
        """Return whether the editor's settings ask for push or pull; else auto."""
        section = self.client_settings.get("diagnostics")
        mode = section.get("mode") if isinstance(section, dict) else None
        return str(mode or self.client_settings.get("diagnostics.mode") or "auto")

    def _serve(self) -> None:
        """Open and close roots until they are those of the folders; none of it is waited for."""
        before = {uri: self.root_of(uri) for uri in self.buffers.uris}
        wanted = self._wanted()
        for folder in [folder for folder in self.roots if folder not in wanted]:
            root = self.roots.pop(folder)
            self.telling.forget(root)
            self.buffers.leave(root)
            self.shell.submit(root.close)
        for folder in wanted:
            if folder not in self.roots:
                root = Root(folder, self.client_settings, self.telling.on_event)
                self.roots[folder] = root
                self.shell.submit(partial(self.open_root, root))
        for uri, home in before.items():
            if home != self.root_of(uri):
                self._move(uri, home)

    def _bounded(self) -> list[Path]:
        """Return the folders that are indexed, an inner one by the index of the outer."""
        # What lies around an open folder was left out by whoever opened it.
        around = (
            each
            for each in self._around
            if not any(folder.is_relative_to(each) for folder in self._folders)
        )
        folders = [*self._folders, *around]
        return outermost(folder for folder in folders if not is_whole_disk(folder))

    def _wanted(self) -> list[Path]:
        """Return the roots to serve: the folders, and what serves documents that lie in none."""
        bounded = self._bounded()
        open_paths = [path for path in map(_path_of, self.buffers.uris) if path is not None]
        beside = {
            Path(path.anchor)
            for path in open_paths
            if not any(path.is_relative_to(folder) for folder in bounded)
        }
        tops = {folder for folder in self._folders if is_whole_disk(folder)}
        return [*bounded, *sorted(beside | tops)]

    def _move(self, uri: str, home: tuple[Root, str] | None) -> None:
        """Hand a document on from the root that served it to the one that does now."""
        if home is not None and home[0] in self.roots.values():
            self.buffers.discard(*home)
        self.buffers.announce(uri)

    def open_root(self, root: Root) -> None:
        """Find or start a root's indexer, else try again after a while; runs on a thread."""
        try:
            root.client.open()
        except CodearchError as error:
            self.telling.failed(root, error)
            pause = min(
                _LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** min(root.failed_openings, 5)
            )
            root.failed_openings += 1
            self.telling.later(pause, partial(self._open_again, root))
            return
        root.failed_openings = 0
        self.buffers.tell_opened(root)
        self.telling.opened(root)

    def _open_again(self, root: Root) -> None:
        if root in self.roots.values():
            self.shell.submit(partial(self.open_root, root))

    def close(self) -> None:
        """Leave all indexers."""
        self.shell.close()
        self.buffers.close()
        self.telling.close()
        for root in self.roots.values():
            root.close()
        self.roots.clear()


def _path_of(uri: str) -> Path | None:
    """Return the canonical path of a document, None where it is no file."""
    if not uri.startswith("file:"):
        return None
    try:
        return path_of_uri(uri)
    except UsageError:
        return None
