"""Commands found by file name, so that `codearch search` never imports what `check` needs."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
from pathlib import Path
from typing import Any

import click

PACKAGE = "codearch.cli"
CONSTANT = "CLI"


class CommandsByFile(click.Group):
    """A group whose commands are the modules of a package; each ends in `CLI = <command>`."""

    def __init__(self, *arguments: Any, package: str = PACKAGE, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, without importing any."""
        del ctx
        folders = importlib.import_module(self._package).__path__
        names = (info.name for info in pkgutil.iter_modules(folders))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command, and no other."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        command = getattr(module, CONSTANT)
        if not isinstance(command, click.Command):
            message = f"{module.__name__}.{CONSTANT} must be a command"
            raise TypeError(message)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with the first line of their files."""
        rows = [(name, _first_line(self._package, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_line(package: str, name: str) -> str:
    """Return what a command's file says of it: its docstring after "`codearch NAME`: "."""
    spec = importlib.util.find_spec(f"{package}.{name.replace('-', '_')}")
    if spec is None or spec.origin is None:
        return ""
    document = ast.get_docstring(ast.parse(Path(spec.origin).read_text("utf-8"))) or ""
    line = document.partition("\n")[0]
    _, mark, rest = line.partition(": ")
    text = rest if mark else line
    return text[:1].upper() + text[1:]
