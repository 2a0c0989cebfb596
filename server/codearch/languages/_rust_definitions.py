"""Rust's symbols, what is visible and a test, and what decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import (
    Header,
    TypedName,
)
from codearch.languages._nodes import text

# --- symbols -----------------------------------------------------------------------------------

_AROUND_NAMES = {
    "generic_type": "type",
    "reference_type": "type",
    "pointer_type": "type",
    "scoped_type_identifier": "name",
    "dynamic_type": "trait",
}


def implemented(impl: Node) -> Node | None:
    """Return the name of the type that an impl block is for."""
    node = impl.child_by_field_name("type")
    while node is not None and node.type in _AROUND_NAMES:
        inner = node.child_by_field_name(_AROUND_NAMES[node.type])
        if inner is None:
            break
        node = inner
    return node


def trait_of(impl: Node) -> Iterator[str]:
    """Yield the trait that an impl block implements."""
    trait = impl.child_by_field_name("trait")
    if trait is not None:
        yield text(trait)


def bounds(trait: Node) -> Iterator[str]:
    """Yield a trait's supertraits; lifetimes are none."""
    bounds = trait.child_by_field_name("bounds")
    for bound in bounds.named_children if bounds is not None else ():
        if "type" in bound.type:
            yield text(bound)


def aliased(alias: Node) -> Iterator[str]:
    """Yield the type that an alias means."""
    yield text(alias.child_by_field_name("type"))


def is_free(alias: Node) -> bool:
    """Say whether a type alias stands outside of traits and impl blocks."""
    around = alias.parent
    return (
        around is None
        or around.type != "declaration_list"
        or (around.parent is not None and around.parent.type == "mod_item")
    )


def has_body(node: Node) -> bool:
    """Say whether an item is written here, not in another file."""
    return node.child_by_field_name("body") is not None


def holds_closure(let: Node) -> bool:
    """Say whether a `let` gives a name to a closure."""
    value, name = let.child_by_field_name("value"), let.child_by_field_name("pattern")
    if value is None or name is None or name.type != "identifier":
        return False
    return value.type == "closure_expression"


def braces(struct: Node) -> Node | None:
    """Return the fields in braces; those of a tuple belong to the signature."""
    body = struct.child_by_field_name("body")
    return body if body is not None and body.type == "field_declaration_list" else None


def rules(macro: Node) -> Node | None:
    """Return the first rule of a macro: its body."""
    return next((child for child in macro.named_children if child.type == "macro_rule"), None)


def self_name(parameter: Node) -> Node | None:
    """Return the `self` of a `&mut self`."""
    return next((child for child in parameter.named_children if child.type == "self"), None)


def exported(header: Header) -> bool:
    """`pub` in any degree; what a trait declares, or an impl gives it; macros that say so."""
    if header.kind == "impl" or "pub" in header.words:
        return True
    if header.kind == "macro":
        return any("macro_export" in each for each in header.decorators)
    around = header.parent
    return around is not None and (
        around.kind == "trait" or (around.kind == "impl" and bool(around.bases))
    )


_TEST = re.compile(
    r"#\[\s*(?:\w+::)*(?:test|rstest|bench|quickcheck|test_case|wasm_bindgen_test|test_matrix)\b"
)
_TEST_MODULE = re.compile(r"#\[\s*cfg\s*\((?!.*\bnot\s*\(\s*test\b).*\btest\b")


def is_test(header: Header) -> bool:
    """As `cargo test` collects, with the attributes of the usual frameworks."""
    pattern = _TEST_MODULE if header.kind == "namespace" else _TEST
    if header.kind not in {"namespace", "function", "method"}:
        return False
    return any(pattern.match(each) for each in header.decorators)


# --- complexity --------------------------------------------------------------------------------


def is_further_arm(arm: Node) -> bool:
    """Say whether an arm of a `match` is not its first."""
    before = arm.prev_named_sibling
    while before is not None and before.type != "match_arm":
        before = before.prev_named_sibling
    return before is not None


def let_decides(let: Node) -> bool:
    """`let ... else` decides; so do, for lizard, the `||` of a closure without parameters."""
    if let.child_by_field_name("alternative") is not None:
        return True
    value = let.child_by_field_name("value") if holds_closure(let) else None
    listed = value.child_by_field_name("parameters") if value is not None else None
    return listed is not None and listed.text == b"||"


def is_empty_list(parameters: Node) -> bool:
    """Say whether an empty list has the look of `||`; where a `let` holds it, it counts there."""
    closure = parameters.parent
    around = closure.parent if closure is not None else None
    counted = around is not None and around.type == "let_declaration" and holds_closure(around)
    return parameters.text == b"||" and not counted


def is_second_reference(node: Node) -> bool:
    """`&&x` is lizard's `&&`."""
    around = node.parent
    same = around is not None and around.type == node.type
    return same and around is not None and around.start_byte + 1 == node.start_byte


def has_label(jump: Node) -> bool:
    """Say whether a `break` or `continue` names a loop."""
    return any(child.type == "label" for child in jump.named_children)


def any_chain(_node: Node) -> bool:
    """Return True: each chain of conditions with `let` is one sequence."""
    return True


def unwrapped(node: Node) -> Iterator[TypedName]:
    """`if let Some(x) = value` gives x what the value holds."""
    pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    if pattern is None or value is None or pattern.type != "tuple_struct_pattern":
        return
    inside = pattern.named_children[1:]
    if len(inside) == 1 and inside[0].type == "identifier":
        yield TypedName(inside[0], None, value)
