"""C#'s calls and evident types."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._arguments import count_of
from codearch.languages._csharp_definitions import TYPES
from codearch.languages._language import RESULT_OF, Reader, TypedName
from codearch.languages._nodes import first, text, type_of

Parts = tuple[Node | None, Node | None]  # of a call: the name's node and the receiver's


def _name_and_receiver(node: Node | None) -> Parts:
    """Return the last name of `a.B<C>` or `a?.B`, and what stands before it."""
    if node is None:
        return None, None
    receiver = None
    if node.type in {"member_access_expression", "qualified_name"}:
        receiver = node.named_children[0] if node.named_children else None
        receiver = node.child_by_field_name("expression") or receiver
        node = node.child_by_field_name("name")
    elif node.type == "conditional_access_expression":
        receiver = node.child_by_field_name("condition")
        node = node.named_children[-1].child_by_field_name("name")
    elif node.type == "alias_qualified_name":
        node = node.child_by_field_name("name")
    elif node.type in {"nullable_type", "pointer_type"}:
        return _name_and_receiver(node.child_by_field_name("type"))
    if node is not None and node.type == "generic_name":
        node = node.named_children[0]
    if receiver is not None and receiver.type == "postfix_unary_expression":  # a!.B
        receiver = receiver.named_children[0]
    return (node, receiver) if node is not None and node.type == "identifier" else (None, None)


def invoked(node: Node) -> Parts:
    """Return the parts of a call; `nameof(...)` is none."""
    name, receiver = _name_and_receiver(node.child_by_field_name("function"))
    is_word = name is not None and receiver is None and name.text == b"nameof"
    return (None, None) if is_word else (name, receiver)


def made(node: Node) -> Parts:
    """Return the parts of `new a.B<C>(...)`."""
    return _name_and_receiver(node.child_by_field_name("type"))


def implicit_creation(node: Node, reader: Reader) -> bool:
    """`A b = new();` makes an A."""
    holder = node.parent
    if holder is not None and holder.type == "variable_declarator":
        holder = holder.parent
    declared = holder.child_by_field_name("type") if holder is not None else None
    name, receiver = _name_and_receiver(declared)
    if name is not None:
        reader.call(name, receiver, "new", count_of(first(node, "argument_list")))
    return False


def attribute(node: Node, reader: Reader) -> bool:
    """Record an attribute as a call."""
    name, receiver = _name_and_receiver(node.child_by_field_name("name"))
    if name is not None:
        arguments = count_of(first(node, "attribute_argument_list"))
        reader.call(name, receiver, "decorator", arguments)
    return False


def constructor_call(node: Node, reader: Reader) -> bool:
    """`: base(...)` calls the base's constructor, `: this(...)` another one of the class."""
    owner = node.parent
    while owner is not None and owner.type not in TYPES:
        owner = owner.parent
    if owner is None or node.child_count < 2:
        return False
    word = node.children[1]
    target = owner.child_by_field_name("name")
    if word.type == "base":
        listed = first(owner, "base_list")
        target = _name_and_receiver(listed.named_children[0])[0] if listed is not None else None
    if target is not None:
        arguments = count_of(first(node, "argument_list"))
        reader.call(word, None, "new", arguments, name=text(target))
    return False


def base_call(node: Node, reader: Reader) -> bool:
    """`class A(int x) : B(x)` calls B's constructor."""
    arguments = first(node, "argument_list")
    before = arguments.prev_named_sibling if arguments is not None else None
    if node.type == "primary_constructor_base_type":
        before = node.child_by_field_name("type")
    name, receiver = _name_and_receiver(before)
    if name is not None:
        reader.call(name, receiver, "new", count_of(arguments))
    return False


def declared_type(node: Node) -> Node | None:
    """Return the declared type, None for `var`."""
    declared = node.child_by_field_name("type")
    inner = declared.child_by_field_name("type") if declared is not None else None
    if declared is not None and declared.type in {"ref_type", "scoped_type"}:
        declared = inner
    return None if declared is None or declared.type == "implicit_type" else declared


def declared_names(node: Node) -> Iterator[TypedName]:
    """Each name of `A b = ..., c` with its type."""
    declared = declared_type(node)
    for declarator in node.named_children:
        name = declarator.child_by_field_name("name")
        if declarator.type == "variable_declarator" and name is not None:
            value = declarator.named_children[-1] if declarator.named_child_count > 1 else None
            yield TypedName(name, declared, value if declared is None else None)


def enum_member_type(node: Node) -> Iterator[TypedName]:
    """An enum's member is one of its enum."""
    name, owner = node.child_by_field_name("name"), node.parent
    owner = owner.parent if owner is not None else None
    if name is not None and owner is not None and owner.type == "enum_declaration":
        yield TypedName(name, owner.child_by_field_name("name"))


def nothing(_node: Node) -> Node | None:
    """Return None: the value is of another type than the name."""
    return None


def _inside(node: Node) -> str:
    """Return the evident type of what stands in parentheses and is awaited, once each."""
    for _ in range(2):
        if node.type in {"parenthesized_expression", "await_expression"} and node.named_children:
            node = node.named_children[-1]
    evident = EVIDENT.get(node.type)
    return evident(node) if evident is not None and evident is not _inside else ""


def _result(node: Node) -> str:
    function = node.child_by_field_name("function")
    name, receiver = _name_and_receiver(function)
    return RESULT_OF + text(name) if receiver is None or receiver.type == "this" else ""


EVIDENT = {
    "object_creation_expression": type_of,
    "cast_expression": type_of,
    "as_expression": lambda node: text(node.child_by_field_name("right")),
    "string_literal": lambda _node: "string",
    "interpolated_string_expression": lambda _node: "string",
    "parenthesized_expression": _inside,
    "await_expression": _inside,
    "invocation_expression": _result,
}


def loop_variable(node: Node) -> Iterator[TypedName]:
    """`foreach (T x in all)` gives x its type; `var` leaves it to what is looped over."""
    target, kind = node.child_by_field_name("left"), node.child_by_field_name("type")
    if target is not None and kind is not None and kind.type != "implicit_type":
        yield TypedName(target, kind)
