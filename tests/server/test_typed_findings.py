"""What an editor shows of findings between two keys: none of an untouched line is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types as lsp
from pytest_lsp import client_capabilities

from server.conftest import started
from server.editing import Editor, until
from server.test_code_actions import actions, after, edits_of
from server.test_quiet import pulled

if TYPE_CHECKING:
    from conftest import Workspace

pytestmark = pytest.mark.asyncio

OLD = """import pickle

# TODO: first


def load(request):
    return pickle.loads(request.data)


# TODO: last
"""
SHOWN = {"TODO: first", "TODO: last"}
KEYS = "limit = 3  # TODO: middle"

DEAD = """def total(items):
    return sum(items)


def _spare(items):
    count = len(items)
    return count + 1


print(total([1, 2]))
"""
SETTINGS = """[diagnostics]
since = "all"
[rules.unused-symbol]
enabled = true
"""


async def opened(shop: Workspace, name: str, path: str, text: str) -> tuple[Editor, str]:
    """Return an editor in which a new file is open, and checked with all others."""
    shop.write("codearch.toml", SETTINGS)
    file = shop.write(path, text)
    editor = Editor(await started(), shop.root)
    await editor.start(client_capabilities(name))
    uri = editor.open(file)
    await editor.command("index.flush")
    return editor, uri


class Told(dict[str, list[lsp.Diagnostic]]):
    """Keeps all that was told of each document."""

    def __init__(self) -> None:
        self._all: dict[str, list[list[lsp.Diagnostic]]] = {}

    def __setitem__(self, uri: str, items: list[lsp.Diagnostic]) -> None:
        self.of(uri).append(items)

    def of(self, uri: str) -> list[list[lsp.Diagnostic]]:
        return self._all.setdefault(uri, [])


def words(items: list[lsp.Diagnostic]) -> set[str]:
    return {each.message.splitlines()[0] for each in items}


def places(items: list[lsp.Diagnostic]) -> dict[str, int]:
    return {each.message.splitlines()[0]: each.range.start.line for each in items}


async def test_who_asks_after_each_key_loses_nothing(shop: Workspace) -> None:
    editor, uri = await opened(shop, "neovim@0.11", "load.py", OLD)
    before = words(await pulled(editor, uri))
    assert before > SHOWN
    editor.type_at_end(uri, "\n", 3)
    for end in range(1, len(KEYS) + 1):
        editor.delete_lines(uri, 3, 4)
        editor.type_at_end(uri, KEYS[:end] + "\n", 3)
        items = await pulled(editor, uri)
        assert words(items) >= before, KEYS[:end]
        assert places(items)["TODO: last"] in {9, 10}, "at its line, as it was or as it is"
    await editor.command("index.flush")
    found = places(await pulled(editor, uri))
    assert {found["TODO: first"], found["TODO: middle"], found["TODO: last"]} == {2, 3, 10}
    editor.delete_lines(uri, 2, 3)
    await editor.command("index.flush")
    assert "TODO: first" not in words(await pulled(editor, uri))
    await editor.client.shutdown_session()


async def test_who_is_told_is_never_told_of_fewer(shop: Workspace) -> None:
    editor, uri = await opened(shop, "neovim@0.8", "load.py", OLD)
    editor.client.diagnostics = Told()
    told = editor.client.diagnostics.of(uri)

    async def shows(line: int) -> bool:
        return bool(told) and places(told[-1]).get("TODO: last") == line

    editor.type_at_end(uri, "\n", 3)
    await until(lambda: shows(10))
    for number in range(1, 6):
        editor.type_at_end(uri, f"limit_{number} = {number}\n", 3)
        await until(lambda number=number: shows(10 + number))
    assert all(words(items) >= SHOWN for items in told)
    await editor.client.shutdown_session()


async def dead_lines(editor: Editor) -> list[int]:
    found = await editor.command("debt.list", rule="unused-symbol")
    return [each["range"]["start"]["line"] for each in found["items"]]


async def test_a_fix_of_the_whole_workspace_moves_with_the_text_it_was_made_for(
    shop: Workspace,
) -> None:
    editor, uri = await opened(shop, "visual-studio-code", "spare.py", DEAD)
    assert await dead_lines(editor) == [4]
    (fix,) = await actions(editor, uri, 4, "quickfix")
    assert "_spare" not in after(DEAD, edits_of(fix).edits)

    editor.type_at_end(uri, "LIMIT = 3\n\n\n", 0)
    await editor.command("index.flush")
    typed = "LIMIT = 3\n\n\n" + DEAD
    assert await dead_lines(editor) == [7]
    (fix,) = await actions(editor, uri, 7, "quickfix")
    assert edits_of(fix).text_document.version == 2
    assert after(typed, edits_of(fix).edits) == typed.replace(
        "\n\ndef _spare(items):\n    count = len(items)\n    return count + 1\n", ""
    )

    editor.type_at_end(uri, "    count += 1\n", 9)  # in what would be removed
    await editor.command("index.flush")
    assert await actions(editor, uri, 7, "quickfix") == []
    editor.delete_lines(uri, 7, 8)
    await editor.command("index.flush")
    assert await dead_lines(editor) == []
    await editor.client.shutdown_session()
