"""`codearch check`: debt findings of the whole tree, or of a part of it."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from codearch.checked import did_you_mean
from codearch.cli._changed import DEFAULT, changed_files
from codearch.cli._findings import print_lines, print_text
from codearch.cli._history import await_history
from codearch.cli._new import new_findings
from codearch.cli._options import examples, root_option
from codearch.cli._output import print_json
from codearch.cli._paths import Scope, paths_below, say_what_is_not_indexed
from codearch.cli._sarif import sarif_log
from codearch.cli._session import session
from codearch.commands._indexer import FINDINGS, refuse_part
from codearch.commands._orders import SORTS, ordered_by
from codearch.detectors import (
    HIDING,
    FileDetector,
    Judgements,
    ProjectDetector,
    ProjectView,
    Rule,
    accepted,
    all_rules,
    known_again,
    read_baseline,
    read_judgements,
    run_file,
    run_project,
    runs,
    runs_somewhere,
    still_there,
    write_baseline,
)
from codearch.errors import CodearchError, IndexerError, UsageError
from codearch.indexer.broken_rules import KEY, read_broken, said_of_broken
from codearch.settings import overridden_at, rules_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from codearch.commands._command import Workspace
    from codearch.detectors import BaselineEntry
    from codearch.facts import Finding
    from codearch.settings import Settings
    from codearch.snapshot import Snapshot

TRIES = 3


AS_EDITORS = ""  # new since then: what `diagnostics.since` says
_ALONE = {"--changed": f"--changed={DEFAULT}", "--new": f"--new={AS_EDITORS}"}


class _OptionalRevision(click.Command):
    """A command whose `--changed` and `--new` may stand alone; `--changed=REV` gives a revision."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give a bare `--changed` its default, so that it never takes the path after it."""
        end = args.index("--") if "--" in args else len(args)
        alone = [_ALONE.get(each, each) for each in args[:end]]
        return super().parse_args(ctx, alone + args[end:])


@click.command(
    "check",
    cls=_OptionalRevision,
    epilog=examples(
        "codearch check",
        "codearch check src tests/test_orders.py --rule unused-import --rule todo",
        "codearch check --changed=origin/main --fail-on 3 --format sarif > findings.sarif",
        "codearch check --new=origin/main --fail-on 3",
        "codearch check --rule todo --sort age",
        "codearch check --write-baseline",
    ),
)
@click.argument("paths", nargs=-1)
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl", "sarif"]),
    default="text",
    show_default=True,
    help="Text to read, one JSON object a line, or a SARIF 2.1.0 log.",
)
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", help="Run this rule alone; repeatable."
)
@click.option(
    "--changed",
    metavar="[REV]",
    help="Files changed since a revision (--changed=REV), or since the last commit.",
)
@click.option(
    "--new",
    "since",
    metavar="[REV]",
    help="Findings on code that is new since a revision or date (--new=REV), or as editors have"
    " it, that were not there before.",
)
@click.option(
    "--fail-on",
    type=click.IntRange(1, 5),
    metavar="SEVERITY",
    help="End with code 1 if a finding has this severity (1 to 5) or a higher one.",
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="path",
    show_default=True,
    help="What comes first; age has the oldest first where history tells (todo).",
)
@click.option("--no-baseline", is_flag=True, help="Show accepted findings too.")
@click.option("--write-baseline", "accept", is_flag=True, help="Accept what is found from now on.")
def check(paths: tuple[str, ...], root: Path | None, **options: Any) -> int:
    """Look for technical debt.

    Without PATHS the whole tree is looked at. Findings that a comment `codearch: ignore[rule-id]`
    silences, that the baseline accepts, or that people marked wontFix or falsePositive, are left
    out.
    """
    chosen = _chosen(options["rules"])
    if options["since"] is not None and options["accept"]:
        message = "--new and --write-baseline: a baseline accepts old findings as well."
        raise UsageError(message, field="new")
    with session(root, needs=FINDINGS, awaits=FINDINGS) as context:
        workspace = context.workspaces[0]
        scope = _scope(workspace.root, paths, options["changed"])
        ran = chosen or {name: rule for name, rule in all_rules().items() if _runs(workspace, rule)}
        if any(rule.history or _asks_history(rule) for rule in ran.values()):
            await_history(workspace)
        with _checked(workspace) as snapshot:
            say_what_is_not_indexed(snapshot, scope)
            _say_what_failed(snapshot)
            found = _findings(workspace, snapshot, ran, asked=bool(chosen))
            found = _without_judged(snapshot, found)
            found = [each for each in found if _shows(scope, each)]
            new = _new(workspace, snapshot, found, options["since"])
            looked_at = partial(_looked_at, workspace.settings, ran, scope, asked=bool(chosen))
            if options["accept"]:
                return _accept(snapshot, looked_at, found)
            if not options["no_baseline"]:
                found = _without_accepted(snapshot, looked_at, found)
        found = [each for each in found if new is None or each.id in new]
    found.sort(key=partial(ordered_by, options["sort"]))
    _print(found, ran, options["form"], workspace.root)
    worst = max((finding.severity for finding in found), default=0)
    return 1 if options["fail_on"] is not None and worst >= options["fail_on"] else 0


# --- what is asked for --------------------------------------------------------------------------


def _asks_history(rule: Rule) -> bool:
    """Say whether a rule says more where git's history is known."""
    if isinstance(rule, ProjectDetector):
        return rule.answer is not None
    return isinstance(rule, FileDetector) and rule.origins is not None


def _chosen(names: Sequence[str]) -> dict[str, Rule]:
    rules = all_rules()
    for name in names:
        if name not in rules:
            message = f"--rule: there is no rule {name}.{did_you_mean(name, rules)}"
            raise UsageError(message, field="rule", mend="`codearch rules` lists them.")
    return {name: rule for name, rule in rules.items() if name in names}


def _runs(workspace: Workspace, rule: Rule) -> bool:
    return runs_somewhere(rule, workspace.settings)


def _scope(root: Path, written: Iterable[str], revision: str | None) -> Scope:
    paths = paths_below(root, written)
    return Scope(paths, None if revision is None else changed_files(root, revision))


def _shows(scope: Scope, finding: Finding) -> bool:
    """Say whether a finding is asked for: by its own file, or by one that it relates to."""
    return scope.holds(finding.path) or any(scope.holds(each.path) for each in finding.related)


# --- findings -----------------------------------------------------------------------------------


@contextlib.contextmanager
def _checked(workspace: Workspace) -> Iterator[Snapshot]:
    """Open a snapshot in which no file waits for the rules, as one just saved does for a moment.

    Raises IndexerError where there is none: a part of the findings would look like all.
    """
    for _ in range(TRIES):
        with workspace.read() as snapshot:
            if not snapshot.unchecked():
                yield snapshot
                return
        refuse_part(workspace.indexer.call("flush", {"steps": FINDINGS}), FINDINGS)
    message = f"Files of {workspace.root} change faster than they are checked."
    raise IndexerError(message, mend="Ask again when they have settled.")


def _say_what_failed(snapshot: Snapshot) -> None:
    """Print on standard error which rules failed where: what is missing would look like none."""
    broken = read_broken(snapshot.meta(KEY))
    for problem in said_of_broken(broken, lambda path: snapshot.file(path) is not None):
        click.echo(f"codearch: {problem.message} {problem.mend}", err=True)


def _findings(
    workspace: Workspace, snapshot: Snapshot, rules: dict[str, Rule], *, asked: bool
) -> list[Finding]:
    """Return the findings of these rules: what the indexer keeps, the rest looked for now.

    Rules that were `asked` for by name run in all files but those for which they are turned off.
    """
    kept = [each for each in snapshot.findings() if each.rule in rules]
    off = [rule for rule in rules.values() if not runs(rule, workspace.settings.rules)]
    if not asked or not off:
        return kept
    kept = [each for each in kept if all(each.rule != rule.id for rule in off)]
    at = partial(rules_at, workspace.settings)
    view = ProjectView(snapshot)
    extra: list[Finding] = []
    of_files = [rule for rule in off if isinstance(rule, FileDetector)]
    for file in snapshot.files() if of_files else ():
        extra += run_file(of_files, view.view(file.path), at(file.path))
    of_all = [rule for rule in off if isinstance(rule, ProjectDetector)]
    extra += run_project(of_all, snapshot, workspace.settings.rules, at=at)
    extra = [each for each in extra if not _turned_off(workspace.settings, each)]
    kept += snapshot.scored(extra)
    return sorted(kept, key=lambda each: (each.path, each.span.line, each.rule, each.id))


def _turned_off(settings: Settings, finding: BaselineEntry | Finding) -> bool:
    """Say whether a rule is turned off for a finding's file among others, not everywhere."""
    said = overridden_at(settings, finding.path).get(finding.rule)
    return said is not None and said.enabled is False


def _without_judged(snapshot: Snapshot, findings: Sequence[Finding]) -> list[Finding]:
    said = Judgements(read_judgements(snapshot.root), snapshot).of(findings)
    hidden = {number for number, judgement in said.items() if judgement.status in HIDING}
    return [each for each in findings if each.id not in hidden]


def _new(
    workspace: Workspace, snapshot: Snapshot, found: Sequence[Finding], since: str | None
) -> frozenset[str] | None:
    """Return which findings are new, None where that is not asked for."""
    if since is None:
        return None
    return new_findings(snapshot, found, since or workspace.settings.diagnostics.since)


def _accept(
    snapshot: Snapshot, looked_at: Callable[[BaselineEntry], bool], findings: Sequence[Finding]
) -> int:
    """Make the baseline hold these findings, and of those not looked for what it held before."""
    kept = [each for each in _baseline_or_none(snapshot.root) if not looked_at(each)]
    write_baseline(snapshot.root, kept + accepted(findings, snapshot))
    count = f"{len(findings)} finding" + ("" if len(findings) == 1 else "s")
    click.echo(f"{count} accepted in .codearch/baseline.json", err=True)
    return 0


def _baseline_or_none(root: Path) -> Sequence[BaselineEntry]:
    try:
        return read_baseline(root)
    except CodearchError:
        return ()  # it is about to be written anew


def _without_accepted(
    snapshot: Snapshot, looked_at: Callable[[BaselineEntry], bool], findings: Sequence[Finding]
) -> list[Finding]:
    """Return the findings that the baseline does not hold.

    What is gone is taken out of it, and what has been renamed goes by its new name.
    """
    baseline = read_baseline(snapshot.root)
    again = known_again(baseline, findings, snapshot)
    kept = still_there(baseline, findings, looked_at)
    gone = len(baseline) - len({each.id for each in kept} | again.keys())
    if len(kept) < len(baseline) or again:
        stay = [each for each in kept if each.id not in again]
        write_baseline(snapshot.root, stay + accepted(again.values(), snapshot))
    if gone:
        click.echo(f"codearch: {gone} accepted findings are gone from the baseline.", err=True)
    known = {entry.id for entry in baseline} | {each.id for each in again.values()}
    return [each for each in findings if each.id not in known]


def _looked_at(
    settings: Settings, rules: dict[str, Rule], scope: Scope, entry: BaselineEntry, *, asked: bool
) -> bool:
    """Say whether the rule of an accepted finding was looked for where it stood."""
    rule = rules.get(entry.rule)
    if rule is None or not scope.holds(entry.path):
        return False
    return not _turned_off(settings, entry) if asked else runs(rule, rules_at(settings, entry.path))


def _print(findings: Sequence[Finding], rules: dict[str, Rule], form: str, root: Path) -> None:
    if form == "sarif":
        print_json(sarif_log(findings, rules, root))
    elif form == "jsonl":
        print_lines(findings)
    else:
        print_text(findings)


CLI = check
