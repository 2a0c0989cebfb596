"""A command's session: the root, its settings, its indexer, and the index as it is on the disk."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.cli._progress import progress, telling
from codearch.commands._command import Context, Workspace
from codearch.commands._indexer import EVERYTHING, WORDS, refuse_part
from codearch.errors import PausedError, StoreError, UnusableStoreError
from codearch.indexer.client import Client
from codearch.settings import find_root, load_settings, root_cache
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from codearch.commands._indexer import Indexer
    from codearch.settings import LoadedSettings, Settings

ERROR = 5
RESUME = "Resume it first: `codearch index --resume`."


@contextlib.contextmanager
def session(
    root: Path | None,
    *,
    needs: Collection[str] | None = WORDS,
    awaits: Collection[str] = EVERYTHING,
    obey: bool = True,
) -> Iterator[Context]:
    """Open a session with the indexer of a root, and first bring the index up to date.

    `needs` are the steps of that without which the command would tell a part for the whole; with
    None the index is left as it is. `awaits` are those that it waits for. With `obey`, a settings
    file that cannot be obeyed raises SettingsError.
    """
    home = find_root(Path.cwd(), root)
    loaded = loaded_settings(home)
    settings = loaded.obeyed() if obey else loaded.settings
    for problem in loaded.problems:
        click.echo(f"codearch: {problem.message} {problem.mend}".rstrip(), err=True)
    with contextlib.ExitStack() as stack:
        shown = stack.enter_context(progress())
        client = stack.enter_context(Client(home, on_event=shown.on_event))
        if needs is not None:
            flush(client, needs, awaits)
        read = _reading(stack, home, lambda reader: Snapshot(reader, settings))
        try:
            workspace = Workspace(home, settings, client, read, loaded.problems)
            yield Context((workspace,), told=telling(shown))
        except UnusableStoreError as error:
            client.call("repair", {"inode": error.inode, "reason": error.message})
            raise


@contextlib.contextmanager
def as_it_stands(root: Path, settings: Settings) -> Iterator[Snapshot | None]:
    """Open what an index holds, however old; None where there is none. Nobody is started for it."""
    with contextlib.ExitStack() as stack:
        try:
            reader = Reader(root_cache(root), root)
            stack.callback(reader.close)
            snapshot = stack.enter_context(Snapshot(reader, settings))
        except StoreError:
            snapshot = None
        yield snapshot


def loaded_settings(root: Path) -> LoadedSettings:
    """Read a root's settings; rules that they name are known or said to be wrong."""
    loaded = load_settings(root)
    if not (loaded.settings.rules or loaded.settings.overrides):
        return loaded
    from codearch.detectors import known_rules  # noqa: PLC0415 - most settings name no rule

    return load_settings(root, known_rules=known_rules())


def flush(client: Indexer, needs: Collection[str], awaits: Collection[str] = EVERYTHING) -> None:
    """Wait until the index holds all that is on the disk; one paused when it was whole is used so.

    Raises IndexerError if a step that is needed for it failed, or if the indexer was lost.
    """
    try:
        answer = client.call("flush", {"steps": list(awaits)})
    except PausedError as error:
        status = client.call("status")
        if status["progress"] or not status["generation"]:
            raise PausedError(error.message, mend=RESUME) from error
        click.echo("codearch: the index is paused, so this is how things stood then.", err=True)
    else:
        refuse_part(answer, needs)
    say_errors(client)


def say_errors(client: Indexer) -> None:
    """Print on standard error what keeps the index from being right."""
    for problem in client.call("status")["problems"]:
        if problem["severity"] >= ERROR:
            click.echo(f"codearch: {problem['message']} {problem['mend']}".rstrip(), err=True)


def _reading(
    stack: contextlib.ExitStack, root: Path, opened: Callable[[Reader], Snapshot]
) -> Callable[[], Snapshot]:
    """Return a function that opens snapshots on one connection, made when first asked for."""
    readers: list[Reader] = []

    def read() -> Snapshot:
        if not readers:
            reader = Reader(root_cache(root), root)
            stack.callback(reader.close)
            readers.append(reader)
        return opened(readers[0])

    return read
