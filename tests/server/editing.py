"""An editor at the other end of the protocol: opens folders, types, saves, and asks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_lsp import LanguageClient

PATIENCE_SECONDS = 30


class Editor:
    """One window of an editor on one or more folders."""

    def __init__(self, client: LanguageClient, *folders: Path) -> None:
        self.client = client
        self.folders = folders
        self._versions: dict[str, int] = {}

    async def start(
        self, capabilities: lsp.ClientCapabilities, **options: Any
    ) -> lsp.InitializeResult:
        """Begin the session with the folders open."""
        return await self.client.initialize_session(
            lsp.InitializeParams(
                capabilities=capabilities,
                workspace_folders=[
                    lsp.WorkspaceFolder(uri=folder.as_uri(), name=folder.name)
                    for folder in self.folders
                ],
                **options,
            )
        )

    async def command(self, name: str, **argument: Any) -> Any:
        """Execute one of the server's commands and return plain JSON."""
        params = lsp.ExecuteCommandParams(f"codearch.{name}", [argument] if argument else None)
        return _plain(await self.client.workspace_execute_command_async(params))

    async def found(self, query: str, **options: Any) -> list[str]:
        """Return the names that a search finds."""
        answer = await self.command("search", query=query, **options)
        return [hit["symbol"] for hit in answer["results"]]

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a document, with another text than the disk's if one is given."""
        uri = path.as_uri()
        self._versions[uri] = 1
        content = path.read_text() if text is None else text
        document = lsp.TextDocumentItem(uri, "python", 1, content)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
        return uri

    def type_at_end(self, uri: str, text: str, line: int) -> None:
        """Insert text at the beginning of a line."""
        self._change(uri, line, line, text)

    def delete_lines(self, uri: str, first: int, end: int) -> None:
        """Take lines away, the last of them not included."""
        self._change(uri, first, end, "")

    def _change(self, uri: str, first: int, end: int, text: str) -> None:
        self._versions[uri] += 1
        place = lsp.Range(lsp.Position(first, 0), lsp.Position(end, 0))
        change = lsp.TextDocumentContentChangePartial(place, text)
        document = lsp.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))

    def save(self, uri: str) -> None:
        """Say that a document was saved."""
        params = lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri))
        self.client.text_document_did_save(params)

    def close(self, uri: str) -> None:
        """Close a document."""
        params = lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri))
        self.client.text_document_did_close(params)

    async def hover(self, uri: str, line: int, character: int) -> str:
        """Return the Markdown of a hover, "" for none."""
        params = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
        hover = await self.client.text_document_hover_async(params)
        if hover is None:
            return ""
        assert isinstance(hover.contents, lsp.MarkupContent)
        return hover.contents.value


async def until(holds: Any) -> None:
    """Wait until an asynchronous question is answered with something true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():
            await asyncio.sleep(0.02)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items()}
    return value
