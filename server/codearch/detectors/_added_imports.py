"""Edits that import what a fix needs, where the file's other imports stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._detector import FileView

_FUTURE = b"from __future__"


def python_import(file: FileView, module: str) -> tuple[Replacement, ...] | None:
    """Return the edits after which a module is bound under its name, None where that is taken."""
    same = [each for each in file.facts.definitions if each.name == module]
    if any(each.imported < 0 for each in same):
        return None
    bound = [file.facts.imports[each.imported] for each in same]
    if any(each.module == module and each.span.column in {0, len("import ")} for each in bound):
        return ()
    if bound or file.facts.errors:
        return None
    root = file.program.root
    return None if root is None else (_beside_imports(file, root, module),)


def _beside_imports(file: FileView, root: Node, module: str) -> Replacement:
    end = _newline(file)
    after = 0
    for each in _head(file, root):
        if "import" in each.type and not _text(file, each).startswith(_FUTURE):
            return _insertion(file, file.lines.starts[each.start_point[0]], f"import {module}{end}")
        after = _next_line(file, each.end_byte)
    if after:
        return _insertion(file, after, f"{end}import {module}{end}")
    line = next(each.start_point[0] for each in root.named_children if each.type != "comment")
    while line > 1 and file.line_text(line - 1).startswith("#"):
        line -= 1  # comments stay with what they are about, and a first line with its file
    return _insertion(file, file.lines.starts[line], f"import {module}{end}{end}")


def _head(file: FileView, root: Node) -> Iterator[Node]:
    """Yield a module's docstring and its imports up to the first that is not of the future."""
    for place, each in enumerate(each for each in root.named_children if each.type != "comment"):
        inside = each.named_children
        if place == 0 and len(inside) == 1 and inside[0].type == "string":
            yield each
        elif "import" in each.type:
            yield each
            if not _text(file, each).startswith(_FUTURE):
                return
        else:
            return


def go_import(file: FileView, path: str) -> tuple[Replacement, ...] | None:
    """Return the edits after which a package is imported, None where its name is taken."""
    name = path.rpartition("/")[2]
    if any(each.module == path and not each.names[:1] for each in file.facts.imports):
        return ()
    for each in file.facts.imports:
        if each.module == path:
            return () if all(one.alias in {"", name} for one in each.names) else None
    if any(each.name == name for each in file.facts.definitions) or file.facts.errors:
        return None
    root = file.program.root
    made = _in_go(file, root, path) if root is not None else None
    return None if made is None else (made,)


def _in_go(file: FileView, root: Node, path: str) -> Replacement | None:
    end = _newline(file)
    package = None
    for each in root.named_children:
        if each.type == "package_clause":
            package = each
        if each.type != "import_declaration":
            continue
        specs = [one for part in each.named_children for one in part.named_children]
        specs = [one for one in specs if one.type == "import_spec"]
        if each.named_children[0].type != "import_spec_list" or not specs:
            start = file.lines.starts[each.start_point[0]]
            return _insertion(file, start, f'import "{path}"{end}')
        later = (one for one in specs if _text(file, one).strip(b'"').decode() > path)
        place = next(later, specs[0])
        indent = " " * 4 if place.start_point[1] == 4 else "\t"
        start = file.lines.starts[place.start_point[0]]
        return _insertion(file, start, f'{indent}"{path}"{end}')
    if package is None:
        return None
    return _insertion(file, _next_line(file, package.end_byte), f'{end}import "{path}"{end}')


def _insertion(file: FileView, start: int, text: str) -> Replacement:
    return Replacement(file.path, file.span(start, start), text)


def _next_line(file: FileView, byte: int) -> int:
    line = file.source.find(b"\n", byte)
    return len(file.source) if line < 0 else line + 1


def _newline(file: FileView) -> str:
    return "\r\n" if b"\r\n" in file.source else "\n"


def _text(file: FileView, node: Node) -> bytes:
    return file.source[node.start_byte : node.end_byte]
