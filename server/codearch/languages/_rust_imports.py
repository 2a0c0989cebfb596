"""What Rust imports: `use` trees, crates, files of modules."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import (
    ImportDraft,
    ImportedDraft,
)
from codearch.languages._nodes import text


def use(node: Node) -> Iterator[ImportDraft]:
    """One import for each path before names: `use a::{b, c::{d, e}}` is of a and of a::c."""
    argument = node.child_by_field_name("argument")
    found: dict[str, list[ImportedDraft]] = {}
    for module, name in _used(argument, ""):
        found.setdefault(module, []).append(name)
    for module, names in found.items():
        yield ImportDraft(kind="use", module=module, names=names, reexport=_is_public(node))


def _used(node: Node | None, prefix: str) -> Iterator[tuple[str, ImportedDraft]]:
    """Yield each name of a use tree with the path of its module."""
    if node is None:
        return
    if node.type == "use_list":
        for child in node.named_children:
            yield from _used(child, prefix)
    elif node.type == "scoped_use_list":
        inner = _joined(prefix, _path(node.child_by_field_name("path")))
        yield from _used(node.child_by_field_name("list"), inner)
    elif node.type == "use_wildcard":
        module = _joined(prefix, _path(node.named_children[0] if node.named_children else None))
        yield module, ImportedDraft("*", "", node.children[-1])
    elif node.type == "use_as_clause":
        alias = node.child_by_field_name("alias")
        for module, name in _used(node.child_by_field_name("path"), prefix):
            bound = "" if text(alias) == "_" else text(alias)
            yield module, ImportedDraft(name.name, bound, alias or name.node)
    elif node.type == "scoped_identifier":
        last = node.child_by_field_name("name")
        if last is not None:
            module = _joined(prefix, _path(node.child_by_field_name("path")))
            yield module, ImportedDraft(text(last), text(last), last)
    elif node.type == "self":
        yield prefix, ImportedDraft("", prefix.rpartition("::")[2], node)
    elif node.type in {"identifier", "crate", "super"}:
        word = text(node)
        yield prefix or word, ImportedDraft(word if prefix else "", word, node)


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}::{path}" if prefix and path else prefix or path


def _path(node: Node | None) -> str:
    return "".join(text(node).split())


def _is_public(node: Node) -> bool:
    return bool(node.children) and node.children[0].type == "visibility_modifier"


def extern_crate(node: Node) -> Iterator[ImportDraft]:
    """`extern crate a as b` binds the crate a as b."""
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is not None:
        bound = alias or name
        names = [ImportedDraft("", "" if text(bound) == "_" else text(bound), bound)]
        yield ImportDraft(kind="use", module=text(name), names=names, reexport=_is_public(node))


def module_file(node: Node) -> Iterator[ImportDraft]:
    """`mod name;` takes in another file."""
    name = node.child_by_field_name("name")
    if name is not None and node.child_by_field_name("body") is None:
        names = [ImportedDraft("", text(name), name)]
        yield ImportDraft(kind="import", module=text(name), names=names, reexport=_is_public(node))
