"""The vocabulary of the whole program: immutable values that every layer passes on.

Facts are what parsing a file gives; rows (`File`, `Symbol`, `Call` ...) are facts that the store
has given an identity. Lines are 0-based, columns count UTF-16 code units (LSP's default), bytes
count from the start of the file as it lies on disk after decoding to UTF-8.
"""

from __future__ import annotations

from typing import Literal

import msgspec

# --- places -----------------------------------------------------------------------------------


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of a file: UTF-8 bytes, 0-based lines and UTF-16 columns, end exclusive."""

    start_byte: int
    end_byte: int
    line: int
    column: int
    end_line: int
    end_column: int


NO_SPAN = Span(0, 0, 0, 0, 0, 0)

# --- what parsing one file gives --------------------------------------------------------------

SymbolKind = Literal[
    "function",
    "method",
    "class",
    "interface",
    "struct",
    "trait",
    "enum",
    "record",
    "union",
    "namespace",
    "impl",
    "macro",
    "type",
    "module",  # a file's top-level code: one for every file that is not blank
    "section",  # a part of a text file
]
CALLABLE_KINDS: frozenset[SymbolKind] = frozenset({"function", "method", "macro"})
TYPE_KINDS: frozenset[SymbolKind] = frozenset(
    {"class", "interface", "struct", "trait", "enum", "record", "union", "type"}
)


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One parameter as written; `type` and `default` are "" where the source gives none."""

    name: str
    type: str = ""
    default: str = ""
    variadic: bool = False


class Metrics(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Size and complexity of one callable.

    Cyclomatic counts as lizard does; cognitive follows SonarSource's definition (Campbell, 2018);
    nesting is the deepest level of control flow (an `else if` ladder is one level); code_lines are
    lines that hold code, comments and blank lines apart.
    """

    cyclomatic: int
    cognitive: int
    nesting: int
    code_lines: int


class SymbolFact(msgspec.Struct, frozen=True, array_like=True):
    """A definition in one file. `parent` indexes FileFacts.symbols, -1 for none.

    `span` runs from the definition's first line (decorators and leading docs excluded) to its end;
    `lead_byte` is where its decorators and its leading doc comment begin; `body_byte` where the
    body begins (== span.end_byte where there is none).
    """

    name: str
    kind: SymbolKind
    container: str  # names of the enclosing definitions joined by ".", "" at top level
    parent: int
    span: Span
    name_span: Span
    lead_byte: int
    body_byte: int
    signature: str = ""  # header in one line, white space normalised, without the body
    doc: str = ""  # doc comment or docstring, markers and indentation removed
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""  # declared return type as written
    decorators: tuple[str, ...] = ()  # decorators, annotations, attributes as written
    bases: tuple[str, ...] = ()  # what it inherits from, implements, or is an impl for, as written
    exported: bool = True  # visible outside its file by the language's own rules
    test: bool = False  # a test, or a container of tests
    metrics: Metrics | None = None  # callables only
    result: str = ""  # what it first returns, if a chain as in Definition.value; `new T` for a T
    remarked: bool = False  # its doc is of comments that are no documentation by the language


class ImportedName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One name that an import binds: `name` in the module, `alias` (or the same) here."""

    name: str  # "*" for everything, "default" for a default export, "" for the module itself
    alias: str
    span: Span


ImportKind = Literal["import", "from", "require", "include", "use", "using", "export", "dynamic"]


class Import(msgspec.Struct, frozen=True, array_like=True):
    """One import. `module` is as written, without quotes; `level` counts leading dots in Python."""

    kind: ImportKind
    module: str
    names: tuple[ImportedName, ...]
    span: Span
    level: int = 0
    type_only: bool = False  # erased at run time (TypeScript types, TYPE_CHECKING)
    deferred: bool = False  # inside a function: not at load time
    guarded: bool = False  # inside try, or a conditional
    reexport: bool = False  # makes the names visible to importers of this file
    system: bool = False  # C's <...>


class Scope(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A region in which names are bound. Scope 0 is the file; `symbol` is its definition or -1."""

    parent: int
    symbol: int
    span: Span


DefinitionKind = Literal[
    "import", "function", "class", "parameter", "variable", "field", "constant", "type", "label"
]


class Definition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name bound in a scope. `symbol` and `imported` index their lists, -1 for none."""

    name: str
    kind: DefinitionKind
    span: Span
    scope: int
    symbol: int = -1
    imported: int = -1  # index into FileFacts.imports
    type: str = ""  # declared or evident type as written (`x: T`, `x = T()`), "" if unknown
    value: str = ""  # else what it is first bound to, if a short chain of names and calls


UseKind = Literal["read", "write", "type", "annotation", "doc"]


class Use(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name used. `definition` indexes FileFacts.definitions, -1 where it is not of this file.

    "annotation" is a use inside a string that holds a type; "doc" one inside a doc comment's link.
    Member names (`b` in `a.b`) are no uses; calls record them.
    """

    name: str
    start_byte: int
    line: int
    column: int
    scope: int
    definition: int = -1
    kind: UseKind = "read"


CallKind = Literal["call", "new", "macro", "decorator", "reference"]


class CallFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A call: `name` is the last part (`c` in `a.b.c()`), `receiver` the rest as written ("a.b").

    `caller` indexes FileFacts.symbols (the innermost definition, the module symbol at top level);
    `definition` is the local definition of the name, or of the receiver's first part, or -1.
    `receiver_type` is the receiver's evident type as written ("" if unknown; the enclosing type's
    name for self and this). A function passed or stored by name is a "reference".
    """

    name: str
    receiver: str
    span: Span  # of the name
    caller: int
    definition: int = -1
    arguments: int = 0
    kind: CallKind = "call"
    receiver_type: str = ""


CommentKind = Literal["line", "block", "doc"]


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment as written, with its markers. `symbol` is the definition it is in or documents."""

    text: str
    span: Span
    kind: CommentKind
    symbol: int = -1


class FactError(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something in the file that could not be understood; the rest of the facts stand."""

    message: str
    line: int
    column: int


class SecretFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A secret in the text, and what may be told of it; nothing here holds the secret itself.

    All other facts, and the source that is kept beside them, have signs from `hidden_byte` to
    `end_byte`. `name` is what it is given to, `shown` what of it says whose it is. What only its
    name and looks call secret is "drawn" by chance, or "made" up by somebody.
    """

    how: Literal["token", "key", "address", "header", "drawn", "made"]
    kind: str
    start_byte: int
    hidden_byte: int
    end_byte: int
    name: str = ""
    shown: str = ""
    fits: bool | None = None  # its checksum, where it has one
    confidence: float = 0.0


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that is known of one file's content. It never holds the file's path."""

    language: str
    symbols: tuple[SymbolFact, ...] = ()  # in the order of the source, parents before children
    imports: tuple[Import, ...] = ()
    scopes: tuple[Scope, ...] = ()
    definitions: tuple[Definition, ...] = ()
    uses: tuple[Use, ...] = ()
    calls: tuple[CallFact, ...] = ()
    comments: tuple[Comment, ...] = ()
    exports: tuple[str, ...] = ()  # names exported explicitly (`__all__`, `export {...}`, ...)
    package: str = ""  # package or namespace declared by the file (Java, Go, C#)
    errors: tuple[FactError, ...] = ()
    lines: int = 0
    code_lines: int = 0
    generated: bool = False  # says of itself that a program wrote it
    secrets: tuple[SecretFact, ...] = ()  # in the order of the source


# --- what is embedded and searched ------------------------------------------------------------


class Passage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The text of one symbol (or of one window of a long one) as encoders and full text see it.

    No path, no callers, no callees: a passage changes only when the code itself changes.
    """

    name: str  # container and name
    signature: str
    doc: str
    body: str  # without comments, white space normalised; members' signatures for a class


# --- rows of the index ------------------------------------------------------------------------


class File(msgspec.Struct, frozen=True):
    """An indexed file. `path` is relative to the root, with "/"."""

    id: int
    path: str
    language: str
    digest: str
    size: int  # bytes
    lines: int
    errors: int
    generated: bool
    test: bool  # lies where tests lie, or is named as tests are


class Symbol(msgspec.Struct, frozen=True):
    """A symbol with its identity. `id` survives edits elsewhere, moves, and shown renames."""

    id: str
    path: str
    language: str
    name: str
    container: str
    kind: SymbolKind
    span: Span
    name_span: Span
    signature: str
    summary: str  # first paragraph of the doc, in one line
    exported: bool
    test: bool
    index: int  # into FileFacts.symbols of its file
    parent: str | None
    parameters: int
    metrics: Metrics | None

    @property
    def qualified_name(self) -> str:
        """Return container and name joined by a dot."""
        return f"{self.container}.{self.name}" if self.container else self.name


class Call(msgspec.Struct, frozen=True):
    """A resolved edge of the call graph, at one place. Confidence is 0 to 1."""

    source: str  # symbol id of the caller
    target: str  # symbol id of the callee
    path: str  # of the caller's file
    span: Span  # of the called name
    kind: CallKind
    confidence: float


EdgeKind = Literal["import", "call", "inherit", "test", "change"]


class Edge(msgspec.Struct, frozen=True):
    """An aggregated edge between files or symbols, `count` places strong."""

    source: str
    target: str
    kind: EdgeKind
    count: int = 1
    confidence: float = 1.0
    deferred: bool = False  # imports: type-only, or inside functions


class History(msgspec.Struct, frozen=True):
    """What git knows of a symbol: the blame of its lines, and how often its file changes."""

    author: str  # of most of its lines
    authors: tuple[tuple[str, int], ...]  # author, lines; most lines first
    last_commit: str  # full hash of the newest commit among its lines
    last_author: str
    last_time: int  # seconds since the epoch
    last_subject: str
    commits: int  # distinct commits among its lines
    file_commits: int  # commits that touched the file within the last year of its history
    uncommitted: int = 0  # lines of the symbol that are not committed yet


# --- findings ---------------------------------------------------------------------------------

Category = Literal[
    "complexity",
    "size",
    "duplication",
    "dead-code",
    "dependencies",
    "documentation",
    "security",
    "secrets",
    "licence",
    "tests",
    "bug-risk",
]


class Anchor(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Lines of a file, the last one included, and hashes by which they are found again."""

    line: int
    end_line: int
    first: bytes  # of the first line; b"" where it is the only one
    mark: bytes  # of all of them


class Related(msgspec.Struct, frozen=True, array_like=True):
    """Another place that belongs to a finding; lines are 0-based, the last one included."""

    path: str
    line: int
    end_line: int
    message: str
    anchor: Anchor | None = None  # where it stands in its finding's file, and is to move with it


class Replacement(msgspec.Struct, frozen=True, array_like=True):
    """New text for a stretch of one file; it holds as long as the lines of its anchor do."""

    path: str
    span: Span
    text: str
    anchor: Anchor | None = None


class Fix(msgspec.Struct, frozen=True, array_like=True):
    """A mend that can be applied: `safe` where it cannot change what the program does."""

    title: str
    safe: bool
    edits: tuple[Replacement, ...]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One debt finding. `id` is stable across edits elsewhere in the file."""

    id: str
    rule: str
    category: Category
    severity: int  # 1 (minor) to 5 (critical)
    message: str
    path: str
    span: Span
    symbol: str = ""  # qualified name of the innermost definition, "" at top level
    effort_hours: float = 0.1
    impact: float = 0.0  # 0 to 10
    priority: float = 0.0  # 0 to 100
    confidence: float = 1.0  # 0 to 1
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    anchor: Anchor | None = None  # by which it moves with the text
    evidence: str = ""  # of its place as it is now; never stored
    quiet: bool = False  # for lists alone: editors show it only to who asked for the rule
    since: int = 0  # when it was put there, in seconds since the epoch; 0 where nothing tells

    @property
    def told(self) -> str:
        """What people are told: the message, and what else is known of its place."""
        return f"{self.message}\n{self.evidence}" if self.evidence else self.message


# --- search -----------------------------------------------------------------------------------


class Why(msgspec.Struct, frozen=True):
    """One signal that lifted a hit, with what it saw."""

    signal: str
    detail: str


class Highlight(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A match inside a file: 0-based line and UTF-16 columns."""

    line: int
    column: int
    end_column: int


class Hit(msgspec.Struct, frozen=True):
    """One search result."""

    symbol: Symbol
    score: float
    snippet: str
    highlights: tuple[Highlight, ...] = ()
    why: tuple[Why, ...] = ()
    similarity: float | None = None  # cosine, for `similar`
    snippet_line: int = 0  # of the snippet's first line, 0-based


# --- how it fares -----------------------------------------------------------------------------


class MethodLatency(msgspec.Struct, frozen=True):
    """How often a method was answered, and within how many milliseconds for half and for 95 %."""

    count: int
    p50_ms: float = msgspec.field(name="p50Ms")
    p95_ms: float = msgspec.field(name="p95Ms")
