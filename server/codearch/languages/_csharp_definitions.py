"""What is a definition in C#: bases, properties, operators, lambdas, tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages._language import Header
from codearch.languages._nodes import first, text, type_of

TYPES = frozenset(
    {
        "class_declaration",
        "struct_declaration",
        "record_declaration",
        "interface_declaration",
        "enum_declaration",
    }
)


def bases(node: Node) -> Iterator[str]:
    """Yield what a type's base list names."""
    listed = first(node, "base_list")
    for base in listed.named_children if listed is not None else ():
        if base.type not in {"argument_list", "comment"}:
            primary = base.type == "primary_constructor_base_type"
            yield type_of(base) if primary else text(base)


def primary_parameters(node: Node) -> Node | None:
    """Return the parameters of a primary constructor."""
    return first(node, "parameter_list")


def is_constructor(node: Node) -> bool:
    """Say whether this is one: `extension(T x) { ... }` is not, its methods are its class's."""
    return text(node.child_by_field_name("name")) != "extension"


def property_body(node: Node) -> Node | None:
    """Return a property's accessors, or the arrow and its value."""
    value = node.child_by_field_name("value")
    arrow = value is not None and value.type == "arrow_expression_clause"
    return value if arrow else node.child_by_field_name("accessors")


def function_value(declarator: Node) -> Node | None:
    """Return the lambda or anonymous method that a variable holds."""
    last = declarator.named_children[-1] if declarator.named_children else None
    held = last is not None and last.type in {"lambda_expression", "anonymous_method_expression"}
    return last if held else None


def holds_function(declarator: Node) -> bool:
    """Say whether a variable or field is given a lambda or anonymous method."""
    return function_value(declarator) is not None


def field_holds_function(declarator: Node) -> bool:
    """Say whether a field is given one."""
    around = declarator.parent if holds_function(declarator) else None
    around = around.parent if around is not None else None
    return around is not None and around.type == "field_declaration"


def function_body(node: Node) -> Node | None:
    """Return the body of a lambda or anonymous method."""
    return node.child_by_field_name("body") or first(node, "block")


def indexer_name(_node: Node) -> str:
    """Return the name under which indexers are listed."""
    return "this[]"


def this_word(node: Node) -> Node | None:
    """Return the `this` of an indexer."""
    return next((child for child in node.children if child.type == "this"), None)


def operator_word(node: Node) -> Node | None:
    """Return the word `operator`, where an operator's name begins."""
    return next((child for child in node.children if child.type == "operator"), None)


def operator_name(node: Node) -> str:
    """Return `operator +`, or `operator T` for a conversion."""
    operator = node.child_by_field_name("operator") or node.child_by_field_name("type")
    return f"operator {text(operator)}"


def destructor_name(node: Node) -> str:
    """Return `~T`."""
    return f"~{text(node.child_by_field_name('name'))}"


def default(parameter: Node) -> Node | None:
    """Return the value after the "=" of a parameter."""
    equals = any(child.type == "=" for child in parameter.children[-2:-1])
    return parameter.children[-1] if equals else None


def type_before(name: Node) -> Node | None:
    """Return the type of `params T[] name`, which the grammar gives no node of its own."""
    return name.prev_named_sibling


_STATEMENT_TYPES = frozenset(
    {
        "variable_declaration",
        "cast_expression",
        "as_expression",
        "declaration_expression",
        "declaration_pattern",
        "foreach_statement",
        "typeof_expression",
        "default_expression",
        "array_type",
        "object_creation_expression",
    }
)


def is_in_statement(nullable: Node) -> bool:
    """Say whether lizard takes the "?" of a type for a decision: in headers and <> it does not."""
    around = nullable.parent
    return around is not None and around.type in _STATEMENT_TYPES


_OPEN = frozenset({"public", "internal", "protected"})


def exported(header: Header) -> bool:
    """Types are internal unless it is said otherwise, members private, those of interfaces public.

    An explicit implementation of an interface's member is seen through the interface.
    """
    around = header.parent
    if header.words & _OPEN or "." in header.words:
        return True
    if "private" in header.words or "file" in header.words:
        return False
    if around is None or around.kind in {"namespace", "interface", "enum"}:
        return True
    return header.kind == "namespace"


_TEST_ATTRIBUTE = re.compile(
    r"[\[,]\s*(?:[\w.]+\.)?(?:\w*Fact|\w*Theory|Test|TestCase\w*|\w*TestMethod|TestFixture|TestClass|Property)"
    r"(?:Attribute)?\s*[\](,]"
)


def is_test(header: Header) -> bool:
    """As NUnit, xUnit and MSTest collect: by attribute."""
    if header.kind not in TYPE_KINDS | {"method"}:
        return False
    return any(_TEST_ATTRIBUTE.match(attribute) for attribute in header.decorators)
