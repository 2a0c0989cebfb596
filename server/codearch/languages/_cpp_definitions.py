"""C++'s symbols, and what is a test."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import TYPE_KINDS, SymbolKind
from codearch.languages import _c_family as family
from codearch.languages._c_declarators import (
    returned_type,
    scopes_of,
    text_of,
)
from codearch.languages._language import (
    Define,
    Finder,
    Header,
    kinds,
)

# --- tests -------------------------------------------------------------------------------------

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


def test_name(node: Node) -> Node | None:
    """Return the name of a test that a macro begins."""
    return _test_parts(node)[1]


def suite(node: Node) -> str:
    """Return the fixture or suite of such a test."""
    return text_of(_test_parts(node)[0])


def is_test_macro(node: Node) -> bool:
    """Say whether a definition is such a test."""
    return _test_parts(node)[1] is not None


def is_test(header: Header) -> bool:
    """Fixtures of GoogleTest, and methods of CppUnit's."""
    if header.kind in TYPE_KINDS:
        return any(
            base.endswith(("testing::Test", "TestFixture", "TestCase")) for base in header.bases
        )
    around = header.parent
    in_fixture = around is not None and around.test
    return header.kind == "method" and in_fixture and header.name.startswith("test")


# --- symbols -----------------------------------------------------------------------------------


def _bases(node: Node) -> Iterator[str]:
    for child in node.named_children:
        if child.type == "base_class_clause":
            for base in child.named_children:
                if base.type not in {"access_specifier", "comment", "attribute_declaration"}:
                    yield text_of(base)


def is_named_outside(node: Node) -> bool:
    """Say whether a function is defined outside its class or namespace."""
    return family.qualified_name(node) is not None


def is_constructor(node: Node) -> bool:
    """Constructors, destructors, conversions: what declares no type."""
    return node.child_by_field_name("type") is None


def is_declared_constructor(node: Node) -> bool:
    """Say whether a declaration is of a constructor or a destructor."""
    return is_constructor(node) and family.is_function(node)


_AROUND_MEMBERS = kinds(
    "template_declaration field_declaration preproc_if preproc_ifdef preproc_else"
)


def access(node: Node) -> str:
    """Return `public`, `protected` or `private` for what stands in a class."""
    inside = node
    while inside.parent is not None and inside.parent.type in _AROUND_MEMBERS:
        inside = inside.parent
    members = inside.parent
    if members is None or members.type != "field_declaration_list":
        return ""
    of_class = members.parent is not None and members.parent.type == "class_specifier"
    found = "private" if of_class else "public"
    for child in members.named_children:
        if child.start_byte >= inside.start_byte:
            break
        if child.type == "access_specifier":
            found = text_of(child)
    return found


def exported(header: Header) -> bool:
    """What is not private, static, or in a namespace without a name."""
    return "private" not in header.words and family.exported(header)


def namespace_label(node: Node) -> str:
    """Return a namespace's name, its parts joined by dots."""
    return "".join(text_of(node.child_by_field_name("name")).split()).replace("::", ".")


def is_scoped_enum(node: Node) -> bool:
    """Say whether an enum is an `enum class`."""
    return any(child.type in {"class", "struct"} for child in node.children)


def held_lambda(node: Node) -> Node | None:
    """Return the lambda to which a declaration gives a name."""
    value = node.child_by_field_name("value")
    name = node.child_by_field_name("declarator")
    plain = name is not None and name.type == "identifier"
    return value if plain and value is not None and value.type == "lambda_expression" else None


def holds_lambda(node: Node) -> bool:
    """Say whether a declaration gives a name to a lambda."""
    return held_lambda(node) is not None


def lambda_parameters(node: Node) -> Node | None:
    """Return a lambda's parameters."""
    declarator = node.child_by_field_name("declarator")
    return declarator.child_by_field_name("parameters") if declarator is not None else None


def lambda_result(node: Node) -> str:
    """Return what a lambda declares to give."""
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


def function_of(*, body: Finder = _body, **how: object) -> Define:
    """Return how functions of one kind are defined."""
    return Define(
        kind="function",
        body=body,
        name=family.function_name,
        label=family.function_label,
        parameters=family.parameter_list,
        returned=returned_type,
        access=access,
        **how,  # type: ignore[arg-type] # further fields of Define
    )


def _type_owner(node: Node) -> str:
    """Return the class in which a type is declared that is defined outside: `class Foo::Bar {`."""
    return ".".join(scopes_of(node.child_by_field_name("name")))


def class_of(kind: SymbolKind) -> Define:
    """Return how classes or structs are defined."""
    return Define(
        kind=kind,
        when=family.has_body,
        name=family.last_type_name,
        owner=_type_owner,
        access=access,
        bases=_bases,
    )
