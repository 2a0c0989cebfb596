"""`codearch lsp`: the language server."""

from __future__ import annotations

import sys

import click

from codearch.errors import UsageError
from codearch.settings import LogSettings, cache_home


@click.command(
    epilog="Examples:\n\n\b\n  codearch lsp --stdio\n  codearch lsp --tcp 127.0.0.1:7771",
)
@click.option("--stdio", is_flag=True, help="Serve one client over standard streams (the default).")
@click.option("--tcp", metavar="HOST:PORT", help="Serve any number of clients over TCP.")
def lsp(stdio: bool, tcp: str | None) -> None:
    """Run the language server."""
    from codearch.logs import start_logging  # noqa: PLC0415 - `--help` needs none of it
    from codearch.server.serving import serve_stdio, serve_tcp  # noqa: PLC0415

    if stdio and tcp:
        message = "--stdio and --tcp exclude each other."
        raise UsageError(message)
    start_logging(cache_home(), "server", LogSettings())
    if tcp is None:
        sys.exit(serve_stdio())
    serve_tcp(*_address(tcp))


def _address(text: str) -> tuple[str, int]:
    """Return host and port; a port alone binds to loopback."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        message = f"--tcp takes HOST:PORT such as 127.0.0.1:7771, not {text!r}."
        raise UsageError(message, field="tcp")
    return host.strip("[]") or "127.0.0.1", int(port)


CLI = lsp
