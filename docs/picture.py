"""Draws docs/picture.svg: what three commands really print on this clone."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

from click.testing import CliRunner
from rich.console import Console
from rich.text import Text

from codearch.cli import program

REPOSITORY = Path(__file__).resolve().parents[1]
COMMANDS = (
    ("search", "cut an identifier into its words", "--limit", "2"),
    ("graph", "calls", "--scope", "server/codearch/text.py", "--depth", "0", "--format", "text"),
    ("check", "server/codearch/parse"),
)
WIDTH = 110


def main() -> None:
    """Run the commands in colour and write the picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for arguments in COMMANDS:
        console.print(Text(f"$ codearch {shlex.join(arguments)}", style="bold green"))
        ran = CliRunner().invoke(program, [*arguments, "--root", str(REPOSITORY)], color=True)
        console.print(Text.from_ansi(ran.stdout, no_wrap=True, overflow="ellipsis"))
    picture = console.export_svg(title="codearch")
    # The viewer's own fonts will do: a picture must not fetch any.
    picture = re.sub(r"@font-face \{.*?\}\n?", "", picture, flags=re.DOTALL)
    (REPOSITORY / "docs" / "picture.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
