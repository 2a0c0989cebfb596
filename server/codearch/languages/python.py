"""Python 3, up to PEP 695 generics; what only Python 2 has is read as broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_python
from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages import _python_flows
from codearch.languages._language import (
    BLOCK_SCOPE,
    FUNCTION_SCOPE,
    HIDDEN_CLASS_SCOPE,
    HOISTED,
    MEMBER,
    OUTER_READ,
    OUTER_TYPE,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
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

_LOOP = Role(binds="variable", hoist=True)
_GENERICS = kinds("dict list tuple set frozenset type")
_TELLING = (b"cast", b"TypeVar", b"__all__.extend", b"__all__.append")
_COMPREHENSION = Role(binds="variable")


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


# --- imports ----------------------------------------------------------------------------------


def _import(node: Node) -> Iterator[ImportDraft]:
    """`import a.b, c as d`: one import a module; `a.b` binds `a`."""
    for child in node.children_by_field_name("name"):
        if child.type == "aliased_import":
            module, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if module is not None and alias is not None:
                names = [ImportedDraft("", _text(alias), alias)]
                yield ImportDraft(kind="import", module=_dotted(module), names=names, node=child)
        elif child.named_children:
            first = child.named_children[0]
            names = [ImportedDraft("", _text(first), first)]
            yield ImportDraft(kind="import", module=_dotted(child), names=names, node=child)


def _import_from(node: Node) -> Iterator[ImportDraft]:
    source = node.child_by_field_name("module_name")
    module = _dotted(source) or ("__future__" if node.type == "future_import_statement" else "")
    names: list[ImportedDraft] = []
    for child in node.named_children[0 if source is None else 1 :]:
        if child.type == "wildcard_import":
            names.append(ImportedDraft("*", "", child))
        elif child.type == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if alias is not None:
                names.append(ImportedDraft(_dotted(name), _text(alias), alias))
        elif child.type == "dotted_name":
            names.append(ImportedDraft(_dotted(child), _dotted(child), child))
    if module == "__future__":  # a directive: it binds names that nobody reads
        names = [ImportedDraft(name.name, "", name.node) for name in names]
    bare = module.lstrip(".")
    yield ImportDraft(kind="from", module=bare, names=names, level=len(module) - len(bare))


def _dotted(node: Node | None) -> str:
    return "".join(_text(node).split())


# --- names that need more than a table --------------------------------------------------------


def _global(node: Node, reader: Reader) -> bool:
    for name in node.named_children:
        reader.redirect(_text(name), outermost=node.type == "global_statement")
    return True


def _assigned(node: Node, reader: Reader) -> bool:
    """`__all__ = [...]` and `+=` export names and use them; `T: TypeAlias = "U"` is a type."""
    target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    if target is None or value is None:
        return False
    if target.text == b"__all__":
        _export_strings(value, reader)
    declared = _text(node.child_by_field_name("type")).rpartition(".")[2]
    if declared == "TypeAlias" and value.type == "string":
        reader.use_names_in(value, "annotation")
    return False


def _call(node: Node, reader: Reader) -> bool:
    """`__all__.extend([...])` exports; `cast("T", x)` and `TypeVar(..., bound="T")` hold types."""
    function = node.child_by_field_name("function")
    if function is None or not (function.text or b"").endswith(_TELLING):
        return False
    arguments = node.child_by_field_name("arguments")
    if arguments is None:
        return False
    name = _text(function)
    if name in {"__all__.extend", "__all__.append"}:
        _export_strings(arguments, reader)
    first_and_rest = arguments.named_children
    last = name.rpartition(".")[2]
    types = {"cast": first_and_rest[:1], "TypeVar": first_and_rest[1:]}.get(last, [])
    for argument in types:
        value = argument.child_by_field_name("value") or argument
        if value.type == "string":
            reader.use_names_in(value, "annotation")
    return False


def _subscript(node: Node, reader: Reader) -> bool:
    """`Json = dict[str, "Json"]`: strings inside the brackets of a type are types, as it seems.

    So are those of a list in them: `Step = Callable[["Node"], bool]`.
    """
    value = _text(node.child_by_field_name("value")).rpartition(".")[2]
    if value[:1].isupper() or value in _GENERICS:
        for index in node.children_by_field_name("subscript"):
            for each in index.named_children if index.type == "list" else (index,):
                if each.type == "string":
                    reader.use_names_in(each, "annotation")
    return False


def _constrained(node: Node, reader: Reader) -> bool:
    """`[T: int]` binds T."""
    name = node.named_children[0].named_children[:1] if node.named_children else []
    for each in name:
        reader.bind(each, "type")
        reader.skip(each)
    return False


def _export_strings(node: Node, reader: Reader) -> None:
    """Export each string of a list, a tuple, or a sum of them."""
    pending = [node]
    while pending:
        here = pending.pop()
        if here.type != "string":
            pending += reversed(here.named_children)
            continue
        for content in here.named_children:
            if content.type == "string_content":
                reader.export(_text(content))
                reader.use(content)


def _match_name(node: Node, reader: Reader) -> bool:
    """In a pattern a bare name binds, a dotted one and a class are looked up."""
    parts = node.named_children
    parent = node.parent
    if len(parts) > 1 or (parent is not None and parent.type == "class_pattern"):
        reader.use(parts[0])
    elif parts and parts[0].text != b"_":
        reader.bind(parts[0], "variable")
    return True


def _match_as(node: Node, reader: Reader) -> bool:
    """`case P() as name` binds; `with x as name` and `except E as name` go by their fields."""
    last = node.named_children[-1] if node.named_children else None
    if (
        last is not None
        and last.type == "identifier"
        and node.named_children[0].type == "case_pattern"
    ):
        reader.bind(last, "variable")
        reader.skip(last)
    return False


def _match_keyword(node: Node, reader: Reader) -> bool:
    """In `Point(x=0)` the x is an attribute."""
    reader.skip(node.named_children[0])
    return False


# --- symbols ----------------------------------------------------------------------------------


def _bases(node: Node) -> Iterator[str]:
    bases = node.child_by_field_name("superclasses")
    for base in bases.named_children if bases is not None else ():
        if base.type not in {"keyword_argument", "comment"}:
            yield _text(base)


def _docstring(body: Node) -> Node | None:
    """Return the string that is the first statement of a body."""
    for statement in body.named_children:
        if statement.type == "comment":
            continue
        if statement.type == "expression_statement" and statement.named_child_count == 1:
            value = statement.named_children[0]
            return value if value.type in {"string", "concatenated_string"} else None
        return None
    return None


def _splat_name(node: Node) -> Node | None:
    """Return the name in `*args`, `**kw`, and in `*args: T`."""
    for child in node.named_children:
        if child.type == "identifier":
            return child
        if child.type in {"list_splat_pattern", "dictionary_splat_pattern"}:
            return _splat_name(child)
    return None


def _alias_name(node: Node) -> Node | None:
    """Return the X of `type X[T] = ...`."""
    left = node.child_by_field_name("left")
    while left is not None and left.type != "identifier":
        left = left.named_children[0] if left.named_children else None
    return left


def _exported(header: Header) -> bool:
    name = header.name
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _is_test(header: Header) -> bool:
    """As pytest and unittest collect: `test*` functions, and classes named or derived so."""
    parent = header.parent
    if header.kind in TYPE_KINDS:
        return header.name.startswith("Test") or any("TestCase" in base for base in header.bases)
    return header.name.startswith("test") and (parent is None or parent.test)


def _constructed(node: Node) -> str:
    """Return `a.B` for `a.B(...)`: by convention a name in capitals is a class."""
    function = node.child_by_field_name("function")
    if function is None or function.type not in {"identifier", "attribute"}:
        return ""
    name = _text(function)
    last = name.rpartition(".")[2].lstrip("_")
    return name if last[:1].isupper() and (len(last) == 1 or not last.isupper()) else ""


def _bound_as(node: Node) -> Iterator[TypedName]:
    """`except E as e` gives an E, `with f() as x` what f gives."""
    alias = node.child_by_field_name("alias")
    target = alias.named_children[0] if alias is not None and alias.named_child_count else None
    value = node.named_children[0] if node.named_child_count else None
    if target is None or value is None or node.parent is None:
        return
    if node.parent.type == "with_item":
        yield TypedName(target, None, value)
    elif node.parent.type == "except_clause" and value.type in {"identifier", "attribute"}:
        yield TypedName(target, value)


LANGUAGE = Language(
    name="python",
    title="Python",
    extensions=(".py", ".pyi", ".pyw", ".pyx", ".pxd"),
    filenames=("SConstruct", "SConscript", "wscript"),
    interpreters=("python", "pypy"),
    aliases=("py", "python3"),
    grammar=tree_sitter_python.language,
    define={
        "function_definition": Define(kind="function"),
        "class_definition": Define(kind="class", bases=_bases),
        "type_alias_statement": Define(kind="type", name=_alias_name, body="right"),
    },
    wrappers=kinds("decorated_definition"),
    parameters={
        "identifier": Param(name=""),
        "default_parameter": Param(),
        "typed_parameter": Param(name=_splat_name),
        "typed_default_parameter": Param(),
        "list_splat_pattern": Param(name=_splat_name),
        "dictionary_splat_pattern": Param(name=_splat_name),
    },
    variadics=kinds("list_splat_pattern dictionary_splat_pattern"),
    decorators=kinds("decorator"),
    exported=_exported,
    is_test=_is_test,
    comments=kinds("comment"),
    blocks=kinds("block"),
    doc_comment=re.compile(r"#:"),
    docstring=_docstring,
    type_comment=re.compile(r"#\s*type:\s*(?!ignore\b)(.+)"),
    identifiers=kinds("identifier"),
    roles={
        "attribute": {"object": READ, "attribute": MEMBER},
        "subscript": {"value": READ, "*": READ},
        "call": {"*": READ},
        "keyword_argument": {"name": MEMBER, "value": READ},
        "assignment": {"left": HOISTED, "right": READ, "type": TYPE},
        "augmented_assignment": {"left": HOISTED, "right": READ},
        "named_expression": {"name": HOISTED, "value": READ},
        "for_statement": {"left": _LOOP, "*": READ},
        "for_in_clause": {"left": _COMPREHENSION, "right": READ},
        "as_pattern_target": {"*": _LOOP},
        "delete_statement": {"*": READ},
        "parameters": {"*": PARAMETER},
        "lambda_parameters": {"*": PARAMETER},
        "default_parameter": {"name": PARAMETER, "value": OUTER_READ},
        "typed_parameter": {"type": OUTER_TYPE, "*": PARAMETER},
        "typed_default_parameter": {"name": PARAMETER, "type": OUTER_TYPE, "value": OUTER_READ},
        "function_definition": {
            "name": MEMBER,
            "type_parameters": TYPE_PARAMETER,
            "return_type": OUTER_TYPE,
            "*": READ,
        },
        "class_definition": {"name": MEMBER, "type_parameters": TYPE_PARAMETER, "*": READ},
        "type_alias_statement": {"left": TYPE_PARAMETER, "right": TYPE},
        "constrained_type": {"*": TYPE},
        "splat_pattern": {"*": _LOOP},
    },
    scopes={
        "function_definition": FUNCTION_SCOPE,
        "lambda": FUNCTION_SCOPE,
        "class_definition": HIDDEN_CLASS_SCOPE,
        "list_comprehension": BLOCK_SCOPE,
        "set_comprehension": BLOCK_SCOPE,
        "dictionary_comprehension": BLOCK_SCOPE,
        "generator_expression": BLOCK_SCOPE,
    },
    readers={
        "global_statement": _global,
        "nonlocal_statement": _global,
        "assignment": _assigned,
        "augmented_assignment": _assigned,
        "call": _call,
        "subscript": _subscript,
        "constrained_type": _constrained,
        "dotted_name": _match_name,
        "as_pattern": _match_as,
        "keyword_pattern": _match_keyword,
    },
    strings=kinds("string"),
    imports={
        "import_statement": _import,
        "import_from_statement": _import_from,
        "future_import_statement": _import_from,
    },
    guards=kinds("try_statement if_statement"),
    type_only_guard=re.compile(r"(\w+\.)?TYPE_CHECKING"),
    program_guard=re.compile(
        r"""__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__"""
    ),
    calls={"call": Callee()},
    members={"attribute": ("object", "attribute")},
    references=kinds(
        "argument_list keyword_argument assignment pair list tuple return_statement"
        " default_parameter typed_default_parameter conditional_expression"
    ),
    self_words=kinds("self cls"),
    super_words=kinds("super()"),
    typed={"assignment": Typed(target="left", value="right"), "as_pattern": _bound_as},
    elements={"for_statement": ("left", "right"), "for_in_clause": ("left", "right")},
    returning=frozenset({"return_statement"}),
    evident_types={"call": _constructed},
    decisions=kinds("if elif for while except finally and or case"),
    flow={
        "if_statement": Flow.BRANCH,
        "for_statement": Flow.BRANCH,
        "while_statement": Flow.BRANCH,
        "match_statement": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "except_clause": Flow.CONDITION,
        "conditional_expression": Flow.CONDITION,
        "elif_clause": Flow.ELSE,
        "else_clause": Flow.ELSE,
        "lambda": Flow.DEEPER,
    },
    logical=kinds("boolean_operator"),
    logical_operators=kinds("and or"),
    parentheses=kinds("parenthesized_expression"),
    declaring=kinds("function_definition decorated_definition return_statement"),
    flows=_python_flows.FLOWS,
)
