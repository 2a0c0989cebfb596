"""C++'s imports, what objects are made where, and evident types."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from codearch.languages import _c_family as family
from codearch.languages._arguments import count_of
from codearch.languages._c_declarators import (
    declared_name,
    last_name,
    text_of,
)
from codearch.languages._language import (
    ImportDraft,
    ImportedDraft,
    Reader,
    TypedName,
    kinds,
)

# --- imports -----------------------------------------------------------------------------------


def using(node: Node) -> Iterator[ImportDraft]:
    """`using a::b` takes b from a, `using namespace a` all of it; also what was an `import`."""
    name = node.named_children[-1] if node.named_children else None
    if name is None:
        return
    words = {child.type for child in node.children}
    written = "".join(text_of(name).split())
    if "namespace" in words:
        yield ImportDraft(kind="using", module=written, names=[ImportedDraft("*", "", name)])
    elif name.type == "identifier" and _is_module(node):
        module = written.strip("$").replace("$", ".")
        yield ImportDraft(kind="import", module=module, system=written.startswith("$"))
    elif name.type == "qualified_identifier":
        yield _named_import(name, text_of(_last(name)), _last(name))


def _is_module(node: Node) -> bool:
    """Say whether a `using` was made of an `import`: a gap is left of it."""
    return node.named_children[-1].start_byte - node.children[0].end_byte > 1


def _last(name: Node) -> Node:
    while name.type == "qualified_identifier":
        inner = name.child_by_field_name("name")
        if inner is None:
            break
        name = inner
    return name


def _named_import(name: Node, alias: str, bound: Node) -> ImportDraft:
    module, _, last = "".join(text_of(name).split()).rpartition("::")
    return ImportDraft(kind="using", module=module, names=[ImportedDraft(last, alias, bound)])


def namespace_alias(node: Node) -> Iterator[ImportDraft]:
    """`namespace a = b::c` takes c from b and calls it a."""
    alias = node.child_by_field_name("name")
    if alias is not None:
        yield _named_import(node.named_children[-1], text_of(alias), alias)


# --- names that need more than a table ---------------------------------------------------------


def _made(reader: Reader, kind: Node | None, arguments: Node | None) -> None:
    """Record that an object of a type is made."""
    scope = None
    if kind is not None and kind.type == "qualified_identifier":
        scope = kind.child_by_field_name("scope")
    name = last_name(kind)
    if name is not None and name.type in {"type_identifier", "identifier"}:
        reader.call(name, scope, "new", count_of(arguments))


def new_object(node: Node, reader: Reader) -> bool:
    """`new a::B(1)` makes a B."""
    _made(reader, node.child_by_field_name("type"), node.child_by_field_name("arguments"))
    return False


def compound_literal(node: Node, reader: Reader) -> bool:
    """`Foo{1}` makes a Foo."""
    _made(reader, node.child_by_field_name("type"), node.child_by_field_name("value"))
    return False


def declaration(node: Node, reader: Reader) -> bool:
    """`Foo x(1)` and `Foo x{1}` make a Foo."""
    for declarator in node.children_by_field_name("declarator"):
        value = declarator.child_by_field_name("value")
        if declarator.type != "init_declarator" or value is None:
            continue
        in_place = value.type in {"argument_list", "initializer_list"}
        if in_place and all(child.type != "=" for child in declarator.children):
            _made(reader, node.child_by_field_name("type"), value)
    made = family.declaration(node, reader)
    if made is not None:
        _made(reader, node.child_by_field_name("type"), made)
    return False


def initializer(node: Node, reader: Reader) -> bool:
    """`Derived() : Base(1)` calls Base's constructor; a field's name is a use of the field."""
    name = node.named_children[0] if node.named_children else None
    if name is None:
        return False
    if text_of(name)[:1].isupper() and not text_of(name).endswith("_"):
        arguments = node.named_children[-1]
        reader.call(name, None, "new", count_of(arguments))
    elif name.type == "field_identifier":
        reader.use(name, "write")
    reader.skip(name)
    return False


def capture(node: Node, reader: Reader) -> bool:
    """`[x = f()]` binds x inside the lambda."""
    name = node.child_by_field_name("left")
    if name is not None and name.type == "identifier":
        reader.bind_here(name, "variable")
    return False


def binding(node: Node, reader: Reader) -> bool:
    """`auto [a, b] = ...` binds both."""
    for name in node.named_children:
        if name.type == "identifier":
            reader.bind_here(name, "variable")
    return False


def type_parameter(node: Node, reader: Reader) -> bool:
    """`typename T` binds T."""
    if node.named_children and node.named_children[-1].type == "type_identifier":
        name = node.named_children[-1]
        reader.bind_here(name, "type")
    return False


# --- types -------------------------------------------------------------------------------------

_OF_ARGUMENT = kinds(
    "make_unique make_shared static_cast dynamic_cast const_cast reinterpret_cast"
    " static_pointer_cast dynamic_pointer_cast make_optional make_ref MakeUnique any_cast get_if"
)


def _result(call: Node) -> str:
    """`std::make_unique<T>(...)` and `static_cast<T*>(...)` give a T."""
    function = call.child_by_field_name("function")
    while function is not None and function.type == "qualified_identifier":
        function = function.child_by_field_name("name")
    if function is None or function.type != "template_function":
        return family.result(call)
    listed = function.child_by_field_name("arguments")
    given = text_of(function.child_by_field_name("name")) in _OF_ARGUMENT
    return text_of(listed.named_children[0]) if given and listed and listed.named_children else ""


def _of_type(node: Node) -> str:
    return text_of(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    return family.inside(node, EVIDENT)


EVIDENT: dict[str, Callable[[Node], str]] = {
    "call_expression": _result,
    "new_expression": _of_type,
    "cast_expression": _of_type,
    "compound_literal_expression": _of_type,
    "parenthesized_expression": _inside,
    "pointer_expression": _inside,
}


def loop_variable(node: Node) -> Iterator[TypedName]:
    """Yield the variable of a loop over a range, where its type is written."""
    declarator = node.child_by_field_name("declarator")
    name = declared_name(declarator) if declarator is not None else None
    kind = node.child_by_field_name("type")
    if name is not None and kind is not None and kind.type != "placeholder_type_specifier":
        yield TypedName(name, kind)
