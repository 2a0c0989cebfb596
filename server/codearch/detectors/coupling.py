"""Files that hang together in other ways than the code shows, or more than is good for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codearch.detectors._coupling.links import Links, between, code_files
from codearch.detectors._coupling.shape import hubs, leans
from codearch.detectors._coupling.together import commits_of, groups
from codearch.detectors._detector import ALL_LANGUAGES, Draft, ProjectDetector, ProjectView
from codearch.facts import Related
from codearch.history.reading import ENOUGH_COMMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._coupling.shape import Hub, Lean
    from codearch.detectors._coupling.together import Group, Pair
    from codearch.facts import Span
    from codearch.snapshot.past import Past

_SHOWN_FILES = 6  # of a group in a message
_SHOWN_PAIRS = 12  # of a group, as related places


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield groups that change together without a link, hubs, and unstable dependencies."""
    project, limits = view.project, view.limits
    past = project.past()
    if past is None or past.size < ENOUGH_COMMITS:
        return
    files = code_files(project.files(), DETECTOR.languages)
    links = Links(project)
    for group in groups(past, files, links, limits["commits"], limits["percent"] / 100):
        project.check_cancelled()
        yield _together(view, past, group)
    edges = between(links.edges, files)
    for hub in hubs(edges, past, limits["users"], limits["used"], limits["changes"]):
        if _runs(view, hub.path):
            yield _hub(view, hub)
    for lean in leans(edges, past, limits["stable"], limits["changes"]):
        yield _lean(view, lean)


def _together(view: ProjectView, past: Past, group: Group) -> Draft:
    path, *others = group.files
    pair = group.pairs[0]
    last = pair.commits[0]
    shown = [f"`{each}`" for each in others[:_SHOWN_FILES]]
    if len(others) > _SHOWN_FILES:
        shown.append(f"{len(others) - _SHOWN_FILES} more")
    own, its = (commits_of(past, each) for each in (path, _other(pair, path)))
    which = f"`{_other(pair, path)}`" if len(others) > 1 else "that file"
    return Draft(
        path=path,
        span=_first_line(view, path),
        message=(
            f"changes together with {_listed(shown)}, and nothing in the code links them:"
            f" {len(pair.commits)} of its {own} commits also changed {which}, which has {its}; the"
            f" last one on {_day(last.time)} ({last.hash[:8]}: {last.subject})"
        ),
        key="\0".join(sorted(group.files)),
        effort_hours=1.0 + len(group.pairs),
        confidence=round(pair.degree, 2),
        related=tuple(_related(view, each, path) for each in group.pairs[:_SHOWN_PAIRS]),
    )


def _related(view: ProjectView, pair: Pair, path: str) -> Related:
    other = _other(pair, path)
    with_whom = path if path in (pair.one, pair.other) else pair.one
    span = _first_line(view, other)
    said = f"{len(pair.commits)} commits in common with {with_whom}, {100 * pair.degree:.0f} %"
    return Related(other, span.line, span.end_line, said)


def _other(pair: Pair, path: str) -> str:
    return pair.one if pair.other == path else pair.other


def _runs(view: ProjectView, path: str) -> bool:
    """Say whether a file has code of its own, and not only types and constants."""
    return any(each.metrics is not None for each in view.project.facts(path).symbols)


def _hub(view: ProjectView, hub: Hub) -> Draft:
    history = hub.history
    authors = len(history.authors)
    return Draft(
        path=hub.path,
        span=_first_line(view, hub.path),
        message=(
            f"hub: {hub.degree.fan_in} files use it, it uses {hub.degree.fan_out}, and it changed"
            f" {history.recent} times within a year: each change reaches many, and the changes of"
            f" many reach it; of its {history.commits} commits, by {authors}"
            f" {'person' if authors == 1 else 'people'}, {history.fixes} were fixes"
        ),
        key="hub",
        severity=3,
        effort_hours=round(4 + 0.1 * (hub.degree.fan_in + hub.degree.fan_out), 1),
    )


def _lean(view: ProjectView, lean: Lean) -> Draft:
    stable, unstable = lean.stable, lean.unstable
    span = _first_line(view, lean.target)
    return Draft(
        path=lean.source,
        span=_first_line(view, lean.source),
        message=(
            f"stable (used by {stable.fan_in}, uses {stable.fan_out}: instability"
            f" {stable.instability:.2f}), but depends on `{lean.target}`, which is not (used by"
            f" {unstable.fan_in}, uses {unstable.fan_out}: {unstable.instability:.2f})"
            f" and changed {lean.target_history.recent} times within a year, against"
            f" {lean.source_history.recent} here"
        ),
        key=f"depends on {lean.target}",
        effort_hours=3.0,
        related=(Related(lean.target, span.line, span.end_line, "changes more often"),),
    )


def _first_line(view: ProjectView, path: str) -> Span:
    file = view.view(path)
    end = file.source.find(b"\n")
    return file.span(0, len(file.source) if end < 0 else end)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


DETECTOR = ProjectDetector(
    id="coupling",
    category="dependencies",
    severity=2,
    languages=ALL_LANGUAGES,
    summary=(
        "Files that change together without a link in the code, hubs that change often, and stable"
        " files that depend on unstable ones."
    ),
    why=(
        "Who changes one of two files that belong together must know of the other, and nothing in"
        " the code says so: a rule, a format or a copy stands in both. Where a file that everybody"
        " uses changes often, or leans on one that does, the unrest reaches everybody. History"
        " tells which do; commits of bots, mass commits, formatting and renames are not counted,"
        " nor are tests, and without a history nothing is said. The limits: `commits` that two"
        " files have in common and `percent` of their changes; `users` and `used` files of a hub;"
        " `stable`, the users that make a file stable; `changes` within a year."
    ),
    example="14 commits changed both orders.py and export/csv.py, and neither knows of the other",
    effort_hours=2.0,
    history=True,
    limits={
        "commits": 8,
        "percent": 40,
        "users": 20,
        "used": 15,
        "stable": 8,
        "changes": 6,
    },
    check=check,
)
