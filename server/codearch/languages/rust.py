"""Rust to the 2024 edition: an impl block's methods belong to its type; usual macros are calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_rust
from tree_sitter import Node

from codearch.facts import CallKind
from codearch.languages._language import (
    BLOCK_SCOPE,
    FIELD,
    FUNCTION_SCOPE,
    MEMBER,
    MEMBERS_SCOPE,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
    OUTER_READ,
    PARAMETER,
    READ,
    RESULT_OF,
    TYPE,
    TYPE_PARAMETER,
    VARIABLE,
    WRITE,
    Callee,
    Define,
    Flow,
    Header,
    ImportDraft,
    ImportedDraft,
    Language,
    Param,
    Reader,
    Role,
    Typed,
    TypedName,
    kinds,
)

_CONSTANT = Role(binds="constant")
_STATIC = Role(binds="variable")
_SEEN_AT_ONCE = Role(binds="variable")


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


# --- macros that are read as calls ------------------------------------------------------------

_MARK = b"\x0b"  # white space that no one writes stands for the "!" of a macro read as a call
_LIKE_CALLS = re.compile(
    rb"\b((?:e?print(?:ln)?|format(?:_args)?|write(?:ln)?|panic|todo|unimplemented|unreachable|dbg"
    rb"|(?:debug_)?assert(?:_eq|_ne)?|bail|ensure|anyhow|trace|debug|info|warn|error|try_join|join)\s*)"
    rb"!(?=\s*\()"
)
_ARRAYS = re.compile(rb"\b(?:vec|str)!(?=\s*\[)")


def _prepare(source: bytes) -> bytes:
    """Let macros that take expressions be read as calls, `vec![...]` and `str![...]` as arrays."""
    if b"!" not in source:
        return source
    return _ARRAYS.sub(b"    ", _LIKE_CALLS.sub(rb"\1" + _MARK, source))


def _call_kind(call: Node) -> CallKind:
    function, arguments = (
        call.child_by_field_name("function"),
        call.child_by_field_name("arguments"),
    )
    if function is None or arguments is None or function.end_byte == arguments.start_byte:
        return "call"
    between = slice(function.end_byte - call.start_byte, arguments.start_byte - call.start_byte)
    return "macro" if _MARK in (call.text or b"")[between] else "call"


def _token_tree(tree: Node, reader: Reader) -> bool:
    """Read `name(...)`, `a.name(...)` and `A::name(...)` among the tokens of a macro as calls."""
    tokens = tree.children
    for at, token in enumerate(tokens):
        joined = at > 0 and tokens[at - 1].type in {".", "::"}
        if token.type != "identifier":
            continue
        if joined:
            reader.skip(token)
        called = tokens[at + 1] if at + 1 < len(tokens) else None
        if called is None or called.type != "token_tree" or called.children[0].type != "(":
            continue
        receiver = tokens[at - 2] if joined and at > 1 else None
        longer = at > 2 and tokens[at - 3].type in {".", "::"}
        if joined and (longer or receiver is None or receiver.type == "token_tree"):
            continue
        reader.call(token, receiver, "call", _arguments(called))
    return False


def _arguments(tree: Node) -> int:
    inside = tree.children[1:-1]
    if not inside:
        return 0
    return 1 + sum(token.type == "," for token in inside[:-1])


# --- imports ----------------------------------------------------------------------------------


def _use(node: Node) -> Iterator[ImportDraft]:
    """One import for each path before names: `use a::{b, c::{d, e}}` is of a and of a::c."""
    argument = node.child_by_field_name("argument")
    found: dict[str, list[ImportedDraft]] = {}
    for module, name in _used(argument, ""):
        found.setdefault(module, []).append(name)
    for module, names in found.items():
        yield ImportDraft(kind="use", module=module, names=names, reexport=_is_public(node))


def _used(node: Node | None, prefix: str) -> Iterator[tuple[str, ImportedDraft]]:
    """Yield each name of a use tree with the path of its module."""
    if node is None:
        return
    if node.type == "use_list":
        for child in node.named_children:
            yield from _used(child, prefix)
    elif node.type == "scoped_use_list":
        inner = _joined(prefix, _path(node.child_by_field_name("path")))
        yield from _used(node.child_by_field_name("list"), inner)
    elif node.type == "use_wildcard":
        module = _joined(prefix, _path(node.named_children[0] if node.named_children else None))
        yield module, ImportedDraft("*", "", node.children[-1])
    elif node.type == "use_as_clause":
        alias = node.child_by_field_name("alias")
        for module, name in _used(node.child_by_field_name("path"), prefix):
            bound = "" if _text(alias) == "_" else _text(alias)
            yield module, ImportedDraft(name.name, bound, alias or name.node)
    elif node.type == "scoped_identifier":
        last = node.child_by_field_name("name")
        if last is not None:
            module = _joined(prefix, _path(node.child_by_field_name("path")))
            yield module, ImportedDraft(_text(last), _text(last), last)
    elif node.type == "self":
        yield prefix, ImportedDraft("", prefix.rpartition("::")[2], node)
    elif node.type in {"identifier", "crate", "super"}:
        word = _text(node)
        yield prefix or word, ImportedDraft(word if prefix else "", word, node)


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}::{path}" if prefix and path else prefix or path


def _path(node: Node | None) -> str:
    return "".join(_text(node).split())


def _is_public(node: Node) -> bool:
    return bool(node.children) and node.children[0].type == "visibility_modifier"


def _extern_crate(node: Node) -> Iterator[ImportDraft]:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is not None:
        bound = alias or name
        names = [ImportedDraft("", "" if _text(bound) == "_" else _text(bound), bound)]
        yield ImportDraft(kind="use", module=_text(name), names=names, reexport=_is_public(node))


def _module_file(node: Node) -> Iterator[ImportDraft]:
    """`mod name;` takes in another file."""
    name = node.child_by_field_name("name")
    if name is not None and node.child_by_field_name("body") is None:
        names = [ImportedDraft("", _text(name), name)]
        yield ImportDraft(kind="import", module=_text(name), names=names, reexport=_is_public(node))


# --- names that need more than a table --------------------------------------------------------


def _pattern(node: Node, reader: Reader) -> bool:
    """In a pattern a name in capitals is a constant or a variant, any other is bound."""
    for child in node.named_children:
        if child.type == "identifier" and (child.text or b"")[:1].isupper():
            reader.use(child)
            reader.skip(child)
    return False


def _let(node: Node, reader: Reader) -> bool:
    name = node.child_by_field_name("pattern")
    if name is not None and name.type == "identifier" and (name.text or b"")[:1].isupper():
        reader.use(name)
        reader.skip(name)
    return False


def _field_pattern(node: Node, reader: Reader) -> bool:
    """`Point { x: a }` binds a, `Point { x }` x."""
    name = node.child_by_field_name("name")
    if name is not None and name.type == "field_identifier":
        reader.skip(name)
    return _pattern(node, reader)


def _attribute(node: Node, reader: Reader) -> bool:
    """Only the names that `derive` lists are names."""
    name = node.named_children[0] if node.named_children else None
    if name is None or name.text != b"derive":
        return True
    reader.skip(name)
    return False


def _struct_literal(node: Node, reader: Reader) -> bool:
    """`a::B { c: 1 }` makes a B."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and name.type == "generic_type_with_turbofish":
        name = name.child_by_field_name("type")
    count = body.named_child_count if body is not None else 0
    if name is not None and name.type == "scoped_type_identifier":
        last = name.child_by_field_name("name")
        if last is not None:
            reader.call(last, name.child_by_field_name("path"), "new", count)
    elif name is not None and name.type == "type_identifier":
        reader.call(name, None, "new", count)
    return False


# --- types ------------------------------------------------------------------------------------

_CONSTRUCTORS = re.compile(r"new|default|from|builder|(?:new|with|from|open)_\w+")
_UNWRAPPED = kinds("unwrap expect clone unwrap_or_default to_owned")


def _declared(node: Node) -> Iterator[TypedName]:
    name = node.child_by_field_name("pattern")
    if name is not None:
        value = node.child_by_field_name("value")
        yield TypedName(name, node.child_by_field_name("type"), value)


def _variant(node: Node) -> Iterator[TypedName]:
    """A variant is a value of its enum."""
    name, listed = node.child_by_field_name("name"), node.parent
    owner = listed.parent if listed is not None else None
    if name is not None and owner is not None:
        yield TypedName(name, owner.child_by_field_name("name"))


def _made(node: Node) -> str:
    return _text(node.child_by_field_name("name"))


def _cast(node: Node) -> str:
    return _text(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    """Return the evident type of what is borrowed, tried or put in parentheses."""
    inner = node.child_by_field_name("value")
    if inner is None and node.named_child_count:
        inner = node.named_children[0]
    evident = _EVIDENT.get(inner.type) if inner is not None else None
    return evident(inner) if evident is not None and inner is not None else ""


def _result(call: Node) -> str:
    """`A::new()` and its like give an A; a function of this file declares what it gives."""
    while (function := call.child_by_field_name("function")) is not None:
        name = _text(function)
        if function.type == "identifier":
            return "String" if name == "format" else RESULT_OF + name
        if function.type == "scoped_identifier":
            return _constructed(function)
        inner = function.child_by_field_name("value")
        unwrapped = _text(function.child_by_field_name("field")) in _UNWRAPPED
        if not unwrapped or inner is None or inner.type != "call_expression":
            return ""
        call = inner
    return ""


def _constructed(function: Node) -> str:
    path, name = function.child_by_field_name("path"), function.child_by_field_name("name")
    is_type = _text(path).rpartition("::")[2][:1].isupper()
    return _text(path) if is_type and _CONSTRUCTORS.fullmatch(_text(name)) else ""


_EVIDENT = {
    "struct_expression": _made,
    "call_expression": _result,
    "type_cast_expression": _cast,
    "string_literal": lambda _node: "&str",
    "reference_expression": _inside,
    "try_expression": _inside,
    "parenthesized_expression": _inside,
}


# --- symbols ----------------------------------------------------------------------------------

_AROUND_NAMES = {
    "generic_type": "type",
    "reference_type": "type",
    "pointer_type": "type",
    "scoped_type_identifier": "name",
    "dynamic_type": "trait",
}


def _implemented(impl: Node) -> Node | None:
    """Return the name of the type that an impl block is for."""
    node = impl.child_by_field_name("type")
    while node is not None and node.type in _AROUND_NAMES:
        inner = node.child_by_field_name(_AROUND_NAMES[node.type])
        if inner is None:
            break
        node = inner
    return node


def _trait(impl: Node) -> Iterator[str]:
    trait = impl.child_by_field_name("trait")
    if trait is not None:
        yield _text(trait)


def _bounds(trait: Node) -> Iterator[str]:
    bounds = trait.child_by_field_name("bounds")
    for bound in bounds.named_children if bounds is not None else ():
        if "type" in bound.type:
            yield _text(bound)


def _aliased(alias: Node) -> Iterator[str]:
    yield _text(alias.child_by_field_name("type"))


def _is_free(alias: Node) -> bool:
    """Say whether a type alias stands outside of traits and impl blocks."""
    around = alias.parent
    return (
        around is None
        or around.type != "declaration_list"
        or (around.parent is not None and around.parent.type == "mod_item")
    )


def _has_body(node: Node) -> bool:
    return node.child_by_field_name("body") is not None


def _holds_closure(let: Node) -> bool:
    value, name = let.child_by_field_name("value"), let.child_by_field_name("pattern")
    if value is None or name is None or name.type != "identifier":
        return False
    return value.type == "closure_expression"


def _braces(struct: Node) -> Node | None:
    """Return the fields in braces; those of a tuple belong to the signature."""
    body = struct.child_by_field_name("body")
    return body if body is not None and body.type == "field_declaration_list" else None


def _rules(macro: Node) -> Node | None:
    return next((child for child in macro.named_children if child.type == "macro_rule"), None)


def _self(parameter: Node) -> Node | None:
    return next((child for child in parameter.named_children if child.type == "self"), None)


def _exported(header: Header) -> bool:
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


def _is_test(header: Header) -> bool:
    """As `cargo test` collects, with the attributes of the usual frameworks."""
    pattern = _TEST_MODULE if header.kind == "namespace" else _TEST
    if header.kind not in {"namespace", "function", "method"}:
        return False
    return any(pattern.match(each) for each in header.decorators)


# --- complexity -------------------------------------------------------------------------------


def _is_further_arm(arm: Node) -> bool:
    before = arm.prev_named_sibling
    while before is not None and before.type != "match_arm":
        before = before.prev_named_sibling
    return before is not None


def _let_decides(let: Node) -> bool:
    """`let ... else` decides; so do, for lizard, the `||` of a closure without parameters."""
    if let.child_by_field_name("alternative") is not None:
        return True
    value = let.child_by_field_name("value") if _holds_closure(let) else None
    listed = value.child_by_field_name("parameters") if value is not None else None
    return listed is not None and listed.text == b"||"


def _is_empty_list(parameters: Node) -> bool:
    """Say whether an empty list has the look of `||`; where a `let` holds it, it counts there."""
    closure = parameters.parent
    around = closure.parent if closure is not None else None
    counted = around is not None and around.type == "let_declaration" and _holds_closure(around)
    return parameters.text == b"||" and not counted


def _is_second_reference(node: Node) -> bool:
    """`&&x` is lizard's `&&`."""
    around = node.parent
    same = around is not None and around.type == node.type
    return same and around is not None and around.start_byte + 1 == node.start_byte


def _has_label(jump: Node) -> bool:
    return any(child.type == "label" for child in jump.named_children)


def _always(_node: Node) -> bool:
    return True


def _unwrapped(node: Node) -> Iterator[TypedName]:
    """`if let Some(x) = value` gives x what the value holds."""
    pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    if pattern is None or value is None or pattern.type != "tuple_struct_pattern":
        return
    inside = pattern.named_children[1:]
    if len(inside) == 1 and inside[0].type == "identifier":
        yield TypedName(inside[0], None, value)


LANGUAGE = Language(
    name="rust",
    title="Rust",
    extensions=(".rs",),
    interpreters=("rust-script",),
    aliases=("rs",),
    grammar=tree_sitter_rust.language,
    prepare=_prepare,
    define={
        "function_item": Define(kind="function"),
        "function_signature_item": Define(kind="function", body=""),
        "struct_item": Define(kind="struct", body=_braces),
        "union_item": Define(kind="union"),
        "enum_item": Define(kind="enum"),
        "trait_item": Define(kind="trait", bases=_bounds),
        "impl_item": Define(kind="impl", name=_implemented, bases=_trait, binds=None),
        "mod_item": Define(kind="namespace", when=_has_body),
        "macro_definition": Define(kind="macro", body=_rules, parameters=""),
        "type_item": Define(kind="type", when=_is_free, body="", bases=_aliased),
        "let_declaration": Define(
            kind="function",
            when=_holds_closure,
            name="pattern",
            inner="value",
            binds="variable",
            shares=True,
        ),
    },
    parameters={
        "parameter": Param(name="pattern", default=""),
        "self_parameter": Param(name=_self, type="", default=""),
        "variadic_parameter": Param(name="pattern", type="", default="", variadic=True),
        "identifier": Param(name="", type="", default=""),
    },
    decorators=kinds("attribute_item"),
    exported=_exported,
    is_test=_is_test,
    comments=kinds("line_comment block_comment"),
    doc_comment=re.compile(r"///(?!/)|//!|/\*\*(?![*/])|/\*!"),
    inner_doc=re.compile(r"//!|/\*!"),
    doc_links=(re.compile(r"\[`?(?:(?:crate|self|super)::)?(\w+)(?:::\w+)*(?:\(\)|!)?`?\]"),),
    identifiers=kinds("identifier field_identifier shorthand_field_identifier"),
    type_identifiers=kinds("type_identifier"),
    roles={
        "function_item": {"name": MEMBER, "return_type": TYPE, "*": READ},
        "function_signature_item": {"name": MEMBER, "return_type": TYPE, "*": READ},
        "closure_expression": {"parameters": PARAMETER, "return_type": TYPE, "body": READ},
        "closure_parameters": {"*": PARAMETER},
        "parameter": {"pattern": PARAMETER, "type": TYPE},
        "type_parameter": {"name": TYPE_PARAMETER, "*": TYPE},
        "const_parameter": {"name": _CONSTANT, "type": TYPE, "*": READ},
        "associated_type": {"name": TYPE_PARAMETER, "*": TYPE},
        "type_item": {"name": TYPE_PARAMETER, "type_parameters": TYPE, "*": TYPE},
        "type_binding": {"name": MEMBER, "*": TYPE},
        "lifetime": {"*": MEMBER},
        "label": {"*": MEMBER},
        "visibility_modifier": {"*": MEMBER},
        "struct_item": {"name": MEMBER, "*": TYPE},
        "field_declaration": {"name": FIELD, "type": TYPE, "*": MEMBER},
        "enum_variant": {"name": _CONSTANT, "value": READ, "body": TYPE},
        "const_item": {"name": _CONSTANT, "type": TYPE, "value": READ},
        "static_item": {"name": _STATIC, "type": TYPE, "value": READ},
        "let_declaration": {"pattern": VARIABLE, "type": TYPE, "*": READ},
        "let_condition": {"pattern": VARIABLE, "*": READ},
        "for_expression": {"pattern": _SEEN_AT_ONCE, "value": OUTER_READ, "*": READ},
        "match_arm": {"pattern": _SEEN_AT_ONCE, "*": READ},
        "match_pattern": {"condition": READ},
        "tuple_struct_pattern": {"type": READ},
        "struct_pattern": {"type": TYPE},
        "range_pattern": {"*": READ},
        "field_expression": {"value": READ, "field": MEMBER},
        "scoped_identifier": {"path": READ, "name": MEMBER},
        "scoped_type_identifier": {"path": READ, "name": MEMBER},
        "struct_expression": {"name": TYPE, "*": READ},
        "field_initializer": {"field": MEMBER, "*": READ},
        "type_cast_expression": {"type": TYPE, "*": READ},
        "assignment_expression": {"left": WRITE, "right": READ},
        "compound_assignment_expr": {"left": WRITE, "right": READ},
        "index_expression": {"*": READ},
        "call_expression": {"*": READ},
        "unary_expression": {"*": READ},
        "macro_invocation": {"*": READ},
        "macro_definition": {"name": MEMBER, "*": READ},
        "token_tree_pattern": {"*": MEMBER},
    },
    scopes={
        **dict.fromkeys(
            ("function_item", "function_signature_item", "closure_expression"),
            ORDERED_FUNCTION_SCOPE,
        ),
        **dict.fromkeys(
            ("struct_item", "union_item", "enum_item", "trait_item", "impl_item"), MEMBERS_SCOPE
        ),
        "mod_item": FUNCTION_SCOPE,
        "macro_definition": FUNCTION_SCOPE,
        "type_item": BLOCK_SCOPE,
        **dict.fromkeys(
            (
                "block",
                "match_arm",
                "if_expression",
                "while_expression",
                "for_expression",
            ),
            ORDERED_BLOCK_SCOPE,
        ),
    },
    readers={
        "let_declaration": _let,
        "let_condition": _let,
        "for_expression": _let,
        "parameter": _let,
        **dict.fromkeys(
            (
                "match_pattern",
                "tuple_pattern",
                "tuple_struct_pattern",
                "slice_pattern",
                "or_pattern",
                "captured_pattern",
                "reference_pattern",
                "ref_pattern",
                "mut_pattern",
            ),
            _pattern,
        ),
        "field_pattern": _field_pattern,
        "attribute": _attribute,
        "struct_expression": _struct_literal,
        "token_tree": _token_tree,
    },
    imports={
        "use_declaration": _use,
        "extern_crate_declaration": _extern_crate,
        "mod_item": _module_file,
    },
    calls={
        "call_expression": Callee(kind=_call_kind),
        "macro_invocation": Callee(function="macro", kind="macro"),
    },
    members={
        "field_expression": ("value", "field"),
        "scoped_identifier": ("path", "name"),
        "scoped_type_identifier": ("path", "name"),
    },
    data_members=kinds("field_expression"),
    callee_wrappers={"generic_function": "function", "generic_type": "type"},
    references=kinds("arguments field_initializer let_declaration array_expression"),
    self_words=kinds("self Self"),
    elements={"for_expression": ("pattern", "value")},
    typed={
        "let_declaration": _declared,
        "let_condition": _unwrapped,
        "field_declaration": Typed(target="name"),
        "const_item": Typed(target="name"),
        "static_item": Typed(target="name"),
        "enum_variant": _variant,
    },
    evident_types=_EVIDENT,
    decisions=kinds("if for while where && || ?"),
    decides={
        "match_arm": _is_further_arm,
        "let_declaration": _let_decides,
        "closure_parameters": _is_empty_list,
        "reference_expression": _is_second_reference,
        "reference_type": _is_second_reference,
        "reference_pattern": _is_second_reference,
    },
    flow={
        "if_expression": Flow.BRANCH,
        "match_expression": Flow.BRANCH,
        "for_expression": Flow.BRANCH,
        "while_expression": Flow.BRANCH,
        "loop_expression": Flow.BRANCH,
        "else_clause": Flow.ELSE,
        "closure_expression": Flow.DEEPER,
    },
    breaks={
        "break_expression": _has_label,
        "continue_expression": _has_label,
        "let_chain": _always,
    },
    logical=kinds("binary_expression"),
    logical_operators=kinds("&& ||"),
    parentheses=kinds("parenthesized_expression"),
)
