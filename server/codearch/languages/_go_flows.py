"""What Go's nodes do to the order of execution and to values."""

from __future__ import annotations

from tree_sitter import Node

from codearch.languages._flows import (
    NONE,
    Assign,
    Branch,
    Call,
    Case,
    Choice,
    Deferred,
    Each,
    Flows,
    Function,
    Jump,
    Labelled,
    Loop,
    Place,
    Reference,
    Sequence,
    Shape,
    Switch,
    Update,
    Wrapper,
    child,
    first_child,
    operator_is,
    shapes,
)
from codearch.languages._language import Finder, kinds
from codearch.languages._nodes import text


def _part(kind: str, field: str) -> Finder:
    """Return a finder of what stands in a field of a child of some kind."""

    def found(node: Node) -> Node | None:
        clause = child(kind)(node)
        return clause.child_by_field_name(field) if clause is not None else None

    return found


def _condition(node: Node) -> Node | None:
    """Return the condition of `for a; b; c` or of `for b`."""
    clause = child("for_clause")(node)
    if clause is not None:
        return clause.child_by_field_name("condition")
    body = node.child_by_field_name("body")
    return next(
        (each for each in node.named_children if each != body and each.type != "comment"), None
    )


_RANGE = Each(target=_part("range_clause", "left"), iterable=_part("range_clause", "right"))
_FOR = Loop(
    before=_part("for_clause", "initializer"),
    condition=_condition,
    update=_part("for_clause", "update"),
)


def _loop(node: Node) -> Shape:
    return _RANGE if child("range_clause")(node) is not None else _FOR


def _is_default(case: Node) -> bool:
    return case.type == "default_case"


_THROUGH_POINTER = Place(object="operand")
_ADDRESS = Reference(target="operand")


def _unary(node: Node) -> Shape | None:
    """`*p` is a part of p, `&x` lets others write to x."""
    operator = text(node.child_by_field_name("operator"))
    if operator == "*":
        return _THROUGH_POINTER
    return _ADDRESS if operator == "&" else None


_CASE = Case(labels=kinds("value type communication"), takes_all=_is_default)

FLOWS = Flows(
    shapes={
        **shapes("block statement_list source_file", Sequence()),
        "expression_statement": Wrapper(),
        "if_statement": Branch(before="initializer"),
        "for_statement": _loop,
        "expression_switch_statement": Switch(before="initializer", body=""),
        "type_switch_statement": Switch(before="initializer", body="", alias="alias"),
        "select_statement": Switch(subject=NONE, body="", exhaustive=True),
        **shapes("expression_case default_case type_case communication_case", _CASE),
        "labeled_statement": Labelled(),
        "return_statement": Jump(kind="return"),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        "goto_statement": Jump(kind="goto"),
        "fallthrough_statement": Jump(kind="fallthrough"),
        "defer_statement": Deferred(),
        **shapes("function_declaration method_declaration", Function(binds=False)),
        "func_literal": Function(),
        "short_var_declaration": Assign(),
        "assignment_statement": Assign(augmented=None),
        "receive_statement": Assign(declares=False),
        "var_spec": Assign(targets="name", values="value"),
        "const_spec": Assign(targets="name", values="value"),
        "inc_statement": Update(target=first_child),
        "dec_statement": Update(target=first_child),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||")),
        "selector_expression": Place(object="operand", name="field"),
        "index_expression": Place(object="operand"),
        "slice_expression": Place(object="operand"),
        "call_expression": Call(),
        "unary_expression": _unary,
    },
    lists=kinds("expression_list"),
    literals=kinds(
        """int_literal float_literal imaginary_literal rune_literal interpreted_string_literal
        raw_string_literal true false nil iota"""
    ),
    labels=kinds("label_name"),
    ignored=kinds(
        """empty_statement
        comment type_identifier qualified_type pointer_type slice_type map_type array_type
        channel_type function_type interface_type struct_type generic_type type_declaration
        type_parameter_list"""
    ),
    constants={"true": True, "false": False},
    negations=kinds("unary_expression"),
    parentheses=kinds("parenthesized_expression"),
    plain=frozenset({"=", ":="}),
    leaving={
        "panic": "raise",
        "os.Exit": "stop",
        "log.Fatal": "stop",
        "log.Fatalf": "stop",
        "log.Fatalln": "stop",
        "log.Panic": "raise",
        "log.Panicf": "raise",
        "log.Panicln": "raise",
        "runtime.Goexit": "raise",
        "syscall.Exit": "stop",
    },
    holders=frozenset(),
)
