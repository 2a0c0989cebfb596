"""Go's package, imports and names, where a table cannot say what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._arguments import count_of
from codearch.languages._go_types import names_of, type_name
from codearch.languages._language import ImportDraft, ImportedDraft, Reader
from codearch.languages._nodes import text

_VERSION = re.compile(r"v\d+")
_SUFFIX = re.compile(r"\.(?:v\d+|go)$")


def package(node: Node, reader: Reader) -> bool:
    """Record the package; its name is no use of a name."""
    for name in node.named_children:
        if name.type == "package_identifier":
            reader.package(text(name))
    return True


def imported(spec: Node) -> Iterator[ImportDraft]:
    """`import "a/b"` binds the package's name; `.` all of it, `_` nothing."""
    path, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
    if path is None:
        return
    module = text(path).strip('"`')
    names = []
    if name is None:
        names = [ImportedDraft("", _package_name(module, spec), path)]
    elif name.type == "dot":
        names = [ImportedDraft("*", "", name)]
    elif name.type == "package_identifier":
        names = [ImportedDraft("", text(name), name)]
    yield ImportDraft(kind="import", module=module, names=names)


def _package_name(module: str, spec: Node) -> str:
    """Return the name that a package most likely has: the last part of its path, less versions.

    Where the path ends in something that is no name, such as `go-yaml`, the part is taken that the
    file uses.
    """
    parts = module.split("/")
    last = parts[-2] if len(parts) > 1 and _VERSION.fullmatch(parts[-1]) else parts[-1]
    last = _SUFFIX.sub("", last)
    if last.isidentifier():
        return last
    pieces = [piece for piece in re.split(r"\W", last) if piece != "go"]
    candidates = [name for name in (*pieces, last.replace("-", "")) if name.isidentifier()]
    source = _file_of(spec) if len(candidates) > 1 else ""
    used = [name for name in candidates if re.search(rf"\b{name}\.[A-Z]", source)]
    return (*used, *candidates, "")[0]


def _file_of(node: Node) -> str:
    while node.parent is not None:
        node = node.parent
    return text(node)


def left_side(node: Node, reader: Reader) -> bool:
    """The `_` of `_, x := f()` is no name; with `=` in place of `:=` the names exist already."""
    left = node.child_by_field_name("left")
    writes = left is not None and any(child.type == "=" for child in node.children)
    for name in left.named_children if left is not None else ():
        if name.type == "identifier" and (writes or name.text == b"_"):
            reader.skip(name)
            if name.text != b"_":
                reader.use(name, "write")
    return False


def spec(node: Node, reader: Reader) -> bool:
    """Pass over the `_` of `_, x = f()` and of parameters."""
    for name in names_of(node):
        if name.text == b"_":
            reader.skip(name)
    return False


def case_type(node: Node, reader: Reader) -> bool:
    """In `switch v := x.(type) { case A: ...` the v is bound in each case, here as an A."""
    kinds, switch = names_of(node, "type"), node.parent
    alias = switch.child_by_field_name("alias") if switch is not None else None
    if alias is not None:
        known = kinds[0] if len(kinds) == 1 and kinds[0].text != b"nil" else None
        reader.bind_here(node, "variable", known, name=text(alias))
    return False


def embedded(node: Node, reader: Reader) -> bool:
    """An embedded type is a field of its own name."""
    declared = node.child_by_field_name("type")
    name = type_name(declared) if declared is not None else None
    if declared is not None and name is not None and node.child_by_field_name("name") is None:
        reader.bind_here(declared, "field", declared, name=text(name))
    return False


def literal(node: Node, reader: Reader) -> bool:
    """`T{a: b}` makes a T; the a is a field unless T is written as a map, array or slice."""
    made, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if made is None or body is None:
        return False
    name = type_name(made)
    if name is not None:
        inner = made.child_by_field_name("type") if made.type == "generic_type" else made
        package = inner.child_by_field_name("package") if inner is not None else None
        reader.call(name, package, "new", count_of(body))
    _skip_field_names(body, made, reader)
    return False


def _skip_field_names(body: Node, made: Node, reader: Reader) -> None:
    """Pass over the fields' names of a literal, and of those inside that leave out a type."""
    is_map = made.type == "map_type"
    inside = made.child_by_field_name("value" if is_map else "element")
    for element in body.named_children:
        value = element.named_children[-1] if element.named_children else None
        if element.type == "keyed_element":
            key, held = element.child_by_field_name("key"), element.child_by_field_name("value")
            value = held.named_children[0] if held is not None and held.named_children else None
            if inside is None and key is not None and key.named_children:
                reader.skip(key.named_children[0])
        if value is not None and value.type == "literal_value":
            _skip_field_names(value, inside if inside is not None else value, reader)
