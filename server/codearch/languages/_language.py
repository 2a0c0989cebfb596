"""What a language is: one file of data that a single extractor (codearch.parse) turns into facts.

How to add a language
---------------------
1. Write `languages/<name>.py`; it ends in `LANGUAGE = Language(...)`. Nothing else is to be told.
2. Look at trees first: the kinds and fields that tables name are the grammar's own (named nodes
   and, for `decisions` and `flow`, anonymous tokens such as `"if"`). A name that the grammar does
   not know is an error when the language is first used, so that a typing error cannot hide.
3. `define` says which nodes are symbols; `roles` says what an identifier means by the field it
   stands in; `scopes` which nodes bind names; the rest is lists. A table that cannot say it takes
   a small function of a node: `imports`, `readers`, `exported`, `is_test`, finders of names.
4. Put a case beside it: `tests/cases/languages/<name>/` (see tests/languages/test_cases.py for the
   form) and the language's column of the construct matrix.

The walk, once for all languages: one pass over the tree from the root down, without recursion.
Every node has a role that flows down to its children; `roles[kind][field]` changes it for the child
in that field, `roles[kind]["*"]` for all other children, and kinds without a table hand on their
own. An identifier does what its role says: it is read, or it binds a name, or it is only a member.
Names are looked up after the walk, so that a use may come before what it means.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from tree_sitter import Node

from codearch.facts import CallKind, DefinitionKind, ImportKind, Parameter, SymbolKind, UseKind

if TYPE_CHECKING:
    from codearch.languages._flows import Flows

Finder = str | Callable[[Node], Node | None]  # a field's name, or a function that finds the node
NEVER = re.compile(r"(?!)")
RESULT_OF = "\0"  # an evident type that begins so is what calling the function of this name gives


def kinds(names: str) -> frozenset[str]:
    """Return the node kinds (or words) that a text lists."""
    return frozenset(names.split())


# --- names ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Role:
    """What an identifier in this place does: it is used, or it binds a name, or (neither) a member.

    `outer`: the place is evaluated in the scope around the present one (default values, say).
    `hoist`: the name is bound in the nearest scope that hoists, else in the present one.
    `after`: the name is not bound before the end of the node whose table gave this role (`x = x`).
    """

    use: UseKind | None = None
    binds: DefinitionKind | None = None
    outer: bool = False
    hoist: bool = False
    after: bool = False


READ = Role(use="read")
WRITE = Role(use="write")
TYPE = Role(use="type")
OUTER_READ = Role(use="read", outer=True)
OUTER_TYPE = Role(use="type", outer=True)
MEMBER = Role()  # a member's name, a label, a keyword: no use of a name
PARAMETER = Role(binds="parameter")
VARIABLE = Role(binds="variable", after=True)
HOISTED = Role(binds="variable", hoist=True, after=True)
CONSTANT = Role(binds="constant", after=True)
FIELD = Role(binds="field")
TYPE_PARAMETER = Role(binds="type")
HANDED_DOWN = None  # in a table with "*": the role that came from above

Roles = Mapping[str, Role | None]  # field -> role; "*" for children in no listed field


@dataclass(frozen=True, slots=True)
class Scoping:
    """How the names of one kind of scope are seen.

    `hoists`: takes names bound with a hoisting role from the blocks inside it.
    `ordered`: a name is seen only after its binding; before, the scope around is asked.
    `hidden`: not seen from scopes inside it that hoist (Python's and JavaScript's class bodies).
    `members`: its fields and functions are never seen by their bare names (JavaScript's classes).
    `when`: only nodes for which it is true are such scopes.
    `header`: holds the parameters of one definition, whose own name is bound around it (C++).
    """

    hoists: bool = False
    ordered: bool = False
    hidden: bool = False
    members: bool = False
    header: bool = False
    when: Callable[[Node], bool] | None = None


FUNCTION_SCOPE = Scoping(hoists=True)
ORDERED_FUNCTION_SCOPE = Scoping(hoists=True, ordered=True)
BLOCK_SCOPE = Scoping()
ORDERED_BLOCK_SCOPE = Scoping(ordered=True)
CLASS_SCOPE = Scoping(hoists=True)  # members are seen by their bare names (Java, C++)
MEMBERS_SCOPE = Scoping(hoists=True, members=True)
HIDDEN_CLASS_SCOPE = Scoping(hoists=True, ordered=True, hidden=True)


# --- symbols ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Header:
    """What `exported` and `is_test` may look at: a symbol's header, and the one around it."""

    name: str
    kind: SymbolKind
    words: frozenset[str]  # before the name: `public`, `static` ...; "." for a qualified name
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    parent: Header | None = None
    test: bool = False
    exported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Define:
    """A node kind that is a symbol (`kind=None`: it only lends its name to the containers inside).

    A "function" directly inside a type, or with an `owner`, becomes a "method" by itself. A node
    for which `when` is false or whose name is not found is no definition. `inner` is the node that
    holds parameters, return type and body where that is not the node itself (`f = () => ...`).
    `binds` is the kind of the Definition made for the name in the scope around, None for none;
    "auto" follows from the symbol's kind. `label` makes a name that no node is. `shares`: its
    decisions count for the function around it as well, since lizard knows no functions of its kind.
    """

    kind: SymbolKind | None
    name: Finder = "name"
    label: Callable[[Node], str] | None = None
    inner: Finder = ""
    body: Finder = "body"
    parameters: Finder = "parameters"
    returns: Finder = "return_type"
    returned: Callable[[Node], str] | None = None  # the return type where it is no one node
    bases: Callable[[Node], Iterable[str]] | str = ""  # a field whose named children are the bases
    access: Callable[[Node], str] | None = None  # a word for the header that stands elsewhere
    owner: Callable[[Node], str] | None = None  # container that the definition itself names
    when: Callable[[Node], bool] | None = None
    binds: DefinitionKind | str | None = "auto"
    test: bool = False  # always a test
    shares: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """Where a parameter node keeps its parts; finders as in Define, "" for the node itself."""

    name: Finder = "name"
    type: Finder = "type"
    default: Finder = "value"
    variadic: bool = False  # takes many arguments, always
    spelled: Callable[[Node], str] | None = None  # the type where it is no one node
    several: bool = False  # the field `name` may occur more than once: `a, b int`


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A node that gives a name a type: by declaration (`type`) or evidently (`value`)."""

    target: Finder
    type: Finder = "type"
    value: Finder = "value"


class TypedName(NamedTuple):
    """One of the names to which a node gives a type: where name, type and value stand."""

    target: Node
    type: Node | None
    value: Node | None = None


# --- imports and calls ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportedDraft:
    """One name of an import; `node` is where the bound name stands (the alias, if there is one)."""

    name: str  # "*" for everything, "default" for a default export, "" for the module itself
    alias: str  # "" binds nothing
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDraft:
    """An import as a language's function reads it; deferred and guarded are found by the walk."""

    kind: ImportKind
    module: str
    names: Sequence[ImportedDraft] = ()
    node: Node | None = None  # if other than the node the function was asked about
    level: int = 0
    type_only: bool = False
    reexport: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A node kind that is a call. `receiver` names a field where it is apart from `function`.

    `parts` finds the name's node and the receiver where fields do not show them.
    """

    function: Finder = "function"
    parts: Callable[[Node], tuple[Node | None, Node | None]] | None = None
    receiver: str = ""
    arguments: str = "arguments"
    kind: CallKind | Callable[[Node], CallKind] = "call"


class Reader(Protocol):
    """What a language's `readers` may do while the walk stands on their node."""

    def text(self, node: Node) -> str:
        """Return the node's source."""

    def bind(self, node: Node, kind: DefinitionKind, name: str = "") -> None:
        """Bind the node's text (or `name`) in the nearest scope that hoists."""

    def bind_here(
        self, node: Node, kind: DefinitionKind, type_node: Node | None = None, *, name: str = ""
    ) -> None:
        """Bind an identifier in the present scope, the walk then passes over it; or bind `name`."""

    def use(self, node: Node, kind: UseKind = "read", name: str = "") -> None:
        """Record a use of the node's text (or of `name`, standing where the node begins)."""

    def imply(self, node: Node, names: Sequence[str]) -> None:
        """Record a use of names that nobody wrote; once a file."""

    def use_names_in(self, node: Node, kind: UseKind) -> None:
        """Record a use of each name inside the node's text: a string or a comment."""

    def bind_field(self, node: Node, type_node: Node | None, value: Node | None = None) -> None:
        """Bind the node's text as a field of the enclosing type."""

    def redirect(self, name: str, *, outermost: bool) -> None:
        """Let `name` mean that of the file's scope, or of the nearest enclosing function's."""

    def export(self, name: str, value: Node | None = None) -> None:
        """Export a name explicitly, and what it stands for here where that is another name."""

    def package(self, name: str) -> None:
        """Record the package or namespace that the file declares."""

    def call(
        self,
        name_node: Node,
        receiver: Node | None,
        kind: CallKind,
        arguments: int = 0,
        *,
        name: str = "",
    ) -> None:
        """Record a call of the node's text (or of `name`); a "reference" is taken for one here."""

    def calls_in(self, node: Node, pattern: re.Pattern[str]) -> None:
        """Record a call of group 1 of each match inside the node's text: a macro's body."""

    def skip(self, node: Node) -> None:
        """Let the identifier do nothing when the walk comes to it."""


# --- control flow -----------------------------------------------------------------------------


class Flow(enum.Enum):
    """What a node does to cognitive complexity (Campbell, 2018) and to the nesting of blocks.

    A BRANCH or CONDITION that is directly the child of an ELSE, or in the field "alternative" of a
    node of its own kind, goes on with a ladder: it neither counts nor nests again.
    """

    BRANCH = enum.auto()  # if, loops, switch: +1 and +1 for each level around; nests; a block level
    CONDITION = enum.auto()  # ternary, catch: as BRANCH, but no block level
    ELSE = enum.auto()  # else, elif: +1
    JUMP = enum.auto()  # goto, and break and continue with a label: +1 if it has a named child
    DEEPER = enum.auto()  # lambdas, anonymous functions and classes: nest without counting
    LEVEL = enum.auto()  # try: a block level, nothing for cognitive complexity


# --- text files -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """How a text file shows its parts, for files that no grammar reads.

    `heads` match one line each (`re.match` on the line without its end); a group `name` names the
    section, a group `level` (of headings) its depth by its length. With `nested` a section lies
    inside the one before that is indented less, and ends with its closing line; else it reaches
    to the next one. Comments and attributes directly above a section belong to it.
    """

    heads: tuple[re.Pattern[str], ...] = ()
    nested: bool = True
    comment: re.Pattern[str] = NEVER  # matches a comment's line from its first character on
    blocks: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = ()  # first and last line of one
    attribute: re.Pattern[str] = NEVER  # a line that belongs to what follows: `@Test`
    test: re.Pattern[str] = NEVER  # found in the head, or in what leads it, of a test
    mode: Literal["lines", "headings", "underlines", "keys"] = "lines"


def heads(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns of lines that begin a section; `NAME` stands for a group of a plain name."""
    return tuple(re.compile(pattern.replace("NAME", r"(?P<name>\w[\w.]*)")) for pattern in patterns)


def block(begin: str, end: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a block comment: its beginning on a line, and its end in one."""
    return re.compile(rf"\s*(?:{begin})"), re.compile(end)


# --- the language -----------------------------------------------------------------------------


def always(_header: Header) -> bool:
    """Return True: visible to all."""
    return True


def never(_header: Header) -> bool:
    """Return False: no test."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """Another grammar for a language's files: asked first where `sign` is found, else at need."""

    grammar: Callable[[], object]
    sign: re.Pattern[bytes]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """All that the product knows of a language. Only `name` and what files it has are a must.

    Without `grammar` its files are read as text, by `sections`.
    """

    name: str
    title: str  # as people write it: "C#"
    extensions: tuple[str, ...] = ()  # with the dot, lower case
    filenames: tuple[str, ...] = ()  # whole names, exact
    interpreters: tuple[str, ...] = ()  # of a #! line, without version numbers
    aliases: tuple[str, ...] = ()  # other names that people ask for
    contents: re.Pattern[bytes] | None = (
        None  # of languages that share an extension: whose file it is
    )
    grammar: Callable[[], object] | None = None
    dialects: tuple[Dialect, ...] = ()  # other grammars of the same files and with the same tables
    prepare: Callable[[bytes], bytes] | None = (
        None  # from a source to one of equal length that the grammar reads better
    )

    # symbols
    define: Mapping[str, Define | tuple[Define, ...]] = field(default_factory=dict)
    wrapper_parts: frozenset[str] = frozenset()  # children of wrappers that are no definitions
    wrappers: frozenset[str] = frozenset()  # nodes that a definition's span takes in: `export ...`
    parameters: Mapping[str, Param] = field(default_factory=dict)
    variadics: frozenset[str] = frozenset()  # a parameter that is or has one takes many arguments
    decorators: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()  # children of a definition that may hold decorators
    overloads: frozenset[str] = frozenset()  # definitions only if no other of the name follows
    not_bases: frozenset[str] = frozenset()  # children of a `bases` field that are no bases
    exported: Callable[[Header], bool] = always
    scripts: bool = False  # a file without imports and exports shows all its names to others
    is_test: Callable[[Header], bool] = never

    # comments and docs
    comments: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()  # of statements or members, apart from a file's own nodes
    doc_comment: re.Pattern[str] = NEVER  # matches the beginning of a doc comment
    generated: re.Pattern[bytes] | None = None  # what generated files say, if there is one rule
    inner_doc: re.Pattern[str] = NEVER  # of a doc comment that stands inside what it documents
    plain_docs: bool = False  # any comment directly above a definition is its doc (Go, C)
    docstring: Callable[[Node], Node | None] | None = (
        None  # from a body to the string that is a doc
    )
    doc_links: tuple[re.Pattern[str], ...] = ()  # group 1 holds names used by a doc comment
    doc_prose: Callable[[str], str] | None = None  # from a doc without markers to its plain words
    type_comment: re.Pattern[str] = NEVER  # group 1 of a comment holds types

    # names
    identifiers: frozenset[str] = frozenset()
    type_identifiers: frozenset[str] = (
        frozenset()
    )  # leaves that are uses of types wherever they stand
    roles: Mapping[str, Roles] = field(default_factory=dict)
    scopes: Mapping[str, Scoping] = field(default_factory=dict)
    file_scope: Scoping = FUNCTION_SCOPE
    readers: Mapping[str, Callable[[Node, Reader], bool]] = field(default_factory=dict)
    strings: frozenset[str] = frozenset()  # in the role TYPE their content is types, as annotations
    types_apart: bool = False  # the name of a type never means a value: `Color Color`
    implicit_names: bool = False  # names of other files are seen without an import (Go, Java, C)

    # imports and calls
    imports: Mapping[str, Callable[[Node], Iterable[ImportDraft]]] = field(default_factory=dict)
    guards: frozenset[str] = frozenset()  # an import inside one is guarded
    type_only_guard: re.Pattern[str] = NEVER  # matches the condition of a guard for types alone
    inert_uses: frozenset[UseKind] = frozenset()  # an import for these alone loads nothing
    program_guard: re.Pattern[str] = NEVER  # ... that holds where the file is run, not loaded
    calls: Mapping[str, Callee] = field(default_factory=dict)
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # kind -> object, name
    qualified: frozenset[str] = frozenset()  # members whose name may be one itself: `a::(b::c)`
    data_members: frozenset[str] = frozenset()  # members that are functions only where called
    callee_wrappers: Mapping[str, str] = field(default_factory=dict)  # kind -> field to look into
    references: frozenset[str] = (
        frozenset()
    )  # parents whose child, a bare name, is passed or stored
    self_words: frozenset[str] = frozenset()
    super_words: frozenset[str] = frozenset()
    elements: Mapping[str, tuple[Finder, Finder]] = field(default_factory=dict)  # loops: name, of
    returning: frozenset[str] = frozenset()  # statements whose one child is what a function gives
    typed: Mapping[str, Typed | Callable[[Node], Iterable[TypedName]]] = field(default_factory=dict)
    evident_types: Mapping[str, Callable[[Node], str]] = field(default_factory=dict)
    first_result: Callable[[str], str] | None = None  # of several, its type

    # control flow
    decisions: frozenset[str] = frozenset()  # node kinds and tokens that lizard counts
    decides: Mapping[str, Callable[[Node], bool]] = field(default_factory=dict)  # under a condition
    flow: Mapping[str, Flow] = field(default_factory=dict)
    breaks: Mapping[str, Callable[[Node], bool]] = field(default_factory=dict)  # +1 when it is true
    anonymous: frozenset[str] = frozenset()  # functions that lizard counts apart, without a name
    uncounted: frozenset[str] = frozenset()  # nodes into which lizard does not look
    lost: Mapping[str, Callable[[Node], tuple[int, int]]] = field(default_factory=dict)  # stretches
    decisions_end: Callable[[Node], int] | None = None  # byte at which lizard lets a function end
    logical: frozenset[str] = frozenset()  # nodes that may join conditions
    logical_operators: frozenset[str] = frozenset()  # and their operators, field "operator"
    parentheses: frozenset[str] = frozenset()
    declaring: frozenset[str] = frozenset()  # statements of a function that only declares others

    flows: Flows | None = None  # order of execution, and where values come from

    # text
    sections: Sections = field(default_factory=Sections)
