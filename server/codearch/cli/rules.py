"""`codearch rules`: what is looked for, why, and where it is on."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codearch.checked import did_you_mean
from codearch.cli._findings import SEVERITIES
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._session import loaded_settings
from codearch.detectors import Rule, all_rules, runs, shown_in_editor
from codearch.errors import UsageError
from codearch.settings import find_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.settings import RuleSettings


@click.command(
    "rules",
    epilog=examples("codearch rules", "codearch rules unused-import", "codearch rules --json"),
)
@click.argument("name", metavar="[ID]", required=False)
@root_option
@json_option
def rules(name: str | None, root: Path | None, *, as_json: bool) -> None:
    """Show the rules, or all about one, as the settings of the workspace have them."""
    loaded = loaded_settings(find_root(Path.cwd(), root))
    for problem in loaded.disobeyed:  # who mends the settings needs the list of rules
        click.echo(f"codearch: {problem.message} {problem.mend}".rstrip(), err=True)
    settings = loaded.settings.rules
    known = all_rules()
    if name is not None and name not in known:
        message = f"There is no rule {name}.{did_you_mean(name, known)}"
        raise UsageError(message, field="id", mend="`codearch rules` lists them.")
    if name is not None:
        _print_one(_as_object(known[name], settings), as_json=as_json)
    elif as_json:
        print_json({"rules": [_as_object(rule, settings) for rule in known.values()]})
    else:
        _print_list(known)


def _as_object(rule: Rule, settings: Mapping[str, RuleSettings]) -> dict[str, Any]:
    languages = sorted(rule.languages)
    shown = [language for language in languages if shown_in_editor(rule, language, settings)]
    own = settings.get(rule.id)
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": (own and own.severity) or rule.severity,
        "check": runs(rule, settings),
        "editor": bool(shown),
        "editorLanguages": shown,
        "reportedBy": dict(rule.reported_by),
        "languages": languages,
        "summary": rule.summary,
        "why": rule.why,
        "example": rule.example,
        "limits": {**rule.limits, **(own.limits if own else {})},
    }


def _print_list(known: Mapping[str, Rule]) -> None:
    width = max(len(name) for name in known)
    for name, rule in known.items():
        severity = SEVERITIES[rule.severity]
        click.echo(f"{styled(name.ljust(width), bold=True)}  {severity:<8}  {rule.summary}")


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
    for language, servers in rule["reportedBy"].items():
        click.echo(f"           {language}: {servers} report the same")
    for name, limit in rule["limits"].items():
        click.echo(f"limit      {name} = {limit:g}, set by rules.{rule['id']}.{name}")
    click.echo("\nExample:\n" + textwrap.indent(rule["example"], "    "))


CLI = rules
