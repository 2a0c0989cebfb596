"""What a language's nodes do to the order of execution and to values, as data.

`Flows.shapes` gives a shape to each node kind that does something; every other node is an
expression that evaluates its children in the order of the source, or a statement that does. Finders
are a field's name, "" for none, or a function of the node. Which identifiers are read, bound or
written, and what they mean, is not said here: that is in the facts of the file (`roles`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tree_sitter import Node

from codearch.languages._language import Finder
from codearch.languages._nodes import text

Jumping = Literal[
    "return", "break", "continue", "raise", "goto", "stop", "yield", "fallthrough", "case"
]
NONE: Callable[[Node], Node | None] = lambda _node: None  # noqa: E731 - a finder of nothing

# --- statements -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sequence:
    """Statements one after the other; the value of the last one is that of the whole."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A statement that is nothing but its one child: an expression with a semicolon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """`if`. `otherwise` may name several children, each one asked where those before it fail.

    Without a condition (the preprocessor's) either side may be taken.
    """

    condition: Finder = "condition"
    then: Finder = "consequence"
    otherwise: str = "alternative"
    before: Finder = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """A declaration whose pattern may not match, and the block that is run then (`let … else`)."""

    target: Finder = "pattern"
    value: Finder = "value"
    otherwise: str = "alternative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A loop with a condition, or with none. `otherwise` runs where the condition ends it."""

    condition: Finder = "condition"
    body: Finder = "body"
    before: Finder = NONE
    update: Finder = NONE
    otherwise: Finder = NONE
    tests_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """A loop over elements."""

    target: Finder = "left"
    iterable: Finder = "right"
    body: Finder = "body"
    otherwise: Finder = NONE
    before: Finder = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way of a switch. Children in `labels` (fields or kinds) are tested, the rest is done."""

    labels: frozenset[str]
    guard: Finder = NONE
    takes_all: Callable[[Node], bool]
    falls: bool | None = None  # into the next case; None: as the switch says


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A choice among cases, which stand in `body`.

    `falls`: the end of a case goes on with the next one. `exhaustive`: some case is always taken;
    "as-value" where it is an expression inside another one. `alias` is bound to the subject.
    """

    subject: Finder = "value"
    body: Finder = "body"
    falls: bool = False
    falls_if_empty: bool = False  # a case that does nothing shares what the next one does
    breaks: bool = True  # `break` ends it
    exhaustive: bool | Literal["as-value"] = False
    before: Finder = NONE
    alias: Finder = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """What catches an exception: `bound` is its name or pattern; it may take all that is thrown."""

    catches_all: Callable[[Node], bool]
    bound: Finder = NONE
    guard: Finder = NONE
    body: Finder = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A body with handlers (children with the shape Handler), `else` and `finally` among them."""

    body: Finder = "body"
    resources: Finder = NONE
    otherwise: frozenset[str] = frozenset()
    final: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosing:
    """A header that is evaluated, and a body: `with`, `using`, `lock`, a class's own body.

    `swallows`: leaving the body may end an exception.
    """

    body: Finder = "body"
    swallows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A statement after which nothing follows; its other children are evaluated before."""

    kind: Jumping | Callable[[Node], Jumping]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement with a name to which others jump."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A call that is done when the function ends; its arguments are evaluated here."""


# --- functions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of its own. Its other children (parameters, captures) come before its body.

    `binds`: around it its name is a variable that holds it.
    """

    body: Finder = "body"
    binds: bool = True


# --- expressions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """What binds or writes the names of `targets`, from `values`; paired where both are lists.

    `declares`: without a value the names are bound all the same. `augmented`: the target is read
    first; where None, it is if the operator is none of `plain`.
    """

    targets: Finder | Callable[[Node], Iterable[Node]] = "left"
    values: Finder | Callable[[Node], Iterable[Node]] = "right"
    declares: bool = True
    augmented: bool | None = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`x++`: the name is read and written."""

    target: Finder = "argument"
    when: Callable[[Node], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of a value: `a.b`, `a[i]`, `*a`. To write it is to change what `object` names."""

    object: Finder = "object"
    name: str = ""  # the field of a member's name
    when: Callable[[Node], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An expression of which only a part is evaluated: `a if b else c`.

    `first` is always evaluated; its value is one of the whole's where `gives`.
    """

    first: Finder = "condition"
    gives: bool = False
    when: Callable[[Node], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comprehension:
    """An expression whose children of the kinds `clauses` are evaluated before the others."""

    clauses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call. `function` alone, as a bare name, is no value but what is called."""

    function: Finder = "function"
    arguments: Finder = "arguments"


@dataclass(frozen=True, slots=True)
class Question:
    """An expression that may return from the function: Rust's `a?`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An argument through which the function called may write: `&x`, `out x`."""

    target: Finder = "argument"
    when: Callable[[Node], bool] | None = None


Shape = (
    Sequence
    | Wrapper
    | Branch
    | Refuted
    | Loop
    | Each
    | Case
    | Switch
    | Handler
    | Try
    | Enclosing
    | Jump
    | Labelled
    | Deferred
    | Function
    | Assign
    | Update
    | Place
    | Choice
    | Comprehension
    | Call
    | Question
    | Reference
)
Shaped = Shape | Callable[[Node], Shape | None]  # the shape of a node kind, or of each node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """All that control flow and data flow know of a language."""

    shapes: Mapping[str, Shaped]
    lists: frozenset[str] = frozenset()  # tuples and patterns that are taken apart pair by pair
    alternatives: frozenset[str] = frozenset()  # patterns of which one matches: `A(x) | B(x)`
    spreads: frozenset[str] = frozenset()  # elements that take a number of others
    literals: frozenset[str] = frozenset()
    interpolations: frozenset[str] = frozenset()  # code inside a literal
    labels: frozenset[str] = frozenset()  # direct children that name a label
    ignored: frozenset[str] = frozenset()  # nodes that evaluate nothing: comments, types
    constants: Mapping[str, bool] = field(default_factory=dict)  # conditions that never change
    negations: frozenset[str] = frozenset()  # node kinds that may be a `not`
    parentheses: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset({"="})  # operators of an assignment that reads no target
    leaving: Mapping[str, Jumping] = field(default_factory=dict)  # calls that do not return
    shadows: bool = False  # a name declared again in the same block is another variable
    bare_fields: bool = False  # `x` may be a field of `this`
    self_words: frozenset[str] = frozenset()
    hoisted: frozenset[str] = frozenset()  # declarations that are there before any statement
    macros: bool = False  # a call may hide jumps, and be given statements
    optional: Callable[[Node], bool] | None = None  # marks the next statement as conditional
    holders: frozenset[str] = frozenset()  # types and the like: they hold functions, and are none


# --- finders that several languages share -----------------------------------------------------


def child(*wanted: str) -> Callable[[Node], Node | None]:
    """Return a finder of the first named child of one of these kinds."""
    return lambda node: next((each for each in node.named_children if each.type in wanted), None)


def last_child(node: Node) -> Node | None:
    """Return the last named child that is no comment."""
    named = [each for each in node.named_children if "comment" not in each.type]
    return named[-1] if named else None


def first_child(node: Node) -> Node | None:
    """Return the first named child that is no comment."""
    return next((each for each in node.named_children if "comment" not in each.type), None)


def operator_is(*words: str) -> Callable[[Node], bool]:
    """Return whether a node's operator is one of these."""
    return lambda node: text(node.child_by_field_name("operator")) in words


def begins_with(word: bytes) -> Callable[[Node], bool]:
    """Return whether a node's source begins with a word."""
    return lambda node: (node.text or b"").startswith(word)


def shapes(
    names: str, shape: Shape | Callable[[Node], Shape | None]
) -> dict[str, Shape | Callable[[Node], Shape | None]]:
    """Return a table that gives all the node kinds of a text the same shape."""
    return dict.fromkeys(names.split(), shape)
