"""What Python's nodes do to the order of execution and to values."""

from __future__ import annotations

from tree_sitter import Node

from codearch.languages._flows import (
    Assign,
    Branch,
    Call,
    Case,
    Choice,
    Comprehension,
    Each,
    Enclosing,
    Flows,
    Function,
    Handler,
    Jump,
    Loop,
    Place,
    Sequence,
    Switch,
    Try,
    Wrapper,
    child,
    first_child,
    shapes,
)
from codearch.languages._language import kinds
from codearch.languages._nodes import text


def _catches_all(handler: Node) -> bool:
    """`except:` and `except BaseException`."""
    caught = handler.child_by_field_name("value")
    if caught is not None and caught.type == "as_pattern":
        caught = first_child(caught)
    return caught is None or text(caught) == "BaseException"


def _caught(handler: Node) -> Node | None:
    """Return the name after `as`."""
    caught = handler.child_by_field_name("value")
    return caught.child_by_field_name("alias") if caught is not None else None


def _tested(node: Node) -> Node | None:
    """Return the c of `a if c else b`."""
    named = [each for each in node.named_children if each.type != "comment"]
    return named[1] if len(named) == 3 else None


def _takes_all(case: Node) -> bool:
    """`case _:` and `case name:`."""
    patterns = [each for each in case.named_children if each.type == "case_pattern"]
    if len(patterns) != 1:
        return False
    inner = patterns[0].named_children
    if not inner:
        return text(patterns[0]) == "_"
    return inner[0].type == "dotted_name" and inner[0].named_child_count == 1


def _as_pattern(node: Node) -> Assign | None:
    """`x as y` binds y; in a pattern what stands before `as` is a pattern itself."""
    if node.child_by_field_name("alias") is None:
        return None
    return Assign(targets="alias", values=first_child)


FLOWS = Flows(
    shapes={
        **shapes("block module else_clause finally_clause", Sequence()),
        "expression_statement": Wrapper(),
        "if_statement": Branch(),
        "elif_clause": Branch(),
        "while_statement": Loop(otherwise="alternative"),
        "for_statement": Each(otherwise="alternative"),
        "match_statement": Switch(subject="subject", breaks=False),
        "case_clause": Case(labels=kinds("case_pattern"), guard="guard", takes_all=_takes_all),
        "try_statement": Try(otherwise=kinds("else_clause"), final=kinds("finally_clause")),
        "except_clause": Handler(catches_all=_catches_all, bound=_caught, body=child("block")),
        "with_statement": Enclosing(swallows=True),
        "class_definition": Enclosing(),
        "return_statement": Jump(kind="return"),
        "raise_statement": Jump(kind="raise"),
        "break_statement": Jump(kind="break"),
        "continue_statement": Jump(kind="continue"),
        "function_definition": Function(),
        "lambda": Function(),
        "assignment": Assign(declares=False),
        "augmented_assignment": Assign(augmented=True),
        "named_expression": Assign(targets="name", values="value"),
        "default_parameter": Assign(targets="name", values="value"),
        "typed_default_parameter": Assign(targets="name", values="value"),
        "as_pattern": _as_pattern,
        "for_in_clause": Assign(),
        "conditional_expression": Choice(first=_tested),
        "boolean_operator": Choice(first="left", gives=True),
        **shapes(
            "list_comprehension set_comprehension dictionary_comprehension generator_expression",
            Comprehension(clauses=kinds("for_in_clause if_clause")),
        ),
        "attribute": Place(name="attribute"),
        "subscript": Place(object="value"),
        "call": Call(),
    },
    lists=kinds("pattern_list tuple_pattern list_pattern expression_list tuple list"),
    alternatives=kinds("union_pattern"),
    spreads=kinds("list_splat_pattern list_splat"),
    interpolations=kinds("interpolation"),
    literals=kinds("integer float string concatenated_string true false none"),
    ignored=kinds("comment type global_statement nonlocal_statement line_continuation"),
    constants={"True": True, "1": True, "False": False, "0": False, "None": False},
    negations=kinds("not_operator"),
    parentheses=kinds("parenthesized_expression"),
    leaving={
        "sys.exit": "raise",
        "exit": "raise",
        "quit": "raise",
        "os._exit": "stop",
        "os.abort": "stop",
    },
    self_words=kinds("self cls"),
    holders=kinds("class_definition"),
)
