"""What Rust's nodes do to the order of execution and to values."""

from __future__ import annotations

from tree_sitter import Node

from codearch.languages._flows import (
    NONE,
    Assign,
    Branch,
    Call,
    Case,
    Choice,
    Each,
    Enclosing,
    Flows,
    Function,
    Jump,
    Loop,
    Place,
    Question,
    Reference,
    Refuted,
    Sequence,
    Shape,
    Switch,
    Wrapper,
    begins_with,
    child,
    first_child,
    operator_is,
    shapes,
)
from codearch.languages._language import kinds
from codearch.languages._nodes import text

_LET = Assign(targets="pattern", values="value")
_LET_ELSE = Refuted()


def _let(node: Node) -> Shape:
    return _LET if node.child_by_field_name("alternative") is None else _LET_ELSE


def _guard(arm: Node) -> Node | None:
    pattern = arm.child_by_field_name("pattern")
    return pattern.child_by_field_name("condition") if pattern is not None else None


def _takes_all(arm: Node) -> bool:
    return text(arm.child_by_field_name("pattern")) == "_"


FLOWS = Flows(
    shapes={
        **shapes("block source_file else_clause", Sequence()),
        "expression_statement": Wrapper(),
        "if_expression": Branch(),
        "while_expression": Loop(),
        "loop_expression": Loop(condition=NONE),
        "for_expression": Each(target="pattern", iterable="value"),
        "match_expression": Switch(breaks=False, exhaustive=True),
        "match_arm": Case(labels=kinds("pattern"), guard=_guard, takes_all=_takes_all),
        "unsafe_block": Enclosing(body=child("block")),
        "const_block": Enclosing(),
        "return_expression": Jump(kind="return"),
        "break_expression": Jump(kind="break"),
        "continue_expression": Jump(kind="continue"),
        "function_item": Function(binds=False),
        "closure_expression": Function(),
        **shapes("async_block gen_block", Function(body=child("block"))),
        "let_declaration": _let,
        "let_condition": _LET,
        **shapes("const_item static_item", Assign(targets="name", values="value")),
        "assignment_expression": Assign(),
        "compound_assignment_expr": Assign(augmented=True),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||")),
        "field_expression": Place(object="value", name="field"),
        "index_expression": Place(object=first_child),
        "unary_expression": Place(object=first_child, when=begins_with(b"*")),
        "reference_expression": Reference(target="value", when=begins_with(b"&mut ")),
        "try_expression": Question(),
        "call_expression": Call(),
        "macro_invocation": Call(function="macro", arguments=child("token_tree")),
    },
    lists=kinds("tuple_pattern tuple_expression"),
    spreads=kinds("remaining_field_pattern"),
    alternatives=kinds("or_pattern"),
    literals=kinds(
        """integer_literal float_literal string_literal raw_string_literal char_literal
        boolean_literal negative_literal"""
    ),
    labels=kinds("label"),
    ignored=kinds(
        """empty_statement
        line_comment block_comment attribute_item inner_attribute_item type_identifier
        primitive_type generic_type scoped_type_identifier
        scoped_identifier reference_type tuple_type array_type
        function_type pointer_type lifetime mutable_specifier visibility_modifier type_parameters
        where_clause use_declaration struct_item enum_item trait_item macro_definition
        type_arguments"""
    ),
    constants={"true": True, "false": False},
    negations=kinds("unary_expression"),
    parentheses=kinds("parenthesized_expression"),
    leaving={
        **dict.fromkeys(("panic!", "unreachable!", "todo!", "unimplemented!"), "raise"),
        **dict.fromkeys(
            ("process::exit", "std::process::exit", "process::abort", "std::process::abort"), "stop"
        ),
    },
    shadows=True,
    self_words=kinds("self"),
    hoisted=kinds("function_item impl_item mod_item"),
    optional=begins_with(b"#[cfg"),
    holders=kinds("impl_item trait_item struct_item enum_item declaration_list"),
)
