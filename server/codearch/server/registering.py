"""Registers features, commands, and what keeps a session in step with its editor."""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from codearch import features, plugins
from codearch.commands._schema import all_commands
from codearch.features._feature import Feature
from codearch.server.session import SECTION

if TYPE_CHECKING:
    from codearch.server.serving import Server
    from codearch.server.session import Session


log = logging.getLogger(__name__)

_SETTINGS_SECONDS = 2.0


@functools.cache
def all_features() -> dict[str, Feature]:
    """Return every feature by its method."""
    return {each.method: each for each in plugins.load(features, "FEATURE", Feature).values()}


def register(server: Server, session: Session) -> None:
    """Make the server answer; features are registered when the client has said what it can."""
    _register_life(server, session)
    _register_documents(server, session)


def _register_life(server: Server, session: Session) -> None:
    """Register beginning, folders and settings."""

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        server.watch_client(params.process_id)
        session.configure(params.initialization_options)
        for feature in all_features().values():
            _offer(server, session, feature, params.capabilities)
        for name in all_commands():
            _offer_command(server, session, name)

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        folders = server.workspace.folders
        uris = [folder.uri for folder in folders.values()]
        if not uris and server.workspace.root_uri:
            uris = [server.workspace.root_uri]
        if not uris and server.root is not None:
            uris = [server.root.as_uri()]
        await _pull_settings(server, session)
        session.begin(uris)
        _watch_files(server)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration(params: lsp.DidChangeConfigurationParams) -> None:
        session.configure(_plain(params.settings))
        await _pull_settings(server, session)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        session.change_folders(
            [each.uri for each in params.event.added], [each.uri for each in params.event.removed]
        )

    @server.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancelled(params: lsp.WorkDoneProgressCancelParams) -> None:
        session.telling.cancelled(params.token)


def _register_documents(server: Server, session: Session) -> None:
    """Register what happens to documents and files."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        session.buffers.opened(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.buffers.changed(uri, server.workspace.get_text_document(uri).source)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        session.buffers.saved(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        session.buffers.closed(params.text_document.uri)
        session.telling.withdraw(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: lsp.DidChangeWatchedFilesParams) -> None:
        session.touched([change.uri for change in params.changes])


def _offer(
    server: Server, session: Session, feature: Feature, client: lsp.ClientCapabilities
) -> None:
    options = feature.options(client)
    if feature.method == lsp.TEXT_DOCUMENT_DIAGNOSTIC:
        session.pulls = options is not None and session.diagnostics_mode != "push"
        if not session.pulls:
            return

    async def answer(params: Any) -> Any:
        return await session.feature(feature, params)

    server.feature(feature.method, options)(answer)


def _offer_command(server: Server, session: Session, name: str) -> None:
    async def answer(*arguments: Any) -> Any:
        return await session.command(name, tuple(_plain(each) for each in arguments))

    server.command(name)(answer)


async def _pull_settings(server: Server, session: Session) -> None:
    """Ask the client for our section, where it can be asked."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    asked = lsp.ConfigurationParams([lsp.ConfigurationItem(section=SECTION)])
    try:
        answer = await asyncio.wait_for(
            server.workspace_configuration_async(asked), _SETTINGS_SECONDS
        )
    except (TimeoutError, JsonRpcException) as error:
        log.warning("the editor gave no settings: %r", error)
        return
    if answer and answer[0] is not None:
        session.configure({SECTION: _plain(answer[0])})


def _watch_files(server: Server) -> None:
    """Have the editor tell of changed files as well, where it can be asked to."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is None or not watching.dynamic_registration:
        return
    options = lsp.DidChangeWatchedFilesRegistrationOptions(
        watchers=[lsp.FileSystemWatcher(glob_pattern="**/*")]
    )
    registration = lsp.Registration(
        "codearch-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
    )
    server.client_register_capability(lsp.RegistrationParams([registration]))


def _plain(value: Any) -> Any:
    """Return what pygls made of JSON objects as plain dictionaries again."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items()}
    return value
