"""`codearch rules`: what is looked for, why, and where it is on."""

from __future__ import annotations

import os
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codearch.checked import did_you_mean
from codearch.cli._findings import SEVERITIES
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._session import as_it_stands, loaded_settings
from codearch.detectors import (
    Doubts,
    Judgements,
    Rule,
    all_rules,
    asked_for,
    doubted,
    doubts,
    read_judgements,
    runs,
    shown_in_editor,
)
from codearch.errors import UsageError
from codearch.settings import find_root, overrides_of, rules_at
from codearch.settings.writing import write_workspace_setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codearch.settings import RuleSettings, Settings


@click.command(
    "rules",
    epilog=examples(
        "codearch rules",
        "codearch rules unused-import",
        "codearch rules long-function --path tests/test_orders.py",
        "codearch rules unused-import --off",
        "codearch rules --json",
    ),
)
@click.argument("name", metavar="[ID]", required=False)
@root_option
@json_option
@click.option("--path", metavar="FILE", help="Show what holds for one file or folder.")
@click.option("--off", is_flag=True, help="Turn the rule off, in the settings of the workspace.")
def rules(
    name: str | None, root: Path | None, *, path: str | None, as_json: bool, off: bool
) -> None:
    """Show the rules, or all about one, as the settings of the workspace have them.

    With --path, as they hold there, and which overrides make it so.

    A rule whose findings people often marked as false says so.
    """
    home = find_root(Path.cwd(), root)
    loaded = loaded_settings(home)
    for problem in loaded.disobeyed:  # who mends the settings needs the list of rules
        click.echo(f"codearch: {problem.message} {problem.mend}".rstrip(), err=True)
    below = None if path is None else _below(home, path)
    settings = loaded.settings.rules if below is None else rules_at(loaded.settings, below)
    by = {} if below is None else _overrides(loaded.settings, below)
    known = all_rules()
    if name is not None and name not in known:
        message = f"There is no rule {name}.{did_you_mean(name, known)}"
        raise UsageError(message, field="id", mend="`codearch rules` lists them.")
    if off:
        _turn_off(home, name)
        return
    said = _doubts(home, loaded.settings)
    listed = [
        _as_object(rule, settings, said.get(rule.id, Doubts())) | {"overrides": by.get(rule.id, [])}
        for rule in known.values()
        if name in (None, rule.id)
    ]
    if name is not None:
        _print_one(listed[0], as_json=as_json)
    elif as_json:
        print_json({"rules": listed})
    else:
        _print_list(listed)


def _below(root: Path, written: str) -> str:
    """Return a path below the root; it need not exist yet."""
    path = Path(os.path.abspath(written))  # noqa: PTH100 - links below the root are not followed
    home = root if path.is_relative_to(root) else Path(os.path.realpath(root))
    if not path.is_relative_to(home):
        path = path.resolve()
    if not path.is_relative_to(home) or path == home:
        message = f"--path: {written} does not lie below {root}."
        raise UsageError(message, field="path", mend="Name a file or folder of the workspace.")
    return path.relative_to(home).as_posix()


def _overrides(settings: Settings, path: str) -> dict[str, list[str]]:
    """Return the globs that speak of each rule for a path, the one that wins last."""
    found: dict[str, list[str]] = {}
    for glob, rules in overrides_of(settings, path):
        for rule in rules:
            found.setdefault(rule, []).append(glob)
    return found


def _turn_off(root: Path, name: str | None) -> None:
    if name is None:
        message = "--off needs the rule that is to be turned off."
        raise UsageError(message, field="off", mend="`codearch rules` lists them.")
    path = write_workspace_setting(root, f"rules.{name}.enabled", value=False)
    click.echo(f"{name} is off from now on: rules.{name}.enabled = false in {path}", err=True)


def _doubts(root: Path, settings: Settings) -> dict[str, Doubts]:
    """Return how often people found rules to be wrong; findings are counted where that matters."""
    judgements = read_judgements(root)
    if not doubted(judgements):
        return doubts(judgements, {}, judgements)
    with as_it_stands(root, settings) as snapshot:
        if snapshot is None:
            return doubts(judgements, {}, judgements)
        findings = snapshot.findings()
        gone = Judgements(judgements, snapshot).gone(findings)
    return doubts(judgements, Counter(each.rule for each in findings), gone)


def _as_object(rule: Rule, settings: Mapping[str, RuleSettings], said: Doubts) -> dict[str, Any]:
    languages = sorted(rule.languages)
    shown = [language for language in languages if shown_in_editor(rule, language, settings)]
    if rule.quiet and not asked_for(rule, settings):
        shown = []
    own = settings.get(rule.id)
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": (own and own.severity) or rule.severity,
        "check": runs(rule, settings),
        "editor": bool(shown),
        "editorLanguages": shown,
        "reportedBy": dict(rule.reported_by),
        "quiet": rule.quiet,
        "languages": languages,
        "summary": rule.summary,
        "why": rule.why,
        "example": rule.example,
        "limits": {**rule.limits, **(own.limits if own else {})},
        "falsePositives": {"marked": said.marked, "of": said.of, "often": said.often},
    }


def _print_list(listed: Sequence[Mapping[str, Any]]) -> None:
    width = max(len(rule["id"]) for rule in listed)
    for rule in listed:
        name = styled(rule["id"].ljust(width), bold=True)
        click.echo(f"{name}  {SEVERITIES[rule['severity']]:<8}  {rule['summary']}")
        if rule["overrides"]:
            click.echo(f"{' ' * width}  {_overridden(rule)}")
        if rule["falsePositives"]["often"]:
            click.echo(f"{' ' * width}  {_often_wrong(rule)}")


def _overridden(rule: Mapping[str, Any]) -> str:
    state = "on" if rule["check"] else "off"
    limits = "".join(f", {name} = {limit:g}" for name, limit in rule["limits"].items())
    globs = ", ".join(f'overrides."{glob}"' for glob in rule["overrides"])
    return styled(f"{state}, severity {rule['severity']}{limits} here, by {globs}", dim=True)


def _often_wrong(rule: Mapping[str, Any]) -> str:
    said = rule["falsePositives"]
    turn_off = f"`codearch rules {rule['id']} --off` turns it off"
    wrong = f"often wrong here: {said['marked']} of {said['of']} findings were marked false"
    return styled(f"{wrong}; {turn_off}", fg="yellow")


def _print_one(rule: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(rule)
        return
    editors = "on" if rule["editorLanguages"] == rule["languages"] else "off"
    if rule["editor"] and editors == "off":
        editors = f"on for {', '.join(rule['editorLanguages'])}"
    click.echo(f"{styled(rule['id'], bold=True)}: {rule['summary']}\n")
    click.echo(textwrap.fill(rule["why"], 88) + "\n")
    click.echo(f"category   {rule['category']}")
    click.echo(f"severity   {rule['severity']} ({SEVERITIES[rule['severity']]})")
    click.echo(f"languages  {', '.join(rule['languages'])}")
    click.echo(f"check      {'on' if rule['check'] else 'off, until asked for with --rule'}")
    click.echo(f"editors    {editors}")
    if rule["quiet"] and not rule["editor"]:
        click.echo(f"           {rule['quiet']}; `rules.{rule['id']}.enabled = true` shows it")
    for language, servers in rule["reportedBy"].items():
        click.echo(f"           {language}: {servers} report the same")
    if rule["overrides"]:
        click.echo(f"here       {_overridden(rule)}")
    if rule["falsePositives"]["often"]:
        click.echo(f"doubts     {_often_wrong(rule)}")
    for name, limit in rule["limits"].items():
        click.echo(f"limit      {name} = {limit:g}, set by rules.{rule['id']}.{name}")
    click.echo("\nExample:\n" + textwrap.indent(rule["example"], "    "))


CLI = rules
