"""`codearch lsp`: the language server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from codearch.cli._options import examples, root_option
from codearch.errors import UsageError
from codearch.settings import cache_home, find_root, load_settings


@click.command(
    "lsp",
    epilog=examples(
        "codearch lsp",
        "codearch lsp --tcp 127.0.0.1:7771",
        "codearch lsp --root ~/project      # for a client that names no folder",
    ),
)
@root_option
@click.option("--stdio", is_flag=True, help="Serve one client over standard streams (the default).")
@click.option("--tcp", metavar="HOST:PORT", help="Serve any number of clients over TCP.")
def lsp(root: Path | None, *, stdio: bool, tcp: str | None) -> None:
    """Run the language server; --root is served where a client names no folder of its own."""
    from codearch.logs import start_logging  # noqa: PLC0415 - `--help` needs none of it
    from codearch.server.serving import serve_stdio, serve_tcp  # noqa: PLC0415

    if stdio and tcp:
        message = "--stdio and --tcp exclude each other."
        raise UsageError(message)
    home = None if root is None else find_root(root, root)
    # Where logs lie and how much they say is the user's alone, whatever folder we stand in.
    start_logging(cache_home(), "server", load_settings(home or Path.cwd()).settings.log)
    if tcp is None:
        sys.exit(serve_stdio(home))
    serve_tcp(*_address(tcp), home)


def _address(text: str) -> tuple[str, int]:
    """Return host and port; a port alone binds to loopback."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        message = f"--tcp takes HOST:PORT such as 127.0.0.1:7771, not {text!r}."
        raise UsageError(message, field="tcp")
    return host.strip("[]") or "127.0.0.1", int(port)


CLI = lsp
