"""Go to 1.24: methods stand under their receiver, embedded types are bases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import tree_sitter_go
from tree_sitter import Node

from codearch.languages._language import (
    BLOCK_SCOPE,
    FIELD,
    FUNCTION_SCOPE,
    MEMBER,
    ORDERED_BLOCK_SCOPE,
    OUTER_TYPE,
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
    Scoping,
    TypedName,
)

_CONSTANT = Role(binds="constant", after=True)
_SEEN_AT_ONCE = Role(binds="variable")
_MEMBERS = Scoping(hidden=True)


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def _names(node: Node, field: str = "name") -> list[Node]:
    return [child for child in node.children_by_field_name(field) if child.is_named]


# --- package and imports ----------------------------------------------------------------------

_VERSION = re.compile(r"v\d+")
_SUFFIX = re.compile(r"\.(?:v\d+|go)$")


def _package(node: Node, reader: Reader) -> bool:
    for name in node.named_children:
        if name.type == "package_identifier":
            reader.package(_text(name))
    return True


def _import(spec: Node) -> Iterator[ImportDraft]:
    """`import "a/b"` binds the package's name; `.` all of it, `_` nothing."""
    path, name = spec.child_by_field_name("path"), spec.child_by_field_name("name")
    if path is None:
        return
    module = _text(path).strip('"`')
    names = []
    if name is None:
        names = [ImportedDraft("", _package_name(module, spec), path)]
    elif name.type == "dot":
        names = [ImportedDraft("*", "", name)]
    elif name.type == "package_identifier":
        names = [ImportedDraft("", _text(name), name)]
    yield ImportDraft(kind="import", module=module, names=names)


def _package_name(module: str, spec: Node) -> str:
    """Return the name that a package most likely has: the last part of its path, less versions.

    Where the path ends in something that is no name, such as `go-yaml`, the part is taken that the
    file uses.
    """
    parts = module.split("/")
    last = parts[-2] if len(parts) > 1 and _VERSION.fullmatch(parts[-1]) else parts[-1]
    last = _SUFFIX.sub("", last)
    if last.isidentifier():
        return last
    pieces = [piece for piece in re.split(r"\W", last) if piece != "go"]
    candidates = [name for name in (*pieces, last.replace("-", "")) if name.isidentifier()]
    source = _file_of(spec) if len(candidates) > 1 else ""
    used = [name for name in candidates if re.search(rf"\b{name}\.[A-Z]", source)]
    return (*used, *candidates, "")[0]


def _file_of(node: Node) -> str:
    while node.parent is not None:
        node = node.parent
    return _text(node)


# --- names that need more than a table --------------------------------------------------------


def _left_side(node: Node, reader: Reader) -> bool:
    """The `_` of `_, x := f()` is no name; with `=` in place of `:=` the names exist already."""
    left = node.child_by_field_name("left")
    writes = left is not None and any(child.type == "=" for child in node.children)
    for name in left.named_children if left is not None else ():
        if name.type == "identifier" and (writes or name.text == b"_"):
            reader.skip(name)
            if name.text != b"_":
                reader.use(name, "write")
    return False


def _spec(node: Node, reader: Reader) -> bool:
    for name in _names(node):
        if name.text == b"_":
            reader.skip(name)
    return False


def _case_type(node: Node, reader: Reader) -> bool:
    """In `switch v := x.(type) { case A: ...` the v is bound in each case, here as an A."""
    kinds, switch = _names(node, "type"), node.parent
    alias = switch.child_by_field_name("alias") if switch is not None else None
    if alias is not None:
        known = kinds[0] if len(kinds) == 1 and kinds[0].text != b"nil" else None
        reader.bind_here(node, "variable", known, name=_text(alias))
    return False


def _embedded(node: Node, reader: Reader) -> bool:
    """An embedded type is a field of its own name."""
    declared = node.child_by_field_name("type")
    name = _type_name(declared) if declared is not None else None
    if declared is not None and name is not None and node.child_by_field_name("name") is None:
        reader.bind_here(declared, "field", declared, name=_text(name))
    return False


def _literal(node: Node, reader: Reader) -> bool:
    """`T{a: b}` makes a T; the a is a field unless T is written as a map, array or slice."""
    made, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if made is None or body is None:
        return False
    name = _type_name(made)
    if name is not None:
        inner = made.child_by_field_name("type") if made.type == "generic_type" else made
        package = inner.child_by_field_name("package") if inner is not None else None
        reader.call(name, package, "new", body.named_child_count)
    _skip_field_names(body, made, reader)
    return False


def _skip_field_names(body: Node, made: Node, reader: Reader) -> None:
    """Pass over the fields' names of a literal, and of those inside that leave out a type."""
    is_map = made.type == "map_type"
    inside = made.child_by_field_name("value" if is_map else "element")
    for element in body.named_children:
        value = element.named_children[-1] if element.named_children else None
        if element.type == "keyed_element":
            key, held = element.child_by_field_name("key"), element.child_by_field_name("value")
            value = held.named_children[0] if held is not None and held.named_children else None
            if inside is None and key is not None and key.named_children:
                reader.skip(key.named_children[0])
        if value is not None and value.type == "literal_value":
            _skip_field_names(value, inside if inside is not None else value, reader)


def _type_name(node: Node) -> Node | None:
    """Return the name's node of `*pkg.T[A]`."""
    while node.type in {"pointer_type", "generic_type", "parenthesized_type"}:
        inner = node.child_by_field_name("type")
        if inner is None and node.named_children:
            inner = node.named_children[0]
        if inner is None:
            return None
        node = inner
    if node.type == "qualified_type":
        return node.child_by_field_name("name")
    return node if node.type == "type_identifier" else None


# --- types ------------------------------------------------------------------------------------


def _declared(node: Node) -> Iterator[TypedName]:
    """Each name of `a, b T` and of `a, b = x, y` with its type or value."""
    yield from _paired(_names(node), node.child_by_field_name("type"), node, "value")


def _short_declared(node: Node) -> Iterator[TypedName]:
    left = node.child_by_field_name("left")
    yield from _paired(left.named_children if left is not None else [], None, node, "right")


def _paired(
    names: list[Node], declared: Node | None, node: Node, field: str
) -> Iterator[TypedName]:
    held = node.child_by_field_name(field)
    values = held.named_children if held is not None else []
    for index, name in enumerate(names):
        if declared is not None:
            yield TypedName(name, declared)
        elif index < len(values) and (len(values) == len(names) or index == 0):
            yield TypedName(name, None, values[index])


def _made(node: Node) -> str:
    made = node.child_by_field_name("type")
    return _text(made) if made is not None else ""


def _address(node: Node) -> str:
    """`&T{}` is a `*T`."""
    operand = node.child_by_field_name("operand")
    taken = operand is not None and operand.type == "composite_literal" and _text(node)[:1] == "&"
    return f"*{_made(operand)}" if taken and operand is not None else ""


def _result(node: Node) -> str:
    """`new(T)` and `make(T)` say their type; another function of this file declares its results."""
    function = node.child_by_field_name("function")
    if function is None or function.type != "identifier":
        return ""
    name, arguments = _text(function), node.child_by_field_name("arguments")
    if name in {"new", "make"} and arguments is not None and arguments.named_children:
        return "*" * (name == "new") + _text(arguments.named_children[0])
    return RESULT_OF + name


def _inside(node: Node) -> str:
    """Return the evident type of what stands in one pair of parentheses."""
    inner = node.named_children[0] if node.named_child_count == 1 else None
    if inner is None or inner.type == node.type:
        return ""
    evident = _EVIDENT.get(inner.type)
    return evident(inner) if evident is not None else ""


_EVIDENT = {
    "composite_literal": _made,
    "unary_expression": _address,
    "call_expression": _result,
    "type_assertion_expression": _made,
    "parenthesized_expression": _inside,
}
_NAMED_RESULT = re.compile(r"\w+ +(?=[\w*\[(])")


def _first_result(results: str) -> str:
    """Return the first type of `(T, error)` or `(x T, err error)`."""
    if not results.startswith("("):
        return results
    depth = 0
    for at, character in enumerate(results):
        depth += (character in "([{") - (character in ")]}")
        if (character == "," and depth == 1) or depth == 0:
            first = results[1:at].strip()
            named = _NAMED_RESULT.match(first)
            is_type = first.startswith(("chan ", "func", "map[", "struct", "interface"))
            return first[named.end() :] if named and not is_type else first
    return ""


# --- symbols ----------------------------------------------------------------------------------


def _is_struct(spec: Node) -> bool:
    declared = spec.child_by_field_name("type")
    return declared is not None and declared.type == "struct_type"


def _is_interface(spec: Node) -> bool:
    declared = spec.child_by_field_name("type")
    return declared is not None and declared.type == "interface_type"


def _embedded_fields(spec: Node) -> Iterator[str]:
    declared = spec.child_by_field_name("type")
    fields = declared.named_children[-1:] if declared is not None else []
    for field in fields[0].named_children if fields else ():
        kind = field.child_by_field_name("type")
        if field.type == "field_declaration" and field.child_by_field_name("name") is None:
            pointer = "*" * (field.children[0].type == "*")
            yield pointer + _text(kind)


def _embedded_interfaces(spec: Node) -> Iterator[str]:
    declared = spec.child_by_field_name("type")
    for element in declared.named_children if declared is not None else ():
        alone = element.named_children[0] if element.named_child_count == 1 else None
        if element.type == "type_elem" and alone is not None and _type_name(alone) is not None:
            yield _text(alone)


def _aliased(alias: Node) -> Iterator[str]:
    yield _made(alias)


def _braces(held: Node) -> Node | None:
    """Return where the members of a struct or an interface begin."""
    fields = held.named_children[-1:] if held.type == "struct_type" else []
    return fields[0] if fields else next((c for c in held.children if c.type == "{"), None)


def _receiver(method: Node) -> str:
    receiver = method.child_by_field_name("receiver")
    parameters = receiver.named_children if receiver is not None else []
    for parameter in parameters[:1]:
        declared = parameter.child_by_field_name("type")
        return _text(_type_name(declared)) if declared is not None else ""
    return ""


def _held_function(node: Node) -> Node | None:
    """Return the function literal that is the one value of a variable, or the value of a key."""
    held = node.child_by_field_name("right") or node.child_by_field_name("value")
    alone = held.named_children[0] if held is not None and held.named_child_count == 1 else None
    return alone if alone is not None and alone.type == "func_literal" else None


def _holds_function(node: Node) -> bool:
    return _held_function(node) is not None


def _holder(node: Node) -> Node | None:
    """Return the one name of `f := ...` or of a literal's key."""
    left = node.child_by_field_name("left") or node.child_by_field_name("key")
    alone = left.named_children[0] if left is not None and left.named_child_count == 1 else None
    names = {"identifier", "interpreted_string_literal"}
    return alone if alone is not None and alone.type in names and alone.text != b"_" else None


def _subtest(call: Node) -> bool:
    """Say whether a call is `t.Run("name", func(t *testing.T) { ... })`."""
    function, listed = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or listed is None or listed.named_child_count != 2:
        return False
    if _text(function.child_by_field_name("field")) != "Run":
        return False
    name, body = listed.named_children
    testing = body.type == "func_literal" and "*testing." in _text(body)[:80]
    return testing and "string" in name.type


def _argument(index: int) -> Callable[[Node], Node | None]:
    def find(call: Node) -> Node | None:
        listed = call.child_by_field_name("arguments")
        return listed.named_children[index] if listed is not None else None

    return find


def _makes(node: Node) -> bool:
    """Say whether a variable's one value is a literal, whose functions then bear its name."""
    held = node.child_by_field_name("right") or node.child_by_field_name("value")
    value = held.named_children[0] if held is not None and held.named_child_count == 1 else None
    if value is not None and value.type == "unary_expression":
        value = value.child_by_field_name("operand")
    return value is not None and value.type == "composite_literal"


def _exported(header: Header) -> bool:
    """Say whether a name begins with a capital letter; the functions of a literal have no name."""
    inside = header.parent is not None and header.parent.kind == "namespace"
    return header.name[:1].isupper() and not inside


_TEST_NAME = re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?![a-z])")
_SUITE = re.compile(r".*(?:Suite|Tests?)$")


def _is_test(header: Header) -> bool:
    """As `go test` collects: `TestX(t *testing.T)` and its like; methods of a suite as well."""
    if header.kind not in {"function", "method"} or not _TEST_NAME.match(header.name):
        return False
    kinds = [parameter.type for parameter in header.parameters]
    if header.kind == "method":
        return len(kinds) <= 1 and any(_SUITE.match(word) for word in header.words)
    if header.name.startswith("Example"):
        return not kinds
    return kinds in (["*testing.T"], ["*testing.B"], ["*testing.F"])


LANGUAGE = Language(
    name="go",
    title="Go",
    extensions=(".go",),
    aliases=("golang",),
    grammar=tree_sitter_go.language,
    define={
        "function_declaration": Define(kind="function", returns="result"),
        "method_declaration": Define(
            kind="function", owner=_receiver, returns="result", binds=None
        ),
        "method_elem": Define(kind="method", returns="result", binds=None),
        "type_spec": (
            Define(
                kind="struct", when=_is_struct, inner="type", body=_braces, bases=_embedded_fields
            ),
            Define(
                kind="interface",
                when=_is_interface,
                inner="type",
                body=_braces,
                bases=_embedded_interfaces,
            ),
            Define(kind="type", body=""),
        ),
        "type_alias": Define(kind="type", body="", bases=_aliased),
        "var_spec": (
            Define(kind="function", when=_holds_function, inner=_held_function, returns="result"),
            Define(kind=None, when=_makes, body=""),
        ),
        "short_var_declaration": (
            Define(
                kind="function",
                when=_holds_function,
                name=_holder,
                inner=_held_function,
                returns="result",
                binds="variable",
            ),
            Define(kind=None, when=_makes, name=_holder, body=""),
        ),
        "keyed_element": Define(
            kind="function",
            when=_holds_function,
            name=_holder,
            inner=_held_function,
            returns="result",
            binds=None,
        ),
        "call_expression": Define(
            kind="function",
            when=_subtest,
            name=_argument(0),
            inner=_argument(1),
            binds=None,
            test=True,
        ),
    },
    wrappers=frozenset({"type_declaration", "var_declaration"}),
    parameters={
        "parameter_declaration": Param(default="", several=True),
        "variadic_parameter_declaration": Param(default=""),
    },
    variadics=frozenset({"variadic_parameter_declaration"}),
    exported=_exported,
    is_test=_is_test,
    comments=frozenset({"comment"}),
    plain_docs=True,
    generated=re.compile(rb"(?m)^// Code generated .* DO NOT EDIT\.?\r?$"),
    identifiers=frozenset({"identifier", "package_identifier", "field_identifier"}),
    type_identifiers=frozenset({"type_identifier"}),
    roles={
        "selector_expression": {"operand": READ, "field": MEMBER},
        "qualified_type": {"package": TYPE, "name": MEMBER},
        "assignment_statement": {"left": WRITE, "right": READ},
        "index_expression": {"*": READ},
        "unary_expression": {"*": READ},
        "short_var_declaration": {"left": VARIABLE, "right": READ},
        "range_clause": {"left": VARIABLE, "right": READ},
        "receive_statement": {"left": VARIABLE, "right": READ},
        "type_switch_statement": {"alias": _SEEN_AT_ONCE, "*": READ},
        "var_spec": {"name": VARIABLE, "type": TYPE, "value": READ},
        "const_spec": {"name": _CONSTANT, "type": TYPE, "value": READ},
        "parameter_declaration": {"name": PARAMETER, "type": TYPE},
        "variadic_parameter_declaration": {"name": PARAMETER, "type": TYPE},
        "type_parameter_declaration": {"name": TYPE_PARAMETER, "type": TYPE},
        "field_declaration": {"name": FIELD, "type": OUTER_TYPE, "*": MEMBER},
        "type_spec": {"*": TYPE},
        "type_alias": {"*": TYPE},
        "composite_literal": {"type": TYPE, "body": READ},
        "type_assertion_expression": {"operand": READ, "type": TYPE},
        "type_conversion_expression": {"type": TYPE, "operand": READ},
    },
    scopes={
        "function_declaration": FUNCTION_SCOPE,
        "method_declaration": FUNCTION_SCOPE,
        "func_literal": FUNCTION_SCOPE,
        "function_type": FUNCTION_SCOPE,
        "method_elem": FUNCTION_SCOPE,
        "type_spec": BLOCK_SCOPE,
        "type_alias": BLOCK_SCOPE,
        "struct_type": _MEMBERS,
        **dict.fromkeys(
            (
                "block",
                "if_statement",
                "for_statement",
                "expression_switch_statement",
                "type_switch_statement",
                "expression_case",
                "type_case",
                "communication_case",
                "default_case",
            ),
            ORDERED_BLOCK_SCOPE,
        ),
    },
    readers={
        "package_clause": _package,
        "short_var_declaration": _left_side,
        "range_clause": _left_side,
        "receive_statement": _left_side,
        "assignment_statement": _left_side,
        "var_spec": _spec,
        "const_spec": _spec,
        "type_case": _case_type,
        "default_case": _case_type,
        "parameter_declaration": _spec,
        "field_declaration": _embedded,
        "composite_literal": _literal,
    },
    types_apart=True,
    implicit_names=True,
    imports={"import_spec": _import},
    calls={"call_expression": Callee()},
    members={"selector_expression": ("operand", "field")},
    callee_wrappers={"index_expression": "operand", "type_instantiation_expression": "type"},
    references=frozenset({"argument_list", "expression_list", "literal_element"}),
    typed={
        "var_spec": _declared,
        "const_spec": _declared,
        "parameter_declaration": _declared,
        "field_declaration": _declared,
        "short_var_declaration": _short_declared,
    },
    evident_types=_EVIDENT,
    first_result=_first_result,
    decisions=frozenset({"if", "for", "case", "&&", "||"}),
    flow={
        "if_statement": Flow.BRANCH,
        "for_statement": Flow.BRANCH,
        "expression_switch_statement": Flow.BRANCH,
        "type_switch_statement": Flow.BRANCH,
        "select_statement": Flow.BRANCH,
        "else": Flow.ELSE,
        "goto_statement": Flow.JUMP,
        "break_statement": Flow.JUMP,
        "continue_statement": Flow.JUMP,
        "func_literal": Flow.DEEPER,
    },
    anonymous=frozenset({"func_literal"}),
    logical=frozenset({"binary_expression"}),
    logical_operators=frozenset({"&&", "||"}),
    parentheses=frozenset({"parenthesized_expression"}),
)
