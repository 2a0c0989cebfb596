"""Hover's counts: one for callers, the same as in the lens, the hierarchy and the explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types as lsp

if TYPE_CHECKING:
    from conftest import Workspace
    from server.editing import Editor

pytestmark = pytest.mark.asyncio

SHAPES = """class Shape:
    def __init__(self, sides):
        self.sides = sides

    def area(self):
        raise NotImplementedError

    def unit(self):
        return Shape(1)


class Square(Shape):
    def area(self):
        return self.sides


class Never:
    @property
    def size(self):
        return 0
"""
USES = """from shapes import Shape, Square


def one():
    return Shape(3), Shape(4)


def two():
    return Shape(5)


def three(shape: Shape):
    return shape.area() + Square(1).sides


def four():
    return Shape(6)
"""
TEST = """from shapes import Shape


def test_sides():
    assert Shape(3).sides == 3


class TestArea:
    def test_area(self):
        assert Shape(3).area() == 0
"""


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    shop.write("shapes.py", SHAPES)
    shop.write("uses.py", USES)
    shop.write("test_shapes.py", TEST)
    return shop


async def test_counts_are_of_callers_and_agree_everywhere(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "shapes.py")
    of_class, of_constructor = await editor.hover(uri, 0, 7), await editor.hover(uri, 1, 10)
    assert "**Used** by 7 callers (8 calls): [Square]" in of_class  # which derives from it
    assert " and 4 more" in of_class
    assert "**Called** by 6 functions (7 calls): [Shape.unit]" in of_constructor
    assert "[one](" in of_constructor
    assert " and 3 more" in of_constructor
    assert "**Called** through [Square](" in of_constructor  # which has no constructor of its own
    explanation = await explained(editor, "Shape")
    assert "called by 7 callers (8 calls)" in explanation["summary"]
    assert len(explanation["callers"]) == 7
    assert await lenses(editor, uri, line=0) == ["7 callers · 2 tests"]
    assert await lenses(editor, uri, line=1) == ["6 callers · 2 tests"]
    assert len(await incoming(editor, uri, 0, 7)) == 7
    assert len(await incoming(editor, uri, 1, 10)) == 6


async def test_what_nothing_calls_is_told_by_what_it_is_there_for(
    shop: Workspace, editor: Editor
) -> None:
    shapes, tests = (editor.open(shop.root / name) for name in ("shapes.py", "test_shapes.py"))
    overriding = await editor.hover(shapes, 12, 10)
    assert "**Called** through [Shape.area](" in overriding
    assert "L5): 2 callers" in overriding
    assert "No caller" not in overriding
    assert "*No caller or subtype found*" in await editor.hover(shapes, 16, 7)
    assert "*A property: who reads or sets it is not counted*" in await editor.hover(shapes, 18, 9)
    assert "**Tests** [Shape.\\_\\_init\\_\\_](" in await editor.hover(tests, 3, 6)
    assert "**Tests** [Shape." in await editor.hover(tests, 7, 8)


async def explained(editor: Editor, name: str) -> dict[str, list[object]]:
    answer: dict[str, list[object]] = await editor.command("explain", symbol=name)
    return answer


async def lenses(editor: Editor, uri: str, line: int) -> list[str]:
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    found = await editor.client.text_document_code_lens_async(params) or []
    return [one.command.title for one in found if one.command and one.range.start.line == line]


async def incoming(
    editor: Editor, uri: str, line: int, character: int
) -> list[lsp.CallHierarchyIncomingCall]:
    place = lsp.TextDocumentIdentifier(uri), lsp.Position(line, character)
    prepare = lsp.CallHierarchyPrepareParams(*place)
    items = await editor.client.text_document_prepare_call_hierarchy_async(prepare)
    assert items
    calls = lsp.CallHierarchyIncomingCallsParams(items[0])
    return list(await editor.client.call_hierarchy_incoming_calls_async(calls) or [])


async def test_a_call_that_comes_and_goes_elsewhere_changes_the_hover_here(
    shop: Workspace, editor: Editor
) -> None:
    """A call that is typed, undone, and saved at last is seen at what it calls."""

    async def callers() -> str:
        await editor.command("index.flush")
        said = (await editor.hover(shapes, 7, 10)).partition("**Called** by ")[2]
        return said.partition(":")[0]

    shop.write("shapes.py", SHAPES.replace("unit", "unit_shape"))
    caller = "def five(shape: Shape):\n    return shape.unit_shape()\n\n\n"
    shapes, uses = editor.open(shop.root / "shapes.py"), editor.open(shop.root / "uses.py")
    assert await callers() == ""
    editor.type_at_end(uses, caller, 3)
    assert await callers() == "1 function"
    editor.delete_lines(uses, 3, 7)
    assert await callers() == ""
    shop.write("uses.py", USES + "\n\n" + caller)
    editor.close(uses)
    assert await callers() == "1 function"
    shop.write("uses.py", USES)
    assert await callers() == ""
