"""Fixes as an editor is offered and applies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types as lsp
from pytest_lsp import client_capabilities

from codearch.commands._places import path_of_uri
from server.conftest import started
from server.editing import Editor, until

if TYPE_CHECKING:
    from conftest import Workspace

pytestmark = pytest.mark.asyncio

LISTED = """import os
import re
import sys


def listed(folder, pattern):
    \"\"\"List a folder.

    :param path: where it is
    :param pattern: what names must fit
    \"\"\"
    return re.findall(pattern, folder)
    print(folder)
"""
SETTINGS = "[rules.unused-import]\nenabled = true\n[rules.unreachable-code]\nenabled = true\n"
SAFE = """import re


def listed(folder, pattern):
    \"\"\"List a folder.

    :param folder: where it is
    :param pattern: what names must fit
    \"\"\"
    return re.findall(pattern, folder)
"""


async def opened(shop: Workspace, name: str = "visual-studio-code") -> tuple[Editor, str]:
    """Return an editor in which a file with four findings is open."""
    shop.write("codearch.toml", SETTINGS)
    path = shop.write("listed.py", LISTED)
    editor = Editor(await started(), shop.root)
    await editor.start(client_capabilities(name))
    uri = editor.open(path)
    await editor.command("index.flush")
    return editor, uri


async def actions(
    editor: Editor, uri: str, line: int, *only: str, automatic: bool = False
) -> list[lsp.CodeAction]:
    """Ask for the actions on a line."""
    trigger = lsp.CodeActionTriggerKind.Automatic if automatic else None
    context = lsp.CodeActionContext([], list(only) or None, trigger)
    here = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), here, context)
    found = await editor.client.text_document_code_action_async(params)
    return [each for each in found or [] if isinstance(each, lsp.CodeAction)]


def after(text: str, edits: Any) -> str:
    """Apply edits of one document, which say where they are in the text as it was."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    ordered = sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character))
    for edit in reversed(ordered):
        begin = starts[edit.range.start.line] + edit.range.start.character
        end = starts[edit.range.end.line] + edit.range.end.character
        text = text[:begin] + edit.new_text + text[end:]
    return text


def edits_of(action: lsp.CodeAction) -> lsp.TextDocumentEdit:
    """Return an action's edit of its one document."""
    assert action.edit is not None
    (edit,) = action.edit.document_changes or []
    assert isinstance(edit, lsp.TextDocumentEdit)
    return edit


async def test_a_fix_names_the_version_that_it_was_made_for(shop: Workspace) -> None:
    editor, uri = await opened(shop)
    quick, whole = await actions(editor, uri, 0)
    assert (quick.title, quick.kind, quick.is_preferred) == (
        "Remove the import of `os`",
        "quickfix",
        True,
    )
    assert (edits_of(quick).text_document.uri, edits_of(quick).text_document.version) == (uri, 1)
    assert after(LISTED, edits_of(quick).edits) == LISTED.replace("import os\n", "")
    assert whole.kind == "source.fixAll.codearch"
    await editor.client.shutdown_session()


@pytest.mark.parametrize("only", ["source", "source.fixAll", "source.fixAll.codearch"])
async def test_all_safe_fixes_are_one_action_wherever_the_cursor_is(
    shop: Workspace, only: str
) -> None:
    editor, uri = await opened(shop)
    (whole,) = await actions(editor, uri, 4, only)
    assert after(LISTED, edits_of(whole).edits) == SAFE
    await editor.client.shutdown_session()


async def test_what_is_not_asked_for_is_not_offered(shop: Workspace) -> None:
    editor, uri = await opened(shop)
    assert await actions(editor, uri, 4) == []  # no finding stands here
    assert await actions(editor, uri, 0, "refactor") == []
    assert await actions(editor, uri, 0, "source.organizeImports") == []
    assert [each.kind for each in await actions(editor, uri, 0, "quickfix")] == ["quickfix"]
    assert [each.kind for each in await actions(editor, uri, 0, automatic=True)] == ["quickfix"]
    await editor.client.shutdown_session()


async def test_typed_text_has_its_own_places_and_version(shop: Workspace) -> None:
    editor, uri = await opened(shop)
    editor.type_at_end(uri, "# A first line.\n", 0)

    async def moved() -> bool:
        found = await actions(editor, uri, 1, "quickfix")
        if not found:
            return False  # the index is behind: nothing is offered rather than something wrong
        edit = edits_of(found[0])
        assert edit.text_document.version == 2
        typed = "# A first line.\n" + LISTED
        assert after(typed, edit.edits) == typed.replace("import os\n", "")
        return True

    await until(moved)
    await editor.client.shutdown_session()


async def test_clients_without_versions_get_plain_changes(shop: Workspace) -> None:
    shop.write("codearch.toml", SETTINGS)
    path = shop.write("listed.py", LISTED)
    editor = Editor(await started(), shop.root)
    await editor.start(lsp.ClientCapabilities())
    uri = editor.open(path)
    await editor.command("index.flush")
    (quick,) = await actions(editor, uri, 1 + 1, "quickfix")
    assert quick.edit is not None
    assert quick.edit.document_changes is None
    assert after(LISTED, (quick.edit.changes or {})[uri]) == LISTED.replace("import sys\n", "")
    await editor.client.shutdown_session()


async def test_a_finding_links_to_its_rule_s_page(shop: Workspace) -> None:
    editor, uri = await opened(shop)

    async def told() -> bool:
        found = {each.code: each for each in editor.client.diagnostics.get(uri, ())}
        if "stale-doc" not in found:
            return False
        link = found["stale-doc"].code_description
        assert link is not None
        return path_of_uri(link.href).read_text("utf-8").startswith("# stale-doc\n")

    await until(told)
    await editor.client.shutdown_session()
