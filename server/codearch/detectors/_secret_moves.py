"""Fixes that read a secret from the environment instead of the file.

What is written is a look-up by name: nothing of the secret is known here (codearch.secrets), and
nothing of it is needed, since its literal goes as a whole. Whoever takes the fix must put the
secret into the environment, and revoke it where the file was pushed. None is offered for C, C++ and
Rust: there the types around a literal change with it, and constants must be known to the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codearch.detectors._added_imports import go_import, python_import
from codearch.facts import Fix, Replacement
from codearch.text import split_identifier

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.facts import SecretFact

_ENVIRONMENT = re.compile(rb"environ|getenv|process\.env|Environment\.Get|[Ss]etenv")
_SETTING = re.compile(r"^(?:SET|WITH|USE|K)_")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,59}")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_OPENING = re.compile(rb"[rRuU@]?(\"\"\"|'''|[\"'`])")
_NO_VALUE = ("key", "name", "function")  # fields of what a literal must not be
_ARGUMENTS = frozenset({"argument_list", "arguments", "argument"})
_MOST_UP = 6  # parents from a literal to what is given a name
Edits = tuple[Replacement, ...]


@dataclass(frozen=True, kw_only=True)
class _Language:
    """How a language looks something up, and where a literal may give way to that."""

    literals: frozenset[str]
    places: frozenset[str]  # kinds of nodes that a literal is a value of
    targets: Mapping[str, str]  # kind -> field of the name that is given a value
    text: str
    needs: Callable[[FileView], Edits | None] = lambda _: ()
    allows: Callable[[FileView, Node], Edits | None] = lambda _file, _node: ()


def move(file: FileView, secret: SecretFact) -> Fix | None:
    """Return the fix that takes a secret out of the file, None where it is more than a literal."""
    in_text = _IN_TEXT.get(file.facts.language)
    if in_text is not None:
        return in_text(file, secret)
    language = _LANGUAGES.get(file.facts.language)
    if language is None or secret.how == "header" or file.facts.errors:
        return None
    literal = _literal(file, language, secret)
    if literal is None:
        return None
    without = _without_default(file, literal)
    if without is not None:
        return Fix("Take it out: the environment has to give it", False, (without,))
    return _looked_up(file, language, secret, literal)


def _looked_up(
    file: FileView, language: _Language, secret: SecretFact, literal: Node
) -> Fix | None:
    line = file.source.rfind(b"\n", 0, literal.start_byte) + 1
    name = _variable(secret.name or _target(language, literal))
    if not name and secret.how == "token":
        name = "_".join(_WORD.findall(secret.kind)).upper()
    if not name or _ENVIRONMENT.search(file.source, line, literal.start_byte):
        return None
    needed, allowed = language.needs(file), language.allows(file, literal)
    if needed is None or allowed is None:
        return None
    looked_up = _replaced(file, literal, language.text.format(name=name))
    return Fix(_title(name), False, (*needed, *allowed, looked_up))


def _title(name: str) -> str:
    return f"Read `{name}` from the environment"


def _replaced(file: FileView, node: Node, text: str) -> Replacement:
    return Replacement(file.path, file.span(node.start_byte, node.end_byte), text)


def _literal(file: FileView, language: _Language, secret: SecretFact) -> Node | None:
    """Return the literal that holds a secret and nothing else, where it stands as a value."""
    root = file.program.root
    last = max(secret.start_byte, secret.end_byte - 1)
    node = root.descendant_for_byte_range(secret.start_byte, last) if root is not None else None
    if node is not None and node.type not in language.literals:
        node = node.parent
    if node is None or node.parent is None or node.type not in language.literals:
        return None
    around = node.parent
    if around.type not in language.places:
        return None
    if any(node == around.child_by_field_name(field) for field in _NO_VALUE):
        return None
    opening = _OPENING.match(file.source, node.start_byte)
    if opening is None:
        return None
    inside = file.source[opening.end() : secret.start_byte]
    inside += file.source[secret.end_byte : node.end_byte - len(opening.group(1))]
    return node if secret.how == "address" or not inside.strip() else None


def _target(language: _Language, literal: Node) -> str:
    """Return the name of what a literal is given to."""
    node: Node | None = literal
    for _ in range(_MOST_UP):
        node = node.parent if node is not None else None
        if node is None or node.type in _ARGUMENTS:
            break
        field = language.targets.get(node.type)
        target = node.child_by_field_name(field) if field else None
        if target is not None and target.text is not None:
            return target.text.decode(errors="replace")
    return ""


def _variable(name: str) -> str:
    """Return the name of an environment variable for what a program calls so; "" for none."""
    words = _WORD.findall(name)
    parts = split_identifier(words[-1]) if words else []
    found = _SETTING.sub("", "_".join(part.upper() for part in parts))
    return found if _NAME.fullmatch(found) else ""


def _without_default(file: FileView, literal: Node) -> Replacement | None:
    """Return the edit that takes a literal out which is only the default of such a look-up."""
    around = literal.parent
    before = literal.prev_named_sibling
    if (
        around is None
        or before is None
        or around.type not in {"argument_list", "binary_expression"}
    ):
        return None
    source = file.source
    if around.type == "argument_list":
        asked = source[max(0, around.start_byte - 40) : around.start_byte]
        if literal.next_named_sibling or not re.search(rb"\b(environ\.get|getenv)\Z", asked):
            return None
    elif not re.fullmatch(
        rb"process\.env[\w.$\[\]'\"]*\s*(\|\||\?\?)\s*",
        source[around.start_byte : literal.start_byte],
    ):
        return None
    return Replacement(file.path, file.span(before.end_byte, literal.end_byte), "")


# --- languages ------------------------------------------------------------------------------------


def _of_a_server(file: FileView, _literal: Node) -> Edits | None:
    """A browser has no environment."""
    return None if re.search(rb"\bimport\.meta\b|\b(?:window|document)\.", file.source) else ()


def _needs_no_constant(file: FileView, literal: Node) -> Edits | None:
    """Java's cases and annotations take constants alone."""
    declarator = literal.parent
    name = declarator.child_by_field_name("name") if declarator is not None else None
    if name is None or name.text is None:
        return ()
    used = rb"\bcase\s+%b\b|@\w+\([^()]*\b%b\b" % (name.text, name.text)
    return None if re.search(used, file.source) else ()


def _no_constant(file: FileView, literal: Node) -> Edits | None:
    """Return C#'s edit that makes a constant a field that is read once."""
    node: Node | None = literal
    while node is not None and not node.type.endswith(("declaration", "statement")):
        node = node.parent
    node = node.parent if node is not None and node.type == "variable_declaration" else node
    for each in node.children if node is not None else ():
        if each.type == "modifier" and each.text == b"const":
            is_field = node is not None and node.type == "field_declaration"
            return (_replaced(file, each, "static readonly"),) if is_field else None
    return ()


def _no_go_constant(file: FileView, literal: Node) -> Edits | None:
    """Return Go's edit that makes a constant that stands alone a variable."""
    node: Node | None = literal
    while node is not None and node.type not in {"const_declaration", "block", "source_file"}:
        if node.type == "keyed_element" and node.named_children[0] == literal.parent:
            return None
        node = node.parent
    if node is None or node.type != "const_declaration":
        return ()
    word = node.children[0]
    return (
        None if any(each.type == "(" for each in node.children) else (_replaced(file, word, "var"),)
    )


_SCRIPT = _Language(
    literals=frozenset({"string", "template_string"}),
    places=frozenset(
        {
            "variable_declarator",
            "assignment_expression",
            "pair",
            "arguments",
            "field_definition",
            "array",
            "public_field_definition",
            "binary_expression",
            "return_statement",
            "arrow_function",
        }
    ),
    targets={
        "variable_declarator": "name",
        "assignment_expression": "left",
        "pair": "key",
        "field_definition": "property",
        "public_field_definition": "name",
    },
    text="process.env.{name}",
    allows=_of_a_server,
)
_LANGUAGES: Mapping[str, _Language] = {
    "python": _Language(
        literals=frozenset({"string"}),
        places=frozenset(
            {
                "assignment",
                "keyword_argument",
                "argument_list",
                "pair",
                "default_parameter",
                "list",
                "tuple",
                "typed_default_parameter",
                "comparison_operator",
                "return_statement",
            }
        ),
        targets={
            "assignment": "left",
            "keyword_argument": "name",
            "pair": "key",
            "default_parameter": "name",
            "typed_default_parameter": "name",
        },
        text='os.environ["{name}"]',
        needs=lambda file: python_import(file, "os"),
    ),
    "javascript": _SCRIPT,
    "typescript": replace(_SCRIPT, text="process.env.{name}!"),
    "java": _Language(
        literals=frozenset({"string_literal"}),
        places=frozenset(
            {"variable_declarator", "assignment_expression", "argument_list", "return_statement"}
        ),
        targets={"variable_declarator": "name", "assignment_expression": "left"},
        text='System.getenv("{name}")',
        allows=_needs_no_constant,
    ),
    "csharp": _Language(
        literals=frozenset({"string_literal", "verbatim_string_literal"}),
        places=frozenset(
            {
                "variable_declarator",
                "assignment_expression",
                "argument",
                "property_declaration",
                "return_statement",
                "arrow_expression_clause",
            }
        ),
        targets={
            "variable_declarator": "name",
            "assignment_expression": "left",
            "property_declaration": "name",
        },
        text='System.Environment.GetEnvironmentVariable("{name}")',
        allows=_no_constant,
    ),
    "go": _Language(
        literals=frozenset({"interpreted_string_literal", "raw_string_literal"}),
        places=frozenset(
            {"expression_list", "literal_element", "argument_list", "return_statement"}
        ),
        targets={
            "const_spec": "name",
            "var_spec": "name",
            "keyed_element": "key",
            "short_var_declaration": "left",
            "assignment_statement": "left",
        },
        text='os.Getenv("{name}")',
        needs=lambda file: go_import(file, "os"),
        allows=_no_go_constant,
    ),
}


# --- text -----------------------------------------------------------------------------------------

_SHELL = re.compile(
    r"[ \t]*(?:(?:export|readonly|local)[ \t]+)?(?P<name>[A-Za-z_]\w*)=(?P<quote>[\"']?)"
)
_YAML = re.compile(r"[ \t]*(?:-[ \t]+)?(?P<name>[A-Za-z_]\w*)(?::[ \t]+|=)(?P<quote>[\"']?)")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$")
_WORKFLOW = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$")


def _in_shell(file: FileView, secret: SecretFact) -> Fix | None:
    return _in_line(file, secret, _SHELL, '"${{{name}:?}}"')


def _in_yaml(file: FileView, secret: SecretFact) -> Fix | None:
    if _COMPOSE.search(file.path):
        return _in_line(file, secret, _YAML, "${{{name}:?}}")
    if _WORKFLOW.search(file.path):
        return _in_line(file, secret, _YAML, "${{{{ secrets.{name} }}}}")
    return None


def _in_line(file: FileView, secret: SecretFact, begin: re.Pattern[str], text: str) -> Fix | None:
    """Return the fix where a line gives a name a value, and the value is the secret."""
    line = file.lines.position(secret.start_byte)[0]
    written = file.lines.line_bytes(line)
    start = secret.start_byte - file.lines.starts[line]
    end = secret.end_byte - file.lines.starts[line]
    found = begin.fullmatch(written[:start].decode(errors="replace"))
    if found is None or end > len(written):
        return None
    quote = found.group("quote")
    if written[end:].strip() != quote.encode():
        return None
    name = _variable(secret.name or found.group("name"))
    if not name:
        return None
    opened = secret.start_byte - len(quote)
    edit = Replacement(
        file.path, file.span(opened, secret.end_byte + len(quote)), text.format(name=name)
    )
    return Fix(_title(name), False, (edit,))


_IN_TEXT: Mapping[str, Callable[[FileView, SecretFact], Fix | None]] = {
    "shell": _in_shell,
    "yaml": _in_yaml,
}
