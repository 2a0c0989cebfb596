"""C's declarations, inside out: the name in a declarator, and the type written around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import TypedName, kinds

_DESCEND = kinds(
    "pointer_declarator reference_declarator parenthesized_declarator attributed_declarator"
    " init_declarator array_declarator variadic_declarator"
)
_NAMES = kinds("identifier field_identifier type_identifier destructor_name operator_name")
_NOT_TYPE = re.compile(
    r"\b(?:static|extern|inline|virtual|explicit|friend|constexpr|register|thread_local|typedef"
    r"|__inline|_Noreturn)\b|__attribute__\s*\(\(.*?\)\)|\[\[.*?\]\]"
)
_AT_TOP = kinds(
    "translation_unit declaration_list field_declaration_list linkage_specification"
    " template_declaration preproc_if preproc_ifdef preproc_else preproc_elif ERROR"
)
_PREPROCESSOR = kinds("preproc_if preproc_ifdef preproc_else preproc_elif ERROR")


def text_of(node: Node | None) -> str:
    """Return a node's source, "" for none."""
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def inner_declarator(node: Node) -> Node | None:
    """Return the declarator directly inside another node."""
    found = node.child_by_field_name("declarator")
    if found is None and node.type in _DESCEND:
        named = [child for child in node.named_children if "qualifier" not in child.type]
        found = named[-1] if named else None
    return found


def function_declarator(node: Node) -> Node | None:
    """Return the declarator of the function that a node declares, None if it declares none."""
    declarator = inner_declarator(node)
    while declarator is not None:
        if declarator.type == "operator_cast":
            return declarator
        if declarator.type == "qualified_identifier":  # `Foo::operator bool`
            cast = declarator.child_by_field_name("name")
            return cast if cast is not None and cast.type == "operator_cast" else None
        if declarator.type in {"init_declarator", "array_declarator"}:
            return None
        if declarator.type == "function_declarator":
            inner = inner_declarator(declarator)
            if inner is None or inner.type not in _DESCEND | {"function_declarator"}:
                return declarator
            declarator = inner
        elif declarator.type in _DESCEND:
            declarator = inner_declarator(declarator)
        else:
            return None
    return None


def declared_name(node: Node) -> Node | None:
    """Return the node of the name that a declarator declares, qualified as it may be."""
    for _ in range(20):
        if node.type in _NAMES or node.type == "qualified_identifier":
            return node
        inner = inner_declarator(node)
        if inner is None:
            return None
        node = inner
    return None


def last_name(node: Node | None) -> Node | None:
    """Return the last part of a qualified name, template arguments apart."""
    while node is not None and node.type in {
        "qualified_identifier",
        "template_function",
        "template_type",
    }:
        node = node.child_by_field_name("name")
    return node


def scopes_of(node: Node | None) -> list[str]:
    """Return what stands before the last part of a qualified name, outermost first."""
    found = []
    while node is not None and node.type == "qualified_identifier":
        scope = node.child_by_field_name("scope")
        if scope is not None:
            found.append(text_of(last_name(scope)))
        node = node.child_by_field_name("name")
    return found


def stands_at_top(node: Node) -> bool:
    """Say whether a declaration stands outside of functions."""
    around = node.parent
    while around is not None and around.type in _PREPROCESSOR:
        around = around.parent
    return around is None or around.type in _AT_TOP


def spelled_type(parameter: Node) -> str:
    """Return the type of a parameter as written: all of it but name and default."""
    text = text_of(parameter)
    default = parameter.child_by_field_name("default_value")
    if default is not None:
        text = text_of(parameter)[: default.start_byte - parameter.start_byte].rstrip(" =\n\t")
    name = declared_name(parameter) if inner_declarator(parameter) is not None else None
    if name is None:
        return text
    begin, end = name.start_byte - parameter.start_byte, name.end_byte - parameter.start_byte
    raw = (parameter.text or b"")[: len(text.encode())]
    return (raw[:begin] + raw[end:]).decode(errors="replace").strip()


def returned_type(node: Node) -> str:
    """Return what a function gives as written: `const char *`, "" for constructors."""
    declarator = function_declarator(node)
    if declarator is None or node.child_by_field_name("type") is None:
        return ""
    for child in declarator.named_children:
        if child.type == "trailing_return_type":
            return text_of(child.named_children[0] if child.named_children else None)
    written, outer = node.text or b"", inner_declarator(node)
    raw = written[: declarator.start_byte - node.start_byte]
    if outer is not None and outer.end_byte > declarator.end_byte:  # `int (*f(void))(char)`
        raw += written[declarator.end_byte - node.start_byte : outer.end_byte - node.start_byte]
    return _NOT_TYPE.sub(" ", raw.decode(errors="replace")).strip()


def declared_types(node: Node) -> Iterator[TypedName]:
    """Yield each variable or field of a declaration with its type or its value."""
    kind = node.child_by_field_name("type")
    for declarator in node.children_by_field_name("declarator"):
        name = declared_name(declarator)
        if name is None or name.type == "qualified_identifier":
            continue
        value = None
        if declarator.type == "init_declarator":
            value = declarator.child_by_field_name("value")
        yield TypedName(name, named_type(kind), value)


def named_type(kind: Node | None) -> Node | None:
    """Return the type's name where its body is written as well, else the type."""
    if kind is not None and kind.child_by_field_name("body") is not None:
        return kind.child_by_field_name("name")
    return kind
