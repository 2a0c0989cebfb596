"""`codearch.explain`: all that is known of one symbol, in one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from codearch.commands._command import Argument, Command, Context, Form, Workspace
from codearch.commands._debt import Debt, debts
from codearch.commands._explained import explanation, markdown
from codearch.commands._forms import DebtItem, SymbolForm, debt_item, symbol_form
from codearch.commands._neighbours import Neighbour, callees, callers
from codearch.commands._places import Places, Position
from codearch.errors import IndexerError, UsageError

if TYPE_CHECKING:
    from codearch.facts import History, Symbol
    from codearch.snapshot import Snapshot

OTHERS_LIMIT = 20
FIRST_SECONDS, AGAIN_SECONDS = 5.0, 1.0  # what history is worth, unknown and perhaps outdated


class ExplainQuery(Argument, frozen=True):
    """A place in a file, or a symbol by name or id."""

    uri: Annotated[str | None, Meta(description="The file, as a URI.")] = None
    position: Annotated[Position | None, Meta(description="The place in that file.")] = None
    symbol: Annotated[
        Annotated[str, Meta(min_length=1)] | None,
        Meta(description="A name, a qualified name such as Outer.inner, or an id."),
    ] = None
    offer: Annotated[
        bool, Meta(description="Whether the editor asks its user to which caller or test to go.")
    ] = False


class Owner(Form):
    """Someone who wrote lines that still stand, and their share of the symbol, 0 to 1."""

    name: str
    lines: int
    share: float


class Churn(Form):
    """How often the symbol changed and when last; `fileCommits` within the last year.

    `uncommitted` counts its lines that are not committed yet.
    """

    commits: int
    file_commits: int
    uncommitted: int
    last_commit: str
    last_author: str
    last_time: int
    last_subject: str


class Complexity(Form):
    """Size and complexity of a function."""

    cyclomatic: int
    cognitive: int
    nesting: int
    code_lines: int
    lines: int
    parameters: int


class Explanation(Form):
    """What hover shows, and more; `others` are further symbols of the name that was asked for."""

    symbol: SymbolForm
    signature: str
    summary: str
    callers: list[Neighbour]
    callees: list[Neighbour]
    tests: list[SymbolForm]
    owners: list[Owner]
    churn: Churn | None
    complexity: Complexity | None
    debt: list[DebtItem]
    knowledge: list[str]
    docs: str
    markdown: str
    others: list[SymbolForm]


def run(context: Context, query: ExplainQuery) -> Explanation:
    """Explain the symbol at a place, or of a name."""
    if query.symbol is not None:
        workspace, number, others = _named(context, query.symbol)
    elif query.uri is None:
        message = "`symbol` is missing: give a symbol, or uri and position."
        raise UsageError(message, field="symbol")
    elif query.position is None:
        message = "`position` is missing: give the place in the file of `uri`."
        raise UsageError(message, field="position")
    else:
        workspace, number = _at_place(context, query.uri, query.position)
        others = []
    if not query.offer:  # whoever clicks wants to go on, not to read
        _read_history(workspace, number, context)
    with workspace.read() as snapshot:
        symbol = snapshot.symbol(number)
        if symbol is None:
            message = "The symbol is gone: the file changed meanwhile."
            raise UsageError(message, field="symbol", mend="Ask again.")
        return _explain(snapshot, Places(snapshot, context.encoding), symbol, others)


def _named(context: Context, name: str) -> tuple[Workspace, str, list[str]]:
    """Return the workspace and id of the best symbol of a name, and the ids of the others there."""
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            known = snapshot.symbol(name)
            found = [known] if known else snapshot.named(name)
            found = [symbol for symbol in found if workspace.holds(symbol.path)]
            if found:
                found.sort(key=lambda one: (one.test, -len(snapshot.callers(one.id))))
                numbers = [symbol.id for symbol in found]
                return workspace, numbers[0], numbers[1 : OTHERS_LIMIT + 1]
    message = f"`symbol`: nothing here is called {name!r}."
    raise UsageError(message, field="symbol", mend="`codearch search` finds code by meaning.")


def _at_place(context: Context, uri: str, position: Position) -> tuple[Workspace, str]:
    """Return what is called, else defined, at a place."""
    workspace, path = context.of_file(uri)
    with workspace.read() as snapshot:
        if snapshot.file(path) is None:
            message = f"`uri`: {path} is not indexed."
            raise UsageError(message, field="uri", mend="`codearch status` says what is left out.")
        column = Places(snapshot, context.encoding).column(path, position)
        called = snapshot.call_at(path, position.line, column)
        if called:
            return workspace, called[0].target
        symbol = snapshot.symbol_at(path, position.line, column)
        symbol = symbol or snapshot.symbol_at(path, position.line)
        symbol = symbol or next(iter(snapshot.symbols(path)), None)
    if symbol is None:
        message = f"`position`: there is no code in {path}."
        raise UsageError(message, field="position")
    return workspace, symbol.id


def _read_history(workspace: Workspace, number: str, context: Context) -> None:
    """Have the indexer see what git says now of the symbol; nobody waits for long."""
    with workspace.read() as snapshot:
        symbol = snapshot.symbol(number)
        known = snapshot.history(number) is not None
    if symbol is None:
        return
    wait = AGAIN_SECONDS if known else FIRST_SECONDS
    try:
        workspace.indexer.call(
            "want_history", {"paths": [symbol.path], "wait": wait}, context.cancelled
        )
    except IndexerError:
        return


def _explain(snapshot: Snapshot, places: Places, symbol: Symbol, others: list[str]) -> Explanation:
    fact = snapshot.facts(symbol.path).symbols[symbol.index]
    history = snapshot.history(symbol.id)
    debt = [debt_item(places, one) for one in _debts(snapshot, symbol) if one.stands]
    result = Explanation(
        symbol=symbol_form(places, symbol),
        signature=symbol.signature,
        summary="",
        callers=callers(snapshot, places, symbol.id),
        callees=callees(snapshot, places, symbol.id),
        tests=[symbol_form(places, test) for test in snapshot.tests_of(symbol.id)],
        owners=_owners(history),
        churn=_churn(history),
        complexity=_complexity(symbol),
        debt=debt,
        knowledge=[],
        docs=fact.doc,
        markdown="",
        others=[symbol_form(places, one) for one in snapshot.symbols_by_id(others).values()],
    )
    result = msgspec.structs.replace(result, summary=explanation(symbol, result))
    return msgspec.structs.replace(result, markdown=markdown(symbol, result))


def _debts(snapshot: Snapshot, symbol: Symbol) -> list[Debt]:
    """Return the findings inside a symbol; of a file's top level those of the whole file."""
    found = debts(snapshot, symbol.path)
    if symbol.kind == "module":
        return found
    first, last = symbol.span.line, symbol.span.end_line
    return [
        one
        for one in found
        if first <= one.finding.span.line <= last and one.finding.rule != "import-cycle"
    ]


def _owners(history: History | None) -> list[Owner]:
    if history is None:
        return []
    total = sum(lines for _, lines in history.authors) or 1
    return [
        Owner(name=name, lines=lines, share=round(lines / total, 2))
        for name, lines in history.authors
    ]


def _churn(history: History | None) -> Churn | None:
    if history is None:
        return None
    return Churn(
        commits=history.commits,
        file_commits=history.file_commits,
        uncommitted=history.uncommitted,
        last_commit=history.last_commit,
        last_author=history.last_author,
        last_time=history.last_time,
        last_subject=history.last_subject,
    )


def _complexity(symbol: Symbol) -> Complexity | None:
    metrics = symbol.metrics
    if metrics is None:
        return None
    return Complexity(
        cyclomatic=metrics.cyclomatic,
        cognitive=metrics.cognitive,
        nesting=metrics.nesting,
        code_lines=metrics.code_lines,
        lines=symbol.span.end_line - symbol.span.line + 1,
        parameters=symbol.parameters,
    )


COMMAND = Command("codearch.explain", ExplainQuery, Explanation, run)
