"""What C#'s nodes do to the order of execution and to values."""

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
    Jumping,
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
    child,
    first_child,
    last_child,
    operator_is,
    shapes,
)
from codearch.languages._language import kinds
from codearch.languages._nodes import text

_PATTERNS = kinds(
    """constant_pattern declaration_pattern recursive_pattern var_pattern relational_pattern
    negated_pattern and_pattern or_pattern list_pattern parenthesized_pattern type_pattern
    tuple_pattern discard"""
)


def _declared(node: Node) -> Node | None:
    """Return what a declarator declares: a name, or names in parentheses."""
    return node.child_by_field_name("name") or child("tuple_pattern")(node)


def _initial(node: Node) -> Node | None:
    """Return a declarator's value."""
    last = last_child(node)
    return last if last is not None and last != _declared(node) else None


def _from(node: Node) -> Node | None:
    last = last_child(node)
    return last if last != node.child_by_field_name("name") else None


def _is_default_section(section: Node) -> bool:
    first = section.children[0] if section.children else None
    return first is not None and first.type == "default"


def _is_discard(arm: Node) -> bool:
    first = first_child(arm)
    return first is not None and first.type == "discard"


def _catches_all(handler: Node) -> bool:
    """`catch`, and `catch (Exception)`, without a filter."""
    if child("catch_filter_clause")(handler) is not None:
        return False
    declared = child("catch_declaration")(handler)
    caught = text(declared.child_by_field_name("type")) if declared is not None else ""
    return caught in {"", "Exception", "System.Exception"}


def _goto(node: Node) -> Jumping:
    words = text(node).split()
    return "case" if words[1:2] == ["case"] or words[1:2] == ["default;"] else "goto"


_YIELD_BREAK = Jump(kind="return")


def _yield(node: Node) -> Shape | None:
    return _YIELD_BREAK if first_child(node) is None else None


def _counts(node: Node) -> bool:
    return text(node)[:2] in {"++", "--"} or text(node)[-2:] in {"++", "--"}


def _is_passed(node: Node) -> bool:
    return text(node)[:4] in {"out ", "ref "}


FLOWS = Flows(
    shapes={
        **shapes("block compilation_unit finally_clause", Sequence()),
        **shapes("expression_statement arrow_expression_clause global_statement", Wrapper()),
        "if_statement": Branch(),
        **shapes("preproc_if preproc_elif", Branch(condition=lambda _node: None, then=first_child)),
        "while_statement": Loop(),
        "do_statement": Loop(tests_last=True),
        "for_statement": Loop(before="initializer", update="update"),
        "foreach_statement": Each(),
        "switch_statement": Switch(falls_if_empty=True),
        "switch_section": Case(
            labels=_PATTERNS, guard=child("when_clause"), takes_all=_is_default_section
        ),
        "switch_expression": Switch(subject=first_child, body="", breaks=False, exhaustive=True),
        "switch_expression_arm": Case(
            labels=_PATTERNS, guard=child("when_clause"), takes_all=_is_discard
        ),
        "try_statement": Try(final=kinds("finally_clause")),
        "catch_clause": Handler(
            catches_all=_catches_all,
            bound=child("catch_declaration"),
            guard=child("catch_filter_clause"),
        ),
        "using_statement": Enclosing(),
        **shapes(
            "lock_statement fixed_statement checked_statement unsafe_statement",
            Enclosing(body=last_child),
        ),
        "labeled_statement": Labelled(),
        "return_statement": Jump(kind="return"),
        **shapes("throw_statement throw_expression", Jump(kind="raise")),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        "goto_statement": Jump(kind=_goto),
        "yield_statement": _yield,
        **shapes(
            "method_declaration constructor_declaration destructor_declaration"
            " operator_declaration conversion_operator_declaration accessor_declaration",
            Function(binds=False),
        ),
        "local_function_statement": Function(),
        "lambda_expression": Function(),
        "anonymous_method_expression": Function(body=child("block")),
        "variable_declarator": Assign(targets=_declared, values=_initial),
        "assignment_expression": Assign(augmented=None),
        **shapes(
            "postfix_unary_expression prefix_unary_expression",
            Update(target=first_child, when=_counts),
        ),
        "is_pattern_expression": Assign(targets="pattern", values="expression"),
        **shapes("from_clause let_clause", Assign(targets="name", values=_from)),
        "conditional_expression": Choice(),
        "binary_expression": Choice(first="left", gives=True, when=operator_is("&&", "||", "??")),
        "member_access_expression": Place(object="expression", name="name"),
        "element_access_expression": Place(object="expression"),
        "argument": Reference(target=last_child, when=_is_passed),
        "invocation_expression": Call(),
        "object_creation_expression": Call(function="type"),
    },
    lists=kinds("tuple_pattern tuple_expression"),
    interpolations=kinds("interpolation"),
    literals=kinds(
        """integer_literal real_literal string_literal verbatim_string_literal raw_string_literal
        interpolated_string_expression character_literal boolean_literal null_literal"""
    ),
    labels=kinds("identifier"),
    ignored=kinds(
        """empty_statement
        comment predefined_type implicit_type nullable_type array_type generic_name
        type_argument_list attribute_list modifier type_parameter_list
        type_parameter_constraints_clause"""
    ),
    constants={"true": True, "false": False},
    negations=kinds("prefix_unary_expression"),
    parentheses=kinds("parenthesized_expression argument"),
    leaving={"Environment.Exit": "stop", "Environment.FailFast": "stop"},
    bare_fields=True,
    self_words=kinds("this"),
    hoisted=kinds("local_function_statement"),
    holders=kinds("declaration_list property_declaration indexer_declaration event_declaration"),
)
