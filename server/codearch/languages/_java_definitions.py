"""What is a definition in Java: bases, anonymous classes, lambdas, tests."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages._language import Header
from codearch.languages._nodes import text, type_of


def bare_type(node: Node) -> Node | None:
    """Return the name's node of a type: the `List` of `java.util.List<String>`."""
    if node.type in {"generic_type", "annotated_type"} and node.named_children:
        node = node.named_children[0]
    if node.type == "scoped_type_identifier":
        return node.named_children[-1]
    return node if node.type in {"type_identifier", "identifier"} else None


TYPES = frozenset(
    [
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
    ]
)


def bases(node: Node) -> Iterator[str]:
    """Yield the superclass, then the interfaces."""
    for child in node.named_children:
        if child.type == "superclass":
            yield text(child.named_children[0])
        elif child.type in {"super_interfaces", "extends_interfaces"}:
            for listed in child.named_children:
                yield from (text(base) for base in listed.named_children)


def anonymous_name(body: Node) -> Node | None:
    """Return the type that `new` makes, or the enum constant, to which a class body belongs."""
    around = body.parent
    if around is not None and around.type == "object_creation_expression":
        created = around.child_by_field_name("type")
        return bare_type(created) if created is not None else None
    constant = around is not None and around.type == "enum_constant"
    return around.child_by_field_name("name") if around is not None and constant else None


def anonymous_base(body: Node) -> Iterator[str]:
    """Yield the type that an anonymous class extends or implements."""
    around = body.parent
    if around is not None and around.type == "object_creation_expression":
        yield type_of(around)


def itself(node: Node) -> Node:
    """Return the node itself."""
    return node


def is_no_record(body: Node) -> bool:
    """Say whether a class body binds names; a record's components are bound around its body."""
    return body.parent is None or body.parent.type != "record_declaration"


def holds_lambda(declarator: Node) -> bool:
    """Say whether a variable or field is given a lambda."""
    value = declarator.child_by_field_name("value")
    return value is not None and value.type == "lambda_expression"


def field_lambda(declarator: Node) -> bool:
    """Say whether a field is given a lambda."""
    around = declarator.parent if holds_lambda(declarator) else None
    return around is not None and around.type in {"field_declaration", "constant_declaration"}


def spread_name(node: Node) -> Node | None:
    """Return the name's node of `String... names`."""
    return node.named_children[-1].child_by_field_name("name")


def spread_type(node: Node) -> Node | None:
    """Return the type's node of `String... names`."""
    return node.named_children[-2] if node.named_child_count > 1 else None


def exported(header: Header) -> bool:
    """What is not private is visible to other files; an anonymous class's members are not."""
    around = header.parent
    if around is not None and around.kind == "namespace":
        return False
    constructs_enum = around is not None and around.kind == "enum" and around.name == header.name
    return "private" not in header.words and not constructs_enum


_TESTS = frozenset(
    [
        "Test",
        "ParameterizedTest",
        "RepeatedTest",
        "TestFactory",
        "TestTemplate",
        "Theory",
        "Property",
    ]
)


def is_test(header: Header) -> bool:
    """As JUnit 3 to 5 and TestNG collect: by annotation, or by name in a `TestCase`."""
    named = {
        decorator.split("(")[0].lstrip("@ ").rpartition(".")[2] for decorator in header.decorators
    }
    if header.kind in TYPE_KINDS:
        return "Test" in named or any(base.endswith("TestCase") for base in header.bases)
    if named & _TESTS:
        return True
    parent = header.parent
    if header.kind != "method" or parent is None or not parent.test or "public" not in header.words:
        return False
    return header.name.startswith("test") or any(
        each.startswith("@Test") for each in parent.decorators
    )
