"""What JavaScript and TypeScript define, and how: functions take their names from many places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages import _ecmascript_modules as modules
from codearch.languages._language import Define, Header, Param, kinds

FUNCTIONS = kinds("arrow_function function_expression generator_function")
CLASSES = kinds("class")
_TESTS = kinds("describe it test suite context specify fdescribe fit xdescribe xit xtest bench")
# Calls that give back the function they are given, or one that stands for it.
_TRANSPARENT = kinds(
    """memo forwardRef observer useCallback debounce throttle once memoize memoizeOne curry
    asyncHandler catchAsync defineEventHandler createAsyncThunk"""
)


def text(node: Node | None) -> str:
    """Return a node's source."""
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def field_of(node: Node, *names: str) -> Node | None:
    """Return the child in the first of these fields that is there."""
    for name in names:
        found = node.child_by_field_name(name)
        if found is not None:
            return found
    return None


# --- functions that have a name without saying so ---------------------------------------------


def _value(node: Node) -> Node | None:
    """Return what a declarator, pair, field or assignment holds, seen through transparent calls."""
    value = field_of(node, "value", "right")
    if value is not None and value.type == "call_expression":
        called = text(field_of(value, "function")).rpartition(".")[2]
        arguments = field_of(value, "arguments")
        first = arguments.named_children[:1] if arguments is not None else []
        if called in _TRANSPARENT and first and first[0].type in FUNCTIONS:
            return first[0]
    return value


def _holds_function(node: Node) -> bool:
    value = _value(node)
    return value is not None and value.type in FUNCTIONS


def _holds_class(node: Node) -> bool:
    value = _value(node)
    return value is not None and value.type in CLASSES


def _holds_members(node: Node) -> bool:
    """Say whether it holds an object, or what a call makes of one: `Base.extend({...})`."""
    value = field_of(node, "value", "right")
    if value is not None and value.type == "call_expression":
        arguments = field_of(value, "arguments")
        return arguments is not None and any(
            each.type == "object" for each in arguments.named_children[:3]
        )
    return value is not None and value.type == "object"


def _name(node: Node) -> Node | None:
    """Return the name of a declarator, pair, field or member: no pattern, and nothing computed."""
    name = field_of(node, "name", "key", "property")
    if name is not None and name.type in {"object_pattern", "array_pattern"}:
        return None
    return name


def _assigned(node: Node) -> Node | None:
    """Return `c` of `a.b.c = ...`, and `c` of `c = ...`."""
    left = field_of(node, "left")
    if left is None or left.type == "identifier":
        return left
    return left.child_by_field_name("property") if left.type == "member_expression" else None


def _assigned_owner(node: Node) -> str:
    """Return `Foo` of `Foo.prototype.bar = ...` and `Foo.bar = ...`; "" for exports and this."""
    left = field_of(node, "left")
    target = left.child_by_field_name("object") if left is not None else None
    owner = text(target).removesuffix(".prototype")
    if owner in {"this", "self", "exports", "module", "module.exports", "window", "globalThis"}:
        return ""
    return owner if re.fullmatch(r"[\w$.]{1,60}", owner) else ""


def _default_name(node: Node) -> Node | None:
    """Return the `default` of an `export default` of something without a name."""
    return next((child for child in node.children[:6] if child.type == "default"), None)


def _default_value(node: Node) -> Node | None:
    value = field_of(node, "value", "declaration")
    return value if value is not None and value.child_by_field_name("name") is None else None


def _default_is(*wanted: str) -> Define:
    """Return the definition that `export default` gives to one of these kinds."""

    def when(node: Node) -> bool:
        value = _default_value(node)
        return value is not None and value.type in wanted and _default_name(node) is not None

    kind = "class" if "class" in wanted else None if "object" in wanted else "function"
    return Define(
        kind=kind,  # type: ignore[arg-type]
        name=_default_name,
        inner=_default_value,
        parameters=_parameters,
        bases=_bases_of_default,
        when=when,
        binds=None,
    )


def _parameters(node: Node) -> Node | None:
    return field_of(node, "parameters", "parameter")


def _rest(node: Node) -> Node | None:
    return node.named_children[0] if node.named_children else None


def _pattern(node: Node) -> Node | None:
    """Return the name of a typed parameter, without the dots of a rest."""
    pattern = field_of(node, "pattern")
    if pattern is not None and pattern.type == "rest_pattern":
        return _rest(pattern)
    return pattern


# --- tests ------------------------------------------------------------------------------------


def _test_parts(node: Node) -> tuple[Node, Node] | None:
    """Return name and callback of `it("does", () => ...)`, `test.each(...)("does", ...)`."""
    arguments = field_of(node, "arguments")
    if arguments is None or arguments.type != "arguments":
        return None
    given = arguments.named_children
    if not 2 <= len(given) <= 4 or given[0].type not in {
        "string",
        "template_string",
        "identifier",
        "member_expression",
        "binary_expression",
    }:
        return None
    callback = next((each for each in given[1:] if each.type in FUNCTIONS), None)
    return (given[0], callback) if callback is not None and _is_test_call(node) else None


def _is_test_call(node: Node) -> bool:
    function = field_of(node, "function")
    for _ in range(4):  # test.concurrent.skip.each(table)(...)
        if function is None:
            return False
        if function.type == "identifier":
            return text(function) in _TESTS
        function = field_of(function, "function", "object")
    return False


def _test_name(node: Node) -> Node | None:
    parts = _test_parts(node)
    return parts[0] if parts else None


def _test_callback(node: Node) -> Node | None:
    parts = _test_parts(node)
    return parts[1] if parts else None


# --- headers ----------------------------------------------------------------------------------


def _bases(node: Node) -> Iterator[str]:
    """Yield what a class or interface extends and implements, as written."""
    for child in node.named_children:
        if child.type in {"class_heritage", "extends_type_clause"}:
            for part in child.named_children:
                if part.type in {"extends_clause", "implements_clause"}:
                    yield from _heritage(part)
                elif part.type != "comment":
                    yield text(part)


def extended(node: Node) -> Node | None:
    """Return the expression of what a class extends, if that is a name or a member."""
    heritage = next((each for each in node.named_children if each.type == "class_heritage"), None)
    clause = heritage.named_children[0] if heritage and heritage.named_children else None
    if clause is not None and clause.type == "extends_clause":
        clause = field_of(clause, "value")
    known = clause is not None and clause.type in {"identifier", "member_expression"}
    return clause if known else None


def _heritage(clause: Node) -> Iterator[str]:
    """Join a base and its type arguments again: `Base<T>` stands in two nodes."""
    found: list[str] = []
    for part in clause.named_children:
        if part.type == "type_arguments" and found:
            found[-1] += text(part)
        elif part.type != "comment":
            found.append(text(part))
    yield from found


def _bases_of_default(node: Node) -> Iterator[str]:
    value = _default_value(node)
    yield from _bases(value) if value is not None else ()


def _bases_of_value(node: Node) -> Iterator[str]:
    value = _value(node)
    yield from _bases(value) if value is not None else ()


def exported(header: Header) -> bool:
    """Members go by their modifiers; everything else needs `export`."""
    parent = header.parent
    if parent is not None and parent.kind in TYPE_KINDS:
        return not header.name.startswith("#") and not header.words & {"private", "protected"}
    return "export" in header.words or header.name == "default"


# --- tables -----------------------------------------------------------------------------------

_FUNCTION = Define(kind="function", parameters=_parameters)
_METHOD = Define(kind="method", name=_name, parameters=_parameters, binds=None)
_MEMBERS = Define(kind=None, name=_name, when=_holds_members)
_VALUE = Define(
    kind="function", name=_name, inner=_value, parameters=_parameters, when=_holds_function
)
_PROPERTY = Define(
    kind="function",
    name=_name,
    inner=_value,
    parameters=_parameters,
    when=_holds_function,
    binds=None,
)
_CLASS_VALUE = Define(
    kind="class", name=_name, inner=_value, bases=_bases_of_value, when=_holds_class
)

DEFINE: dict[str, Define | tuple[Define, ...]] = {
    "function_declaration": _FUNCTION,
    "generator_function_declaration": _FUNCTION,
    "class_declaration": Define(kind="class", bases=_bases),
    "method_definition": _METHOD,
    "variable_declarator": (_VALUE, _CLASS_VALUE, _MEMBERS),
    "pair": (_PROPERTY, _MEMBERS),
    "assignment_expression": (
        Define(
            kind="function",
            name=_assigned,
            inner=_value,
            parameters=_parameters,
            owner=_assigned_owner,
            when=_holds_function,
            binds=None,
        ),
        Define(
            kind="class",
            name=_assigned,
            inner=_value,
            bases=_bases_of_value,
            owner=_assigned_owner,
            when=_holds_class,
            binds=None,
        ),
        Define(kind=None, name=_assigned, when=_holds_members),
    ),
    "export_statement": (
        _default_is(*sorted(FUNCTIONS), "function_declaration"),
        _default_is("class", "class_declaration"),
        _default_is("object"),
    ),
    "call_expression": Define(
        kind="function",
        name=_test_name,
        inner=_test_callback,
        parameters=_parameters,
        binds=None,
        test=True,
    ),
}
TYPED_DEFINE: dict[str, Define | tuple[Define, ...]] = {
    "abstract_class_declaration": Define(kind="class", bases=_bases),
    "interface_declaration": Define(kind="interface", bases=_bases),
    "enum_declaration": Define(kind="enum"),
    "type_alias_declaration": Define(kind="type", body="value"),
    "internal_module": Define(kind="namespace"),
    "module": Define(kind="namespace", binds=None),
    "function_signature": Define(kind="function", when=modules.is_last_overload),
    "method_signature": _METHOD,
    "abstract_method_signature": _METHOD,
    "public_field_definition": _PROPERTY,
}
FIELD_DEFINE = _PROPERTY
WRAPPERS = kinds(
    """export_statement lexical_declaration variable_declaration expression_statement
    ambient_declaration"""
)
PARAMETERS = {
    "identifier": Param(name=""),
    "assignment_pattern": Param(name="left", default="right"),
    "rest_pattern": Param(
        name=lambda node: node.named_children[0] if node.named_children else None
    ),
    "object_pattern": Param(name=""),
    "array_pattern": Param(name=""),
}
TYPED_PARAMETERS = {
    "required_parameter": Param(name=_pattern),
    "optional_parameter": Param(name=_pattern),
}
