"""Java to 21 and beyond: records, sealed types, patterns, text blocks; Javadoc as plain words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import tree_sitter_java
from tree_sitter import Node

from codearch.facts import TYPE_KINDS, ImportKind
from codearch.languages._language import (
    BLOCK_SCOPE,
    CLASS_SCOPE,
    FIELD,
    MEMBER,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
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
    Typed,
    TypedName,
)

_SEEN_AT_ONCE = Role(binds="variable")
_ENUM_CONSTANT = Role(binds="constant")
_INITIAL_VALUE = Role(use="read", after=True)  # its declarator's name is not bound before its end


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


# --- imports and package ----------------------------------------------------------------------


def _import(node: Node) -> Iterator[ImportDraft]:
    """`import a.B` is the module a.B, `import static a.B.c` the c from the module a.B."""
    path = next((child for child in node.named_children if "identifier" in child.type), None)
    if path is None:
        return
    kinds = {child.type: child for child in node.children}
    kind: ImportKind = "from" if "static" in kinds else "import"
    last = path.child_by_field_name("name") or path
    scope = path.child_by_field_name("scope")
    if "asterisk" in kinds:
        names = [ImportedDraft("*", "", kinds["asterisk"])]
        yield ImportDraft(kind=kind, module=_dotted(path), names=names)
    elif kind == "from":
        names = [ImportedDraft(_text(last), _text(last), last)]
        yield ImportDraft(kind="from", module=_dotted(scope), names=names)
    else:
        names = [ImportedDraft("", _text(last), last)]
        yield ImportDraft(kind="import", module=_dotted(path), names=names)


def _package(node: Node, reader: Reader) -> bool:
    for child in node.named_children:
        if "identifier" in child.type:
            reader.package(_dotted(child))
            while child.named_children:
                child = child.named_children[0]  # noqa: PLW2901
            reader.skip(child)
    return False


def _dotted(node: Node | None) -> str:
    return "".join(_text(node).split())


# --- names that need more than a table --------------------------------------------------------


def _scoped_type(node: Node, reader: Reader) -> bool:
    """In `Outer.Inner` only Outer is looked up."""
    reader.skip(node.named_children[-1])
    return False


def _bare_call(node: Node, reader: Reader) -> bool:
    """`run()` uses a name, which may be a static import; `x.run()` does not."""
    name = node.child_by_field_name("name")
    if name is not None and node.child_by_field_name("object") is None:
        reader.use(name)
    return False


def _label(node: Node, reader: Reader) -> bool:
    reader.skip(node.named_children[0])
    return False


def _pattern(node: Node, reader: Reader) -> bool:
    """`case Circle c` and a record pattern's `int x` bind their last name."""
    kind, name = node.named_children[0], node.named_children[-1]
    inferred = kind.text == b"var"
    if inferred:
        reader.skip(kind)
    if name.type == "identifier":
        reader.bind_here(name, "variable", None if inferred else kind)
    return False


def _spread(node: Node, reader: Reader) -> bool:
    name = _spread_name(node)
    if name is not None:
        reader.bind_here(name, "parameter")
    return False


def _inferred(node: Node, reader: Reader) -> bool:
    """The type `var` is no name."""
    declared = node.child_by_field_name("type")
    if declared is not None and declared.text == b"var":
        reader.skip(declared)
    return False


# --- calls ------------------------------------------------------------------------------------


def _created(node: Node) -> tuple[Node | None, Node | None]:
    """`new a.B<C>(...)` is a call of B with the receiver a."""
    created = node.child_by_field_name("type")
    if created is not None and created.type == "generic_type":
        created = created.named_children[0]
    if created is not None and created.type == "scoped_type_identifier":
        return created.named_children[-1], created.named_children[0]
    return (created if created is not None and created.type == "type_identifier" else None), None


def _constructor_call(node: Node, reader: Reader) -> bool:
    """`super(...)` calls the base's constructor, `this(...)` another one of the class."""
    word, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    if word is None:
        return False
    owner: Node | None = node
    while owner is not None and owner.type not in _TYPES:
        owner = owner.parent
    target = owner.child_by_field_name("name") if owner is not None else None
    if word.type == "super" and owner is not None:
        base = owner.child_by_field_name("superclass")
        target = _bare_type(base.named_children[0]) if base is not None else None
    if target is not None:
        count = arguments.named_child_count if arguments is not None else 0
        reader.call(word, None, "new", count, name=_text(target))
    return False


def _method_reference(node: Node, reader: Reader) -> bool:
    """`this::run`, `Foo::bar`, `Foo::new`."""
    parts = node.named_children
    if node.children[-1].type == "new":
        target = _bare_type(parts[0])
        if target is not None:
            reader.call(target, None, "reference")
    elif len(parts) > 1 and parts[-1].type == "identifier":
        reader.call(parts[-1], parts[0], "reference")
        reader.skip(parts[-1])
    return False


def _bare_type(node: Node) -> Node | None:
    """Return the name's node of a type: the `List` of `java.util.List<String>`."""
    if node.type in {"generic_type", "annotated_type"} and node.named_children:
        node = node.named_children[0]
    if node.type == "scoped_type_identifier":
        return node.named_children[-1]
    return node if node.type in {"type_identifier", "identifier"} else None


# --- types ------------------------------------------------------------------------------------


def _declared(node: Node) -> Iterator[TypedName]:
    """Each name of `int a, b[]` with its type; arrays in C's manner have none that is written."""
    declared = _declared_type(node)
    for declarator in node.children_by_field_name("declarator"):
        name, value = (
            declarator.child_by_field_name("name"),
            declarator.child_by_field_name("value"),
        )
        if name is not None and declarator.child_by_field_name("dimensions") is None:
            yield TypedName(name, declared, value if declared is None else None)


def _enum_constant(node: Node) -> Iterator[TypedName]:
    name, owner = node.child_by_field_name("name"), node.parent
    while owner is not None and owner.type != "enum_declaration":
        owner = owner.parent
    if name is not None and owner is not None:
        yield TypedName(name, owner.child_by_field_name("name"))


def _declared_type(node: Node) -> Node | None:
    declared = node.child_by_field_name("type")
    return None if declared is None or declared.text == b"var" else declared


def _caught_type(node: Node) -> Node | None:
    """Return the type that a `catch` names, None where it names several."""
    for child in node.named_children:
        if child.type == "catch_type":
            return child.named_children[0] if child.named_child_count == 1 else None
    return None


def _nothing(_node: Node) -> None:
    return None


def _type_of(node: Node) -> str:
    return _text(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    """Return the evident type of what stands in one pair of parentheses."""
    inner = node.named_children[0] if node.named_child_count == 1 else None
    if inner is None or inner.type == node.type:
        return ""
    evident = _EVIDENT.get(inner.type)
    return evident(inner) if evident is not None else ""


def _result(node: Node) -> str:
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("name")
    return RESULT_OF + _text(name) if owner is None or owner.type == "this" else ""


_EVIDENT = {
    "object_creation_expression": _type_of,
    "cast_expression": _type_of,
    "string_literal": lambda _node: "String",
    "parenthesized_expression": _inside,
    "method_invocation": _result,
}


# --- symbols ----------------------------------------------------------------------------------

_TYPES = frozenset(
    [
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
    ]
)


def _bases(node: Node) -> Iterator[str]:
    """Yield the superclass, then the interfaces."""
    for child in node.named_children:
        if child.type == "superclass":
            yield _text(child.named_children[0])
        elif child.type in {"super_interfaces", "extends_interfaces"}:
            for listed in child.named_children:
                yield from (_text(base) for base in listed.named_children)


def _anonymous_name(body: Node) -> Node | None:
    """Return the type that `new` makes, or the enum constant, to which a class body belongs."""
    around = body.parent
    if around is not None and around.type == "object_creation_expression":
        created = around.child_by_field_name("type")
        return _bare_type(created) if created is not None else None
    constant = around is not None and around.type == "enum_constant"
    return around.child_by_field_name("name") if around is not None and constant else None


def _anonymous_base(body: Node) -> Iterator[str]:
    around = body.parent
    if around is not None and around.type == "object_creation_expression":
        yield _type_of(around)


def _itself(node: Node) -> Node:
    return node


def _is_no_record(body: Node) -> bool:
    """Say whether a class body binds names; a record's components are bound around its body."""
    return body.parent is None or body.parent.type != "record_declaration"


def _holds_lambda(declarator: Node) -> bool:
    value = declarator.child_by_field_name("value")
    return value is not None and value.type == "lambda_expression"


def _field_lambda(declarator: Node) -> bool:
    around = declarator.parent if _holds_lambda(declarator) else None
    return around is not None and around.type in {"field_declaration", "constant_declaration"}


def _spread_name(node: Node) -> Node | None:
    return node.named_children[-1].child_by_field_name("name")


def _spread_type(node: Node) -> Node | None:
    return node.named_children[-2] if node.named_child_count > 1 else None


def _exported(header: Header) -> bool:
    """What is not private is visible to other files; an anonymous class's members are not."""
    around = header.parent
    if around is not None and around.kind == "namespace":
        return False
    constructs_enum = around is not None and around.kind == "enum" and around.name == header.name
    return "private" not in header.words and not constructs_enum


_TESTS = frozenset(
    [
        "Test",
        "ParameterizedTest",
        "RepeatedTest",
        "TestFactory",
        "TestTemplate",
        "Theory",
        "Property",
    ]
)


def _is_test(header: Header) -> bool:
    """As JUnit 3 to 5 and TestNG collect: by annotation, or by name in a `TestCase`."""
    named = {
        decorator.split("(")[0].lstrip("@ ").rpartition(".")[2] for decorator in header.decorators
    }
    if header.kind in TYPE_KINDS:
        return "Test" in named or any(base.endswith("TestCase") for base in header.bases)
    if named & _TESTS:
        return True
    parent = header.parent
    if header.kind != "method" or parent is None or not parent.test or "public" not in header.words:
        return False
    return header.name.startswith("test") or any(
        each.startswith("@Test") for each in parent.decorators
    )


# --- docs -------------------------------------------------------------------------------------

_DOC_PART = re.compile(
    r"\{@(?P<tag>\w+)\s*(?P<text>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
    r"|<(?P<end>/?)(?P<html>p|br|[uod]l|li|d[dt]|code|pre|[biua]|em|strong|tt|h[1-6]|hr|div|span|su[bp]"
    r"|blockquote|table|t[rdh]|tbody|thead|caption|small|var|kbd|samp|cite|img|center)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"^@(\w+)[ \t]*((?<=param )<?\w+>?)?", re.MULTILINE)
_UNSAID = re.compile(r"^@(?:author|version|since|serial|hidden)\b[^\n]*\n?", re.MULTILINE)
_LINK = re.compile(r"([^\s(]*(?:\([^)]*\))?)\s*(.*)")
_LEADS_IN = {"return": "Returns ", "throws": "Throws ", "exception": "Throws ", "see": "See "}


def _plain_javadoc(doc: str) -> str:
    """Return a Javadoc text without inline tags and HTML, its block tags in words.

    A blank line parts the description from the block tags.
    """
    head, tags = doc, ""
    first = _BLOCK_TAG.search(doc)
    if first is not None:
        head, tags = doc[: first.start()], _UNSAID.sub("", doc[first.start() :])
    tags = _BLOCK_TAG.sub(_led_in, re.sub(r"\n[ \t]+", "\n", tags))
    text = f"{head.strip()}\n\n{tags.strip()}".strip()
    text = html.unescape(_DOC_PART.sub(_plain_part, text))
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", text).strip()


def _led_in(tag: re.Match[str]) -> str:
    return f"{tag.group(2)}:" if tag.group(2) else _LEADS_IN.get(tag.group(1), f"{tag.group(1)}: ")


def _plain_part(part: re.Match[str]) -> str:
    tag, element = part.group("tag"), (part.group("html") or "").lower()
    if tag is None:
        opens = not part.group("end")
        return "\n\n" if element == "p" and opens else "- " if element == "li" and opens else ""
    text: str = " ".join(part.group("text").split())
    if tag in {"link", "linkplain"}:
        link = _LINK.match(text)
        target, label = link.groups() if link is not None else (text, "")
        return label or target.lstrip("#").replace("#", ".")
    return "" if tag in {"inheritDoc", "docRoot"} else text.lstrip("#")


LANGUAGE = Language(
    name="java",
    title="Java",
    extensions=(".java", ".jav"),
    grammar=tree_sitter_java.language,
    define={
        "class_declaration": Define(kind="class", bases=_bases, inner="body", body=_itself),
        "interface_declaration": Define(kind="interface", bases=_bases, inner="body", body=_itself),
        "annotation_type_declaration": Define(kind="interface"),
        "enum_declaration": Define(kind="enum", bases=_bases),
        "record_declaration": Define(kind="record", bases=_bases),
        "method_declaration": Define(kind="method", returns="type"),
        "constructor_declaration": Define(kind="method", binds=None),
        "compact_constructor_declaration": Define(kind="method", binds=None),
        "annotation_type_element_declaration": Define(kind="method", returns="type"),
        "variable_declarator": (
            Define(kind="function", when=_field_lambda, inner="value", binds="field"),
            Define(
                kind="function", when=_holds_lambda, inner="value", binds="variable", shares=True
            ),
        ),
        "class_body": Define(kind=None, name=_anonymous_name, bases=_anonymous_base),
    },
    parameters={
        "formal_parameter": Param(default=""),
        "spread_parameter": Param(name=_spread_name, type=_spread_type, default=""),
        "identifier": Param(name="", type="", default=""),
    },
    variadics=frozenset({"spread_parameter"}),
    decorators=frozenset({"annotation", "marker_annotation"}),
    modifiers=frozenset({"modifiers"}),
    exported=_exported,
    is_test=_is_test,
    comments=frozenset({"line_comment", "block_comment"}),
    doc_comment=re.compile(r"/\*\*(?!/)|///(?!/)"),
    doc_links=(
        re.compile(r"\{@(?:link|linkplain|value)\s+([\w.$]+)"),
        re.compile(r"\{@(?:link|linkplain)\s+[^\s}#]*#\w+\(([^)}]*)\)"),
        re.compile(r"@see\s+([\w.$]+)"),
        re.compile(r"@see\s+[\w.$]*#\w+\(([^)]*)\)"),
        re.compile(r"@(?:throws|exception)\s+([\w.$]+)"),
        re.compile(r"(?<=\[)([A-Z][\w.$]*)(?=[#\]])"),
    ),
    doc_prose=_plain_javadoc,
    identifiers=frozenset({"identifier"}),
    type_identifiers=frozenset({"type_identifier"}),
    roles={
        "field_access": {"object": READ, "field": MEMBER},
        "scoped_identifier": {"scope": READ, "name": MEMBER},
        "method_invocation": {"name": MEMBER, "*": READ},
        "array_access": {"*": READ},
        "assignment_expression": {"left": WRITE, "right": READ},
        "annotation": {"name": TYPE, "arguments": READ},
        "marker_annotation": {"name": TYPE},
        "element_value_pair": {"key": MEMBER, "value": READ},
        "break_statement": {"*": MEMBER},
        "continue_statement": {"*": MEMBER},
        "record_declaration": {"parameters": FIELD},
        "method_declaration": {"parameters": PARAMETER},
        "constructor_declaration": {"parameters": PARAMETER},
        "lambda_expression": {"parameters": PARAMETER, "body": READ},
        "formal_parameter": {"type": TYPE},
        "spread_parameter": {"*": TYPE},
        "receiver_parameter": {"*": TYPE},
        "type_parameter": {"*": TYPE_PARAMETER},
        "type_bound": {"*": TYPE},
        "field_declaration": {"type": TYPE, "declarator": FIELD},
        "constant_declaration": {"type": TYPE, "declarator": _ENUM_CONSTANT},
        "local_variable_declaration": {"type": TYPE, "declarator": VARIABLE},
        "variable_declarator": {"value": _INITIAL_VALUE},
        "enum_constant": {"name": _ENUM_CONSTANT, "*": READ},
        "catch_formal_parameter": {"name": _SEEN_AT_ONCE, "*": TYPE},
        "resource": {"type": TYPE, "name": _SEEN_AT_ONCE, "*": READ},
        "enhanced_for_statement": {"type": TYPE, "name": _SEEN_AT_ONCE, "*": READ},
        "instanceof_expression": {"left": READ, "name": _SEEN_AT_ONCE, "*": TYPE},
        "record_pattern": {"*": TYPE},
        "record_pattern_component": {"*": TYPE},
        "type_pattern": {"*": TYPE},
    },
    scopes={
        **dict.fromkeys(_TYPES, CLASS_SCOPE),
        "class_declaration": BLOCK_SCOPE,  # its type parameters; members are seen in the body alone
        "interface_declaration": BLOCK_SCOPE,
        "class_body": Scoping(hoists=True, when=_is_no_record),
        "interface_body": CLASS_SCOPE,
        "method_declaration": ORDERED_FUNCTION_SCOPE,
        "constructor_declaration": ORDERED_FUNCTION_SCOPE,
        "compact_constructor_declaration": ORDERED_FUNCTION_SCOPE,
        "lambda_expression": ORDERED_FUNCTION_SCOPE,
        **dict.fromkeys(
            [
                "block",
                "constructor_body",
                "for_statement",
                "enhanced_for_statement",
                "catch_clause",
                "switch_block",
                "try_with_resources_statement",
                "switch_rule",
            ],
            ORDERED_BLOCK_SCOPE,
        ),
    },
    readers={
        "package_declaration": _package,
        "scoped_type_identifier": _scoped_type,
        "method_invocation": _bare_call,
        "labeled_statement": _label,
        "type_pattern": _pattern,
        "record_pattern_component": _pattern,
        "spread_parameter": _spread,
        "local_variable_declaration": _inferred,
        "enhanced_for_statement": _inferred,
        "resource": _inferred,
        "explicit_constructor_invocation": _constructor_call,
        "method_reference": _method_reference,
    },
    types_apart=True,
    implicit_names=True,
    imports={"import_declaration": _import},
    calls={
        "method_invocation": Callee(function="name", receiver="object"),
        "object_creation_expression": Callee(parts=_created, kind="new"),
    },
    members={"field_access": ("object", "field"), "scoped_identifier": ("scope", "name")},
    self_words=frozenset({"this"}),
    super_words=frozenset({"super"}),
    typed={
        "field_declaration": _declared,
        "constant_declaration": _declared,
        "local_variable_declaration": _declared,
        "enum_constant": _enum_constant,
        "enhanced_for_statement": Typed(target="name", type=_declared_type, value=_nothing),
        "resource": Typed(target="name", type=_declared_type),
        "instanceof_expression": Typed(target="name", type="right", value=_nothing),
        "catch_formal_parameter": Typed(target="name", type=_caught_type, value=_nothing),
    },
    evident_types=_EVIDENT,
    decisions=frozenset(["if", "for", "while", "catch", "&&", "||", "case", "ternary_expression"]),
    flow={
        "if_statement": Flow.BRANCH,
        "for_statement": Flow.BRANCH,
        "enhanced_for_statement": Flow.BRANCH,
        "while_statement": Flow.BRANCH,
        "do_statement": Flow.BRANCH,
        "switch_expression": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "try_with_resources_statement": Flow.LEVEL,
        "synchronized_statement": Flow.LEVEL,
        "catch_clause": Flow.CONDITION,
        "ternary_expression": Flow.CONDITION,
        "else": Flow.ELSE,
        "break_statement": Flow.JUMP,
        "continue_statement": Flow.JUMP,
        "lambda_expression": Flow.DEEPER,
    },
    logical=frozenset({"binary_expression"}),
    logical_operators=frozenset({"&&", "||"}),
    parentheses=frozenset({"parenthesized_expression"}),
)
