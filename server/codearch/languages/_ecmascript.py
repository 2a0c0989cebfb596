"""What JavaScript and TypeScript share: nearly all. JSX and TypeScript's kinds stand here too."""

from __future__ import annotations

import re

from tree_sitter import Node

from codearch.languages import _ecmascript_definitions as definitions
from codearch.languages import _ecmascript_modules as modules
from codearch.languages._arguments import count_of
from codearch.languages._ecmascript_definitions import field_of, text
from codearch.languages._language import (
    BLOCK_SCOPE,
    FUNCTION_SCOPE,
    MEMBER,
    MEMBERS_SCOPE,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
    WRITE,
    Callee,
    Flow,
    Reader,
    Role,
    Roles,
    Scoping,
    Typed,
    kinds,
)

_FACTORIES = ("React", "h", "createElement")  # to calls of which elements are compiled
_FRAGMENTS = ("Fragment",)
_CLASSES = kinds("class class_declaration abstract_class_declaration")
_VAR = Role(binds="variable", hoist=True, after=True)
_LET = Role(binds="variable", after=True)
_LOOP = Role(binds="variable")
_OWN_NAME = Role(binds="function")


# --- names that need more than a table --------------------------------------------------------


def _for_in(node: Node, reader: Reader) -> bool:
    """`for (x of xs)` writes to a variable that is there already."""
    left = field_of(node, "left")
    if left is not None and field_of(node, "kind") is None and left.type == "identifier":
        reader.use(left, "write")
        reader.skip(left)
    return False


def _jsx(node: Node, reader: Reader) -> bool:
    """A tag in capitals, or with a dot, is a component: it is used, and called. Others are HTML."""
    name = field_of(node, "name")
    reader.imply(node, _FACTORIES)
    if name is None:  # `<>...</>`
        reader.imply(node, _FRAGMENTS)
        return False
    last = field_of(name, "property", "name") or name
    if name.type == "identifier" and not text(name)[:1].isupper():
        reader.skip(name)
    elif last.type in {"identifier", "property_identifier"}:
        reader.call(
            last, field_of(name, "object"), "call", len(node.children_by_field_name("attribute"))
        )
    return False


def _super(node: Node, reader: Reader) -> bool:
    """`super(...)` calls the base's constructor."""
    call = node.parent
    if call is None or call.type != "call_expression":
        return False
    owner: Node | None = call
    while owner is not None and owner.type not in _CLASSES:
        owner = owner.parent
    base = definitions.extended(owner) if owner is not None else None
    if base is not None:
        arguments, name = field_of(call, "arguments"), field_of(base, "property") or base
        count = count_of(arguments)
        reader.call(node, field_of(base, "object"), "new", count, name=text(name))
    return False


def class_field(node: Node, reader: Reader) -> bool:
    """Fields have types, by which calls on them are resolved."""
    name = field_of(node, "name", "property")
    if name is not None and name.type in {"property_identifier", "private_property_identifier"}:
        reader.bind_field(name, field_of(node, "type"), field_of(node, "value"))
    return False


def _parameter_property(node: Node, reader: Reader) -> bool:
    """`constructor(private store: Store)` declares a field."""
    name = field_of(node, "pattern")
    if name is not None and any(
        child.type in {"accessibility_modifier", "readonly", "override_modifier"}
        for child in node.children[:4]
    ):
        reader.bind_field(name, field_of(node, "type"))
    return False


def _alias(node: Node, reader: Reader) -> bool:
    """`import x = NS.y`."""
    parts = node.named_children
    if parts:
        reader.bind(parts[0], "variable")
        reader.skip(parts[0])
    return False


def _new_type(node: Node) -> str:
    return text(field_of(node, "constructor"))


def _cast_type(node: Node) -> str:
    return text(node.named_children[-1]) if node.named_child_count == 2 else ""


def _await_type(node: Node) -> str:
    inner = node.named_children[0] if node.named_children else None
    return _new_type(inner) if inner is not None and inner.type == "new_expression" else ""


# --- tables -----------------------------------------------------------------------------------

ROLES: dict[str, Roles] = {
    "variable_declaration": {"*": _VAR},
    "lexical_declaration": {"*": _LET},
    "variable_declarator": {"value": READ},
    "assignment_expression": {"left": WRITE, "right": READ},
    "augmented_assignment_expression": {"left": WRITE, "right": READ},
    "update_expression": {"argument": WRITE},
    "assignment_pattern": {"right": READ},
    "object_assignment_pattern": {"right": READ},
    "member_expression": {"object": READ, "property": MEMBER},
    "subscript_expression": {"*": READ},
    "computed_property_name": {"*": READ},
    "call_expression": {"*": READ},
    "formal_parameters": {"*": PARAMETER},
    "arrow_function": {"parameter": PARAMETER, "*": READ},
    "function_expression": {"name": _OWN_NAME, "*": READ},
    "generator_function": {"name": _OWN_NAME, "*": READ},
    "class": {"name": _OWN_NAME, "*": READ},
    "for_in_statement": {"left": _LOOP, "*": READ},
    "catch_clause": {"parameter": _LOOP, "*": READ},
    "export_specifier": {"name": READ, "alias": MEMBER},
    "jsx_closing_element": {"*": MEMBER},
    "object": {"*": READ},
    "array": {"*": READ},
}
TYPED_ROLES: dict[str, Roles] = {
    "variable_declarator": {"value": READ, "type": TYPE},
    "required_parameter": {"pattern": PARAMETER, "type": TYPE, "value": READ, "decorator": READ},
    "optional_parameter": {"pattern": PARAMETER, "type": TYPE, "value": READ, "decorator": READ},
    "arrow_function": {"parameter": PARAMETER, "return_type": TYPE, "*": READ},
    "type_annotation": {"*": TYPE},
    "type_arguments": {"*": TYPE},
    "type_alias_declaration": {"value": TYPE},
    "type_parameter": {"name": TYPE_PARAMETER, "constraint": TYPE, "value": TYPE},
    "interface_declaration": {"*": TYPE},
    "extends_clause": {"value": READ, "type_arguments": TYPE},
    "implements_clause": {"*": TYPE},
    "nested_type_identifier": {"module": TYPE, "name": MEMBER},
    "nested_identifier": {"object": READ, "property": MEMBER},
    "mapped_type_clause": {"name": TYPE_PARAMETER, "type": TYPE},
    "infer_type": {"*": TYPE_PARAMETER},
    "index_signature": {"name": PARAMETER, "*": TYPE},
    "type_query": {"*": READ},
    "as_expression": {"*": READ},
    "satisfies_expression": {"*": READ},
    "type_predicate": {"name": READ, "type": TYPE},
}
SCOPES = {
    "function_declaration": FUNCTION_SCOPE,
    "generator_function_declaration": FUNCTION_SCOPE,
    "function_expression": FUNCTION_SCOPE,
    "generator_function": FUNCTION_SCOPE,
    "arrow_function": FUNCTION_SCOPE,
    "method_definition": FUNCTION_SCOPE,
    "class_static_block": FUNCTION_SCOPE,
    "class_declaration": MEMBERS_SCOPE,
    "class": MEMBERS_SCOPE,
    "statement_block": BLOCK_SCOPE,
    "for_statement": BLOCK_SCOPE,
    "for_in_statement": BLOCK_SCOPE,
    "switch_body": BLOCK_SCOPE,
    "catch_clause": BLOCK_SCOPE,
}
TYPED_SCOPES = {
    "abstract_class_declaration": MEMBERS_SCOPE,
    "interface_declaration": MEMBERS_SCOPE,
    "type_alias_declaration": Scoping(members=True),
    "function_signature": FUNCTION_SCOPE,
    "method_signature": FUNCTION_SCOPE,
    "abstract_method_signature": FUNCTION_SCOPE,
    "construct_signature": FUNCTION_SCOPE,
    "call_signature": FUNCTION_SCOPE,
    "constructor_type": FUNCTION_SCOPE,
    "function_type": FUNCTION_SCOPE,
    "index_signature": BLOCK_SCOPE,
    "conditional_type": BLOCK_SCOPE,
}
READERS = {
    "for_in_statement": _for_in,
    "jsx_opening_element": _jsx,
    "super": _super,
    "jsx_self_closing_element": _jsx,
    "export_statement": modules.exports,
    "assignment_expression": modules.common_exports,
}
TYPED_READERS = {
    "public_field_definition": class_field,
    "property_signature": class_field,
    "required_parameter": _parameter_property,
    "optional_parameter": _parameter_property,
    "import_alias": _alias,
}
TYPED = {
    "variable_declarator": Typed(target="name"),
    "assignment_expression": Typed(target="left", value="right"),
}
TYPED_TYPED = {
    "required_parameter": Typed(target="pattern"),
    "optional_parameter": Typed(target="pattern"),
}
EVIDENT_TYPES = {"new_expression": _new_type, "await_expression": _await_type}
TYPED_EVIDENT = {"as_expression": _cast_type}
CALLS = {
    "call_expression": Callee(),
    "new_expression": Callee(function="constructor", kind="new"),
}
MEMBERS = {"member_expression": ("object", "property")}
TYPED_MEMBERS = {"nested_identifier": ("object", "property")}
IMPORTS = {
    "import_statement": modules.imports,
    "export_statement": modules.reexports,
    "variable_declarator": modules.required,
    "call_expression": modules.called,
}
GUARDS = kinds("try_statement if_statement ternary_expression")
REFERENCES = kinds(
    """arguments pair variable_declarator assignment_expression array object return_statement
    jsx_expression ternary_expression spread_element assignment_pattern export_statement"""
)
FLOW = {
    "if_statement": Flow.BRANCH,
    "for_statement": Flow.BRANCH,
    "for_in_statement": Flow.BRANCH,
    "while_statement": Flow.BRANCH,
    "do_statement": Flow.BRANCH,
    "switch_statement": Flow.BRANCH,
    "try_statement": Flow.LEVEL,
    "catch_clause": Flow.CONDITION,
    "ternary_expression": Flow.CONDITION,
    "else_clause": Flow.ELSE,
    "break_statement": Flow.JUMP,
    "continue_statement": Flow.JUMP,
    "arrow_function": Flow.DEEPER,
    "function_expression": Flow.DEEPER,
    "generator_function": Flow.DEEPER,
}
IDENTIFIERS = kinds(
    "identifier shorthand_property_identifier shorthand_property_identifier_pattern"
)
DECLARING = kinds(
    """function_declaration generator_function_declaration class_declaration return_statement
    export_statement import_statement"""
)
DOC_COMMENT = re.compile(r"/\*\*(?!/)")
DOC_LINKS = (
    re.compile(r"\{@link(?:code|plain)?\s+([\w$.]+)"),
    re.compile(r"@(?:see|jsx|jsxFrag|extends|augments|implements)\s+([\w$.]+)"),
    re.compile(r"@\w+\s+\{([^}\n]+)\}"),
)
