"""`codearch status`: how fresh the index is, how large, and what is off."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from codearch.cli._budget import over_budget
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._session import loaded_settings, session
from codearch.commands import status as command
from codearch.commands._command import Context
from codearch.errors import CodearchError, StoreError, UnusableStoreError
from codearch.indexer.kept import measured, user_of
from codearch.problems import WARNING, Problem, health_of
from codearch.settings import claimed_cache, find_root, load_settings
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codearch.indexer.protocol import Endpoint

STARTING_SECONDS = 1.0  # of patience with an indexer that is still starting; its store tells enough
BUSY_SECONDS = 3.0  # ... with one that is there, and whose word is worth more
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command("status", epilog=examples("codearch status", "codearch status --json | jq .pending"))
@root_option
@json_option
def status(root: Path | None, *, as_json: bool) -> None:
    """Show the state of the index and what is off, without bringing it up to date."""
    there = user_of(claimed_cache(find_root(Path.cwd(), root)))
    patience = STARTING_SECONDS if there is None else BUSY_SECONDS
    found = _within(patience, lambda: _asked(root)) or _as_stored(root, there)
    problem = over_budget(load_settings(find_root(Path.cwd(), root)).settings)
    if problem is not None:
        found["problems"].append(msgspec.to_builtins(problem))
    if as_json:
        print_json(found)
    else:
        _print(found)


def _asked(root: Path | None) -> dict[str, Any]:
    """Ask the indexer, which is started where it is not there."""
    with session(root, needs=None, obey=False) as context:
        found: dict[str, Any] = command.COMMAND.answer(context, {})
        return found


def _within(seconds: float, ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Return an answer, or None if it takes longer: what asks goes on by itself until we end."""
    done: Future[dict[str, Any]] = Future()

    def run() -> None:
        try:
            done.set_result(ask())
        except (CodearchError, OSError, KeyboardInterrupt) as error:
            done.set_exception(error)

    threading.Thread(target=run, name="codearch-ask", daemon=True).start()
    try:
        return done.result(seconds)
    except FutureTimeout:
        return None


def _as_stored(root: Path | None, there: Endpoint | None) -> dict[str, Any]:
    """Return the state that the store is in while the indexer is on its way, or does not answer."""
    home = find_root(Path.cwd(), root)
    loaded = loaded_settings(home)
    folder = claimed_cache(home)
    index = measured(folder)
    status = command.FolderStatus(
        root=str(home),
        model=command.ModelForm(name=loaded.settings.model.name),
        store=command.StoreForm(path=str(folder), bytes=index.bytes if index else 0),
        problems=list(loaded.problems),
    )
    if there is not None:
        message = f"The indexer (process {there.pid}) has not answered within {BUSY_SECONDS:g} s."
        mend = "What is told is what its store holds. If that stays so, end the process."
        status.problems.append(Problem(WARNING, message, mend))
    status.health = health_of(status.problems)
    with contextlib.suppress(StoreError, UnusableStoreError):  # none yet
        reader = Reader(folder, home)
        with contextlib.closing(reader), Snapshot(reader, loaded.settings) as snapshot:
            status.files, status.symbols, status.pending = snapshot.counts()
            status.embedded = status.symbols - status.pending
            status.generation = snapshot.generation
            status.skipped = dict(Counter(snapshot.skipped().values()))
    found: dict[str, Any] = msgspec.to_builtins(command.summed(Context(()), [status]))
    return found


def _print(found: Mapping[str, Any]) -> None:
    folder = found["folders"][0]
    health = styled(found["health"], fg=COLOURS[found["health"]])
    click.echo(f"{folder['root']}: {found['state']}, health {health}")
    click.echo(
        f"{found['files']:,} files, {found['symbols']:,} symbols, "
        f"{found['pending']:,} pending; generation {found['generation']}"
    )
    model = found["model"]
    shape = f", {model['dimension']} numbers a vector, {model['device']}"
    click.echo(f"model {model['name']}{shape if model['device'] else ''}")
    click.echo(f"{found['store']['path']}: {found['store']['bytes'] / 1e6:,.1f} MB")
    if found["state"] != "starting":
        click.echo(f"{found['cache']['hitRate']:.0%} of the texts had their vectors already")
    for method, taken in found["latency"].items():
        click.echo(
            f"{method}: {taken['count']:,} answers, half of them within {taken['p50Ms']:g} ms, "
            f"95 % within {taken['p95Ms']:g} ms"
        )
    if (watching := _watching(folder["watching"])) is not None:
        click.echo(watching)
    for reason, count in folder["skipped"].items():
        click.echo(f"{count:,} files left out: {reason}")
    for problem in found["problems"]:
        click.echo(f"{styled('!', fg='yellow')} {problem['message']} {problem['mend']}".rstrip())


def _watching(watching: Mapping[str, Any]) -> str | None:
    """Return how changes are noticed; None where that is not known yet."""
    if watching["by"] == "polling":
        return f"changes are looked for every {watching['intervalSeconds']:g} s"
    if watching["by"] == "events":
        return f"{watching['watches']:,} watches, {watching['events']:,} events"
    return None


CLI = status
