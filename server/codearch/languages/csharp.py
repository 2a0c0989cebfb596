"""C# to 13: top-level statements, records, primary constructors, patterns; XML docs as words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import tree_sitter_c_sharp
from tree_sitter import Node

from codearch.facts import TYPE_KINDS
from codearch.languages._language import (
    BLOCK_SCOPE,
    CLASS_SCOPE,
    FIELD,
    FUNCTION_SCOPE,
    HANDED_DOWN,
    MEMBER,
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
    ImportedDraft,
    Language,
    Param,
    Reader,
    Role,
    Typed,
    TypedName,
)

_BINDS = Role(binds="variable")
_BINDS_CONSTANT = Role(binds="constant")
_FUNCTION = {"type": TYPE, "parameters": PARAMETER, "*": READ}


Parts = tuple[Node | None, Node | None]  # of a call: the name's node and the receiver's


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def _first(node: Node, *kinds: str) -> Node | None:
    """Return the first child of one of these kinds."""
    return next((child for child in node.named_children if child.type in kinds), None)


# --- imports and namespaces -------------------------------------------------------------------


def _using(node: Node) -> Iterator[ImportDraft]:
    """`using N` brings all of N, `using static T` (kind "from") all of T's static members.

    `using A = N.T` binds A; a global using holds for the other files of its project as well.
    """
    words = {child.type for child in node.children}
    alias = node.child_by_field_name("name")
    targets = [child for child in node.named_children if alias is None or child.id != alias.id]
    if not targets:
        return
    module = " ".join(_text(targets[-1]).split()).removeprefix("global::")
    name = ImportedDraft("*", "", targets[-1])
    if alias is not None:
        name = ImportedDraft("", _text(alias), alias)
    yield ImportDraft(
        kind="from" if "static" in words else "using",
        module=module,
        names=[name],
        reexport="global" in words,
    )


def _extern_alias(node: Node) -> Iterator[ImportDraft]:
    name = node.child_by_field_name("name")
    if name is not None:
        yield ImportDraft(kind="using", module=_text(name), names=[_whole(name)])


def _whole(name: Node) -> ImportedDraft:
    return ImportedDraft("", _text(name), name)


def _namespace(node: Node, reader: Reader) -> bool:
    name = node.child_by_field_name("name")
    if name is not None:
        reader.package("".join(_text(name).split()))
        leftmost = name
        while leftmost.named_children:
            leftmost = leftmost.named_children[0]
        reader.skip(leftmost)
    return False


# --- names that need more than a table --------------------------------------------------------


def _alias_qualified(node: Node, reader: Reader) -> bool:
    """In `global::N` there is no name to look up, in `X::N` the X of an extern alias."""
    alias = node.child_by_field_name("alias")
    if alias is not None and alias.text == b"global":
        reader.skip(alias)
    return False


def _initializer(node: Node, reader: Reader) -> bool:
    """In `new A { B = c }` and in `a with { B = c }` the B is a member."""
    for child in node.named_children:
        left = child.child_by_field_name("left") if child.type == "assignment_expression" else child
        if left is not None and left.type == "identifier":
            if child is not left or node.type == "with_initializer":
                reader.skip(left)
            if node.type == "with_initializer":
                break
    return False


def _anonymous_object(node: Node, reader: Reader) -> bool:
    """In `new { A = b, c }` the A is a member."""
    for child, following in zip(node.children, node.children[1:], strict=False):
        if child.type == "identifier" and following.type == "=":
            reader.skip(child)
    return False


def _subpattern(node: Node, reader: Reader) -> bool:
    """In `{ A.B: 3 }` all is members."""
    member = node.named_children[0]
    if node.named_child_count > 1:
        while member.type == "member_access_expression" and member.named_children:
            member = member.named_children[0]
        reader.skip(member)
    return False


def _label(node: Node, reader: Reader) -> bool:
    """`label:` and `goto label;` are no uses of a name, `goto case A;` is."""
    label = node.named_children[0] if node.named_children else None
    if label is not None and label.type == "identifier" and node.children[1].type != "case":
        reader.skip(label)
    return False


def _implicit_value(keyword: Node, reader: Reader) -> bool:
    """What `set`, `init`, `add` and `remove` are given is called `value`."""
    reader.bind_here(keyword, "parameter", name="value")
    return False


def _query_name(node: Node, reader: Reader) -> bool:
    name = _first(node, "identifier")
    if name is not None:
        reader.bind_here(name, "variable")
    return False


def _held(node: Node, reader: Reader) -> bool:
    """`using (name)` reads a name that exists already."""
    for child in node.named_children[:1]:
        if child.type == "identifier":
            reader.use(child)
            reader.skip(child)
    return False


# --- calls ------------------------------------------------------------------------------------


def _name_and_receiver(node: Node | None) -> Parts:
    """Return the last name of `a.B<C>` or `a?.B`, and what stands before it."""
    if node is None:
        return None, None
    receiver = None
    if node.type in {"member_access_expression", "qualified_name"}:
        receiver = node.named_children[0] if node.named_children else None
        receiver = node.child_by_field_name("expression") or receiver
        node = node.child_by_field_name("name")
    elif node.type == "conditional_access_expression":
        receiver = node.child_by_field_name("condition")
        node = node.named_children[-1].child_by_field_name("name")
    elif node.type == "alias_qualified_name":
        node = node.child_by_field_name("name")
    elif node.type in {"nullable_type", "pointer_type"}:
        return _name_and_receiver(node.child_by_field_name("type"))
    if node is not None and node.type == "generic_name":
        node = node.named_children[0]
    if receiver is not None and receiver.type == "postfix_unary_expression":  # a!.B
        receiver = receiver.named_children[0]
    return (node, receiver) if node is not None and node.type == "identifier" else (None, None)


def _count(arguments: Node | None) -> int:
    return arguments.named_child_count if arguments is not None else 0


def _invoked(node: Node) -> Parts:
    name, receiver = _name_and_receiver(node.child_by_field_name("function"))
    is_word = name is not None and receiver is None and name.text == b"nameof"
    return (None, None) if is_word else (name, receiver)


def _created(node: Node) -> Parts:
    return _name_and_receiver(node.child_by_field_name("type"))


def _implicit_creation(node: Node, reader: Reader) -> bool:
    """`A b = new();` makes an A."""
    holder = node.parent
    if holder is not None and holder.type == "variable_declarator":
        holder = holder.parent
    declared = holder.child_by_field_name("type") if holder is not None else None
    name, receiver = _name_and_receiver(declared)
    if name is not None:
        reader.call(name, receiver, "new", _count(_first(node, "argument_list")))
    return False


def _attribute(node: Node, reader: Reader) -> bool:
    name, receiver = _name_and_receiver(node.child_by_field_name("name"))
    if name is not None:
        arguments = _count(_first(node, "attribute_argument_list"))
        reader.call(name, receiver, "decorator", arguments)
    return False


def _constructor_call(node: Node, reader: Reader) -> bool:
    """`: base(...)` calls the base's constructor, `: this(...)` another one of the class."""
    owner = node.parent
    while owner is not None and owner.type not in _TYPES:
        owner = owner.parent
    if owner is None or node.child_count < 2:
        return False
    word = node.children[1]
    target = owner.child_by_field_name("name")
    if word.type == "base":
        listed = _first(owner, "base_list")
        target = _name_and_receiver(listed.named_children[0])[0] if listed is not None else None
    if target is not None:
        arguments = _count(_first(node, "argument_list"))
        reader.call(word, None, "new", arguments, name=_text(target))
    return False


def _base_call(node: Node, reader: Reader) -> bool:
    """`class A(int x) : B(x)` calls B's constructor."""
    arguments = _first(node, "argument_list")
    before = arguments.prev_named_sibling if arguments is not None else None
    if node.type == "primary_constructor_base_type":
        before = node.child_by_field_name("type")
    name, receiver = _name_and_receiver(before)
    if name is not None:
        reader.call(name, receiver, "new", _count(arguments))
    return False


# --- types ------------------------------------------------------------------------------------


def _declared_type(node: Node) -> Node | None:
    declared = node.child_by_field_name("type")
    inner = declared.child_by_field_name("type") if declared is not None else None
    if declared is not None and declared.type in {"ref_type", "scoped_type"}:
        declared = inner
    return None if declared is None or declared.type == "implicit_type" else declared


def _declared(node: Node) -> Iterator[TypedName]:
    """Each name of `A b = ..., c` with its type."""
    declared = _declared_type(node)
    for declarator in node.named_children:
        name = declarator.child_by_field_name("name")
        if declarator.type == "variable_declarator" and name is not None:
            value = declarator.named_children[-1] if declarator.named_child_count > 1 else None
            yield TypedName(name, declared, value if declared is None else None)


def _enum_member(node: Node) -> Iterator[TypedName]:
    name, owner = node.child_by_field_name("name"), node.parent
    owner = owner.parent if owner is not None else None
    if name is not None and owner is not None and owner.type == "enum_declaration":
        yield TypedName(name, owner.child_by_field_name("name"))


def _nothing(_node: Node) -> None:
    return None


def _type_of(node: Node) -> str:
    return _text(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    """Return the evident type of what stands in parentheses and is awaited, once each."""
    for _ in range(2):
        if node.type in {"parenthesized_expression", "await_expression"} and node.named_children:
            node = node.named_children[-1]
    evident = _EVIDENT.get(node.type)
    return evident(node) if evident is not None and evident is not _inside else ""


def _result(node: Node) -> str:
    function = node.child_by_field_name("function")
    name, receiver = _name_and_receiver(function)
    return RESULT_OF + _text(name) if receiver is None or receiver.type == "this" else ""


_EVIDENT = {
    "object_creation_expression": _type_of,
    "cast_expression": _type_of,
    "as_expression": lambda node: _text(node.child_by_field_name("right")),
    "string_literal": lambda _node: "string",
    "interpolated_string_expression": lambda _node: "string",
    "parenthesized_expression": _inside,
    "await_expression": _inside,
    "invocation_expression": _result,
}


# --- symbols ----------------------------------------------------------------------------------

_TYPES = frozenset(
    {
        "class_declaration",
        "struct_declaration",
        "record_declaration",
        "interface_declaration",
        "enum_declaration",
    }
)


def _bases(node: Node) -> Iterator[str]:
    listed = _first(node, "base_list")
    for base in listed.named_children if listed is not None else ():
        if base.type not in {"argument_list", "comment"}:
            primary = base.type == "primary_constructor_base_type"
            yield _type_of(base) if primary else _text(base)


def _primary_parameters(node: Node) -> Node | None:
    """Return the parameters of a primary constructor."""
    return _first(node, "parameter_list")


def _property_body(node: Node) -> Node | None:
    value = node.child_by_field_name("value")
    arrow = value is not None and value.type == "arrow_expression_clause"
    return value if arrow else node.child_by_field_name("accessors")


def _function_value(declarator: Node) -> Node | None:
    """Return the lambda or anonymous method that a variable holds."""
    last = declarator.named_children[-1] if declarator.named_children else None
    held = last is not None and last.type in {"lambda_expression", "anonymous_method_expression"}
    return last if held else None


def _holds_function(declarator: Node) -> bool:
    return _function_value(declarator) is not None


def _field_holds_function(declarator: Node) -> bool:
    around = declarator.parent if _holds_function(declarator) else None
    around = around.parent if around is not None else None
    return around is not None and around.type == "field_declaration"


def _function_body(node: Node) -> Node | None:
    return node.child_by_field_name("body") or _first(node, "block")


def _indexer_name(_node: Node) -> str:
    return "this[]"


def _this_word(node: Node) -> Node | None:
    return next((child for child in node.children if child.type == "this"), None)


def _operator_word(node: Node) -> Node | None:
    return next((child for child in node.children if child.type == "operator"), None)


def _operator_name(node: Node) -> str:
    operator = node.child_by_field_name("operator") or node.child_by_field_name("type")
    return f"operator {_text(operator)}"


def _destructor_name(node: Node) -> str:
    return f"~{_text(node.child_by_field_name('name'))}"


def _default(parameter: Node) -> Node | None:
    """Return the value after the "=" of a parameter."""
    equals = any(child.type == "=" for child in parameter.children[-2:-1])
    return parameter.children[-1] if equals else None


def _type_before(name: Node) -> Node | None:
    """Return the type of `params T[] name`, which the grammar gives no node of its own."""
    return name.prev_named_sibling


_STATEMENT_TYPES = frozenset(
    {
        "variable_declaration",
        "cast_expression",
        "as_expression",
        "declaration_expression",
        "declaration_pattern",
        "foreach_statement",
        "typeof_expression",
        "default_expression",
        "array_type",
        "object_creation_expression",
    }
)


def _is_in_statement(nullable: Node) -> bool:
    """Say whether lizard takes the "?" of a type for a decision: in headers and <> it does not."""
    around = nullable.parent
    return around is not None and around.type in _STATEMENT_TYPES


_OPEN = frozenset({"public", "internal", "protected"})


def _exported(header: Header) -> bool:
    """Types are internal unless it is said otherwise, members private, those of interfaces public.

    An explicit implementation of an interface's member is seen through the interface.
    """
    around = header.parent
    if header.words & _OPEN or "." in header.words:
        return True
    if "private" in header.words or "file" in header.words:
        return False
    if around is None or around.kind in {"namespace", "interface", "enum"}:
        return True
    return header.kind == "namespace"


_TEST_ATTRIBUTE = re.compile(
    r"[\[,]\s*(?:[\w.]+\.)?(?:\w*Fact|\w*Theory|Test|TestCase\w*|\w*TestMethod|TestFixture|TestClass|Property)"
    r"(?:Attribute)?\s*[\](,]"
)


def _is_test(header: Header) -> bool:
    """As NUnit, xUnit and MSTest collect: by attribute."""
    if header.kind not in TYPE_KINDS | {"method"}:
        return False
    return any(_TEST_ATTRIBUTE.match(attribute) for attribute in header.decorators)


# --- docs -------------------------------------------------------------------------------------

_DOC_PART = re.compile(
    r"<(?P<tag>param|typeparam|exception|paramref|typeparamref|see|seealso)\s+(?:name|cref|langword|href)"
    r"\s*=\s*[\"'](?P<target>[^\"']*)[\"']\s*(?P<closed>/?)>"
    r"|<(?P<end>/?)(?P<element>[a-zA-Z][\w.]*)\b[^<>]*>"
)


def _plain_xml(doc: str) -> str:
    """Return a doc comment's text without its XML: the summary, then parameters and results."""
    if "<" not in doc:
        return html.unescape(doc)
    lines = _DOC_PART.sub(_plain_part, doc).splitlines()
    text = html.unescape("\n".join(line.strip() for line in lines))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _plain_part(part: re.Match[str]) -> str:
    tag, target, element = part.group("tag", "target", "element")
    if tag in {"param", "typeparam"}:
        return f"\n{target}: "
    if tag == "exception":
        return f"\nThrows {_plain_reference(target)} "
    if tag is not None:
        lead = "\nSee " if tag == "seealso" else ""
        return lead + _plain_reference(target) if part.group("closed") else lead
    opens = not part.group("end")
    if element == "summary":
        return "" if opens else "\n\n"
    if element in {"para", "remarks", "example", "code"}:
        return "\n\n"
    starts = {"returns": "\nReturns ", "value": "\n", "item": "- "}
    return starts.get(element or "", "") if opens else ""


def _plain_reference(target: str) -> str:
    return re.sub(r"^\w:", "", target).replace("{", "<").replace("}", ">")


LANGUAGE = Language(
    name="csharp",
    title="C#",
    extensions=(".cs", ".csx"),
    aliases=("c#", "cs"),
    grammar=tree_sitter_c_sharp.language,
    define={
        "namespace_declaration": Define(kind="namespace", binds=None),
        "class_declaration": Define(kind="class", bases=_bases, parameters=_primary_parameters),
        "struct_declaration": Define(kind="struct", bases=_bases, parameters=_primary_parameters),
        "record_declaration": Define(kind="record", bases=_bases, parameters=_primary_parameters),
        "interface_declaration": Define(kind="interface", bases=_bases),
        "enum_declaration": Define(kind="enum"),
        "delegate_declaration": Define(kind="type", returns="type"),
        "method_declaration": Define(kind="method", returns="returns"),
        "constructor_declaration": Define(kind="method", binds=None),
        "destructor_declaration": Define(kind="method", binds=None, label=_destructor_name),
        "operator_declaration": Define(
            kind="method", name=_operator_word, label=_operator_name, returns="type", binds=None
        ),
        "conversion_operator_declaration": Define(
            kind="method", name=_operator_word, label=_operator_name, returns="type", binds=None
        ),
        "property_declaration": Define(
            kind="method", body=_property_body, returns="type", binds="field"
        ),
        "indexer_declaration": Define(
            kind="method",
            name=_this_word,
            label=_indexer_name,
            body=_property_body,
            returns="type",
            binds=None,
        ),
        "local_function_statement": Define(kind="function", returns="type", shares=True),
        "variable_declarator": (
            Define(
                kind="function",
                when=_field_holds_function,
                inner=_function_value,
                body=_function_body,
                binds="field",
            ),
            Define(
                kind="function",
                when=_holds_function,
                inner=_function_value,
                body=_function_body,
                binds="variable",
                shares=True,
            ),
        ),
    },
    parameters={
        "parameter": Param(default=_default),
        "implicit_parameter": Param(name="", type="", default=""),
        "identifier": Param(name="", type=_type_before, default="", variadic=True),
    },
    decorators=frozenset({"attribute_list"}),
    exported=_exported,
    is_test=_is_test,
    comments=frozenset({"comment"}),
    doc_comment=re.compile(r"///(?!/)|/\*\*(?!/)"),
    doc_links=(re.compile(r"cref\s*=\s*[\"'](?:\w:)?([^\"']+)[\"']"),),
    doc_prose=_plain_xml,
    identifiers=frozenset({"identifier", "implicit_parameter"}),
    roles={
        "member_access_expression": {"expression": READ, "name": MEMBER},
        "member_binding_expression": {"name": MEMBER},
        "qualified_name": {"name": MEMBER},
        "alias_qualified_name": {"name": MEMBER},
        "element_access_expression": {"*": READ},
        "invocation_expression": {"*": READ},
        "await_expression": {"*": READ},
        "postfix_unary_expression": {"*": READ},
        "prefix_unary_expression": {"*": READ},
        "conditional_expression": {"*": READ},
        "block": {"*": READ},
        "argument": {"name": MEMBER, "*": READ},
        "attribute": {"name": TYPE, "*": READ},
        "attribute_argument": {"name": MEMBER, "*": READ},
        "assignment_expression": {"left": WRITE, "*": READ},
        "field_declaration": {"*": FIELD},
        "event_field_declaration": {"*": FIELD},
        "local_declaration_statement": {"*": _BINDS},
        "fixed_statement": {"*": _BINDS},
        "using_statement": {"body": READ, "*": _BINDS},
        "for_statement": {"initializer": _BINDS, "*": READ},
        "variable_declaration": {"type": TYPE, "*": HANDED_DOWN},
        "variable_declarator": {"name": HANDED_DOWN, "*": READ},
        "tuple_pattern": {"name": _BINDS},
        "declaration_expression": {"type": TYPE, "name": _BINDS},
        "declaration_pattern": {"type": TYPE, "name": _BINDS},
        "recursive_pattern": {"type": TYPE, "name": _BINDS, "*": READ},
        "list_pattern": {"name": _BINDS, "*": READ},
        "var_pattern": {"name": _BINDS},
        "catch_declaration": {"type": TYPE, "name": _BINDS},
        "foreach_statement": {"type": TYPE, "left": _BINDS, "*": READ},
        "from_clause": {"type": TYPE, "name": _BINDS, "*": READ},
        "enum_member_declaration": {"name": _BINDS_CONSTANT, "*": READ},
        "parameter": {"type": TYPE, "name": HANDED_DOWN, "*": READ},
        "parameter_list": {"type": TYPE, "*": HANDED_DOWN},
        "bracketed_parameter_list": {"type": TYPE, "*": HANDED_DOWN},
        "lambda_expression": {"type": TYPE, "parameters": PARAMETER, "*": READ},
        "anonymous_method_expression": {"parameters": PARAMETER, "*": READ},
        "class_declaration": {"body": READ, "*": PARAMETER},
        "struct_declaration": {"body": READ, "*": PARAMETER},
        "record_declaration": {"body": READ, "*": FIELD},
        "method_declaration": {"returns": TYPE, "parameters": PARAMETER, "*": READ},
        "constructor_declaration": {"parameters": PARAMETER, "*": READ},
        "delegate_declaration": _FUNCTION,
        "operator_declaration": _FUNCTION,
        "conversion_operator_declaration": _FUNCTION,
        "indexer_declaration": _FUNCTION,
        "local_function_statement": _FUNCTION,
        "property_declaration": {"type": TYPE, "*": READ},
        "event_declaration": {"type": TYPE, "name": FIELD, "*": READ},
        "explicit_interface_specifier": {"*": TYPE},
        "base_list": {"*": TYPE},
        "type_argument_list": {"*": TYPE},
        "type_parameter": {"name": TYPE_PARAMETER},
        "type_parameter_constraints_clause": {"*": TYPE},
        "typeof_expression": {"type": TYPE},
        "sizeof_expression": {"type": TYPE},
        "default_expression": {"type": TYPE},
        "cast_expression": {"type": TYPE, "value": READ},
        "as_expression": {"left": READ, "right": TYPE},
        "object_creation_expression": {"type": TYPE, "*": READ},
        "array_creation_expression": {"type": TYPE, "*": READ},
        "array_type": {"type": TYPE, "*": READ},
        "preproc_if": {"condition": MEMBER},
        "preproc_elif": {"condition": MEMBER},
    },
    scopes={
        "namespace_declaration": FUNCTION_SCOPE,
        **dict.fromkeys(_TYPES, CLASS_SCOPE),
        **dict.fromkeys(
            (
                "method_declaration",
                "constructor_declaration",
                "destructor_declaration",
                "operator_declaration",
                "conversion_operator_declaration",
                "indexer_declaration",
                "delegate_declaration",
                "accessor_declaration",
                "local_function_statement",
                "lambda_expression",
                "anonymous_method_expression",
            ),
            FUNCTION_SCOPE,
        ),
        **dict.fromkeys(
            (
                "block",
                "for_statement",
                "foreach_statement",
                "using_statement",
                "fixed_statement",
                "catch_clause",
                "switch_section",
                "switch_expression_arm",
                "query_expression",
            ),
            BLOCK_SCOPE,
        ),
    },
    readers={
        "namespace_declaration": _namespace,
        "file_scoped_namespace_declaration": _namespace,
        "alias_qualified_name": _alias_qualified,
        "initializer_expression": _initializer,
        "with_initializer": _initializer,
        "anonymous_object_creation_expression": _anonymous_object,
        "subpattern": _subpattern,
        "labeled_statement": _label,
        "goto_statement": _label,
        "set": _implicit_value,
        "init": _implicit_value,
        "add": _implicit_value,
        "remove": _implicit_value,
        "let_clause": _query_name,
        "join_clause": _query_name,
        "using_statement": _held,
        "implicit_object_creation_expression": _implicit_creation,
        "attribute": _attribute,
        "constructor_initializer": _constructor_call,
        "base_list": _base_call,
        "primary_constructor_base_type": _base_call,
    },
    types_apart=True,
    implicit_names=True,
    imports={"using_directive": _using, "extern_alias_directive": _extern_alias},
    guards=frozenset({"preproc_if"}),
    calls={
        "invocation_expression": Callee(parts=_invoked),
        "object_creation_expression": Callee(parts=_created, kind="new"),
    },
    members={
        "member_access_expression": ("expression", "name"),
        "qualified_name": ("qualifier", "name"),
    },
    references=frozenset(
        {
            "argument",
            "arrow_expression_clause",
            "assignment_expression",
            "conditional_expression",
            "return_statement",
            "variable_declarator",
        }
    ),
    self_words=frozenset({"this"}),
    super_words=frozenset({"base"}),
    typed={
        "variable_declaration": _declared,
        "enum_member_declaration": _enum_member,
        "event_declaration": Typed(target="name", value=_nothing),
        "declaration_expression": Typed(target="name", type=_declared_type, value=_nothing),
        "declaration_pattern": Typed(target="name", type=_declared_type, value=_nothing),
        "recursive_pattern": Typed(target="name", type=_declared_type, value=_nothing),
        "catch_declaration": Typed(target="name", value=_nothing),
        "foreach_statement": Typed(target="left", type=_declared_type, value=_nothing),
        "from_clause": Typed(target="name", type=_declared_type, value=_nothing),
    },
    evident_types=_EVIDENT,
    decisions=frozenset(
        {
            "if",
            "for",
            "while",
            "catch",
            "case",
            "&&",
            "||",
            "??",
            "??=",
            "conditional_expression",
            "conditional_access_expression",
            "preproc_if",
            "preproc_elif",
        }
    ),
    decides={"nullable_type": _is_in_statement},
    uncounted=frozenset(
        {
            "parameter_list",
            "bracketed_parameter_list",
            "constructor_initializer",
            "interpolated_string_expression",
        }
    ),
    flow={
        "if_statement": Flow.BRANCH,
        "for_statement": Flow.BRANCH,
        "foreach_statement": Flow.BRANCH,
        "while_statement": Flow.BRANCH,
        "do_statement": Flow.BRANCH,
        "switch_statement": Flow.BRANCH,
        "switch_expression": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "catch_clause": Flow.CONDITION,
        "conditional_expression": Flow.CONDITION,
        "else": Flow.ELSE,
        "goto_statement": Flow.JUMP,
        "lambda_expression": Flow.DEEPER,
        "anonymous_method_expression": Flow.DEEPER,
    },
    logical=frozenset({"binary_expression"}),
    logical_operators=frozenset({"&&", "||"}),
    parentheses=frozenset({"parenthesized_expression"}),
)
