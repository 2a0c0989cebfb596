"""The command line: one file a command, of which only the one asked for is read."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

import click

from codearch import __version__
from codearch.cli._commands import CommandsByFile
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, FINDINGS, USAGE, LACKING, INTERRUPTED = 0, 1, 2, 3, 130


class Program(CommandsByFile):
    """All commands. Click's own answer to a closed pipe is 1, which means findings here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command asked for, as far as somebody reads what it prints."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _drop_output()
            return DONE


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Each command takes --help, which shows examples. Editors start `codearch lsp`.",
)
@click.version_option(__version__, prog_name="codearch", message="%(prog)s %(version)s")
def program() -> None:
    """Understand inherited code: search by meaning, explanations, the code graph, debt findings."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    _speak_utf8()
    try:
        code = program.main(
            args=None if arguments is None else list(arguments),
            prog_name="codearch",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except CodearchError as error:
        click.echo(f"codearch: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        _drop_output()
        return DONE
    except OSError as error:
        click.echo(f"codearch: {error}", err=True)
        return LACKING
    return code if isinstance(code, int) else DONE


def _speak_utf8() -> None:
    """Print UTF-8 whatever the console's own encoding is, and names that are none escaped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            cast("_Reconfigurable", stream).reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_output() -> None:
    """Point standard output nowhere: whoever read it has gone, and closing it must not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class _Reconfigurable(TextIO):
    def reconfigure(self, *, encoding: str, errors: str) -> None: ...
