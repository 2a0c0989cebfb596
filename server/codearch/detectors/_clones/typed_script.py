"""What TypeScript calls things, for copies that are moved into a function above the first one.

A function asks for the declared type of what it is given, also where the code before has shown
that it is a narrower one. So what any condition or call may have narrowed is left where it is. What
comes out needs no type: the compiler knows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._clones import extracting_script as script
from codearch.detectors._clones.statements import above, inside, outermost, with_comments
from codearch.detectors._clones.typed_copies import Tongue, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.typed_copies import Copy, Scene

_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_CLOSURES = script.INNER | _CLASSES
_REFUSED = script.REFUSED | {
    "throw_statement", "type_alias_declaration", "interface_declaration", "enum_declaration",
    "internal_module", "ERROR",
}  # fmt: skip
_NAMESPACES = frozenset({"internal_module", "module", "ambient_declaration", "with_statement"})
_SWITCH = frozenset({"switch_statement"})
_PRIMITIVES = frozenset({"number", "string", "boolean"})
_LITERALS = {"number": "number", "string": "string", "true": "boolean", "false": "boolean"}
# What speaks of more than types by their names.
_BOUND_TYPES = frozenset(
    {"this_type", "type_query", "type_predicate", "asserts", "infer_type", "this", "unique"}
)
_SEQUENCES = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet"})
_SAME = frozenset({"===", "!==", "==", "!="})
_TELLING = frozenset({"instanceof", "in"})
_CHOOSING = frozenset({"&&", "||", "??"})
_CONDITIONS = frozenset(
    {
        "if_statement", "while_statement", "do_statement", "for_statement", "ternary_expression",
        "switch_statement",
    }
)  # fmt: skip
# Calls after which the compiler may know more of what they were given, or that nothing follows.
_ASSERTING = re.compile(
    r"assert|invariant|ensure|expect|check|verify|require|fail|exit|never|panic", re.IGNORECASE
)
# Values whose types the compiler widens once a function returns them.
_WIDENED = frozenset(
    {
        "number", "string", "true", "false", "null", "undefined", "ternary_expression",
        "parenthesized_expression", "unary_expression",
    }
)  # fmt: skip


def _home(scene: Scene, function: Node) -> Node | None:
    around = [*above(function)]
    if any(each.type in _NAMESPACES for each in around):
        return None
    functions = [each for each in (function, *around) if each.type in script.FUNCTIONS]
    if any(script.is_stricter(scene.root, each) for each in functions):
        return None
    top = outermost(function)
    before = top.prev_named_sibling
    if before is not None and any(each.type == "function_signature" for each in inside(before)):
        return None  # nothing may stand between it and its function
    return with_comments(top)


# --- types ----------------------------------------------------------------------------------------


def _type_of(scene: Scene, name: Node) -> str:
    kind = _kind(scene, name)
    if isinstance(kind, str) or kind is None:
        return kind or ""
    return "" if any(each.type in _BOUND_TYPES for each in inside(kind)) else _text(kind)


def _kind(scene: Scene, name: Node) -> Node | str | None:
    """Return the node of a name's type, or the type, None where it is not certain."""
    binder = name.parent
    if binder is None:
        return None
    declared = _annotation(binder)
    value = binder.child_by_field_name("value")
    if binder.type == "required_parameter" and binder.child_by_field_name("pattern") == name:
        return declared if declared is not None or value is None else _LITERALS.get(value.type)
    if binder.type == "for_in_statement":
        return _element(scene, binder, name)
    statement = binder.parent if binder.type == "variable_declarator" else None
    if value is None or statement is None or statement.type != "lexical_declaration":
        return None
    if declared is None:
        return _evident(scene, value, constant=_text(statement).startswith("const"))
    return declared if _is_one_type(scene, declared) else None  # else it is what the value is


def _annotation(binder: Node) -> Node | None:
    annotation = binder.child_by_field_name("type")
    return annotation.named_children[0] if annotation is not None else None


def _is_one_type(scene: Scene, kind: Node) -> bool:
    if kind.type in {"array_type", "readonly_type", "tuple_type"}:
        return True
    if kind.type == "predefined_type":
        return _text(kind) in _PRIMITIVES
    if kind.type == "generic_type":
        name = kind.child_by_field_name("name")
        return name is not None and _text(name) in {*_SEQUENCES, "Map", "Promise", "ReadonlyMap"}
    return kind.type == "type_identifier" and bool(_declaration(scene, _text(kind)))


def _declaration(scene: Scene, name: str) -> list[Node]:
    """Return the classes and interfaces of a name in the file itself."""
    return [
        each
        for top in scene.root.named_children
        for each in (top, *(top.named_children if top.type == "export_statement" else ()))
        if each.type in {"class_declaration", "abstract_class_declaration", "interface_declaration"}
        and (named := each.child_by_field_name("name")) is not None
        and _text(named) == name
    ]


def _evident(scene: Scene, value: Node, *, constant: bool) -> Node | str | None:
    if value.type == "as_expression":
        kind = value.named_children[-1]
        return kind if _text(kind) != "const" and _is_one_type(scene, kind) else None
    if value.type == "template_string" and not constant:
        return "string"
    if value.type != "new_expression":
        return None if constant else _LITERALS.get(value.type)
    made, given = (value.child_by_field_name(each) for each in ("constructor", "type_arguments"))
    if made is None or made.type != "identifier":
        return None
    if given is not None:
        return f"{_text(made)}{_text(given)}"
    plain = [
        each.child_by_field_name("type_parameters") for each in _declaration(scene, _text(made))
    ]
    return _text(made) if plain and not any(plain) else None


def _element(scene: Scene, loop: Node, name: Node) -> Node | None:
    """Return the type of the elements that a loop goes over."""
    over, operator = (loop.child_by_field_name(each) for each in ("right", "operator"))
    if loop.child_by_field_name("left") != name or operator is None or _text(operator) != "of":
        return None
    meant = scene.meant(over) if over is not None and over.type == "identifier" else None
    bound = scene.bound(meant) if meant is not None else None
    kind = _kind(scene, bound) if bound is not None else None
    if kind is None or isinstance(kind, str):
        return None
    if kind.type == "readonly_type":
        kind = kind.named_children[0]
    if kind.type == "array_type":
        element = kind.named_children[0]
        return element.named_children[0] if element.type == "parenthesized_type" else element
    named, given = (kind.child_by_field_name(each) for each in ("name", "type_arguments"))
    if kind.type != "generic_type" or named is None or given is None:
        return None
    return given.named_children[0] if _text(named) in _SEQUENCES else None


def _own_types(function: Node) -> set[str]:
    """Return the type parameters of a function and of the classes around it."""
    return {
        _text(name)
        for around in (function, *above(function))
        if (given := around.child_by_field_name("type_parameters")) is not None
        for each in given.named_children
        if (name := each.child_by_field_name("name")) is not None
    }


# --- what stands against it -----------------------------------------------------------------------


def _is_sound(scene: Scene, copy: Copy) -> bool:
    outside, within = copy.outside(), copy.within()
    if _is_of_others(scene, copy):
        return False
    if any(_text(each) in script.OWN for each in (*outside, *within) if each.type == "identifier"):
        return False
    if any(_may_assert(each) for each in within) or not _is_public(scene, copy, within):
        return False
    narrowed, compared = _narrowed(scene, copy)
    for name in {_text(each) for each in within if each.type in script.NAMES}:
        plain = copy.inputs.get(name) in _PRIMITIVES
        if name in (compared if plain else narrowed):
            return False
    return all(_keeps_type(copy, name) for name in copy.made)


def _is_of_others(scene: Scene, copy: Copy) -> bool:
    """Say whether a copy uses names of the functions around its own."""
    made = scene.view.facts.definitions
    return any(
        made[each.definition].scope != 0
        and not copy.function.start_byte
        <= made[each.definition].span.start_byte
        < copy.function.end_byte
        for each in scene.view.facts.uses
        if each.definition >= 0 and copy.holds(each.start_byte)
    )


def _may_assert(node: Node) -> bool:
    if node.type != "expression_statement" or node.named_children[0].type != "call_expression":
        return False
    function = node.named_children[0].child_by_field_name("function")
    return function is not None and _ASSERTING.search(_text(function)) is not None


def _is_public(scene: Scene, copy: Copy, within: Sequence[Node]) -> bool:
    """Say whether a function of the file may use all members that a copy uses."""
    hidden = {
        _text(name)
        for each in inside(scene.root)
        if each.type == "accessibility_modifier" and _text(each) != "public" and each.parent
        for field in ("name", "pattern")
        if (name := each.parent.child_by_field_name(field)) is not None
    }
    if any(_text(each) in hidden for each in within if each.type == "property_identifier"):
        return False
    around = next((each for each in above(copy.function) if each.type in _CLASSES), None)
    named = around.child_by_field_name("name") if around is not None else None
    if (
        around is None
        or named is None
        or all(each.type != "class_heritage" for each in around.children)
    ):
        return True
    # Its protected members may be declared in another file.
    used = {_text(each) for each in within} | {
        word for it in copy.inputs.values() for word in words(it)
    }
    return _text(named) not in used


def _narrowed(scene: Scene, copy: Copy) -> tuple[set[str], set[str]]:
    """Return the names that conditions speak of, and those that are compared with something."""
    tops = [each for each in scene.root.named_children if each.type == "if_statement"]
    tops.append(outermost(copy.function))
    outside = [each for top in tops for each in inside(top) if not copy.holds(each.start_byte)]
    conditions, compared = set[str](), set[str]()
    for node in outside:
        telling, same = _tells(node)
        conditions |= _names(telling)
        compared |= _names(same)
    for node in outside:  # const isParcel = parcel instanceof Parcel
        if node.type == "variable_declarator" and conditions & _names(
            filter(None, [node.child_by_field_name("name")])
        ):
            conditions |= _names(filter(None, [node.child_by_field_name("value")]))
    return conditions | compared, compared


def _tells(node: Node) -> tuple[list[Node], list[Node]]:
    """Return what of a node may narrow any type, and what may narrow a primitive as well."""
    if node.type == "binary_expression":
        sides = [node.named_children[0], node.named_children[-1]]
        operator = node.child_by_field_name("operator")
        sign = _text(operator) if operator is not None else ""
        if sign in _CHOOSING:
            return sides[:1], []
        return (sides, []) if sign in _TELLING else ([], sides if sign in _SAME else [])
    if node.type in _CONDITIONS:
        field = "value" if node.type == "switch_statement" else "condition"
        asked = node.child_by_field_name(field)
        if asked is None:
            return [], []
        return ([], [asked]) if field == "value" else ([asked], [])
    if node.type in {"assignment_expression", "augmented_assignment_expression"}:
        left = node.child_by_field_name("left")  # parcel.target = "x" says what it is
        part = left is not None and left.type in {"member_expression", "subscript_expression"}
        return ([left], []) if left is not None and part else ([], [])
    return ([node], []) if _may_assert(node) else ([], [])


def _names(nodes: Iterable[Node]) -> set[str]:
    """Return the names in nodes, without those of which only the length is asked."""
    return {
        _text(each)
        for node in nodes
        for each in inside(node)
        if each.type in script.NAMES
        and (each.parent is None or not _text(each.parent).endswith(".length"))
    }


def _keeps_type(copy: Copy, name: str) -> bool:
    """Say whether a name has the same type when a function returns its value."""
    declarator = _declarator(copy, name)
    value = declarator.child_by_field_name("value") if declarator is not None else None
    if declarator is None or value is None or declarator.parent is None:
        return False
    if _annotation(declarator) is not None:
        return True
    if _text(declarator.parent).startswith("const"):
        operator = value.child_by_field_name("operator")
        chosen = operator is not None and _text(operator) in _CHOOSING
        return value.type not in _WIDENED and not chosen
    later = (target for each in copy.outside() for target in script.written(each))
    return all(_text(each) != name for each in later)


# --- what is written in its place -----------------------------------------------------------------


def _head(copies: Sequence[Copy], name: str, _: Sequence[str]) -> str:
    given = ", ".join(f"{key}: {each}" for key, each in copies[0].inputs.items())
    return f"function {name}({given}) {{"


def _call(copy: Copy, name: str, results: Sequence[str]) -> str:
    call = f"{name}({', '.join(copy.inputs)});"
    if copy.written:
        return f"{copy.written[0]} = {call}"
    declarator = _declarator(copy, results[0]) if copy.made else None
    if declarator is None or declarator.parent is None:
        return call
    keyword = "let" if _text(declarator.parent).startswith("let") else "const"
    kind = declarator.child_by_field_name("type")
    return f"{keyword} {results[0]}{_text(kind) if kind is not None else ''} = {call}"


def _declarator(copy: Copy, name: str) -> Node | None:
    """Return the declaration of a name by one of a copy's own statements."""
    for statement in copy.statements:
        for each in statement.named_children:
            named = each.child_by_field_name("name") if each.type == "variable_declarator" else None
            if named is not None and _text(named) == name:
                return each
    return None


def _declared(name: Node) -> Node | None:
    declarator = name.parent
    return declarator.parent if declarator is not None else None


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


TYPESCRIPT = Tongue(
    functions=script.FUNCTIONS,
    closures=_CLOSURES,
    refused=_REFUSED,
    texts=script.TEXTS,
    leaves={
        "break_statement": script.LOOPS | _SWITCH,
        "continue_statement": script.LOOPS,
    },
    tries=frozenset({"try_statement"}),
    most_results=1,
    home=_home,
    type_of=_type_of,
    declared=_declared,
    written=script.written,
    own_types=_own_types,
    is_sound=_is_sound,
    head=_head,
    call=_call,
    end=";",
    infers=True,
)
