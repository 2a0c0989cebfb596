"""Java's calls and evident types."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._arguments import count_of
from codearch.languages._java_definitions import TYPES, bare_type
from codearch.languages._language import RESULT_OF, Reader, TypedName
from codearch.languages._nodes import text, type_of


def made(node: Node) -> tuple[Node | None, Node | None]:
    """`new a.B<C>(...)` is a call of B with the receiver a."""
    created = node.child_by_field_name("type")
    if created is not None and created.type == "generic_type":
        created = created.named_children[0]
    if created is not None and created.type == "scoped_type_identifier":
        return created.named_children[-1], created.named_children[0]
    return (created if created is not None and created.type == "type_identifier" else None), None


def constructor_call(node: Node, reader: Reader) -> bool:
    """`super(...)` calls the base's constructor, `this(...)` another one of the class."""
    word, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    if word is None:
        return False
    owner: Node | None = node
    while owner is not None and owner.type not in TYPES:
        owner = owner.parent
    target = owner.child_by_field_name("name") if owner is not None else None
    if word.type == "super" and owner is not None:
        base = owner.child_by_field_name("superclass")
        target = bare_type(base.named_children[0]) if base is not None else None
    if target is not None:
        reader.call(word, None, "new", count_of(arguments), name=text(target))
    return False


def constant(node: Node, reader: Reader) -> bool:
    """`RED(1)` among an enum's constants calls its constructor."""
    name, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
    around = node.parent.parent if node.parent is not None else None
    target = around.child_by_field_name("name") if around is not None else None
    if name is not None and arguments is not None and target is not None:
        reader.call(name, None, "new", count_of(arguments), name=text(target))
    return False


def method_reference(node: Node, reader: Reader) -> bool:
    """`this::run`, `Foo::bar`, `Foo::new`."""
    parts = node.named_children
    if node.children[-1].type == "new":
        target = bare_type(parts[0])
        if target is not None:
            reader.call(target, None, "reference")
    elif len(parts) > 1 and parts[-1].type == "identifier":
        reader.call(parts[-1], parts[0], "reference")
        reader.skip(parts[-1])
    return False


def declared_names(node: Node) -> Iterator[TypedName]:
    """Each name of `int a, b[]` with its type; arrays in C's manner have none that is written."""
    declared = declared_type(node)
    for declarator in node.children_by_field_name("declarator"):
        name, value = (
            declarator.child_by_field_name("name"),
            declarator.child_by_field_name("value"),
        )
        if name is not None and declarator.child_by_field_name("dimensions") is None:
            yield TypedName(name, declared, value if declared is None else None)


def enum_constant_type(node: Node) -> Iterator[TypedName]:
    """An enum's constant is one of its enum."""
    name, owner = node.child_by_field_name("name"), node.parent
    while owner is not None and owner.type != "enum_declaration":
        owner = owner.parent
    if name is not None and owner is not None:
        yield TypedName(name, owner.child_by_field_name("name"))


def declared_type(node: Node) -> Node | None:
    """Return the declared type, None for `var`."""
    declared = node.child_by_field_name("type")
    return None if declared is None or declared.text == b"var" else declared


def caught_type(node: Node) -> Node | None:
    """Return the type that a `catch` names, None where it names several."""
    for child in node.named_children:
        if child.type == "catch_type":
            return child.named_children[0] if child.named_child_count == 1 else None
    return None


def nothing(_node: Node) -> Node | None:
    """Return None: the value is of another type than the name."""
    return None


def _inside(node: Node) -> str:
    """Return the evident type of what stands in one pair of parentheses."""
    inner = node.named_children[0] if node.named_child_count == 1 else None
    if inner is None or inner.type == node.type:
        return ""
    evident = EVIDENT.get(inner.type)
    return evident(inner) if evident is not None else ""


def _result(node: Node) -> str:
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("name")
    return RESULT_OF + text(name) if owner is None or owner.type == "this" else ""


EVIDENT = {
    "object_creation_expression": type_of,
    "cast_expression": type_of,
    "string_literal": lambda _node: "String",
    "parenthesized_expression": _inside,
    "method_invocation": _result,
}
