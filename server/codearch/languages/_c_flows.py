"""What the nodes of C and C++ do to the order of execution and to values."""

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
    Flows,
    Function,
    Handler,
    Jump,
    Labelled,
    Loop,
    Place,
    Reference,
    Sequence,
    Shape,
    Switch,
    Try,
    Update,
    Wrapper,
    operator_is,
    shapes,
)
from codearch.languages._language import kinds
from codearch.languages._nodes import text

_THROUGH_POINTER = Place(object="argument")
_ADDRESS = Reference()


def _pointer(node: Node) -> Shape:
    """`*p` is a part of what p points to, `&x` lets others write to x."""
    starred = text(node.child_by_field_name("operator")) == "*"
    return _THROUGH_POINTER if starred else _ADDRESS


def _takes_all(case: Node) -> bool:
    return case.child_by_field_name("value") is None


def _catches_all(handler: Node) -> bool:
    parameters = handler.child_by_field_name("parameters")
    return "".join(text(parameters).split()) == "(...)"


_EITHER = Branch(condition=NONE, then=NONE)
_EXITS = ("exit", "_exit", "_Exit", "quick_exit", "abort")
_TRAPS = ("__builtin_unreachable", "__builtin_trap")
_IGNORED = """comment preproc_def preproc_function_def preproc_call preproc_include
    primitive_type type_identifier sized_type_specifier type_qualifier type_descriptor
    storage_class_specifier struct_specifier union_specifier enum_specifier attribute_specifier
    type_definition ms_call_modifier"""

FLOWS = Flows(
    shapes={
        **shapes("compound_statement translation_unit else_clause preproc_else", Sequence()),
        "expression_statement": Wrapper(),
        "if_statement": Branch(),
        **shapes("preproc_if preproc_ifdef preproc_elif preproc_elifdef", _EITHER),
        "while_statement": Loop(),
        "do_statement": Loop(tests_last=True),
        "for_statement": Loop(before="initializer", update="update"),
        "switch_statement": Switch(subject="condition", falls=True),
        "case_statement": Case(labels=kinds("value"), takes_all=_takes_all),
        "labeled_statement": Labelled(),
        "return_statement": Jump(kind="return"),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        "goto_statement": Jump(kind="goto"),
        "function_definition": Function(),
        "init_declarator": Assign(targets="declarator", values="value"),
        "assignment_expression": Assign(augmented=None),
        "update_expression": Update(),
        "conditional_expression": Choice(),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||")),
        "field_expression": Place(object="argument", name="field"),
        "subscript_expression": Place(object="argument"),
        "pointer_expression": _pointer,
        "call_expression": Call(),
    },
    lists=frozenset(),
    literals=kinds(
        "number_literal string_literal char_literal concatenated_string true false null"
    ),
    labels=kinds("statement_identifier"),
    ignored=kinds(_IGNORED),
    constants={"1": True, "true": True, "0": False, "false": False},
    negations=kinds("unary_expression"),
    parentheses=kinds("parenthesized_expression"),
    leaving={**dict.fromkeys(_EXITS + _TRAPS, "stop"), "longjmp": "raise"},
    macros=True,
    holders=kinds("field_declaration_list"),
)

CPP_FLOWS = Flows(
    shapes={
        **FLOWS.shapes,
        "for_range_loop": Each(target="declarator", before="initializer"),
        "try_statement": Try(),
        "catch_clause": Handler(catches_all=_catches_all, bound="parameters"),
        "throw_statement": Jump(kind="raise"),
        "co_return_statement": Jump(kind="return"),
        "lambda_expression": Function(),
        "lambda_capture_initializer": Assign(),
        "optional_parameter_declaration": Assign(targets="declarator", values="default_value"),
        "new_expression": Call(function="type"),
    },
    literals=FLOWS.literals | kinds("raw_string_literal nullptr user_defined_literal"),
    labels=FLOWS.labels,
    ignored=FLOWS.ignored
    | kinds(
        """qualified_identifier
        placeholder_type_specifier template_argument_list trailing_return_type
        template_parameter_list using_declaration alias_declaration noexcept"""
    ),
    constants=FLOWS.constants,
    negations=FLOWS.negations,
    parentheses=FLOWS.parentheses | kinds("condition_clause"),
    leaving={
        **FLOWS.leaving,
        **dict.fromkeys((f"std::{name}" for name in _EXITS), "stop"),
        "std::terminate": "stop",
        "std::unreachable": "stop",
    },
    bare_fields=True,
    self_words=kinds("this"),
    macros=True,
    holders=FLOWS.holders | kinds("declaration_list"),
)
