"""`codearch.debt.trends`: how debt went from revision to revision."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, NamedTuple

from msgspec import Meta

from codearch.checked import did_you_mean
from codearch.commands._command import Argument, Command, Context, Form, Workspace
from codearch.commands._old_files import OldFiles
from codearch.commands._places import Position
from codearch.commands._scope import in_scope
from codearch.detectors import all_rules
from codearch.errors import GitError, UsageError
from codearch.facts import CALLABLE_KINDS
from codearch.history import repository_of
from codearch.trends import Walk, rules_at_all_times, samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from codearch.trends import OldFinding, Point, Sample, Story, Stretch, Version

POINTS = 32


class TrendsQuery(Argument, frozen=True):
    """Which stretch of history is asked for, and of what."""

    since: Annotated[
        str | None, Meta(description="The oldest revision, or its date (YYYY-MM-DD).")
    ] = None
    until: Annotated[
        str | None, Meta(description="The newest revision, or its date; HEAD by default.")
    ] = None
    path: Annotated[str | None, Meta(description="A file, folder or glob below the root.")] = None
    rule: Annotated[str | None, Meta(description="Findings of this rule alone.")] = None
    symbol: Annotated[
        str | None,
        Meta(description="How this function went: a name, or a qualified one such as Outer.inner."),
    ] = None
    uri: Annotated[
        str | None, Meta(description="How the function at a place of this file went.")
    ] = None
    position: Annotated[Position | None, Meta(description="The place in that file.")] = None
    points: Annotated[int, Meta(ge=2, le=500, description="How many revisions at most.")] = POINTS
    limit: Annotated[int, Meta(ge=0, le=1000, description="How many functions at most.")] = 10


class RuleCount(Form):
    """The findings of one rule."""

    open: int
    effort_hours: float


class TrendPoint(Form):
    """One revision of a folder: what was there, and what came and went since the point before."""

    folder: str
    date: str
    commit: str
    open: int
    added: int
    resolved: int
    effort_hours: float
    by_rule: dict[str, RuleCount]


class SymbolValue(Form):
    """A function as one revision had it, under the path and the name that it had then."""

    date: str
    commit: str
    path: str
    name: str
    code_lines: int
    cognitive: int
    cyclomatic: int


class SymbolTrend(Form):
    """How one function went, the oldest revision first; `growth` is of cognitive complexity."""

    uri: str
    symbol: str
    growth: int
    values: list[SymbolValue]


class Trends(Form):
    """How debt went: folder by folder, the oldest revision first.

    `symbols` are the functions that grew most, or the one that was asked for. `notes` say what the
    figures leave out.
    """

    points: list[TrendPoint]
    symbols: list[SymbolTrend]
    notes: list[str]


def run(context: Context, query: TrendsQuery) -> Trends:
    """Walk through the history of each workspace; only what is not known yet is read."""
    known = all_rules()
    if query.rule is not None and query.rule not in known:
        message = f"`rule`: there is no rule {query.rule}.{did_you_mean(query.rule, known)}"
        raise UsageError(message, field="rule")
    target = _target(context, query)
    found = Trends(points=[], symbols=[], notes=[])
    problems = []
    for workspace in context.workspaces if target is None else (target.workspace,):
        try:
            _add(found, context, workspace, query, target)
        except GitError as error:
            problems.append(error)
            found.notes.append(str(error))
    if problems and not found.points:
        raise problems[0]
    return found


# --- one function -------------------------------------------------------------------------------


class _Target(NamedTuple):
    """The function that is asked for, as it is called now."""

    workspace: Workspace
    path: str
    name: str


def _target(context: Context, query: TrendsQuery) -> _Target | None:
    if query.symbol is not None:
        for workspace in context.workspaces:
            with workspace.read() as snapshot:
                for symbol in snapshot.named(query.symbol):
                    if symbol.kind in CALLABLE_KINDS and workspace.holds(symbol.path):
                        return _Target(workspace, symbol.path, symbol.qualified_name)
        message = f"`symbol`: there is no function {query.symbol}."
        raise UsageError(message, field="symbol", mend="`codearch search` finds it by its words.")
    if query.uri is None:
        return None
    if query.position is None:
        message = "`position` is missing: give the place in the file of `uri`."
        raise UsageError(message, field="position")
    workspace, path = context.of_file(query.uri)
    with workspace.read() as snapshot:
        found = snapshot.symbol_at(path, query.position.line)
    if found is None or found.kind not in CALLABLE_KINDS:
        raise UsageError("`position`: there is no function at this place.", field="position")
    return _Target(workspace, path, found.qualified_name)


# --- one workspace ------------------------------------------------------------------------------


def _add(
    found: Trends,
    context: Context,
    workspace: Workspace,
    query: TrendsQuery,
    target: _Target | None,
) -> None:
    """Add what one workspace's history tells."""
    if not workspace.settings.history.enabled:
        message = f"No revision of {workspace.root} is read, since `history.enabled` is off."
        raise GitError(message)
    stretch = samples(workspace.root, query.since or "", query.until or "", query.points)
    if not stretch.samples:
        found.notes.append(f"{workspace.root} has no commit in this stretch of its history.")
        return
    files = OldFiles(context, workspace, len(stretch.samples))
    walk = Walk(_within(workspace, query), _wanted(query))
    _walk(walk, files, stretch.samples, target)
    points = walk.end(stretch.samples[-1])
    pace = _pace(workspace)
    found.points += [_point(workspace, each, pace) for each in points]
    told = _told(walk.stories.told, query, target, _within(workspace, query))
    if target is not None and not told:
        message = f"`symbol`: {target.name} is not in {stretch.samples[0].commit[:10]} yet."
        raise UsageError(message, field="symbol", mend="Ask again when it has been committed.")
    found.symbols += [_symbol(workspace, each, stretch.samples) for each in told]
    found.notes += _notes(workspace, stretch, files.lacking)


def _walk(walk: Walk, files: OldFiles, revisions: Sequence[Sample], target: _Target | None) -> None:
    newest = files.all_of(revisions[0])
    walk.begin(_following(walk, newest, target.path) if target is not None else newest)
    for newer, older in itertools.pairwise(revisions):
        changes = files.changes(newer, older)
        walk.step(newer, changes, *files.both_sides(changes))


def _following(walk: Walk, files: Iterable[Version], path: str) -> Iterator[Version]:
    """Pass files on, and have the functions of one of them followed in any case."""
    for version in files:
        if version.path == path:
            walk.stories.follow(path, version.file)
        yield version


def _within(workspace: Workspace, query: TrendsQuery) -> Callable[[str], bool]:
    return lambda path: workspace.holds(path) and in_scope(path, query.path, workspace.root)


def _wanted(query: TrendsQuery) -> Callable[[OldFinding], bool]:
    return lambda finding: query.rule in (None, finding.rule)


def _pace(workspace: Workspace) -> float:
    with workspace.read() as snapshot:
        past = snapshot.past()
        return past.pace if past is not None else 1.0


# --- forms --------------------------------------------------------------------------------------


def _point(workspace: Workspace, point: Point, pace: float) -> TrendPoint:
    hours = {rule: round(pace * each, 2) for rule, each in point.hours.items()}
    return TrendPoint(
        folder=workspace.root.as_uri(),
        date=point.sample.date,
        commit=point.sample.commit,
        open=sum(point.counts.values()),
        added=point.added,
        resolved=point.resolved,
        effort_hours=round(sum(hours.values()), 2),
        by_rule={
            rule: RuleCount(open=count, effort_hours=hours[rule])
            for rule, count in point.counts.items()
        },
    )


def _told(
    stories: Sequence[Story],
    query: TrendsQuery,
    target: _Target | None,
    within: Callable[[str], bool],
) -> list[Story]:
    if target is not None:
        asked = (target.path, target.name)
        return [each for each in stories if (each.now.path, each.now.name) == asked][:1]
    grown = [each for each in stories if each.growth > 0 and within(each.now.path)]
    return sorted(grown, key=lambda each: (-each.growth, each.now))[: query.limit]


def _symbol(workspace: Workspace, story: Story, revisions: Sequence[Sample]) -> SymbolTrend:
    values = [
        SymbolValue(
            date=sample.date,
            commit=sample.commit,
            path=value.path,
            name=value.name,
            code_lines=value.code_lines,
            cognitive=value.cognitive,
            cyclomatic=value.cyclomatic,
        )
        for sample, value in zip(revisions, story.values, strict=False)
    ]
    return SymbolTrend(
        uri=(workspace.root / story.now.path).as_uri(),
        symbol=story.now.name,
        growth=story.growth,
        values=values[::-1],
    )


def _notes(workspace: Workspace, stretch: Stretch, lacking: int) -> Iterator[str]:
    if stretch.every > 1:
        yield f"One commit in {stretch.every} is shown, of {stretch.commits:,}."
    repository = repository_of(workspace.root)
    if repository is not None and repository.shallow:
        oldest = stretch.samples[-1].date
        yield f"The clone is shallow: what came before {oldest} may be missing."
    if lacking:
        yield f"{lacking:,} old files are not in this clone, and count for nothing."
    _, others = rules_at_all_times(workspace.settings.rules)
    if others:
        yield f"Not counted, since they need all files of then at once: {', '.join(others)}."


COMMAND = Command("codearch.debt.trends", TrendsQuery, Trends, run)
