"""What C and C++ share: definitions, includes, calls, control flow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from codearch.facts import SymbolKind
from codearch.languages._c_declarators import (
    declared_name,
    declared_types,
    function_declarator,
    last_name,
    returned_type,
    scopes_of,
    spelled_type,
    stands_at_top,
    text_of,
)
from codearch.languages._language import (
    FIELD,
    FUNCTION_SCOPE,
    MEMBER,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
    PARAMETER,
    READ,
    RESULT_OF,
    TYPE,
    TYPE_PARAMETER,
    WRITE,
    Callee,
    Define,
    Flow,
    Header,
    ImportDraft,
    Param,
    Reader,
    Role,
    Roles,
    Scoping,
    kinds,
)

CONSTANT = Role(binds="constant")
SEEN_AT_ONCE = Role(binds="variable")

# --- functions --------------------------------------------------------------------------------


def function_name(node: Node) -> Node | None:
    """Return the last part of a function's name."""
    declarator = function_declarator(node)
    if declarator is None or declarator.type == "operator_cast":
        return declarator
    name = declared_name(declarator)
    if name is None:
        inner = declarator.child_by_field_name("declarator")
        name = inner if inner is not None and inner.type == "template_function" else None
    last = last_name(name)
    return last if last is None or last.type != "qualified_identifier" else None


def function_label(node: Node) -> str:
    """Return a function's name: `open`, `~Foo`, `operator==`, `operator bool`."""
    name = function_name(node)
    if name is None:
        return ""
    if name.type != "operator_cast":
        text = "".join(text_of(name).split())
        return (
            re.sub(r"^operator(?=\w)", "operator ", text) if name.type == "operator_name" else text
        )
    parameters = name.child_by_field_name("declarator")
    end = parameters.start_byte - name.start_byte if parameters is not None else None
    return " ".join((name.text or b"")[:end].decode(errors="replace").split())


def parameter_list(node: Node) -> Node | None:
    """Return the parameters of a function."""
    declarator = function_declarator(node)
    if declarator is not None and declarator.type == "operator_cast":
        declarator = declarator.child_by_field_name("declarator")
    listed = declarator.child_by_field_name("parameters") if declarator is not None else None
    return None if listed is not None and listed.text == b"(void)" else listed


def qualified_name(node: Node) -> Node | None:
    """Return the whole name of a function that is defined outside its type, else None."""
    declarator = function_declarator(node)
    if declarator is None:
        return None
    name = declarator.parent if declarator.type == "operator_cast" else declared_name(declarator)
    return name if name is not None and name.type == "qualified_identifier" else None


def owner_of(node: Node) -> str:
    """Return the scopes that a function's own name says: `ns.Foo` for `ns::Foo<T>::bar`."""
    return ".".join(scopes_of(qualified_name(node)))


def is_function(node: Node) -> bool:
    """Say whether a definition or a declaration outside of functions is a function's."""
    return function_declarator(node) is not None and stands_at_top(node)


# --- types ------------------------------------------------------------------------------------

_NAMED = kinds("type_identifier identifier primitive_type")


def has_body(node: Node) -> bool:
    """Say whether a type is defined here, by itself: not in a typedef."""
    around = node.parent
    defined = node.child_by_field_name("body") is not None
    return defined and (around is None or around.type != "type_definition")


def typedef_of(kind: str) -> Callable[[Node], bool]:
    """Return whether a typedef defines a type of this kind as well."""

    def holds(node: Node) -> bool:
        defined = node.child_by_field_name("type")
        if defined is None or defined.type != kind:
            return False
        return defined.child_by_field_name("body") is not None

    return holds


def typedef_name(node: Node) -> Node | None:
    """Return the first name that a typedef gives."""
    for declarator in node.children_by_field_name("declarator"):
        name = declared_name(declarator)
        if name is not None and name.type in _NAMED:
            return name
    return None


def _aliased(node: Node) -> Iterator[str]:
    """Yield the type that a typedef or alias means, if it is one with a name."""
    declarator = node.child_by_field_name("declarator")
    kind = node.child_by_field_name("type")
    plain = declarator is None or declarator.type in {"type_identifier", "pointer_declarator"}
    if plain and kind is not None and kind.type != "primitive_type":
        yield " ".join(text_of(kind).split())


def _type(kind: SymbolKind) -> Define:
    return Define(kind=kind, when=has_body, name=last_type_name)


def last_type_name(node: Node) -> Node | None:
    """Return the last part of a type's name, without template arguments."""
    return last_name(node.child_by_field_name("name"))


def _typedef(kind: SymbolKind, specifier: str) -> Define:
    return Define(kind=kind, when=typedef_of(specifier), name=typedef_name, inner="type")


ALIAS = Define(kind="type", body="", bases=_aliased)
TYPES: Mapping[str, Define] = {
    "struct_specifier": _type("struct"),
    "union_specifier": _type("union"),
    "enum_specifier": _type("enum"),
}
TYPEDEFS = (
    _typedef("struct", "struct_specifier"),
    _typedef("union", "union_specifier"),
    _typedef("enum", "enum_specifier"),
    Define(kind="type", body="", name=typedef_name, bases=_aliased),
)
MACRO = Define(kind="macro", body="value")
PROTOTYPE = Define(
    kind="function",
    when=is_function,
    name=function_name,
    label=function_label,
    body="",
    parameters=parameter_list,
    returned=returned_type,
)


def _macro_parameter(node: Node) -> Node:
    return node


PARAMETERS: Mapping[str, Param] = {
    "parameter_declaration": Param(name=declared_name, default="", spelled=spelled_type),
    "identifier": Param(name=_macro_parameter, type="", default=""),
    "variadic_parameter": Param(name=lambda _node: None, type="", default="", variadic=True),
}


def exported(header: Header) -> bool:
    """Functions that are not static, and types; nothing of an unnamed namespace."""
    around = header.parent
    if around is not None and around.kind == "namespace" and not around.name:
        return False
    if around is not None and around.kind not in {"namespace", "function", "method"}:
        return True
    return header.kind not in {"function", "method"} or "static" not in header.words


# --- includes and names -----------------------------------------------------------------------


def include(node: Node) -> Iterator[ImportDraft]:
    """`#include <a.h>` is of the system, `#include "a.h"` is not; one of a macro is passed over."""
    path = node.child_by_field_name("path")
    written = text_of(path)
    if path is not None and written[:1] in {"<", '"'}:
        system = written[0] == "<"
        yield ImportDraft(kind="include", module=written.strip('<>"').strip(), system=system)


def declaration(node: Node, reader: Reader) -> Node | None:
    """Inside functions `T x(a);` makes a T, whatever else it might mean; return the arguments."""
    kind = node.child_by_field_name("type")
    function = function_declarator(node) if not stands_at_top(node) else None
    name = declared_name(function) if function is not None else None
    if function is None or name is None or name.type != "identifier":
        return None
    reader.bind_here(name, "variable", kind)
    parameters = function.child_by_field_name("parameters")
    for each in parameters.named_children if parameters is not None else ():
        argument = each.child_by_field_name("type")
        if argument is not None and argument.type == "type_identifier":
            reader.use(argument)
            reader.skip(argument)
    return parameters


def _local_declaration(node: Node, reader: Reader) -> bool:
    declaration(node, reader)
    return False


def typedef_tag(node: Node, reader: Reader) -> bool:
    """`typedef struct a {...} b;` binds a as well as b."""
    defined = node.child_by_field_name("type")
    tag = defined.child_by_field_name("name") if defined is not None else None
    name = typedef_name(node)
    if defined is None or tag is None or defined.child_by_field_name("body") is None:
        return False
    if name is not None and tag.text != name.text:
        reader.bind_here(tag, "class")
    return False


_CALLED = re.compile(
    r"(?<![.\w#>\"])(?!(?:if|for|while|switch|return|sizeof|defined|alignof|typeof|__\w+__)\b)"
    r"([A-Za-z_]\w*)[ \t]*\("
)


def macro_body(node: Node, reader: Reader) -> bool:
    """What a macro with parameters calls is called from it, though nobody parses it."""
    if node.parent is not None and node.parent.type == "preproc_function_def":
        reader.calls_in(node, _CALLED)
    return False


# --- complexity -------------------------------------------------------------------------------

_STOP = re.compile(r"""[;{})]|(?<![=!<>+*/^&|-])=(?![=>])""")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')


def and_counts(token: Node) -> bool:
    """Say whether lizard counts an `&&`: it takes one before an `=` for a reference."""
    around = token.parent
    if around is None:
        return True
    if around.type in {"reference_declarator", "abstract_reference_declarator"}:
        above = around.parent
        return above is None or above.type != "init_declarator"
    right = around.child_by_field_name("right")
    if right is None:
        return True
    stop = _STOP.search(_QUOTED.sub("0", text_of(right)))
    return stop is None or stop.group() != "="


def is_written(word: Node) -> bool:
    """Say whether a `while` is one: else it stands for a macro that loops."""
    after = word.next_sibling
    return after is None or after.start_byte - word.end_byte <= 1


def before_body(node: Node) -> tuple[int, int]:
    """Return the stretch of a function in which lizard does not count yet."""
    body = node.child_by_field_name("body")
    return (node.start_byte, body.start_byte) if body is not None else (0, 0)


def condition(node: Node) -> tuple[int, int]:
    """Return the stretch of an `#if` in which lizard does not count."""
    found = node.child_by_field_name("condition")
    return (found.start_byte, found.end_byte) if found is not None else (0, 0)


LOST = {"function_definition": before_body, "preproc_if": condition, "preproc_elif": condition}


# --- evident types ----------------------------------------------------------------------------


def result(node: Node) -> str:
    """Return the type that a call names, or that the function of this file declares."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "identifier":
        return RESULT_OF + text_of(function)
    return ""


def cast(node: Node) -> str:
    """Return the type of a cast."""
    return text_of(node.child_by_field_name("type"))


def inside(node: Node, evident: Mapping[str, Callable[[Node], str]]) -> str:
    """Return the evident type of what stands in parentheses, or behind `&` or `*`."""
    inner = node.child_by_field_name("argument")
    if inner is None and node.named_child_count == 1:
        inner = node.named_children[0]
    found = evident.get(inner.type) if inner is not None else None
    return found(inner) if found is not None and inner is not None else ""


def is_unnamed_list(parameters: Node) -> bool:
    """Say whether parameters belong to a function's type: their names are seen by nobody."""
    around = parameters.parent
    if around is None:
        return False
    if around.type == "abstract_function_declarator":
        return around.parent is None or around.parent.type != "lambda_expression"
    inner = around.child_by_field_name("declarator")
    return inner is not None and inner.type == "parenthesized_declarator"


def is_prototype(node: Node) -> bool:
    """Say whether a declaration has parameters of its own."""
    return function_declarator(node) is not None and stands_at_top(node)


ROLES: Mapping[str, Roles] = {
    "function_definition": {"type": TYPE, "declarator": MEMBER, "*": READ},
    "function_declarator": {"parameters": PARAMETER},
    "declaration": {"type": TYPE, "declarator": SEEN_AT_ONCE, "*": READ},
    "init_declarator": {"value": READ},
    "array_declarator": {"size": READ},
    "parameter_list": {"*": PARAMETER},
    "parameter_declaration": {"type": TYPE, "declarator": PARAMETER, "*": READ},
    "field_declaration": {"type": TYPE, "declarator": FIELD, "*": READ},
    "type_definition": {"type": TYPE, "declarator": TYPE_PARAMETER},
    "enumerator": {"name": CONSTANT, "*": READ},
    "struct_specifier": {"name": TYPE, "*": READ},
    "union_specifier": {"name": TYPE, "*": READ},
    "enum_specifier": {"name": TYPE, "*": READ},
    "field_expression": {"argument": READ, "field": MEMBER},
    "field_designator": {"*": MEMBER},
    "assignment_expression": {"left": WRITE, "right": READ},
    "call_expression": {"*": READ},
    "subscript_expression": {"*": READ},
    "pointer_expression": {"*": READ},
    "conditional_expression": {"*": READ},
    "preproc_def": {"name": CONSTANT},
    "preproc_function_def": {"name": MEMBER},
    "preproc_params": {"*": PARAMETER},
    "attribute_specifier": {"*": MEMBER},
}
SCOPES: Mapping[str, Scoping] = {
    "function_definition": ORDERED_FUNCTION_SCOPE,
    "preproc_function_def": FUNCTION_SCOPE,
    "parameter_list": Scoping(when=is_unnamed_list),
    "declaration": Scoping(hoists=True, when=is_prototype, header=True),
    **dict.fromkeys(
        ("compound_statement", "for_statement", "while_statement", "if_statement"),
        ORDERED_BLOCK_SCOPE,
    ),
}
READERS: Mapping[str, Callable[[Node, Reader], bool]] = {
    "declaration": _local_declaration,
    "type_definition": typedef_tag,
    "preproc_arg": macro_body,
}
TYPED = {
    "declaration": declared_types,
    "field_declaration": declared_types,
}
CALLS = {"call_expression": Callee()}
REFERENCES = kinds(
    "argument_list init_declarator assignment_expression initializer_list initializer_pair"
    " pointer_expression conditional_expression return_statement"
)
DECISIONS = kinds("if for case || ? #if #ifdef #elif")
DECIDES = {"&&": and_counts, "while": is_written}
FLOW: Mapping[str, Flow] = {
    "if_statement": Flow.BRANCH,
    "for_statement": Flow.BRANCH,
    "while_statement": Flow.BRANCH,
    "do_statement": Flow.BRANCH,
    "switch_statement": Flow.BRANCH,
    "conditional_expression": Flow.CONDITION,
    "else_clause": Flow.ELSE,
    "goto_statement": Flow.JUMP,
}
DOC_COMMENT = re.compile(r"/\*\*(?![*/])|/\*!|///(?!/)|//!")
DOC_LINKS = (re.compile(r"[@\\](?:ref|link|see|sa)\s+(\w+)"),)
_DOXYGEN = re.compile(
    r"[@\\](?:brief|short|details|code\{\.\w+\}|(?:end)?(?:code|verbatim)|ref|link|endlink|[pceab]|em)"
    r"\b[ \t]*|[@\\]t?param(?:\[[\w, ]+\])?[ \t]+(?P<name>\w+|\.\.\.)"
    r"|[@\\](?P<gives>returns?|result)\b"
    r"|[@\\](?P<throws>throws?|exception)\b|[@\\](?P<see>see|sa)\b"
)


def plain_doxygen(doc: str) -> str:
    """Return a Doxygen text without its commands, those that say something in words."""
    return _DOXYGEN.sub(_plain, doc).strip()


def _plain(command: re.Match[str]) -> str:
    if command.group("name"):
        return f"{command.group('name')}:"
    words = {"gives": "Returns", "throws": "Throws", "see": "See"}
    return next((word for key, word in words.items() if command.group(key)), "")
