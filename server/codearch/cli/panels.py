"""`codearch panels`: search, debt and the code graph in a browser."""

from __future__ import annotations

import asyncio
import webbrowser
from pathlib import Path

import click

from codearch.cli._options import examples, root_option
from codearch.errors import CodearchError
from codearch.settings import find_root

_PACKAGE = Path(__file__).resolve().parents[1]
BUNDLES = (_PACKAGE / "panels", _PACKAGE.parents[1] / "clients" / "panels" / "dist")


@click.command("panels", epilog=examples("codearch panels", "codearch panels --port 7772 --open"))
@root_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help="The port on loopback; a free one by default.",
)
@click.option("--open", "opened", is_flag=True, help="Open the address in the browser.")
def panels(root: Path | None, port: int, *, opened: bool) -> None:
    """Serve the panels on loopback, and print the address to open: it holds a token."""
    from codearch.server.bridge import Bridge  # noqa: PLC0415 - `--help` needs none of it

    def begun(address: str) -> None:
        click.echo(address)
        if opened:
            webbrowser.open(address)

    bridge = Bridge(find_root(Path.cwd(), root), bundle())
    asyncio.run(bridge.run(port, begun))


def bundle() -> Path:
    """Return the folder of the built panels: the installed ones, or those of a clone."""
    for folder in BUNDLES:
        if (folder / "index.html").is_file():
            return folder
    message = "The panels have not been built."
    raise CodearchError(message, mend="Run `make panels` in the clone, then install it again.")


CLI = panels
