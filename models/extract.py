"""Cut documented functions out of source files: what people wrote of them, and what they are.

The reading of sources here is deliberately looser than the product's parser: it wants many honest
pairs of a description and a definition, not every fact.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter_c
import tree_sitter_c_sharp
import tree_sitter_cpp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_rust
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor


@dataclass(frozen=True)
class Grammar:
    """How one language's definitions and comments look in its tree."""

    pointer: object
    functions: str
    types: str
    comments: str = "comment"


SCRIPT_FUNCTIONS = (
    "function_declaration method_definition arrow_function function_expression "
    "generator_function_declaration"
)
GRAMMARS = {
    "python": Grammar(tree_sitter_python.language(), "function_definition", "class_definition"),
    "javascript": Grammar(
        tree_sitter_javascript.language(),
        SCRIPT_FUNCTIONS,
        "class_declaration",
    ),
    "typescript": Grammar(
        tree_sitter_typescript.language_typescript(),
        SCRIPT_FUNCTIONS,
        "class_declaration interface_declaration abstract_class_declaration",
    ),
    "java": Grammar(
        tree_sitter_java.language(),
        "method_declaration constructor_declaration",
        "class_declaration interface_declaration enum_declaration",
        "line_comment block_comment",
    ),
    "go": Grammar(
        tree_sitter_go.language(), "function_declaration method_declaration", "type_declaration"
    ),
    "rust": Grammar(
        tree_sitter_rust.language(),
        "function_item macro_definition",
        "struct_item enum_item trait_item",
        "line_comment block_comment",
    ),
    "c": Grammar(tree_sitter_c.language(), "function_definition", "struct_specifier"),
    "cpp": Grammar(
        tree_sitter_cpp.language(),
        "function_definition field_declaration declaration",
        "class_specifier struct_specifier",
    ),
    "csharp": Grammar(
        tree_sitter_c_sharp.language(),
        "method_declaration constructor_declaration property_declaration",
        "class_declaration interface_declaration struct_declaration enum_declaration",
    ),
}
SUFFIXES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".jsx": "javascript",
    ".ts": "typescript", ".java": "java", ".go": "go", ".rs": "rust", ".c": "c", ".h": "cpp",
    ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hxx": "cpp", ".cs": "csharp",
}  # fmt: skip
WRAPPERS = {
    "export_statement", "lexical_declaration", "variable_declaration", "variable_declarator",
    "assignment_expression", "expression_statement", "template_declaration", "decorated_definition",
    "pair", "public_field_definition", "declaration", "type_definition",
}  # fmt: skip
CONTAINERS = re.compile(r"class|interface|struct|trait|enum|impl|namespace|module|record")


@dataclass(frozen=True)
class Pair:
    """A description and the definition that it describes; `rest` is what else its doc says."""

    language: str
    name: str
    signature: str
    body: str
    query: str
    rest: str
    kind: str


@dataclass(frozen=True)
class File:
    """A file while it is read."""

    source: bytes
    language: str
    comments: list[Node]
    blocks: dict[int, str]  # text of each run of comments, by the row on which it ends


@lru_cache(maxsize=16)
def tools(language: str) -> tuple[Parser, Query]:
    """Return the parser, and the query that finds definitions and comments."""
    grammar = GRAMMARS[language]
    made = Language(grammar.pointer)
    groups = (("f", grammar.functions), ("t", grammar.types), ("c", grammar.comments))
    text = "\n".join(f"({kind}) @{mark}" for mark, kinds in groups for kind in kinds.split())
    return Parser(made), Query(made, text)


def pairs(source: bytes, language: str) -> list[Pair]:
    """Return the documented definitions of one file."""
    parser, query = tools(language)
    tree = parser.parse(source)
    captured = QueryCursor(query).captures(tree.root_node)
    # tree-sitter hands the nodes over in an order that is another one in each process.
    found = {
        mark: sorted(nodes, key=lambda node: node.byte_range) for mark, nodes in captured.items()
    }
    comments = found.get("c", [])
    file = File(source, language, comments, comment_blocks(comments, source))
    made = (pair_of(node, mark, file) for mark in ("f", "t") for node in found.get(mark, []))
    return [pair for pair in made if pair]


def comment_blocks(comments: list[Node], source: bytes) -> dict[int, str]:
    """Return the text of each run of comments, by the row on which it ends."""
    blocks: dict[int, str] = {}
    for node in comments:
        row, column = node.end_point
        last = row - 1 if column == 0 else row
        text = source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        before = blocks.pop(node.start_point[0] - 1, None) if text.startswith("//") else None
        if before is not None and before.lstrip().startswith("//"):
            text = before.rstrip("\n") + "\n" + text
        elif before is not None:
            blocks[node.start_point[0] - 1] = before
        blocks[last] = text
    return blocks


def pair_of(node: Node, mark: str, file: File) -> Pair | None:
    """Return the pair of one definition, None where it has no name or no usable doc."""
    name_node = name_of(node)
    body = node.child_by_field_name("body")
    skip: list[tuple[int, int]] = []
    doc = doc_of(node, file, skip)
    described = describe(doc) if doc and name_node is not None else None
    if name_node is None or described is None:
        return None
    if body is None:
        if mark == "t" or file.language != "cpp" or not has_declarator(node):
            return None
        head, text = text_of(node, file.source), ""
    else:
        head = file.source[node.start_byte : body.start_byte].decode("utf-8", "replace")
        text = members(body, file.source) if mark == "t" else without(body, file, skip)
    name = text_of(name_node, file.source).strip("\"'")
    full = " ".join([*containers(node, file.source), name])
    return Pair(file.language, full, one_line(head), one_line(text)[:6000], *described, mark)


def doc_of(node: Node, file: File, skip: list[tuple[int, int]]) -> str:
    """Return a definition's doc as written; notes in `skip` where a docstring stands."""
    if file.language == "python":
        return docstring(node.child_by_field_name("body"), file.source, skip)
    doc = file.blocks.get(start_row(node) - 1, "")
    marked = file.language in {"javascript", "typescript", "java"}
    return "" if marked and not doc.startswith(("/*", "///")) else doc


def name_of(node: Node) -> Node | None:
    """Return the node of a definition's name."""
    if node.type in {"arrow_function", "function_expression"}:
        parent = node.parent
        if parent is None:
            return None
        left = (
            parent.child_by_field_name("name")
            or parent.child_by_field_name("left")
            or parent.child_by_field_name("key")
        )
        if left is not None and left.type == "member_expression":
            return left.child_by_field_name("property")
        return left
    found = node.child_by_field_name("name")
    if found is None and node.type == "type_declaration" and node.named_child_count:
        found = node.named_children[0].child_by_field_name("name")
    declarator = node.child_by_field_name("declarator")
    while found is None and declarator is not None:
        inner = declarator.child_by_field_name("declarator")
        if (
            inner is None
            and declarator.type == "reference_declarator"
            and declarator.named_child_count
        ):
            inner = declarator.named_children[0]
        if inner is None:
            found = declarator
        declarator = inner
    return found


def has_declarator(node: Node) -> bool:
    """Tell whether a C++ declaration declares a function."""
    declarator = node.child_by_field_name("declarator")
    while declarator is not None:
        if declarator.type == "function_declarator":
            return True
        declarator = declarator.child_by_field_name("declarator") or (
            declarator.named_children[0]
            if declarator.type == "reference_declarator" and declarator.named_children
            else None
        )
    return False


def start_row(node: Node) -> int:
    """Return the row on which a definition begins, wrappers and attributes included."""
    while node.parent is not None and node.parent.type in WRAPPERS:
        node = node.parent
    before = node.prev_sibling
    while before is not None and before.type == "attribute_item":
        node, before = before, before.prev_sibling
    return node.start_point[0]


def containers(node: Node, source: bytes) -> list[str]:
    """Return the names of the enclosing types, the receiver's type in Go."""
    found: list[str] = []
    receiver = node.child_by_field_name("receiver") if node.type == "method_declaration" else None
    if receiver is not None:
        found += re.findall(r"\w+", text_of(receiver, source))[-1:]
    parent = node.parent
    while parent is not None:
        if CONTAINERS.search(parent.type):
            name = parent.child_by_field_name("name") or parent.child_by_field_name("type")
            if name is not None:
                found.insert(0, text_of(name, source))
        parent = parent.parent
    return found


def docstring(body: Node | None, source: bytes, skip: list[tuple[int, int]]) -> str:
    """Return a Python body's docstring and note where it stands."""
    first = body.named_children[0] if body is not None and body.named_child_count else None
    if first is None or first.type != "expression_statement" or not first.named_child_count:
        return ""
    string = first.named_children[0]
    if string.type != "string":
        return ""
    skip.append((first.start_byte, first.end_byte))
    return re.sub(r"^[rRuUbB]*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$", "", text_of(string, source))


def without(body: Node, file: File, skip: list[tuple[int, int]]) -> str:
    """Return a body's text without its comments."""
    cuts, comments, source = list(skip), file.comments, file.source
    at = bisect_left(comments, body.start_byte, key=lambda node: node.start_byte)
    while at < len(comments) and comments[at].start_byte < body.end_byte:
        cuts.append((comments[at].start_byte, comments[at].end_byte))
        at += 1
    kept, start = [], body.start_byte
    for cut_start, cut_end in sorted(cuts):
        kept.append(source[start:cut_start])
        start = max(start, cut_end)
    kept.append(source[start : body.end_byte])
    return b" ".join(kept).decode("utf-8", "replace")


def members(body: Node, source: bytes) -> str:
    """Return the headers of a type's members."""
    heads = []
    for child in body.named_children:
        if "comment" in child.type:
            continue
        inner = child.child_by_field_name("body")
        if inner is None and child.type == "decorated_definition":
            inner = child.named_children[-1].child_by_field_name("body")
        end = inner.start_byte if inner is not None else min(child.end_byte, child.start_byte + 300)
        heads.append(source[child.start_byte : end].decode("utf-8", "replace"))
    return "\n".join(heads)


def text_of(node: Node, source: bytes) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")


def one_line(text: str) -> str:
    return " ".join(text.split())


MARKERS = re.compile(r"^[ \t]*(/\*[*!]*|\*+/|//[/!]*<?|\*(?!/))[ \t]?|\*+/[ \t]*$", re.MULTILINE)
TAGS = re.compile(
    r"^\s*([@\\](?!brief|short|summary|c\b|a\b|p\b|e\b|ref\b|link)[a-z]+|:param|:return|:rtype|"
    r"(Parameters|Returns?|Args|Arguments|Raises|Examples?|Notes?|See Also|Yields|Attributes|"
    r"Usage|Panics|Errors|Safety)\s*:?\s*$|"
    r"#+ |-{3,}|={3,}|```|>>>|\.\. )",
    re.MULTILINE,
)
NOISE = re.compile(
    r"(?i)auto-?generated|copyright|licen[sc]e|\btodo\b|\bfixme\b|inheritdoc|eslint|deprecated|"
    r"^\s*(see|same as|as above|ditto|internal|private|constructor|for (testing|internal))\b|nolint"
)


def describe(doc: str) -> tuple[str, str] | None:
    """Return a doc's first paragraph and its rest; None where it describes nothing."""
    text = MARKERS.sub("", doc)
    summary = re.search(r"<summary>(.*?)</summary>", text, re.DOTALL)
    if summary:
        text = summary.group(1) + "\n\n" + text[summary.end() :]
    text = re.sub(r"</?(p|br|li|ul)\s*/?>", "\n\n", text)
    text = re.sub(r"\{@\w+\s+([^}]*)\}", r"\1", text)
    text = re.sub(r"<see(also)? cref=\"(\w:)?([\w.]+)[^>]*>|<[^<>\n]{1,60}>", r" \3 ", text)
    text = re.sub(r"[@\\](brief|short|summary)\b", "", text)
    text = re.sub(r":\w+:`~?([^`]*)`", r"\1", text)
    text = re.sub(r"https?://\S+", " ", text).strip()
    tag = TAGS.search(text)
    told = text[: tag.start()] if tag else text
    first = re.split(r"\n\s*\n", told.strip(), maxsplit=1)[0]
    query = one_line(re.sub(r"[`*{}]", " ", first))
    words = re.findall(r"[A-Za-z]{2,}", query)
    letters = sum(character.isascii() for character in query)
    if not 3 <= len(words) <= 120 or letters < 0.95 * len(query) or NOISE.search(query):
        return None
    if sum(character in ";{}=<>|" for character in query) > 0.03 * len(query):
        return None
    rest = one_line(text[len(first) :])
    return " ".join(query.split()[:70]), rest[:2000]
