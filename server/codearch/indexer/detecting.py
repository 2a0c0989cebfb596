"""Rules on the whole workspace, run when its graph or what else they look at has changed."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors import (
    Remembered,
    project_detectors,
    rules_version,
    run_project,
    runs,
    runs_somewhere,
)
from codearch.errors import Cancelled
from codearch.history.reading import NEWS
from codearch.indexer.broken_rules import (
    EVERYWHERE,
    Broken,
    forget_broken,
    guarded,
    note_broken,
)
from codearch.indexer.extracting import crowded, keep
from codearch.indexer.questions import answers, note_questions
from codearch.indexer.said_by_rules import note_said
from codearch.indexer.standing import recall, stamped, standing, write
from codearch.settings import rules_at
from codearch.snapshot import Snapshot
from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from codearch.facts import Finding
    from codearch.indexer.standing import Standing
    from codearch.settings import Settings
    from codearch.snapshot import Reader
    from codearch.store.database import Connection

_CROWDED = b"too many files"  # asked of a rule that only says so, however they change
STEP = 40  # files a commit
_encode = msgspec.msgpack.Encoder().encode
_Version = tuple[tuple[int, int], tuple[str | None, str | None], object]
_looked_at: dict[Path, _Version] = {}  # what project rules saw last, by the index's place
# By the index's place and the rule; with its store, and what settings say of rules.
_remembered: dict[tuple[Path, str], tuple[object, Remembered]] = {}
_stood: dict[Path, dict[bytes, Standing]] = {}  # what they have found, by the index's place


def check_project(
    connection: Connection,
    reader: Reader,
    settings: Settings,
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Run the project rules if what they look at has changed since they last ran.

    They look at the graph, some at all that files say, or at git's history; what they found also
    stands at lines of files. Rules that ask give way when `stop` says so, and run again afterwards.
    """
    try:
        return _check_project(connection, reader, settings, stop)
    except Cancelled:
        return True


def _check_project(
    connection: Connection, reader: Reader, settings: Settings, stop: Callable[[], bool]
) -> bool:
    detectors = [rule for rule in project_detectors() if runs_somewhere(rule, settings)]
    at = partial(rules_at, settings)
    with Snapshot(reader, settings, stop) as snapshot:
        store, noted = snapshot.meta("store"), snapshot.meta("project-checked") or "{}"
        if _looked_at.get(reader.path) == _version(snapshot, settings):
            return False
        kept = standing(connection, _stood.setdefault(reader.path, {}))
        files = snapshot.digests()
        snapshot.check_cancelled()
        graph = hashlib.sha256(_encode((snapshot.import_links(), _of_rules(settings)))).digest()
        snapshot.check_cancelled()
        texts = hashlib.sha256(_encode(files)).digest()
        past = _encode((settings.history.enabled, snapshot.meta(NEWS)))
        seen: dict[str, str] = msgspec.json.decode(noted)
        made: dict[str, list[Finding]] = {}
        broken: Broken = {}
        said: dict[str, tuple[str, str]] = {}
        silent = crowded(connection, settings)
        for rule in detectors:
            snapshot.check_cancelled()
            told = answers(connection, rule.id)
            asked = graph + (texts if rule.texts else b"") + (past if rule.history else b"")
            asked = asked + _encode(sorted(told.items())) if rule.id not in silent else _CROWDED
            before = kept.get(rule.id, [])
            if seen.get(rule.id) == _state(asked, (each.finding for each in before), files):
                continue
            known = _remembered_of(reader, settings, store, rule.id)
            if rule.id in seen:
                recall(known, before)
            known.answers, made[rule.id] = told, []
            with guarded(rule.id, EVERYWHERE, broken):
                found = run_project([rule], snapshot, settings.rules, {rule.id: known}, at)
                made[rule.id] = [each for each in found if runs(rule, at(each.path))]
            said.update((rule.id, each) for each in known.said)
            seen[rule.id] = _state(asked, made[rule.id], files)
        version = _version(snapshot, settings)
        generation = snapshot.generation
    gone = kept.keys() - {rule.id for rule in detectors}
    if not made and not gone:
        _looked_at[reader.path] = version
        return False
    with transaction(connection):
        for name in made.keys() | gone:
            known = _remembered_of(reader, settings, store, name)
            now, before = stamped(known, made.get(name, [])), kept.get(name, [])
            _stood[reader.path].update(write(connection, name, before, now, generation))
            keep(connection, known, name)
            note_questions(connection, name, known.asks)
        note_broken(connection, {EVERYWHERE: made.keys() | gone}, broken)
        note_said(connection, made.keys() | gone, said)
        noted = msgspec.json.encode({rule.id: seen[rule.id] for rule in detectors}).decode()
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('project-checked', ?)", (noted,))
    with Snapshot(reader, settings) as snapshot:
        _looked_at[reader.path] = _version(snapshot, settings)
    return True


def _version(snapshot: Snapshot, settings: Settings) -> _Version:
    """Return what changes with anything that project rules may look at."""
    said = snapshot.meta("store"), snapshot.meta("project-checked")
    return snapshot.version, said, _of_rules(settings)


def _remembered_of(reader: Reader, settings: Settings, store: str | None, rule: str) -> Remembered:
    """Return what is known of a project rule; under other settings it begins anew.

    And in another store: what it asks of history is to be noted there again.
    """
    key, state = (reader.path, rule), (store, _of_rules(settings))
    if key not in _remembered or _remembered[key][0] != state:
        _remembered[key] = state, Remembered()
    return _remembered[key][1]


def _state(asked: bytes, findings: Iterable[Finding], files: Mapping[str, str]) -> str:
    """Return a hash of what a project rule was asked, and of the files that it named."""
    paths = set()
    for finding in findings:
        paths |= {finding.path, *(each.path for each in finding.related)}
    named = [(path, files[path]) for path in sorted(paths) if path in files]
    return hashlib.sha256(asked + _encode(named)).hexdigest()


def forget_others_findings(connection: Connection, settings: Settings) -> None:
    """Have everything checked again if other rules, or other settings of them, did it before."""
    state = hashlib.sha256(_encode((rules_version(), _of_rules(settings)))).hexdigest()
    known = connection.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
    if known and known[0] == state:
        return
    with transaction(connection):
        connection.execute("UPDATE files SET checked = 0, beyond = NULL")
        connection.execute("DELETE FROM extracts")
        forget_broken(connection)
        connection.execute("DELETE FROM meta WHERE key = 'project-checked'")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('rules', ?)", (state,))


def _of_rules(settings: Settings) -> tuple[object, ...]:
    """Return all that settings say of rules; `items`, since their order tells which glob wins."""
    return settings.rules, [*settings.overrides.items()]
