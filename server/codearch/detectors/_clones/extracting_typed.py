"""Moves copies that are exactly alike into one function: of TypeScript, Java and Go.

Where the type of one thing that goes in or out is not declared, and not evident, there is no fix.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from codearch.detectors._clones.statements import free_name, runs_in_all
from codearch.detectors._clones.typed_copies import Scene
from codearch.detectors._clones.typed_go import GO
from codearch.detectors._clones.typed_java import JAVA
from codearch.detectors._clones.typed_script import TYPESCRIPT
from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.families import Place
    from codearch.detectors._clones.typed_copies import Copy
    from codearch.detectors._detector import FileView

TONGUES = {"typescript": TYPESCRIPT, "java": JAVA, "go": GO}
_MOST_INPUTS = 5


def extraction(view: FileView, root: Node, places: Sequence[Place]) -> Fix | None:
    """Return the fix that leaves one of several exact copies, in a function of its own."""
    scene = Scene(view, root, TONGUES[view.facts.language])
    for runs in runs_in_all(view, root, places):
        copies = [copy for run in runs if (copy := scene.copy(run)) is not None]
        if len(copies) == len(places) and _agree(scene, copies):
            fix = _fix(scene, copies)
            if fix is not None:
                return fix
    return None


def _agree(scene: Scene, copies: Sequence[Copy]) -> bool:
    """Say whether one function can stand for all copies."""
    first = copies[0]
    homes = [scene.tongue.home(scene, each.function) for each in copies]
    if len({home.parent.id for home in homes if home is not None and home.parent is not None}) > 1:
        return False
    if len(first.inputs) > _MOST_INPUTS or any(each.inputs != first.inputs for each in copies):
        return False
    types: dict[str, str] = {}
    for copy in copies:
        if any(types.setdefault(name, each) != each for name, each in copy.made.items()):
            return False
    return len(types) <= scene.tongue.most_results


def _fix(scene: Scene, copies: Sequence[Copy]) -> Fix | None:
    view, first = scene.view, copies[0]
    home = scene.tongue.home(scene, first.function)
    if home is None:
        return None
    name = free_name(view, _wanted(first.function), beside(view))
    results = [*dict.fromkeys(name for copy in copies for name in (*copy.written, *copy.made))]
    margin, step = _indentations(view, home, first.function)
    head = scene.tongue.head(copies, name, results)
    if head is None:
        return None
    body = [
        _body(view, first),
        *([f"return {', '.join(results)}{scene.tongue.end}"] * bool(results)),
    ]
    lines = [head, *(textwrap.indent(each, step) for each in body), "}"]
    written = textwrap.indent("\n".join(lines), margin)
    end = "\r\n" if b"\r\n" in view.source else "\n"
    top = view.lines.starts[home.start_point[0]]
    made = Replacement(view.path, view.span(top, top), f"{written}\n\n".replace("\n", end))
    calls = (
        Replacement(
            view.path, view.span(copy.start, copy.end), scene.tongue.call(copy, name, results)
        )
        for copy in copies
    )
    return Fix(f"Move the {len(copies)} copies into `{name}`", False, (made, *calls))


def _body(view: FileView, copy: Copy) -> str:
    """Return a copy's lines, without the indentation that all have."""
    line = view.lines.starts[copy.statements[0].start_point[0]]
    text = view.source[line : copy.end].decode("utf-8", "replace").replace("\r\n", "\n")
    return textwrap.dedent(text)


def _indentations(view: FileView, home: Node, function: Node) -> tuple[str, str]:
    """Return how far the new function is indented, and how much further what is in it."""
    body = function.child_by_field_name("body")
    inner = body.named_children[0] if body is not None and body.named_children else function
    margin, around = (_indentation(view, each) for each in (home, function))
    step = _indentation(view, inner)[len(around) :]
    return margin, step or "    "


def _indentation(view: FileView, node: Node) -> str:
    text = view.line_text(node.start_point[0])
    return text[: len(text) - len(text.lstrip())]


def _wanted(function: Node) -> str:
    named = function.child_by_field_name("name")
    name = (named.text or b"").decode("utf-8", "replace") if named is not None else ""
    return f"partOf{name[:1].upper()}{name[1:]}" if name.isidentifier() else "sharedPart"


def beside(view: FileView) -> Iterator[bytes]:
    """Yield the sources of the files that share their names with this one: Go's, of a folder."""
    if view.project is None or view.facts.language != "go":
        return
    folder = view.path.rpartition("/")[0]
    for file in view.project.files("go", under=folder):
        if file.path.rpartition("/")[0] == folder and file.path != view.path:
            yield view.project.source(file.path)
