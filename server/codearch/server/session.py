"""One session: an editor's folders, settings, buffers, and what it is told unasked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codearch.commands._command import Context
from codearch.commands._places import path_of_uri
from codearch.commands._schema import all_commands
from codearch.errors import CodearchError, UsageError
from codearch.server.buffers import Buffers
from codearch.server.roots import Root, outermost
from codearch.server.shell import Shell
from codearch.server.telling import Telling
from codearch.settings import find_root
from codearch.settings.folders import ROOT_MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codearch.features._feature import Feature
    from codearch.server.serving import Server
    from codearch.text import PositionEncoding

log = logging.getLogger(__name__)

SECTION = "codearch"
_BEGIN_SECONDS = 5.0
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
        self._folders: set[Path] = set()
        self._loose: set[Path] = set()  # roots of single files that lie in no folder

    @property
    def encoding(self) -> PositionEncoding:
        """Return the position encoding that was agreed on."""
        agreed = self.server.workspace.position_encoding
        return _ENCODINGS.get(getattr(agreed, "value", agreed) or "", "utf-16")

    # --- answering ---------------------------------------------------------------------------

    async def feature(self, feature: Feature, params: Any) -> Any:
        """Answer a request of the protocol."""
        await self._until_begun()
        return await self.shell.run(
            feature.method, lambda cancelled: feature.run(self.context(cancelled), params)
        )

    async def command(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Answer a command; it takes one object, or nothing."""
        await self._until_begun()
        command = all_commands()[name]

        def work(cancelled: Callable[[], bool]) -> Any:
            if len(arguments) > 1:
                message = f"`arguments`: {name} takes one object, not {len(arguments)}."
                raise UsageError(message, field="arguments")
            self.buffers.send_waiting()
            raw = arguments[0] if arguments else None
            return command.answer(self.context(cancelled), raw)

        return await self.shell.run(name, work)

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
        )

    # --- folders and settings ----------------------------------------------------------------

    def change_folders(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Take workspace folders in, and leave others."""
        gone = {path_of_uri(uri) for uri in removed if uri.startswith("file:")}
        come = {path_of_uri(uri) for uri in added if uri.startswith("file:")}
        self._folders = {path for path in (self._folders - gone) | come if path.is_dir()}
        self._serve()

    def serve_file(self, uri: str) -> None:
        """See that a document in no folder is served by the repository around it, if any."""
        if not uri.startswith("file:"):
            return
        path = path_of_uri(uri)
        if any(path.is_relative_to(root) for root in self.roots):
            return
        around = find_root(path.parent)
        if any((around / mark).exists() for mark in ROOT_MARKS):
            self._loose.add(around)
            self._serve()

    def root_of(self, uri: str) -> tuple[Root, str] | None:
        """Return the root that a document lies in, and its path below it."""
        if not uri.startswith("file:"):
            return None
        try:
            path = path_of_uri(uri)
        except UsageError:
            return None
        for folder, root in self.roots.items():
            if path.is_relative_to(folder):
                return root, path.relative_to(folder).as_posix()
        return None

    def configure(self, settings: object) -> None:
        """Take the editor's settings over: the section itself, or an object that holds it."""
        if isinstance(settings, dict):
            inner = settings.get(SECTION, settings)
            if isinstance(inner, dict) and inner != self.client_settings:
                self.client_settings = inner
                for root in self.roots.values():
                    self.shell.submit(lambda root=root: root.configure(inner))  # type: ignore[misc]

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
        wanted = outermost([*self._folders, *self._loose])
        for folder in [folder for folder in self.roots if folder not in wanted]:
            root = self.roots.pop(folder)
            self.telling.forget(root)
            self.shell.submit(root.close)
        for folder in wanted:
            if folder not in self.roots:
                root = Root(folder, self.client_settings, self.telling.on_event)
                self.roots[folder] = root
                self.shell.submit(lambda root=root: self.open_root(root))  # type: ignore[misc]

    def open_root(self, root: Root) -> None:
        """Find or start a root's indexer; runs on a thread."""
        try:
            root.client.open()
        except CodearchError as error:
            self.telling.failed(root, error)
            return
        self.telling.opened(root)

    def close(self) -> None:
        """Leave all indexers."""
        self.shell.close()
        self.telling.close()
        for root in self.roots.values():
            root.close()
        self.roots.clear()
