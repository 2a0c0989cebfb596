"""`codearch.similar`: code like the code at a place, or like a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from codearch import languages
from codearch.checked import did_you_mean
from codearch.commands._command import Argument, Command, Context, Workspace
from codearch.commands._hits import Hits
from codearch.commands._places import Places, Position
from codearch.commands.search import ask
from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


class SimilarQuery(Argument, frozen=True):
    """A place in a file, or a piece of code and its language."""

    uri: Annotated[str | None, Meta(description="The file, as a URI.")] = None
    position: Annotated[Position | None, Meta(description="The place in that file.")] = None
    code: Annotated[
        Annotated[str, Meta(min_length=1)] | None, Meta(description="Code to compare with.")
    ] = None
    language: Annotated[str | None, Meta(description="The language of `code`.")] = None
    threshold: Annotated[
        float, Meta(ge=0, le=1, description="The least similarity, the cosine of the vectors.")
    ] = 0.5
    cross_language: Annotated[
        bool, Meta(description="Whether code in other languages is given as well.")
    ] = False
    limit: Annotated[
        Annotated[int, Meta(ge=1, le=100)] | None,
        Meta(description="How many results at most; the setting search.limit by default."),
    ] = None


def run(context: Context, query: SimilarQuery) -> Hits:
    """Return code like the code that is asked about, without that code itself."""
    if query.code is not None and query.uri is not None:
        message = "`uri` and `code` exclude each other: give a place or a text."
        raise UsageError(message, field="uri")
    if query.code is not None:
        if query.language is None:
            message = "`language` is missing: say which language `code` is in."
            raise UsageError(message, field="language")
        _check_language(query.language)
        workspaces: Sequence[Workspace] = context.workspaces
        about: dict[str, Any] = {"code": query.code, "language": query.language}
    else:
        workspace, symbol = _symbol_at(context, query)
        workspaces, about = (workspace,), {"symbol": symbol}
    about |= {"threshold": query.threshold, "crossLanguage": query.cross_language}
    return ask(context, workspaces, "similar", about, query.limit)


def _check_language(name: str) -> None:
    try:
        languages.by_name(name)
    except KeyError:
        hint = did_you_mean(name, languages.names())
        message = f"`language`: there is no language {name!r}.{hint}"
        raise UsageError(message, field="language") from None


def _symbol_at(context: Context, query: SimilarQuery) -> tuple[Workspace, str]:
    """Return the innermost symbol at the place, by id."""
    if query.uri is None:
        message = "`uri` is missing: give uri and position, or code and language."
        raise UsageError(message, field="uri")
    if query.position is None:
        message = "`position` is missing: give the place in the file of `uri`."
        raise UsageError(message, field="position")
    workspace, path = context.of_file(query.uri)
    with workspace.read() as snapshot:
        if snapshot.file(path) is None:
            message = f"`uri`: {path} is not indexed."
            raise UsageError(message, field="uri", mend="`codearch status` says what is left out.")
        column = Places(snapshot, context.encoding).column(path, query.position)
        symbol = (
            snapshot.symbol_at(path, query.position.line, column)
            or snapshot.symbol_at(path, query.position.line)
            or next(iter(snapshot.symbols(path)), None)
        )
    if symbol is None:
        message = f"`position`: there is no code in {path}."
        raise UsageError(message, field="position")
    return workspace, symbol.id


COMMAND = Command("codearch.similar", SimilarQuery, Hits, run)
