"""What JavaScript's and TypeScript's nodes do to the order of execution and to values."""

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
    operator_is,
    shapes,
)
from codearch.languages._language import kinds


def _condition(node: Node) -> Node | None:
    """Return the condition of `for (a; b; c)`, None where there is none."""
    found = node.child_by_field_name("condition")
    return found if found is not None and found.type not in {"empty_statement", ";"} else None


def _takes_all(case: Node) -> bool:
    return case.type == "switch_default"


def _always(_handler: Node) -> bool:
    return True


FLOWS = Flows(
    shapes={
        **shapes("statement_block program else_clause finally_clause", Sequence()),
        "expression_statement": Wrapper(),
        "if_statement": Branch(),
        "while_statement": Loop(),
        "do_statement": Loop(tests_last=True),
        "for_statement": Loop(before="initializer", condition=_condition, update="increment"),
        "for_in_statement": Each(),
        "switch_statement": Switch(falls=True),
        "switch_case": Case(labels=kinds("value"), takes_all=_takes_all),
        "switch_default": Case(labels=frozenset(), takes_all=_takes_all),
        "try_statement": Try(final=kinds("finally_clause")),
        "catch_clause": Handler(catches_all=_always, bound="parameter"),
        "with_statement": Enclosing(),
        "class_static_block": Enclosing(),
        "labeled_statement": Labelled(),
        "return_statement": Jump(kind="return"),
        "throw_statement": Jump(kind="raise"),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        **shapes(
            "function_declaration generator_function_declaration function_expression"
            " generator_function arrow_function",
            Function(),
        ),
        "method_definition": Function(binds=False),
        "variable_declarator": Assign(targets="name", values="value"),
        "assignment_expression": Assign(),
        "augmented_assignment_expression": Assign(augmented=True),
        "assignment_pattern": Assign(),
        "object_assignment_pattern": Assign(),
        "required_parameter": Assign(targets="pattern", values="value"),
        "optional_parameter": Assign(targets="pattern", values="value"),
        "update_expression": Update(),
        "ternary_expression": Choice(),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||", "??")),
        "member_expression": Place(name="property"),
        "subscript_expression": Place(),
        "call_expression": Call(),
        "new_expression": Call(function="constructor"),
    },
    lists=kinds("array_pattern array"),
    spreads=kinds("rest_pattern spread_element"),
    interpolations=kinds("template_substitution"),
    literals=kinds("number string template_string regex true false null undefined"),
    labels=kinds("statement_identifier"),
    ignored=kinds(
        """empty_statement
        comment html_comment hash_bang_line type_annotation type_arguments type_parameters
        interface_declaration type_alias_declaration import_statement accessibility_modifier
        type_identifier predefined_type"""
    ),
    constants={"true": True, "1": True, "false": False, "0": False, "null": False},
    negations=kinds("unary_expression"),
    parentheses=kinds("parenthesized_expression as_expression non_null_expression"),
    leaving={"process.exit": "stop", "process.abort": "stop", "Deno.exit": "stop"},
    self_words=kinds("this"),
    hoisted=kinds("function_declaration generator_function_declaration"),
    holders=kinds("class_body"),
)
