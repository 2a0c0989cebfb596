"""`codearch.search`: search by meaning."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from codearch.checked import learnt
from codearch.commands._command import Argument, Command, Context, Workspace
from codearch.commands._hits import HitForm, Hits, hit_form
from codearch.commands._places import Places
from codearch.facts import Hit, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Sequence

Mode = Literal["hybrid", "lexical", "semantic"]


class SearchQuery(Argument, frozen=True):
    """What is looked for, and where."""

    query: Annotated[
        str,
        Meta(
            min_length=1,
            description='Words; "..." is an exact phrase; lang: kind: path: -path: filter.',
        ),
    ]
    limit: Annotated[
        Annotated[int, Meta(ge=1, le=100)] | None,
        Meta(description="How many results at most; the setting search.limit by default."),
    ] = None
    language: Annotated[str | None, Meta(description="Results in this language alone.")] = None
    kind: Annotated[SymbolKind | None, Meta(description="Symbols of this kind alone.")] = None
    path: Annotated[str | None, Meta(description="Files below a folder or of a glob alone.")] = None
    mode: Annotated[
        Mode,
        Meta(description="Lexical ranks without vectors, semantic by vectors alone."),
    ] = "hybrid"


class Found(msgspec.Struct, frozen=True, rename="camel"):
    """What the indexer answers to `search` and `similar`."""

    hits: tuple[Hit, ...]
    complete: bool
    generation: int


def run(context: Context, query: SearchQuery) -> Hits:
    """Search all workspaces that are asked for and merge what they give by score."""
    wanted = {
        "query": query.query,
        "language": query.language,
        "kind": query.kind,
        "path": query.path,
        "mode": query.mode,
    }
    return ask(context, context.workspaces, "search", wanted, query.limit)


def ask(
    context: Context,
    workspaces: Sequence[Workspace],
    method: str,
    wanted: dict[str, Any],
    limit: int | None,
) -> Hits:
    """Put one question to the indexers of workspaces; return the best answers of all."""
    began = time.perf_counter()
    results: list[HitForm] = []
    complete, generation, most = True, 0, 0
    for workspace in workspaces:
        own_limit = limit or workspace.settings.search.limit
        narrowed = {**wanted, "limit": own_limit, "under": workspace.under}
        raw = workspace.indexer.call(method, narrowed, context.cancelled)
        found = msgspec.convert(raw, learnt(Found))
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            results += [hit_form(places, hit) for hit in found.hits]
        complete = complete and found.complete
        generation = max(generation, found.generation)
        most = max(most, own_limit)
    results.sort(key=lambda hit: -hit.score)  # stable: within a workspace the order stays
    return Hits(
        results=results[:most],
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        complete=complete,
        generation=generation,
    )


COMMAND = Command("codearch.search", SearchQuery, Hits, run)
