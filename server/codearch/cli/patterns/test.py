"""`codearch patterns test`: each pattern on the examples in its own file."""

from __future__ import annotations

from pathlib import Path

import click

from codearch.cli._options import examples, root_option
from codearch.mining import faults
from codearch.settings import find_root


@click.command("test", epilog=examples("codearch patterns test"))
@root_option
def test(root: Path | None) -> int:
    """Run the tests of all patterns.

    Prints what is wrong with them, and ends with code 1 if something is.
    """
    wrong = 0
    for path, found in faults(find_root(Path.cwd(), root)):
        for fault in found:
            named = f"pattern {fault.pattern}: " if fault.pattern else ""
            click.echo(f"{path}:{fault.line + 1}: {named}{fault.message}")
            wrong += 1
    return 1 if wrong else 0


CLI = test
