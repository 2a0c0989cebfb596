"""Files of real repositories that something can be planted in, read with the grammars alone.

Nothing of the product is used here: what it gets wrong about a file must not decide where we plant.
"""

from __future__ import annotations

import importlib
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tree_sitter import Language, Node, Parser, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES, FEWEST_LINES = 2500, 25
APART = re.compile(
    r"(^|/)(tests?|unit_?tests?|specs?|__tests__|testing|bench\w*|examples?|samples?|docs?|docs_app|fixtures?|"
    r"vendor\w*|third[_-]?party|extern\w*|dist|build|node_modules|generated|demos?|perf|tools|"
    r"scripts?|migrations|capi|yapf_third_party|contrib)(/|$)|[._-](test|spec|min|pb|gen)s?\.|_test\.|"
    r"(^|/)test_|Test(s|er|ers)?\.\w+$|\.Tests?(\.\w+)?/|(^|/)(conftest|setup|conf)\.py$|\.d\.ts$",
    re.IGNORECASE,
)
NAME = re.compile(r"[a-z][A-Za-z0-9_]{3,20}")


@dataclass(frozen=True)
class Grammar:
    """What a grammar calls what we look for."""

    module: str
    suffixes: tuple[str, ...]
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    blocks: tuple[str, ...]
    jumps: tuple[str, ...]
    raises: tuple[str, ...]
    statements: tuple[str, ...]
    imports: tuple[str, ...]
    comment: str = "//"
    call: str = "language"


JUMPS = ("return_statement", "continue_statement", "break_statement")
C_LIKE = ("function_definition",)
GRAMMARS = {
    "python": Grammar(
        "tree_sitter_python",
        (".py",),
        ("function_definition",),
        ("class_definition",),
        ("block",),
        JUMPS,
        ("raise_statement",),
        ("expression_statement",),
        ("import_statement", "import_from_statement"),
        comment="#",
    ),
    "javascript": Grammar(
        "tree_sitter_javascript",
        (".js", ".mjs", ".cjs"),
        ("function_declaration", "method_definition"),
        ("class_declaration",),
        ("statement_block",),
        JUMPS,
        ("throw_statement",),
        ("expression_statement",),
        ("import_statement",),
    ),
    "typescript": Grammar(
        "tree_sitter_typescript",
        (".ts",),
        ("function_declaration", "method_definition"),
        ("class_declaration",),
        ("statement_block",),
        JUMPS,
        ("throw_statement",),
        ("expression_statement",),
        ("import_statement",),
        call="language_typescript",
    ),
    "java": Grammar(
        "tree_sitter_java",
        (".java",),
        ("method_declaration", "constructor_declaration"),
        ("class_declaration",),
        ("block", "constructor_body"),
        JUMPS,
        ("throw_statement",),
        ("expression_statement",),
        ("import_declaration",),
    ),
    "csharp": Grammar(
        "tree_sitter_c_sharp",
        (".cs",),
        ("method_declaration", "constructor_declaration"),
        ("class_declaration",),
        ("block",),
        JUMPS,
        ("throw_statement",),
        ("expression_statement",),
        ("using_directive",),
    ),
    "go": Grammar(
        "tree_sitter_go",
        (".go",),
        ("function_declaration", "method_declaration"),
        (),
        ("block", "statement_list"),
        JUMPS,
        (),
        ("expression_statement", "assignment_statement"),
        ("import_declaration",),
    ),
    "rust": Grammar(
        "tree_sitter_rust",
        (".rs",),
        ("function_item",),
        (),
        ("block",),
        ("return_expression", "continue_expression", "break_expression"),
        (),
        ("expression_statement",),
        ("use_declaration",),
    ),
    "c": Grammar(
        "tree_sitter_c",
        (".c",),
        C_LIKE,
        (),
        ("compound_statement",),
        JUMPS,
        (),
        ("expression_statement",),
        ("preproc_include",),
    ),
    "cpp": Grammar(
        "tree_sitter_cpp",
        (".cpp", ".cc", ".cxx"),
        C_LIKE,
        ("class_specifier",),
        ("compound_statement",),
        JUMPS,
        ("throw_statement",),
        ("expression_statement",),
        ("preproc_include",),
    ),
}
LANGUAGES = tuple(GRAMMARS)
BY_SUFFIX = {suffix: name for name, each in GRAMMARS.items() for suffix in each.suffixes}


@lru_cache
def parser(language: str) -> Parser:
    """Return the parser of a language."""
    grammar = GRAMMARS[language]
    module = importlib.import_module(grammar.module)
    return Parser(Language(getattr(module, grammar.call)()))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, as they stand in the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def within(node: Node, kinds: tuple[str, ...]) -> Node | None:
    """Return the nearest node of these kinds around a node."""
    above = node.parent
    while above is not None and above.type not in kinds:
        above = above.parent
    return above


@dataclass(frozen=True)
class Change:
    """A text with something planted, and where what was planted stands in it (1-based lines)."""

    text: str
    first: int
    last: int
    places: tuple[tuple[int, int], ...]  # each to be found by itself; none for a look-alike
    note: str = ""
    others: dict[str, str] = field(default_factory=dict)  # further files of this planting
    place_path: str = ""  # where the places are, if not in the host
    source: tuple[str, int, int] | None = None  # of a clone: what it was copied from
    hidden: str = ""  # what no output may show


@dataclass
class Host:
    """One file of a repository."""

    root: Path
    path: str
    language: str
    text: str
    siblings: list[Host] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def grammar(self) -> Grammar:
        return GRAMMARS[self.language]

    @cached_property
    def tree(self) -> Tree:
        return parser(self.language).parse(self.text.encode())

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def nodes(self) -> list[Node]:
        return list(walk(self.tree.root_node))

    @cached_property
    def functions(self) -> list[Node]:
        """Functions with a body that begins and ends on lines of its own."""
        return [
            each
            for each in self.nodes
            if each.type in self.grammar.functions
            and (body := each.child_by_field_name("body")) is not None
            and body.end_point[0] > each.start_point[0] + 1
        ]

    @cached_property
    def words(self) -> set[str]:
        return set(re.findall(r"\w+", self.text))

    @cached_property
    def identifiers(self) -> list[str]:
        """Names that this file uses, those it uses most first."""
        counts = Counter(
            each.text.decode()
            for each in self.nodes
            if each.type.endswith("identifier") and each.text is not None
        )
        types = {
            (each.text or b"").decode()
            for each in self.nodes
            if each.type in ("type_identifier", "primitive_type", "predefined_type")
        }
        return [
            name for name, _ in counts.most_common() if NAME.fullmatch(name) and name not in types
        ]

    @cached_property
    def unit(self) -> str:
        """The indentation of one level."""
        if self.language == "go":
            return "\t"
        tabs = sum(1 for line in self.lines if line.startswith("\t"))
        if tabs > len(self.lines) // 8:
            return "\t"
        two = sum(1 for line in self.lines if re.match(r"  [^ *]", line))
        four = sum(1 for line in self.lines if re.match(r"    [^ *]", line))
        return "  " if two > four // 4 + 2 else "    "

    def indentation(self, row: int) -> str:
        """Return the white space that a row begins with."""
        return re.match(r"[ \t]*", self.lines[row]).group()  # type: ignore[union-attr]

    def inserted(
        self, row: int, block: list[str], marked: list[int] | None = None, note: str = ""
    ) -> Change:
        """Return the text with lines put before a row; what counts are the marked ones."""
        rows = self.lines[:row] + block + self.lines[row:]
        places = tuple((row + at + 1, row + at + 1) for at in marked or ())
        return Change("\n".join(rows), row + 1, row + len(block), places, note)

    def import_row(self) -> int | None:
        """Return the row behind the last import of the file's first run of imports."""
        last = None
        for each in self.tree.root_node.children:
            if each.type in self.grammar.imports:
                last = each.end_point[0] + (each.end_point[1] > 0)
            elif last is not None and "comment" not in each.type:
                break
        return last

    def end_row(self) -> int | None:
        """Return where a new function goes: the file's end, or that of its first class."""
        if self.language in ("java", "csharp"):
            for each in self.nodes:
                body = each.child_by_field_name("body")
                if each.type in self.grammar.classes and body is not None:
                    return (
                        body.end_point[0] if self.lines[body.end_point[0]].strip() == "}" else None
                    )
            return None
        row = len(self.lines)
        while row and not self.lines[row - 1].strip():
            row -= 1
        return row

    def outer(self) -> str:
        """Return the indentation of a function put at `end_row`."""
        row = self.end_row()
        if self.language in ("java", "csharp") and row is not None:
            return self.indentation(row) + self.unit
        return ""


@dataclass
class Names:
    """Draws names for new things out of those a file has already."""

    host: Host
    draw: random.Random
    taken: set[str] = field(default_factory=set)

    def cased(self, words: str) -> str:
        """Return snake_case words as this file would write them."""
        snake = self.host.language in ("python", "rust", "c") or (
            self.host.language == "cpp" and self.host.text.count("_") > len(self.host.lines)
        )
        if snake:
            return words
        first, *rest = words.split("_")
        return first + "".join(each.capitalize() for each in rest)

    def local(self) -> str:
        """Return a name of the file that was not drawn before."""
        pool = [n for n in self.host.identifiers[:60] if n not in self.taken and n.islower()]
        spare = [
            n for n in ("amount", "origin", "bucket", "margin", "cursor") if n not in self.taken
        ]
        name = self.draw.choice(pool or spare or [f"item{len(self.taken)}"])
        self.taken.add(name)
        return name

    def fresh(self, verbs: tuple[str, ...] = ("collect", "resolve", "prepare", "measure")) -> str:
        """Return a name that the file does not hold, of a verb and one of its nouns."""
        pool = [n for n in self.host.identifiers[:80] if n.isalpha() and n.islower()] or ["entry"]
        for _ in range(200):
            verb, noun = self.draw.choice(verbs), self.draw.choice(pool)
            extra = self.draw.choice(("", "_state", "_range", "_batch", "_totals", "_window"))
            name = self.cased(f"{verb}_{noun}{extra}")
            if self.host.language in ("csharp", "go"):
                name = name[0].upper() + name[1:]
            if name not in self.host.words and name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError("no name left")


def hosts(root: Path) -> list[Host]:
    """Return the files of a repository that things can be planted in, by path."""
    found = []
    for path in sorted(root.rglob("*")):
        language = BY_SUFFIX.get(path.suffix)
        relative = path.relative_to(root).as_posix()
        if language is None or APART.search(relative) or not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if "\r" in text or not FEWEST_LINES <= text.count("\n") <= MOST_LINES:
            continue
        if re.search(r"generated|DO NOT EDIT", text[:1500], re.IGNORECASE):
            continue
        host = Host(root, relative, language, text)
        if not host.tree.root_node.has_error:
            found.append(host)
    for host in found:
        host.siblings = [each for each in found if each.language == host.language]
    return found
