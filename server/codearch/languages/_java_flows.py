"""What Java's nodes do to the order of execution and to values."""

from __future__ import annotations

from tree_sitter import Node

from codearch.languages._flows import (
    Assign,
    Branch,
    Call,
    Case,
    Choice,
    Each,
    Enclosing,
    Flows,
    Function,
    Handler,
    Jump,
    Labelled,
    Loop,
    Place,
    Sequence,
    Switch,
    Try,
    Update,
    Wrapper,
    child,
    first_child,
    operator_is,
    shapes,
)
from codearch.languages._language import kinds
from codearch.languages._nodes import text


def _takes_all(case: Node) -> bool:
    """`default`, alone or as in `case null, default`."""
    label = first_child(case)
    return label is not None and any(each.type == "default" for each in label.children)


def _guard(case: Node) -> Node | None:
    label = first_child(case)
    return child("guard")(label) if label is not None else None


def _catches_all(handler: Node) -> bool:
    parameter = child("catch_formal_parameter")(handler)
    caught = child("catch_type")(parameter) if parameter is not None else None
    return "Throwable" in text(caught).split("|")


def _instance(node: Node) -> Assign:
    """`o instanceof String s` and `o instanceof P(var x)`."""
    named = node.child_by_field_name("pattern") is None
    return Assign(targets="name" if named else "pattern", values="left", declares=False)


FLOWS = Flows(
    shapes={
        **shapes("block program constructor_body finally_clause static_initializer", Sequence()),
        "expression_statement": Wrapper(),
        "if_statement": Branch(),
        "while_statement": Loop(),
        "do_statement": Loop(tests_last=True),
        "for_statement": Loop(before="init", update="update"),
        "enhanced_for_statement": Each(target="name", iterable="value"),
        "switch_expression": Switch(subject="condition", exhaustive="as-value"),
        "switch_block_statement_group": Case(
            labels=kinds("switch_label"), guard=_guard, takes_all=_takes_all, falls=True
        ),
        "switch_rule": Case(labels=kinds("switch_label"), guard=_guard, takes_all=_takes_all),
        **shapes(
            "try_statement try_with_resources_statement",
            Try(resources="resources", final=kinds("finally_clause")),
        ),
        "catch_clause": Handler(catches_all=_catches_all, bound=child("catch_formal_parameter")),
        "synchronized_statement": Enclosing(),
        "labeled_statement": Labelled(),
        "return_statement": Jump(kind="return"),
        "throw_statement": Jump(kind="raise"),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        "yield_statement": Jump(kind="yield"),
        **shapes(
            "method_declaration constructor_declaration compact_constructor_declaration",
            Function(binds=False),
        ),
        "lambda_expression": Function(),
        "variable_declarator": Assign(targets="name", values="value"),
        "resource": Assign(targets="name", values="value", declares=False),
        "assignment_expression": Assign(augmented=None),
        "update_expression": Update(target=first_child),
        "instanceof_expression": _instance,
        "ternary_expression": Choice(),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||")),
        "field_access": Place(name="field"),
        "array_access": Place(object="array"),
        "method_invocation": Call(function="name"),
        "object_creation_expression": Call(function="type"),
        "explicit_constructor_invocation": Call(function="constructor"),
    },
    literals=kinds(
        """decimal_integer_literal hex_integer_literal octal_integer_literal binary_integer_literal
        decimal_floating_point_literal hex_floating_point_literal true false null_literal
        character_literal string_literal"""
    ),
    labels=kinds("identifier"),
    ignored=kinds(
        """line_comment block_comment modifiers integral_type floating_point_type boolean_type
        void_type type_identifier generic_type array_type scoped_type_identifier throws dimensions
        superclass super_interfaces type_parameters annotation marker_annotation catch_type
        type_arguments"""
    ),
    constants={"true": True, "false": False},
    negations=kinds("unary_expression"),
    parentheses=kinds("parenthesized_expression"),
    leaving={"System.exit": "stop"},
    bare_fields=True,
    self_words=kinds("this"),
    hoisted=kinds("class_declaration interface_declaration enum_declaration record_declaration"),
    holders=kinds("""class_body interface_body enum_body annotation_type_body"""),
)
