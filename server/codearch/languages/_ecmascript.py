"""What JavaScript and TypeScript share: nearly all. JSX and TypeScript's kinds stand here too."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages import _ecmascript_modules as modules
from codearch.languages._language import (
    BLOCK_SCOPE,
    FUNCTION_SCOPE,
    HIDDEN_CLASS_SCOPE,
    MEMBER,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
    WRITE,
    Callee,
    Define,
    Flow,
    Header,
    Param,
    Reader,
    Role,
    Roles,
    Typed,
    kinds,
)

_VAR = Role(binds="variable", hoist=True, after=True)
_LET = Role(binds="variable", after=True)
_LOOP = Role(binds="variable")
_OWN_NAME = Role(binds="function")

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


def _field(node: Node, *names: str) -> Node | None:
    """Return the child in the first of these fields that is there."""
    for name in names:
        found = node.child_by_field_name(name)
        if found is not None:
            return found
    return None


# --- functions that have a name without saying so ---------------------------------------------


def _value(node: Node) -> Node | None:
    """Return what a declarator, pair, field or assignment holds, seen through transparent calls."""
    value = _field(node, "value", "right")
    if value is not None and value.type == "call_expression":
        called = text(_field(value, "function")).rpartition(".")[2]
        arguments = _field(value, "arguments")
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
    value = _field(node, "value", "right")
    if value is not None and value.type == "call_expression":
        arguments = _field(value, "arguments")
        return arguments is not None and any(
            each.type == "object" for each in arguments.named_children[:3]
        )
    return value is not None and value.type == "object"


def _name(node: Node) -> Node | None:
    """Return the name of a declarator, pair, field or member: no pattern, and nothing computed."""
    name = _field(node, "name", "key", "property")
    if name is not None and name.type in {"object_pattern", "array_pattern"}:
        return None
    return name


def _assigned(node: Node) -> Node | None:
    """Return `c` of `a.b.c = ...`, and `c` of `c = ...`."""
    left = _field(node, "left")
    if left is None or left.type == "identifier":
        return left
    return left.child_by_field_name("property") if left.type == "member_expression" else None


def _assigned_owner(node: Node) -> str:
    """Return `Foo` of `Foo.prototype.bar = ...` and `Foo.bar = ...`; "" for exports and this."""
    left = _field(node, "left")
    target = left.child_by_field_name("object") if left is not None else None
    owner = text(target).removesuffix(".prototype")
    if owner in {"this", "self", "exports", "module", "module.exports", "window", "globalThis"}:
        return ""
    return owner if re.fullmatch(r"[\w$.]{1,60}", owner) else ""


def _default_name(node: Node) -> Node | None:
    """Return the `default` of an `export default` of something without a name."""
    return next((child for child in node.children[:6] if child.type == "default"), None)


def _default_value(node: Node) -> Node | None:
    value = _field(node, "value", "declaration")
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
    return _field(node, "parameters", "parameter")


def _pattern(node: Node) -> Node | None:
    """Return the name of a typed parameter, without the dots of a rest."""
    pattern = _field(node, "pattern")
    if pattern is not None and pattern.type == "rest_pattern":
        return pattern.named_children[0] if pattern.named_children else None
    return pattern


# --- tests ------------------------------------------------------------------------------------


def _test_parts(node: Node) -> tuple[Node, Node] | None:
    """Return name and callback of `it("does", () => ...)`, `test.each(...)("does", ...)`."""
    arguments = _field(node, "arguments")
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
    function = _field(node, "function")
    for _ in range(4):  # test.concurrent.skip.each(table)(...)
        if function is None:
            return False
        if function.type == "identifier":
            return text(function) in _TESTS
        function = _field(function, "function", "object")
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


# --- names that need more than a table --------------------------------------------------------


def _for_in(node: Node, reader: Reader) -> bool:
    """`for (x of xs)` writes to a variable that is there already."""
    left = _field(node, "left")
    if left is not None and _field(node, "kind") is None and left.type == "identifier":
        reader.use(left, "write")
        reader.skip(left)
    return False


def _jsx(node: Node, reader: Reader) -> bool:
    """A tag in capitals, or with a dot, is a component: it is used, and called. Others are HTML."""
    name = _field(node, "name")
    if node.type != "jsx_element":
        reader.use(node, "read", "React")  # the classic way compiles each element to a call on it
    if name is None:
        return False
    last = _field(name, "property", "name") or name
    if name.type == "identifier" and not text(name)[:1].isupper():
        reader.skip(name)
    elif last.type in {"identifier", "property_identifier"}:
        reader.call(
            last, _field(name, "object"), "call", len(node.children_by_field_name("attribute"))
        )
    return False


def class_field(node: Node, reader: Reader) -> bool:
    """Fields have types, by which calls on them are resolved."""
    name = _field(node, "name", "property")
    if name is not None and name.type in {"property_identifier", "private_property_identifier"}:
        reader.bind_field(name, _field(node, "type"), _field(node, "value"))
    return False


def _parameter_property(node: Node, reader: Reader) -> bool:
    """`constructor(private store: Store)` declares a field."""
    name = _field(node, "pattern")
    if name is not None and any(
        child.type in {"accessibility_modifier", "readonly", "override_modifier"}
        for child in node.children[:4]
    ):
        reader.bind_field(name, _field(node, "type"))
    return False


def _alias(node: Node, reader: Reader) -> bool:
    """`import x = NS.y`."""
    parts = node.named_children
    if parts:
        reader.bind(parts[0], "variable")
        reader.skip(parts[0])
    return False


def _new_type(node: Node) -> str:
    return text(_field(node, "constructor"))


def _cast_type(node: Node) -> str:
    return text(node.named_children[-1]) if node.named_child_count == 2 else ""


def _await_type(node: Node) -> str:
    inner = node.named_children[0] if node.named_children else None
    return _new_type(inner) if inner is not None and inner.type == "new_expression" else ""


_NO_END = sys.maxsize
_KEYWORDS = frozenset({b"catch", b"for", b"if", b"while", b"case"})
_MAX_SCANNED = 2000  # bytes of an arrow function's value
_TOKEN = re.compile(
    rb"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`"
    rb"|[(\[{]|[)\]}]|\n\s*(?!\s|//|/\*|[.(\[{]|\?\.)",
    re.DOTALL,
)


def decisions_end(node: Node) -> int:
    """Return where lizard lets an arrow function end whose body is an expression.

    It ends at the first line that begins outside of brackets, if not with a bracket or a dot: what
    comes then counts for the function around.
    """
    body = _field(node, "body")
    if node.type != "arrow_function" or body is None or body.type == "statement_block":
        return _NO_END
    header = _field(node, "parameters", "parameter")
    begin = header.end_byte - node.start_byte if header is not None else 0
    source = (node.text or b"")[: begin + _MAX_SCANNED]
    depth = 0
    for token in _TOKEN.finditer(source, max(source.find(b"=>", begin), 0)):
        first = token.group()[:1]
        if first in b"([{":
            depth += 1
        elif first in b")]}":
            depth -= 1
        elif first == b"\n" and depth <= 0:
            return node.start_byte + token.end()
    return _NO_END


def _lost(node: Node) -> tuple[int, int]:
    """Return what lizard takes for parameters: `(a && b)` in `x = (a && b) || c`, and the `||`."""
    value = _field(node, "value", "right")
    around = None
    while value is not None and value.type in {
        "binary_expression",
        "ternary_expression",
        "as_expression",
        "member_expression",
        "non_null_expression",
        "call_expression",
    }:
        around, value = value, value.child(0)
    if value is None or value.type != "parenthesized_expression":
        return 0, 0
    operator = _field(around, "operator") if around is not None else None
    end = operator.end_byte if operator is not None else value.end_byte
    if around is not None and around.type == "ternary_expression":
        end += 1
    return value.start_byte, end


def _has_default(node: Node) -> bool:
    return node.child_by_field_name("value") is not None


def _reads_as_decision(node: Node) -> bool:
    """Say whether lizard takes a member's name for a keyword: `promise.catch(...)`."""
    return node.text in _KEYWORDS


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
    """export_statement lexical_declaration variable_declaration expression_statement"""
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

ROLES: dict[str, Roles] = {
    "variable_declaration": {"*": _VAR},
    "lexical_declaration": {"*": _LET},
    "variable_declarator": {"value": READ},
    "assignment_expression": {"left": WRITE, "right": READ},
    "augmented_assignment_expression": {"left": WRITE, "right": READ},
    "update_expression": {"argument": WRITE},
    "assignment_pattern": {"right": READ},
    "object_assignment_pattern": {"right": READ},
    "member_expression": {"object": READ, "property": MEMBER},
    "subscript_expression": {"*": READ},
    "computed_property_name": {"*": READ},
    "call_expression": {"*": READ},
    "formal_parameters": {"*": PARAMETER},
    "arrow_function": {"parameter": PARAMETER, "*": READ},
    "function_expression": {"name": _OWN_NAME, "*": READ},
    "generator_function": {"name": _OWN_NAME, "*": READ},
    "class": {"name": _OWN_NAME, "*": READ},
    "for_in_statement": {"left": _LOOP, "*": READ},
    "catch_clause": {"parameter": _LOOP, "*": READ},
    "export_specifier": {"name": READ, "alias": MEMBER},
    "jsx_closing_element": {"*": MEMBER},
    "object": {"*": READ},
    "array": {"*": READ},
}
TYPED_ROLES: dict[str, Roles] = {
    "variable_declarator": {"value": READ, "type": TYPE},
    "required_parameter": {"pattern": PARAMETER, "type": TYPE, "value": READ, "decorator": READ},
    "optional_parameter": {"pattern": PARAMETER, "type": TYPE, "value": READ, "decorator": READ},
    "arrow_function": {"parameter": PARAMETER, "return_type": TYPE, "*": READ},
    "type_annotation": {"*": TYPE},
    "type_arguments": {"*": TYPE},
    "type_alias_declaration": {"value": TYPE},
    "type_parameter": {"name": TYPE_PARAMETER, "constraint": TYPE, "value": TYPE},
    "interface_declaration": {"*": TYPE},
    "extends_clause": {"value": READ, "type_arguments": TYPE},
    "implements_clause": {"*": TYPE},
    "nested_type_identifier": {"module": TYPE, "name": MEMBER},
    "nested_identifier": {"object": READ, "property": MEMBER},
    "mapped_type_clause": {"name": TYPE_PARAMETER, "type": TYPE},
    "infer_type": {"*": TYPE_PARAMETER},
    "index_signature": {"name": PARAMETER, "*": TYPE},
    "type_query": {"*": READ},
    "as_expression": {"*": READ},
    "satisfies_expression": {"*": READ},
    "type_predicate": {"name": READ, "type": TYPE},
}
SCOPES = {
    "function_declaration": FUNCTION_SCOPE,
    "generator_function_declaration": FUNCTION_SCOPE,
    "function_expression": FUNCTION_SCOPE,
    "generator_function": FUNCTION_SCOPE,
    "arrow_function": FUNCTION_SCOPE,
    "method_definition": FUNCTION_SCOPE,
    "class_static_block": FUNCTION_SCOPE,
    "class_declaration": HIDDEN_CLASS_SCOPE,
    "class": HIDDEN_CLASS_SCOPE,
    "statement_block": BLOCK_SCOPE,
    "for_statement": BLOCK_SCOPE,
    "for_in_statement": BLOCK_SCOPE,
    "switch_body": BLOCK_SCOPE,
    "catch_clause": BLOCK_SCOPE,
}
TYPED_SCOPES = {
    "abstract_class_declaration": HIDDEN_CLASS_SCOPE,
    "interface_declaration": HIDDEN_CLASS_SCOPE,
    "type_alias_declaration": BLOCK_SCOPE,
    "function_signature": FUNCTION_SCOPE,
    "method_signature": FUNCTION_SCOPE,
    "abstract_method_signature": FUNCTION_SCOPE,
    "construct_signature": FUNCTION_SCOPE,
    "call_signature": FUNCTION_SCOPE,
    "constructor_type": FUNCTION_SCOPE,
    "function_type": FUNCTION_SCOPE,
    "index_signature": BLOCK_SCOPE,
    "conditional_type": BLOCK_SCOPE,
}
READERS = {
    "for_in_statement": _for_in,
    "jsx_opening_element": _jsx,
    "jsx_self_closing_element": _jsx,
    "export_statement": modules.exports,
    "assignment_expression": modules.common_exports,
}
TYPED_READERS = {
    "public_field_definition": class_field,
    "property_signature": class_field,
    "required_parameter": _parameter_property,
    "optional_parameter": _parameter_property,
    "import_alias": _alias,
}
TYPED = {
    "variable_declarator": Typed(target="name"),
    "assignment_expression": Typed(target="left", value="right"),
}
TYPED_TYPED = {
    "required_parameter": Typed(target="pattern"),
    "optional_parameter": Typed(target="pattern"),
}
EVIDENT_TYPES = {"new_expression": _new_type, "await_expression": _await_type}
TYPED_EVIDENT = {"as_expression": _cast_type}
CALLS = {
    "call_expression": Callee(),
    "new_expression": Callee(function="constructor", kind="new"),
}
MEMBERS = {"member_expression": ("object", "property")}
TYPED_MEMBERS = {"nested_identifier": ("object", "property")}
IMPORTS = {
    "import_statement": modules.imports,
    "export_statement": modules.reexports,
    "variable_declarator": modules.required,
    "call_expression": modules.called,
}
GUARDS = kinds("try_statement if_statement ternary_expression")
REFERENCES = kinds(
    """arguments pair variable_declarator assignment_expression array object return_statement
    jsx_expression ternary_expression spread_element assignment_pattern export_statement"""
)
DECISIONS = kinds(
    """if for while catch case && || ?? &&= ||= ??= ternary_expression
    assignment_pattern object_assignment_pattern conditional_type"""
)
DECIDES = {"property_identifier": _reads_as_decision}
TYPED_DECIDES = {"required_parameter": _has_default, "optional_parameter": _has_default}
LOST = {"variable_declarator": _lost, "assignment_expression": _lost}
FLOW = {
    "if_statement": Flow.BRANCH,
    "for_statement": Flow.BRANCH,
    "for_in_statement": Flow.BRANCH,
    "while_statement": Flow.BRANCH,
    "do_statement": Flow.BRANCH,
    "switch_statement": Flow.BRANCH,
    "try_statement": Flow.LEVEL,
    "catch_clause": Flow.CONDITION,
    "ternary_expression": Flow.CONDITION,
    "else_clause": Flow.ELSE,
    "break_statement": Flow.JUMP,
    "continue_statement": Flow.JUMP,
    "arrow_function": Flow.DEEPER,
    "function_expression": Flow.DEEPER,
    "generator_function": Flow.DEEPER,
}
IDENTIFIERS = kinds(
    "identifier shorthand_property_identifier shorthand_property_identifier_pattern"
)
DECLARING = kinds(
    """function_declaration generator_function_declaration class_declaration return_statement
    export_statement import_statement"""
)
DOC_COMMENT = re.compile(r"/\*\*(?!/)")
DOC_LINKS = (
    re.compile(r"\{@link(?:code|plain)?\s+([\w$.]+)"),
    re.compile(r"@(?:see|jsx|jsxFrag|extends|augments|implements)\s+([\w$.]+)"),
    re.compile(r"@\w+\s+\{([^}\n]+)\}"),
)
