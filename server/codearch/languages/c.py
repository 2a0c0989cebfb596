"""C to C23, of GNU too: definitions, prototypes and macros; both branches of conditionals."""

from __future__ import annotations

from collections.abc import Callable

import tree_sitter_c
from tree_sitter import Node

from codearch.languages import _c_family as family
from codearch.languages import _c_flows
from codearch.languages._c_declarators import returned_type, text_of
from codearch.languages._language import (
    MEMBERS_SCOPE,
    Define,
    Header,
    Language,
    kinds,
)
from codearch.languages._preprocessor import prepare_c

_TESTS = kinds("START_TEST Test TEST TEST_F CTEST Theory")


def _test_name(node: Node) -> Node | None:
    """Return the name of check.h's `START_TEST(name) {...}` and of its like."""
    declarator = node.child_by_field_name("declarator")
    kind = node.child_by_field_name("type")
    if declarator is None:
        return None
    if declarator.type == "parenthesized_declarator" and text_of(kind) in _TESTS:
        return declarator.named_children[0] if declarator.named_child_count == 1 else None
    return None


def _is_test_macro(node: Node) -> bool:
    return _test_name(node) is not None


def _is_test(header: Header) -> bool:
    """As cmocka and Unity have it: `void test_x(void)`, `static void test_x(void **state)`."""
    if header.kind != "function" or "void" not in header.words:
        return False
    kinds_taken = [f"{each.type} {each.name}".strip() for each in header.parameters]
    few = not kinds_taken or kinds_taken == ["void"] or kinds_taken[0].startswith("void **")
    return few and header.name.startswith("test_")


_EVIDENT: dict[str, Callable[[Node], str]] = {
    "call_expression": family.result,
    "cast_expression": family.cast,
    "compound_literal_expression": family.cast,
    "parenthesized_expression": lambda node: family.inside(node, _EVIDENT),
    "pointer_expression": lambda node: family.inside(node, _EVIDENT),
}

LANGUAGE = Language(
    name="c",
    title="C",
    extensions=(".c", ".h"),
    grammar=tree_sitter_c.language,
    prepare=prepare_c,
    define={
        "function_definition": (
            Define(
                kind="function",
                when=_is_test_macro,
                name=_test_name,
                parameters="",
                returns="",
                binds=None,
                test=True,
            ),
            Define(
                kind="function",
                name=family.function_name,
                label=family.function_label,
                parameters=family.parameter_list,
                returned=returned_type,
            ),
        ),
        "declaration": family.PROTOTYPE,
        **family.TYPES,
        "type_definition": family.TYPEDEFS,
        "preproc_function_def": family.MACRO,
    },
    wrappers=kinds("linkage_specification declaration"),
    parameters=family.PARAMETERS,
    variadics=kinds("variadic_parameter"),
    decorators=kinds("attribute_specifier attribute_declaration ms_declspec_modifier"),
    exported=family.exported,
    is_test=_is_test,
    comments=kinds("comment"),
    blocks=kinds("compound_statement field_declaration_list"),
    doc_comment=family.DOC_COMMENT,
    plain_docs=True,
    doc_links=family.DOC_LINKS,
    doc_prose=family.plain_doxygen,
    identifiers=kinds("identifier field_identifier"),
    type_identifiers=kinds("type_identifier"),
    roles=family.ROLES,
    scopes={
        **family.SCOPES,
        "struct_specifier": MEMBERS_SCOPE,
        "union_specifier": MEMBERS_SCOPE,
    },
    readers=family.READERS,
    implicit_names=True,
    imports={"preproc_include": family.include},
    calls=family.CALLS,
    members={"field_expression": ("argument", "field")},
    data_members=kinds("field_expression"),
    callee_wrappers={"pointer_expression": "argument"},
    references=family.REFERENCES,
    typed=family.TYPED,
    evident_types=_EVIDENT,
    decisions=family.DECISIONS,
    decides=family.DECIDES,
    lost=family.LOST,
    flow=family.FLOW,
    logical=kinds("binary_expression"),
    logical_operators=kinds("&& ||"),
    parentheses=kinds("parenthesized_expression"),
    flows=_c_flows.FLOWS,
)
