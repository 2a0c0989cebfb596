"""What rules are to look at in workers, where files are parsed: all that one file tells.

The engine's thread, which alone sees all files, is left with the rules that ask for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.index.test_paths import is_test_path
from codearch.indexer.checking import files_of, read_by_rules
from codearch.indexer.extracting import extracting
from codearch.indexer.workers import Wanted
from codearch.settings import rules_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.indexer.read_files import ReadFile
    from codearch.indexer.workshop import Workshop
    from codearch.settings import Settings


def want(shop: Workshop, files: Sequence[ReadFile], coming: int) -> None:
    """Have rules look at files in workers; so many more are `coming`."""
    connection, settings = shop.connection, shop.settings
    keeping, crowded = extracting(connection, settings, coming)
    if crowded:
        shop.progress.leave_out("comparing")
    empty = [folder for folder in read_by_rules(settings) if not files_of(connection, folder)]
    for each in files:
        path = each.entry.path
        shape, told = connection.execute(
            "SELECT (SELECT c.shape FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = :path AND f.session = 0),"
            " EXISTS (SELECT 1 FROM origins WHERE path = :path)",
            {"path": path},
        ).fetchone()
        each.wanted = Wanted(
            path,
            is_test_path(path),
            dict(rules_at(settings, path)),
            [rule.id for rule in keeping],
            [rule.id for rule in crowded],
            shape or b"",
            empty,
            bool(told),
        )


def still_wanted(each: ReadFile, settings: Settings) -> bool:
    """Say whether rules would still look at a file in the same way."""
    wanted = each.wanted
    return wanted is not None and wanted.rules == rules_at(settings, wanted.path)
