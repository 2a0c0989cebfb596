"""`codearch completion`: make the shell complete commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from codearch.cli._options import examples, root_option

if TYPE_CHECKING:
    from pathlib import Path

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CODEARCH_COMPLETE"


@click.command(
    "completion",
    epilog=examples(
        'eval "$(codearch completion bash)"     # in ~/.bashrc',
        'eval "$(codearch completion zsh)"      # in ~/.zshrc',
        "codearch completion fish > ~/.config/fish/completions/codearch.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@root_option
@click.pass_context
def completion(context: click.Context, shell: str, root: Path | None) -> None:
    """Print the script that a shell reads to complete `codearch`."""
    del root  # taken because every command takes it
    kind = get_completion_class(shell)
    program = context.find_root().command
    if kind is not None:
        click.echo(kind(program, {}, "codearch", VARIABLE).source())


CLI = completion
