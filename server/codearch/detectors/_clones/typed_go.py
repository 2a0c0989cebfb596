"""What Go calls things, for copies that are moved into a function above the first one.

A value that is handed over is copied. So what is certainly a pointer, a slice or another reference
may go in, and plain values; of a type that may be a struct nothing may be changed through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._clones.statements import above, inside, with_comments
from codearch.detectors._clones.typed_copies import Tongue, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.typed_copies import Copy, Scene

_FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_REFUSED = frozenset(
    {
        "return_statement", "defer_statement", "goto_statement", "labeled_statement", "ERROR",
        "type_declaration", "fallthrough_statement",
    }
)  # fmt: skip
_SWITCHES = frozenset({"expression_switch_statement", "type_switch_statement", "select_statement"})
_FOR = frozenset({"for_statement"})
_NUMBERS = frozenset(
    {
        "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
        "uintptr", "byte", "rune", "float32", "float64", "complex64", "complex128",
    }
)  # fmt: skip
_PLAIN = _NUMBERS | {"string", "bool"}
_INTERFACES = frozenset(
    {
        "error", "any", "context.Context", "io.Reader", "io.Writer", "io.Closer", "io.ReadCloser",
        "io.ReadWriter", "io.WriteCloser", "io.ReadWriteCloser", "http.ResponseWriter",
        "http.Handler", "fmt.Stringer", "net.Conn", "testing.TB", "sort.Interface",
    }
)  # fmt: skip
_REFERENCES = ("*", "[]", "map[", "chan ", "<-chan ", "func(", "interface{")
_LITERALS = {
    "int_literal": "int", "float_literal": "float64", "rune_literal": "rune", "true": "bool",
    "interpreted_string_literal": "string", "raw_string_literal": "string", "false": "bool",
}  # fmt: skip
_LENGTHS = frozenset({"len", "cap", "copy"})
_PASSED = frozenset(
    {
        "short_var_declaration", "var_declaration", "assignment_statement", "inc_statement",
        "dec_statement", "send_statement", "go_statement",
    }
)  # fmt: skip
_PARTS = frozenset({"selector_expression", "index_expression", "slice_expression"})
_PARENTHESES = "parenthesized_expression"


def _home(_: Scene, function: Node) -> Node | None:
    in_file = function.parent is not None and function.parent.type == "source_file"
    return with_comments(function) if in_file else None


# --- types ----------------------------------------------------------------------------------------


def _type_of(scene: Scene, name: Node) -> str:
    binder = name.parent
    statement = binder.parent if binder is not None else None
    if binder is None or statement is None:
        return ""
    declared = binder.child_by_field_name("type")
    if declared is not None:
        several = binder.type == "variadic_parameter_declaration"
        return f"[]{_text(declared)}" if several else _text(declared)
    if binder.type == "var_spec":
        names = binder.children_by_field_name("name")
        return _nth(scene, binder.child_by_field_name("value"), names, name)
    if binder.type != "expression_list":
        return ""
    if statement.type == "short_var_declaration":
        values = statement.child_by_field_name("right")
        return _nth(scene, values, binder.named_children, name)
    return _element(scene, statement, binder.named_children.index(name))


def _nth(scene: Scene, values: Node | None, names: Sequence[Node], name: Node) -> str:
    """Return the type of the value that a name of several is given."""
    if values is None or len(values.named_children) != len(names):
        return ""
    return _evident(scene, values.named_children[list(names).index(name)])


def _element(scene: Scene, clause: Node, index: int) -> str:
    """Return the type of what a loop over something binds."""
    over = clause.child_by_field_name("right")
    if clause.type != "range_clause" or over is None:
        return ""
    kind = _evident(scene, over)
    if kind == "string":
        return ("int", "rune")[index]
    if kind.startswith("[]"):
        return ("int", kind[2:])[index]
    key, closed, value = kind.removeprefix("map[").partition("]")
    return (key, value)[index] if kind.startswith("map[") and closed and "[" not in key else ""


def _evident(scene: Scene, value: Node) -> str:
    """Return the type of a value, "" where it takes more than a look."""
    if value.type in _LITERALS:
        return _LITERALS[value.type]
    if value.type == "identifier":
        meant = scene.meant(value)
        return scene.type_of(meant) if meant is not None and meant.scope != 0 else ""
    if value.type == "composite_literal":
        made = value.child_by_field_name("type")
        return "" if made is None or made.type == "implicit_length_array_type" else _text(made)
    if value.type == "unary_expression" and value.children[0].type == "&":
        made_of = _evident(scene, value.named_children[0])
        return f"*{made_of}" if made_of else ""
    if value.type == "type_conversion_expression":
        made = value.child_by_field_name("type")
        return _text(made) if made is not None else ""
    return _called(scene, value) if value.type == "call_expression" else ""


def _called(scene: Scene, call: Node) -> str:
    """Return what a call of a built-in function, or of a plain type, gives."""
    function = call.child_by_field_name("function")
    arguments = call.child_by_field_name("arguments")
    if function is None or arguments is None or not arguments.named_children:
        return ""
    name, first = _text(function), _text(arguments.named_children[0])
    if function.type != "identifier" or scene.meant(function) is not None:
        return ""
    if name in _PLAIN:
        return name
    return {"make": first, "new": f"*{first}"}.get(name, "int" if name in _LENGTHS else "")


def _own_types(function: Node) -> set[str]:
    """Return the type parameters, also those of the receiver."""
    found: set[str] = set()
    for field in ("type_parameters", "receiver"):
        given = function.child_by_field_name(field)
        for each in inside(given) if given is not None else ():
            if each.type == "type_arguments":
                found |= words(_text(each))
            elif each.type in {"type_parameter_declaration", "parameter_declaration"}:
                names = each.children_by_field_name("name") if field == "type_parameters" else []
                found |= {_text(name) for name in names}
    return found


# --- what is written ------------------------------------------------------------------------------


def _written(node: Node) -> Iterator[Node]:
    """Yield the names that are given another value, or whose place somebody may know."""
    targets: Sequence[Node] = ()
    if node.type == "assignment_statement" or (
        node.type in {"range_clause", "receive_statement"}
        and any(each.type == "=" for each in node.children)
    ):
        left = node.child_by_field_name("left")
        targets = left.named_children if left is not None else ()
    elif node.type in {"inc_statement", "dec_statement"} or _is_place(node):
        targets = node.named_children
    for each in targets:
        bare = _bare(each)
        if bare.type == "identifier":
            yield bare


def _is_place(node: Node) -> bool:
    return node.type == "unary_expression" and node.children[0].type == "&"


def _bare(node: Node) -> Node:
    while node.type == _PARENTHESES and node.named_children:
        node = node.named_children[0]
    return node


def _is_sound(scene: Scene, copy: Copy) -> bool:
    """Say whether copies of the values do, and what follows is reached as the compiler sees it."""
    if not _goes_on(copy.statements[-1]):
        return False
    nodes = list(inside(copy.function))
    if any(_text(each) == "recover" for each in copy.within() if each.type == "identifier"):
        return False
    places = {_text(name) for each in nodes if _is_place(each) for name in _written(each)}
    if not places.isdisjoint(copy.inputs):
        return False
    if not all(_is_shared(scene, kind) for kind in copy.made.values()):
        return False  # some that have been used may not be copied
    values = {name for name, kind in copy.inputs.items() if not _is_shared(scene, kind)}
    if any(copy.inputs[name].startswith("[") for name in values):
        return False  # an array
    return values.isdisjoint(name for each in copy.within() for name in _changed_through(each))


def _goes_on(last: Node) -> bool:
    """Say whether a function may go on behind a statement: Go asks for `return` where it may."""
    if last.type in _PASSED:
        return True
    if last.type == "if_statement" and last.child_by_field_name("alternative") is None:
        return True
    nodes = list(inside(last))
    if any(each.type == "identifier" and _text(each) == "panic" for each in nodes):
        return False
    if last.type == "for_statement":
        return any(each.type != "block" for each in last.named_children)
    return not any(each.type == "for_statement" for each in nodes)


def _is_shared(scene: Scene, kind: str) -> bool:
    """Say whether a value of a type is the same one, or as good, when it is copied."""
    if kind.startswith(_REFERENCES) or kind in _PLAIN or kind in _INTERFACES:
        return True
    for each in scene.view.facts.definitions:
        if each.scope == 0 and each.name == kind and (name := scene.bound(each)) is not None:
            made = name.parent.child_by_field_name("type") if name.parent is not None else None
            return made is not None and made.type in {"interface_type", "function_type"}
    return False


def _changed_through(node: Node) -> Iterator[str]:
    """Yield the names of values that a node may change in part: fields, elements, by methods."""
    targets: Sequence[Node] = ()
    if node.type in {"assignment_statement", "range_clause"}:
        left = node.child_by_field_name("left")
        targets = left.named_children if left is not None else ()
    elif node.type in {"inc_statement", "dec_statement", "slice_expression"} or _is_place(node):
        targets = node.named_children[:1]
    elif node.type == "call_expression":
        function = node.child_by_field_name("function")
        targets = [function] if function is not None and function.type in _PARTS else []
    for each in targets:
        part = _bare(each)
        if part.type in _PARTS or node.type == "slice_expression":
            while part.type in _PARTS and part.named_children:
                part = _bare(part.named_children[0])
            yield _text(part)


# --- what is written in its place -----------------------------------------------------------------


def _head(copies: Sequence[Copy], name: str, results: Sequence[str]) -> str:
    first = copies[0]
    types = {**first.inputs, **{key: value for copy in copies for key, value in copy.made.items()}}
    given = ", ".join(f"{key} {each}" for key, each in first.inputs.items())
    kinds = [types[each] for each in results]
    result = f" ({', '.join(kinds)})" if len(kinds) > 1 else "".join(f" {each}" for each in kinds)
    return f"func {name}({given}){result} {{"


def _call(copy: Copy, name: str, results: Sequence[str]) -> str:
    call = f"{name}({', '.join(copy.inputs)})"
    if not copy.written and not copy.made:
        return call
    given = [each if each in (*copy.written, *copy.made) else "_" for each in results]
    return f"{', '.join(given)} {'=' if copy.written else ':='} {call}"


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


GO = Tongue(
    functions=_FUNCTIONS,
    closures=_FUNCTIONS | {"func_literal"},
    refused=_REFUSED,
    texts=frozenset({"raw_string_literal"}),
    leaves={"break_statement": _FOR | _SWITCHES, "continue_statement": _FOR},
    tries=frozenset(),
    most_results=3,
    home=_home,
    type_of=_type_of,
    declared=lambda name: next(
        (each for each in above(name) if each.type in {"short_var_declaration", "var_declaration"}),
        None,
    ),
    written=_written,
    own_types=_own_types,
    is_sound=_is_sound,
    head=_head,
    call=_call,
    end="",
)
