"""C++ to C++23: methods defined outside belong to their class; modules; the usual tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import tree_sitter_cpp
from tree_sitter import Node

from codearch.facts import TYPE_KINDS, SymbolKind
from codearch.languages import _c_family as family
from codearch.languages._c_declarators import (
    declared_name,
    last_name,
    returned_type,
    scopes_of,
    spelled_type,
    text_of,
)
from codearch.languages._language import (
    CLASS_SCOPE,
    FUNCTION_SCOPE,
    MEMBER,
    MEMBERS_SCOPE,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
    OUTER_READ,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
    Define,
    Finder,
    Flow,
    Header,
    ImportDraft,
    ImportedDraft,
    Language,
    Param,
    Reader,
    Scoping,
    TypedName,
    kinds,
)
from codearch.languages._preprocessor import prepare_cpp

# --- tests ------------------------------------------------------------------------------------

_TEST_MACROS = kinds(
    "TEST TEST_F TEST_P TYPED_TEST TYPED_TEST_P FRIEND_TEST FUZZ_TEST_F TEST_CASE TEST_CASE_METHOD"
    " TEST_CASE_FIXTURE TEMPLATE_TEST_CASE SCENARIO BOOST_AUTO_TEST_CASE BOOST_FIXTURE_TEST_CASE"
    " BOOST_DATA_TEST_CASE BOOST_PARAM_TEST_CASE TEST_METHOD ABSL_TEST"
)
_FIXTURE_FIRST = kinds(
    "TEST TEST_F TEST_P TYPED_TEST TYPED_TEST_P TEST_CASE_METHOD TEST_CASE_FIXTURE"
)


def _test_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Return suite and name of `TEST_F(Suite, name) {...}` and of its like."""
    declarator = node.child_by_field_name("declarator")
    if declarator is None or node.child_by_field_name("type") is not None:
        return None, None
    macro = text_of(declarator.child_by_field_name("declarator"))
    listed = declarator.child_by_field_name("parameters")
    if macro not in _TEST_MACROS or listed is None or not listed.named_children:
        return None, None
    if macro in _FIXTURE_FIRST and listed.named_child_count > 1:
        return listed.named_children[0], listed.named_children[1]
    return None, listed.named_children[0]


def _test_name(node: Node) -> Node | None:
    return _test_parts(node)[1]


def _suite(node: Node) -> str:
    return text_of(_test_parts(node)[0])


def _is_test_macro(node: Node) -> bool:
    return _test_parts(node)[1] is not None


def _is_test(header: Header) -> bool:
    """Fixtures of GoogleTest, and methods of CppUnit's."""
    if header.kind in TYPE_KINDS:
        return any(
            base.endswith(("testing::Test", "TestFixture", "TestCase")) for base in header.bases
        )
    around = header.parent
    in_fixture = around is not None and around.test
    return header.kind == "method" and in_fixture and header.name.startswith("test")


# --- imports ----------------------------------------------------------------------------------


def _using(node: Node) -> Iterator[ImportDraft]:
    """`using a::b` takes b from a, `using namespace a` all of it; also what was an `import`."""
    name = node.named_children[-1] if node.named_children else None
    if name is None:
        return
    words = {child.type for child in node.children}
    written = "".join(text_of(name).split())
    if "namespace" in words:
        yield ImportDraft(kind="using", module=written, names=[ImportedDraft("*", "", name)])
    elif name.type == "identifier" and _is_module(node):
        module = written.strip("$").replace("$", ".")
        yield ImportDraft(kind="import", module=module, system=written.startswith("$"))
    elif name.type == "qualified_identifier":
        yield _named_import(name, text_of(_last(name)), _last(name))


def _is_module(node: Node) -> bool:
    """Say whether a `using` was made of an `import`: a gap is left of it."""
    return node.named_children[-1].start_byte - node.children[0].end_byte > 1


def _last(name: Node) -> Node:
    while name.type == "qualified_identifier":
        inner = name.child_by_field_name("name")
        if inner is None:
            break
        name = inner
    return name


def _named_import(name: Node, alias: str, bound: Node) -> ImportDraft:
    module, _, last = "".join(text_of(name).split()).rpartition("::")
    return ImportDraft(kind="using", module=module, names=[ImportedDraft(last, alias, bound)])


def _namespace_alias(node: Node) -> Iterator[ImportDraft]:
    alias = node.child_by_field_name("name")
    if alias is not None:
        yield _named_import(node.named_children[-1], text_of(alias), alias)


# --- names that need more than a table --------------------------------------------------------


def _made(reader: Reader, kind: Node | None, arguments: Node | None) -> None:
    """Record that an object of a type is made."""
    scope = None
    if kind is not None and kind.type == "qualified_identifier":
        scope = kind.child_by_field_name("scope")
    name = last_name(kind)
    if name is not None and name.type in {"type_identifier", "identifier"}:
        reader.call(name, scope, "new", arguments.named_child_count if arguments is not None else 0)


def _new(node: Node, reader: Reader) -> bool:
    _made(reader, node.child_by_field_name("type"), node.child_by_field_name("arguments"))
    return False


def _compound(node: Node, reader: Reader) -> bool:
    """`Foo{1}` makes a Foo."""
    _made(reader, node.child_by_field_name("type"), node.child_by_field_name("value"))
    return False


def _declaration(node: Node, reader: Reader) -> bool:
    """`Foo x(1)` and `Foo x{1}` make a Foo."""
    for declarator in node.children_by_field_name("declarator"):
        value = declarator.child_by_field_name("value")
        if declarator.type != "init_declarator" or value is None:
            continue
        in_place = value.type in {"argument_list", "initializer_list"}
        if in_place and all(child.type != "=" for child in declarator.children):
            _made(reader, node.child_by_field_name("type"), value)
    made = family.declaration(node, reader)
    if made is not None:
        _made(reader, node.child_by_field_name("type"), made)
    return False


def _initializer(node: Node, reader: Reader) -> bool:
    """`Derived() : Base(1)` calls Base's constructor; a field's name is a use of the field."""
    name = node.named_children[0] if node.named_children else None
    if name is None:
        return False
    if text_of(name)[:1].isupper() and not text_of(name).endswith("_"):
        arguments = node.named_children[-1]
        reader.call(name, None, "new", arguments.named_child_count)
    elif name.type == "field_identifier":
        reader.use(name, "write")
    reader.skip(name)
    return False


def _capture(node: Node, reader: Reader) -> bool:
    """`[x = f()]` binds x inside the lambda."""
    name = node.child_by_field_name("left")
    if name is not None and name.type == "identifier":
        reader.bind_here(name, "variable")
    return False


def _binding(node: Node, reader: Reader) -> bool:
    """`auto [a, b] = ...` binds both."""
    for name in node.named_children:
        if name.type == "identifier":
            reader.bind_here(name, "variable")
    return False


def _type_parameter(node: Node, reader: Reader) -> bool:
    if node.named_children and node.named_children[-1].type == "type_identifier":
        name = node.named_children[-1]
        reader.bind_here(name, "type")
    return False


# --- types ------------------------------------------------------------------------------------

_OF_ARGUMENT = kinds(
    "make_unique make_shared static_cast dynamic_cast const_cast reinterpret_cast"
    " static_pointer_cast dynamic_pointer_cast make_optional make_ref MakeUnique any_cast get_if"
)


def _result(call: Node) -> str:
    """`std::make_unique<T>(...)` and `static_cast<T*>(...)` give a T."""
    function = call.child_by_field_name("function")
    while function is not None and function.type == "qualified_identifier":
        function = function.child_by_field_name("name")
    if function is None or function.type != "template_function":
        return family.result(call)
    listed = function.child_by_field_name("arguments")
    given = text_of(function.child_by_field_name("name")) in _OF_ARGUMENT
    return text_of(listed.named_children[0]) if given and listed and listed.named_children else ""


def _of_type(node: Node) -> str:
    return text_of(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    return family.inside(node, _EVIDENT)


_EVIDENT: dict[str, Callable[[Node], str]] = {
    "call_expression": _result,
    "new_expression": _of_type,
    "cast_expression": _of_type,
    "compound_literal_expression": _of_type,
    "parenthesized_expression": _inside,
    "pointer_expression": _inside,
}


def _loop_variable(node: Node) -> Iterator[TypedName]:
    declarator = node.child_by_field_name("declarator")
    name = declared_name(declarator) if declarator is not None else None
    kind = node.child_by_field_name("type")
    if name is not None and kind is not None and kind.type != "placeholder_type_specifier":
        yield TypedName(name, kind)


# --- symbols ----------------------------------------------------------------------------------


def _bases(node: Node) -> Iterator[str]:
    for child in node.named_children:
        if child.type == "base_class_clause":
            for base in child.named_children:
                if base.type not in {"access_specifier", "comment", "attribute_declaration"}:
                    yield text_of(base)


def _is_named_outside(node: Node) -> bool:
    return family.qualified_name(node) is not None


def _is_constructor(node: Node) -> bool:
    """Constructors, destructors, conversions: what declares no type."""
    return node.child_by_field_name("type") is None


def _is_declared_constructor(node: Node) -> bool:
    return _is_constructor(node) and family.is_function(node)


def _namespace_label(node: Node) -> str:
    return "".join(text_of(node.child_by_field_name("name")).split()).replace("::", ".")


def _is_scoped_enum(node: Node) -> bool:
    return any(child.type in {"class", "struct"} for child in node.children)


def _lambda(node: Node) -> Node | None:
    value = node.child_by_field_name("value")
    name = node.child_by_field_name("declarator")
    plain = name is not None and name.type == "identifier"
    return value if plain and value is not None and value.type == "lambda_expression" else None


def _holds_lambda(node: Node) -> bool:
    return _lambda(node) is not None


def _lambda_parameters(node: Node) -> Node | None:
    declarator = node.child_by_field_name("declarator")
    return declarator.child_by_field_name("parameters") if declarator is not None else None


def _lambda_result(node: Node) -> str:
    value = node.child_by_field_name("value")
    declarator = value.child_by_field_name("declarator") if value is not None else None
    for child in declarator.named_children if declarator is not None else ():
        if child.type == "trailing_return_type":
            return text_of(child.named_children[0])
    return ""


def _body(node: Node) -> Node | None:
    """Return where a function's signature ends: at its initialisers, if it has any."""
    for child in node.named_children:
        if child.type == "field_initializer_list":
            return child
    return node.child_by_field_name("body")


def _function(*, body: Finder = _body, **how: object) -> Define:
    return Define(
        kind="function",
        body=body,
        name=family.function_name,
        label=family.function_label,
        parameters=family.parameter_list,
        returned=returned_type,
        **how,  # type: ignore[arg-type]
    )


def _type_owner(node: Node) -> str:
    """Return the class in which a type is declared that is defined outside: `class Foo::Bar {`."""
    return ".".join(scopes_of(node.child_by_field_name("name")))


def _class(kind: SymbolKind) -> Define:
    return Define(
        kind=kind,
        when=family.has_body,
        name=family.last_type_name,
        owner=_type_owner,
        bases=_bases,
    )


LANGUAGE = Language(
    name="cpp",
    title="C++",
    extensions=(
        *(".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".h", ".ipp", ".tpp"),
        *(".inl", ".ixx", ".cppm", ".mpp", ".cu", ".cuh", ".ino", ".tcc", ".txx"),
    ),
    aliases=("c++", "cxx"),
    contents=re.compile(
        rb"^[ \t]*(?:class\s+\w[^;()]*[:{]|namespace\b|(?:inline\s+)?namespace\s+\w|template\s*<"
        rb"|using\s+\w|(?:public|private|protected)\s*:|virtual\s|friend\s|typename\s)"
        rb"|\bstd::|\bnullptr\b|\bconstexpr\b|\boperator\s*(?:[=+<>!\[(*-]|bool\b)|\b(?:static|const)_cast<"
        rb"|#[ \t]*include[ \t]*<(?:string|vector|memory|map|utility|functional|iostream|cstdint"
        rb"|cstddef|algorithm|set|atomic|type_traits|cstdlib|cstring|mutex|optional|array)>"
        rb"|-\*-[ \t]*(?:mode:[ \t]*)?C\+\+",
        re.MULTILINE,
    ),
    grammar=tree_sitter_cpp.language,
    prepare=prepare_cpp,
    define={
        "function_definition": (
            Define(
                kind="function",
                when=_is_test_macro,
                name=_test_name,
                owner=_suite,
                parameters="",
                binds=None,
                test=True,
            ),
            _function(when=_is_named_outside, owner=family.owner_of, binds=None),
            _function(when=_is_constructor, binds=None),
            _function(),
        ),
        "declaration": (
            _function(when=_is_declared_constructor, body="", binds=None),
            family.PROTOTYPE,
        ),
        "field_declaration": family.PROTOTYPE,
        **family.TYPES,
        "struct_specifier": _class("struct"),
        "class_specifier": _class("class"),
        "namespace_definition": (
            Define(kind="namespace", label=_namespace_label),
            Define(kind=None, name="body", label=lambda _node: ""),
        ),
        "type_definition": family.TYPEDEFS,
        "alias_declaration": family.ALIAS,
        "concept_definition": Define(kind="type", body=""),
        "preproc_function_def": family.MACRO,
        "init_declarator": Define(
            kind="function",
            when=_holds_lambda,
            name="declarator",
            inner=_lambda,
            parameters=_lambda_parameters,
            returned=_lambda_result,
            binds="variable",
            shares=True,
        ),
    },
    wrappers=kinds("template_declaration linkage_specification field_declaration declaration"),
    wrapper_parts=kinds("template_parameter_list string_literal requires_clause"),
    parameters={
        **family.PARAMETERS,
        "optional_parameter_declaration": Param(
            name=declared_name, default="default_value", spelled=spelled_type
        ),
        "variadic_parameter_declaration": Param(
            name=declared_name, default="", spelled=spelled_type, variadic=True
        ),
    },
    variadics=kinds("variadic_parameter variadic_parameter_declaration"),
    decorators=kinds("attribute_declaration attribute_specifier ms_declspec_modifier"),
    exported=family.exported,
    is_test=_is_test,
    comments=kinds("comment"),
    doc_comment=family.DOC_COMMENT,
    plain_docs=True,
    doc_links=family.DOC_LINKS,
    doc_prose=family.plain_doxygen,
    identifiers=kinds("identifier field_identifier namespace_identifier"),
    type_identifiers=kinds("type_identifier"),
    roles={
        **family.ROLES,
        "class_specifier": {"name": TYPE, "*": READ},
        "base_class_clause": {"*": TYPE},
        "optional_parameter_declaration": {
            "type": TYPE,
            "declarator": PARAMETER,
            "default_value": READ,
        },
        "variadic_parameter_declaration": {"type": TYPE, "declarator": PARAMETER},
        "type_parameter_declaration": {"*": TYPE_PARAMETER},
        "optional_type_parameter_declaration": {"name": TYPE_PARAMETER, "default_type": TYPE},
        "variadic_type_parameter_declaration": {"*": TYPE_PARAMETER},
        "template_argument_list": {"*": READ},
        "qualified_identifier": {"scope": READ, "name": MEMBER},
        "template_type": {"arguments": READ},
        "template_function": {"arguments": READ},
        "template_method": {"arguments": READ},
        "alias_declaration": {"name": TYPE_PARAMETER, "type": TYPE},
        "namespace_definition": {"name": MEMBER, "*": READ},
        "concept_definition": {"name": MEMBER, "*": READ},
        "for_range_loop": {
            "type": TYPE,
            "declarator": family.SEEN_AT_ONCE,
            "right": OUTER_READ,
            "*": READ,
        },
        "lambda_capture_initializer": {"right": READ},
        "requires_expression": {"*": READ},
        "destructor_name": {"*": MEMBER},
        "attribute": {"*": MEMBER},
        "friend_declaration": {"*": TYPE},
    },
    scopes={
        **family.SCOPES,
        "struct_specifier": CLASS_SCOPE,
        "union_specifier": CLASS_SCOPE,
        "class_specifier": CLASS_SCOPE,
        "enum_specifier": Scoping(hoists=True, members=True, when=_is_scoped_enum),
        "field_declaration": family.SCOPES["declaration"],
        "template_declaration": Scoping(header=True),
        "namespace_definition": FUNCTION_SCOPE,
        "lambda_expression": ORDERED_FUNCTION_SCOPE,
        "for_range_loop": ORDERED_BLOCK_SCOPE,
        "catch_clause": ORDERED_BLOCK_SCOPE,
        "requires_expression": MEMBERS_SCOPE,
    },
    readers={
        **family.READERS,
        "declaration": _declaration,
        "new_expression": _new,
        "compound_literal_expression": _compound,
        "field_initializer": _initializer,
        "lambda_capture_initializer": _capture,
        "structured_binding_declarator": _binding,
        "type_parameter_declaration": _type_parameter,
        "variadic_type_parameter_declaration": _type_parameter,
    },
    implicit_names=True,
    imports={
        "preproc_include": family.include,
        "using_declaration": _using,
        "namespace_alias_definition": _namespace_alias,
    },
    calls=family.CALLS,
    members={
        "field_expression": ("argument", "field"),
        "qualified_identifier": ("scope", "name"),
    },
    qualified=kinds("qualified_identifier"),
    data_members=kinds("field_expression"),
    callee_wrappers={
        "template_function": "name",
        "template_method": "name",
        "template_type": "name",
        "pointer_expression": "argument",
    },
    references=family.REFERENCES,
    self_words=kinds("this"),
    typed={**family.TYPED, "for_range_loop": _loop_variable},
    evident_types=_EVIDENT,
    decisions=family.DECISIONS | {"catch"},
    decides=family.DECIDES,
    lost=family.LOST,
    flow={
        **family.FLOW,
        "for_range_loop": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "catch_clause": Flow.CONDITION,
        "lambda_expression": Flow.DEEPER,
    },
    logical=kinds("binary_expression"),
    logical_operators=kinds("&& || and or"),
    parentheses=kinds("parenthesized_expression"),
)
