"""What is a definition in Go: receivers, embedded types, function literals, tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from codearch.languages._go_types import made_type, type_name
from codearch.languages._language import Header
from codearch.languages._nodes import text


def is_struct(spec: Node) -> bool:
    """Say whether a type is declared as a struct."""
    declared = spec.child_by_field_name("type")
    return declared is not None and declared.type == "struct_type"


def is_interface(spec: Node) -> bool:
    """Say whether a type is declared as an interface."""
    declared = spec.child_by_field_name("type")
    return declared is not None and declared.type == "interface_type"


def embedded_fields(spec: Node) -> Iterator[str]:
    """Yield the types that a struct embeds, with their `*`."""
    declared = spec.child_by_field_name("type")
    fields = declared.named_children[-1:] if declared is not None else []
    for field in fields[0].named_children if fields else ():
        kind = field.child_by_field_name("type")
        if field.type == "field_declaration" and field.child_by_field_name("name") is None:
            pointer = "*" * (field.children[0].type == "*")
            yield pointer + text(kind)


def embedded_interfaces(spec: Node) -> Iterator[str]:
    """Yield the interfaces that an interface embeds; a union is none."""
    declared = spec.child_by_field_name("type")
    for element in declared.named_children if declared is not None else ():
        alone = element.named_children[0] if element.named_child_count == 1 else None
        if element.type == "type_elem" and alone is not None and type_name(alone) is not None:
            yield text(alone)


def aliased(alias: Node) -> Iterator[str]:
    """Yield the type for which an alias stands."""
    yield made_type(alias)


def braces(held: Node) -> Node | None:
    """Return where the members of a struct or an interface begin."""
    fields = held.named_children[-1:] if held.type == "struct_type" else []
    return fields[0] if fields else next((c for c in held.children if c.type == "{"), None)


def receiver(method: Node) -> str:
    """Return the name of a method's receiver type."""
    listed = method.child_by_field_name("receiver")
    parameters = listed.named_children if listed is not None else []
    for parameter in parameters[:1]:
        declared = parameter.child_by_field_name("type")
        return text(type_name(declared)) if declared is not None else ""
    return ""


def held_function(node: Node) -> Node | None:
    """Return the function literal that is the one value of a variable, or the value of a key."""
    held = node.child_by_field_name("right") or node.child_by_field_name("value")
    alone = held.named_children[0] if held is not None and held.named_child_count == 1 else None
    return alone if alone is not None and alone.type == "func_literal" else None


def holds_function(node: Node) -> bool:
    """Say whether a variable or a key has a function literal."""
    return held_function(node) is not None


def holder(node: Node) -> Node | None:
    """Return the one name of `f := ...` or of a literal's key."""
    left = node.child_by_field_name("left") or node.child_by_field_name("key")
    alone = left.named_children[0] if left is not None and left.named_child_count == 1 else None
    names = {"identifier", "interpreted_string_literal"}
    return alone if alone is not None and alone.type in names and alone.text != b"_" else None


def subtest(call: Node) -> bool:
    """Say whether a call is `t.Run("name", func(t *testing.T) { ... })`."""
    function, listed = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or listed is None or listed.named_child_count != 2:
        return False
    if text(function.child_by_field_name("field")) != "Run":
        return False
    name, body = listed.named_children
    testing = body.type == "func_literal" and "*testing." in text(body)[:80]
    return testing and "string" in name.type


def argument(index: int) -> Callable[[Node], Node | None]:
    """Return a finder of a call's argument."""

    def find(call: Node) -> Node | None:
        listed = call.child_by_field_name("arguments")
        return listed.named_children[index] if listed is not None else None

    return find


def makes(node: Node) -> bool:
    """Say whether a variable's one value is a literal, whose functions then bear its name."""
    held = node.child_by_field_name("right") or node.child_by_field_name("value")
    value = held.named_children[0] if held is not None and held.named_child_count == 1 else None
    if value is not None and value.type == "unary_expression":
        value = value.child_by_field_name("operand")
    return value is not None and value.type == "composite_literal"


def exported(header: Header) -> bool:
    """Say whether a name begins with a capital letter; the functions of a literal have no name."""
    inside = header.parent is not None and header.parent.kind == "namespace"
    return header.name[:1].isupper() and not inside


_TEST_NAME = re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?![a-z])")
_SUITE = re.compile(r".*(?:Suite|Tests?)$")


def is_test(header: Header) -> bool:
    """As `go test` collects: `TestX(t *testing.T)` and its like; methods of a suite as well."""
    if header.kind not in {"function", "method"} or not _TEST_NAME.match(header.name):
        return False
    kinds = [parameter.type for parameter in header.parameters]
    if header.kind == "method":
        return len(kinds) <= 1 and any(_SUITE.match(word) for word in header.words)
    if header.name.startswith("Example"):
        return not kinds
    return kinds in (["*testing.T"], ["*testing.B"], ["*testing.F"])
