"""Rules in worker processes: what they find in a new content without looking at anything else.

A file is parsed there anyway, and the engine's thread, which alone sees all files, is left with the
rules that ask for others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codearch.detectors import (
    FileView,
    NothingElse,
    extracted_alone,
    file_detectors,
    project_detectors,
    run_alone,
    runs,
)
from codearch.facts import File
from codearch.index.found import FoundAlone, pack
from codearch.index.test_paths import is_test_path
from codearch.indexer.checking import files_of, read_by_rules
from codearch.indexer.extracting import extracting
from codearch.indexer.workers import Wanted
from codearch.secrets import hidden
from codearch.settings import rules_at
from codearch.store.schema import rule_number
from codearch.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.index.prepare import Prepared
    from codearch.indexer.read_files import ReadFile
    from codearch.indexer.workshop import Workshop
    from codearch.parse import LastTree
    from codearch.settings import Settings


def found_alone(wanted: Wanted, data: bytes, prepared: Prepared, last: LastTree) -> FoundAlone:
    """Return what rules find in a file's content, whose tree is at hand."""
    facts = prepared.facts
    own = File(
        0,
        wanted.path,
        facts.language,
        hashlib.sha256(data).hexdigest(),
        len(data),
        facts.lines,
        len(facts.errors),
        facts.generated,
        wanted.test,
    )
    view = FileView(
        wanted.path,
        facts,
        hidden(as_utf8(data), facts.secrets),
        test=wanted.test,
        generated=facts.generated,
        project=NothingElse(own, wanted.empty, history_told=wanted.history_told),
        last=last,
    )
    running = [rule for rule in file_detectors() if runs(rule, wanted.rules)]
    found, beyond = run_alone(running, view, wanted.rules)
    rows = [(one.id, one.path, one.rule, one.severity, pack(one)) for one in found]
    keeping = [rule for rule in project_detectors() if rule.id in wanted.keeping]
    made, others = extracted_alone(keeping, view)
    beyond += others + wanted.crowded
    extracts = [(rule_number(rule), data) for rule, data in made]
    return FoundAlone(wanted.path, prepared.key, rows, beyond, extracts)


def want(shop: Workshop, files: Sequence[ReadFile], coming: int) -> None:
    """Have rules look at files in workers; so many more are `coming`."""
    connection, settings = shop.connection, shop.settings
    keeping, crowded = extracting(connection, settings, coming)
    if crowded:
        shop.progress.leave_out("comparing")
    told = {path for (path,) in connection.execute("SELECT path FROM origins")}
    empty = [folder for folder in read_by_rules(settings) if not files_of(connection, folder)]
    for each in files:
        path = each.entry.path
        row = connection.execute(
            "SELECT c.shape FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = ? AND f.session = 0",
            (path,),
        ).fetchone()
        each.wanted = Wanted(
            path,
            is_test_path(path),
            dict(rules_at(settings, path)),
            [rule.id for rule in keeping],
            [rule.id for rule in crowded],
            row[0] if row else b"",
            empty,
            path in told,
        )


def still_wanted(each: ReadFile, settings: Settings) -> bool:
    """Say whether rules would still look at a file in the same way."""
    wanted = each.wanted
    return wanted is not None and wanted.rules == rules_at(settings, wanted.path)
