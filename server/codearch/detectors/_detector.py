"""What a rule is: one module that ends in `DETECTOR = FileDetector(...)` or `ProjectDetector(...)`.

How to add a rule
-----------------
1. Write `detectors/<id_with_underscores>.py`. `check` takes what it looks at and yields drafts:
   where, what is wrong and why it matters here. Ids, suppression, scores and severity overrides are
   added afterwards (codearch.detectors._run), the same for all rules.
2. Put a case file beside it: `tests/cases/detectors/<id>.md` shows what is reported and what looks
   alike and is not; it is the rule's test and its page for users.

A file rule sees one file; it may ask `file.project` for what other files show, where there is one,
and runs again when what it was told of them may have changed. A project rule sees the whole
snapshot and runs once after each commit of facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from codearch.facts import Fix, Related, Span
from codearch.flow import read
from codearch.languages import by_name
from codearch.text import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from codearch.facts import Category, Edge, File, FileFacts, Symbol, SymbolFact
    from codearch.flow import Program
    from codearch.parse import LastTree
    from codearch.snapshot.origins import Origin
    from codearch.snapshot.past import Past, PastVersion

ALL_LANGUAGES = frozenset(
    {"python", "javascript", "typescript", "java", "go", "rust", "c", "cpp", "csharp"}
)


T = TypeVar("T")


class FilePast(Protocol):
    """The commits that changed a file, the newest first, and what it held in them."""

    @property
    def versions(self) -> Sequence[PastVersion]:
        """The commits."""

    @property
    def whole(self) -> bool:
        """Whether the oldest of them made the file, as far as git knows."""

    def __len__(self) -> int:
        """Return how many are known."""

    def text(self, index: int) -> bytes | None:
        """Return what a commit left in the file; None where there is nothing to be read."""

    def text_before(self, index: int) -> bytes | None:
        """Return what a commit found in the file; None where there is nothing to be read."""

    def brought(self, words: str) -> PastVersion | None:
        """Return the commit that brought words into the file; None where no known one did."""


class Project(Protocol):
    """The part of a snapshot that rules read (see codearch.snapshot)."""

    @property
    def root(self) -> Path | None:
        """The folder on the disk; None for a workspace in memory."""

    def files(self, language: str | None = None, under: str = "") -> Sequence[File]:
        """Return the indexed files."""

    def file(self, path: str) -> File | None:
        """Return one file, None where it is not indexed."""

    def digests(self) -> Mapping[str, str]:
        """Return what stands for each indexed file's content, by path; "" where nothing does."""

    def facts(self, path: str) -> FileFacts:
        """Return what parsing the file gave."""

    def source(self, path: str) -> bytes:
        """Return the UTF-8 that the facts' spans refer to."""

    def code(self, path: str, /) -> bytes:
        """Return what stands for a file's code: the same where comments and blank lines differ."""

    def importers_naming(
        self, path: str, words: Collection[bytes], /
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the files that import one and hold one of these words, each with its source."""

    def import_graph(self) -> Sequence[Edge]:
        """Return the import edges between all files."""

    def names_something_of(self, path: str, other: str) -> bool:
        """Say whether a file calls, inherits, tests or mentions what another one defines."""

    def symbols(self, path: str, /) -> Sequence[Symbol]:
        """Return the file's symbols in the order of its facts."""

    def bases(self, symbol: str, /) -> Sequence[Symbol]:
        """Return the symbols that this one inherits from, where the workspace has them."""

    def origins(self, path: str, /) -> Mapping[str, Origin]:
        """Return the commits that left a file's comments and docs behind, by what was asked."""

    def past(self) -> Past | None:
        """Return what git's history says of files; None where there is none, or not read yet."""

    def extracts(self, rule: str, /) -> Mapping[str, bytes]:
        """Return what the index keeps of all files for a rule (see ProjectDetector.extract)."""

    def extract(self, rule: str, path: str, /) -> bytes:
        """Return what the index keeps of one file for a rule, b"" for nothing."""

    def check_cancelled(self) -> None:
        """Raise Cancelled if something more urgent waits; the rule is run again afterwards."""


@dataclass(frozen=True)
class FileView:
    """One file as a rule sees it. `limits` are the running rule's, the user's over its own."""

    path: str
    facts: FileFacts
    source: bytes  # UTF-8, what the spans refer to
    test: bool = False  # lies where tests lie
    generated: bool = False  # a program wrote it, or it was copied in
    project: Project | None = None  # None where only this file is known
    limits: Mapping[str, float] = field(default_factory=dict)
    last: LastTree | None = field(default=None, repr=False, compare=False)  # of this source
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what several rules need of a file, made by the first that asks for it."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    @property
    def lines(self) -> Lines:
        """The file's lines."""
        return self.once("lines", lambda: Lines(self.source))

    @property
    def program(self) -> Program:
        """The file's syntax tree, for the flows of its functions: it is parsed once for all."""
        return self.once(
            "program",
            lambda: read(self.source, by_name(self.facts.language), self.facts, self.last),
        )

    def line_text(self, line: int) -> str:
        """Return one line without its end; "" beyond the file's end."""
        if not 0 <= line < len(self.lines):
            return ""
        return self.lines.line_bytes(line).decode("utf-8", "replace")

    def text(self, span: Span) -> str:
        """Return the source of a span."""
        return self.source[span.start_byte : span.end_byte].decode("utf-8", "replace")

    def span(self, start_byte: int, end_byte: int) -> Span:
        """Return the span from byte to byte."""
        line, column = self.lines.position(start_byte)
        end_line, end_column = self.lines.position(end_byte)
        return Span(start_byte, end_byte, line, column, end_line, end_column)

    def first_line(self, symbol: SymbolFact) -> Span:
        """Return a definition's first line without indentation: what a finding on it marks."""
        end = self.source.find(b"\n", symbol.span.start_byte)
        end = symbol.span.end_byte if end < 0 else min(end, symbol.span.end_byte)
        return self.span(symbol.span.start_byte, max(end, symbol.span.start_byte))


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A finding as its rule gives it; what is None or "" is filled in the same way for all rules.

    `key` is what makes this finding this one among those of its rule, file and symbol: a name, say.
    It must not change with edits elsewhere; where it is "", the text of the finding's line stands
    for it. Equal keys are told apart by their order.
    """

    span: Span
    message: str
    path: str = ""  # project rules only
    symbol: SymbolFact | None = None  # the definition that it is about, where it is about one
    key: str = ""
    severity: int | None = None
    effort_hours: float | None = None
    impact: float | None = None  # 0 to 10
    confidence: float = 1.0
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    quiet: bool = False  # for lists alone: editors leave it out unless the user asks for the rule
    since: int = 0  # when it was put there, in seconds since the epoch, where history tells


@dataclass(frozen=True)
class Deferred:
    """A finding of a project rule that is made where it is another one than last time alone.

    `stamp` is a hash of all that it hangs on, contents of files among it.
    """

    path: str
    stamp: bytes
    make: Callable[[], Draft]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is said of a rule, whatever it looks at.

    `reported_by` names, for a language, the usual servers that report the same: there the rule is
    off in editors and on in `codearch check`. `limits` are the numbers that users may change.
    Without `in_tests` editors show nothing of it in tests. `quiet` says why editors leave a rule to
    lists until the user asks for it: nobody changed a commit for what it found there. Of the rules
    that `measure` definitions, editors tell of one what presses most, and name the others there.
    """

    id: str
    category: Category
    severity: int  # 1 (minor) to 5 (critical)
    languages: frozenset[str]
    summary: str  # what it reports, in one sentence
    why: str
    example: str
    effort_hours: float = 0.1
    on: bool = True  # runs without being asked for
    generated: bool = False  # also looks at generated files
    history: bool = False  # rests on git's history: without it nothing is found
    reported_by: Mapping[str, str] = field(default_factory=dict)
    in_tests: bool = True
    quiet: str = ""
    measures: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)

    def in_editor(self, language: str) -> bool:
        """Say whether editors show its findings of this language unless the user says otherwise."""
        return self.on and language not in self.reported_by


@dataclass(frozen=True, kw_only=True)
class FileDetector(Rule):
    """A rule that looks at one file, and through it at what the files around it show.

    Without `comments` it finds the same, at other places, whatever comments and blank lines there
    are: after an edit of these alone it runs again only where what it had found did not just move,
    together with the lines that its message names (as "line 7"). `reads` is a folder of the
    workspace, without a last slash, on whose files everything that it finds hangs.
    `asks` names at leisure what it wants to know of a file's history, and `origins` answers that
    (see detectors/_origins.py).
    """

    check: Callable[[FileView], Iterator[Draft]]
    comments: bool = True
    reads: str = ""
    asks: Callable[[FileView], Iterator[str]] | None = None
    origins: Callable[[FileView, FilePast], dict[str, Origin | None]] | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectDetector(Rule):
    """A rule that looks at the whole snapshot. Its drafts name their `path`.

    It runs when the graph of imports has changed, or a file that it named; with `texts`, when any
    file has. One that takes long asks `project.check_cancelled` between its steps, and defers what
    takes long to say.

    What it needs of a file beyond that, `extract` makes of each when it has changed, together with
    the rules that look at it; the index keeps it, and forgets it with the file. It hangs on the
    file and no settings, and `check` must know by itself whether it is still that of the file. A
    rule with a limit `files` does not run where there are more, and has nothing kept there.
    """

    check: Callable[[ProjectView], Iterator[Draft | Deferred]]
    texts: bool = False
    extract: Callable[[FileView], bytes] | None = None  # b"": nothing
    # A question, history, and what gives a file's texts; b"" for nothing, None for nothing yet.
    answer: Callable[[bytes, Past, Callable[[str], FilePast]], bytes | None] | None = None


@dataclass(frozen=True)
class ProjectView:
    """The whole workspace as a project rule sees it; `off` says in which files it is turned off.

    What is found there is dropped; a rule that compares files asks, so as not to compare these.
    `memory` is the rule's own as long as the process runs. What it puts into `kept`, by path, takes
    the place of the extracts of these files, once it has ended. The status tells of what is `said`.
    What it `asks` of git's history, by a key of its own, `answer` finds at leisure, and it runs
    again with the `answers`; the text of a question is needed the first time alone.
    """

    project: Project
    limits: Mapping[str, float] = field(default_factory=dict)
    off: Callable[[str], bool] = lambda _: False
    memory: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)  # messages, and what to do
    asks: dict[bytes, bytes] = field(default_factory=dict)
    answers: Mapping[bytes, bytes] = field(default_factory=dict)

    def view(self, path: str) -> FileView:
        """Return one file of it."""
        file = self.project.file(path)
        return FileView(
            path,
            self.project.facts(path),
            self.project.source(path),
            test=file is not None and file.test,
            generated=file is not None and file.generated,
            project=self.project,
        )
