"""What rules find in workers, beside the parser, is what they find where all files are known."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from codearch.detectors import FileView, file_detectors, run_file, runs
from codearch.index.found import COLUMNS, unpack
from codearch.settings import rules_at

if TYPE_CHECKING:
    import pytest

    from codearch.facts import Finding
    from conftest import Workspace
    from indexer.running import Running

LIBRARY = ("json", "email", "http", "logging", "xml", "unittest")  # more than is parsed at once
RUNNER = '''\
"""Runs what it is told."""
import os
import subprocess


def run(command, quiet=True, *, where=None):
    """Run a command.

    :param orders: what to run
    """
    # TODO: ask who needs this
    return subprocess.call(command, shell=True, cwd=where)


class Runner:
    def begin(self, a, b, c, d, e, f, g, h, i):
        return run('ls')
'''
CALLER = """\
import runner


def main():
    return runner.run(%s)


class Own(runner.Runner):
    def begin(self, a, b, c, d, e, f, g, h, i):
        return a
"""


def anew(indexer: Running) -> list[Finding]:
    """Return what all rules find in all files, with the whole workspace in view."""
    found: list[Finding] = []
    settings = indexer.shop.settings
    with indexer.snapshot() as snapshot:
        for file in snapshot.files():
            rules = rules_at(settings, file.path)
            running = [rule for rule in file_detectors() if runs(rule, rules)]
            facts, source = snapshot.facts(file.path), snapshot.source(file.path)
            view = FileView(
                file.path,
                facts,
                source,
                test=file.test,
                generated=file.generated,
                project=snapshot,
            )
            found += run_file(running, view, rules)
    return sorted(found, key=lambda one: (one.path, one.id))


def kept(indexer: Running) -> list[Finding]:
    """Return what the index has of the rules on single files."""
    with indexer.snapshot() as snapshot:
        rows = snapshot.connection.execute(
            f"SELECT {COLUMNS} FROM findings n WHERE n.file IS NOT NULL"
        ).fetchall()
    return sorted((unpack(*row) for row in rows), key=lambda one: (one.path, one.id))


def ran_in_workers(indexer: Running) -> int:
    """Return how many files rules looked at in workers."""
    query = "SELECT count(*) FROM files WHERE beyond IS NOT NULL"
    with indexer.snapshot() as snapshot:
        return int(snapshot.connection.execute(query).fetchone()[0])


def library(workspace: Workspace, comment: str = "", code: str = "") -> None:
    """Write some hundred modules, with a line more at their ends."""
    for name in LIBRARY:
        for file in sorted((Path(sysconfig.get_path("stdlib")) / name).rglob("*.py")):
            text = file.read_bytes() + f"\n{comment}\n{code}\n".encode()
            workspace.write(f"{name}/{file.stem}.py", text)


def test_nothing_is_found_otherwise(workspace: Workspace, indexer: Running) -> None:
    library(workspace)
    workspace.write("runner.py", RUNNER)
    workspace.write("caller.py", CALLER % "input()")
    indexer.index()
    assert ran_in_workers(indexer) > 50
    assert kept(indexer) == anew(indexer)
    shell = [one for one in kept(indexer) if one.rule == "security-shell"]
    assert "runner.py" in {one.path for one in shell}


def test_what_rests_on_other_files_follows_them(workspace: Workspace, indexer: Running) -> None:
    library(workspace)
    workspace.write("runner.py", RUNNER)
    workspace.write("caller.py", CALLER % "input()")
    indexer.index()
    workspace.write("caller.py", CALLER % "'ls'")
    indexer.index()
    assert kept(indexer) == anew(indexer)
    assert "runner.py" not in {one.path for one in kept(indexer) if one.rule == "security-shell"}


def test_many_edits_of_comments_and_of_code(workspace: Workspace, indexer: Running) -> None:
    library(workspace)
    workspace.write("runner.py", RUNNER)
    workspace.write("caller.py", CALLER % "input()")
    indexer.index()
    before = ran_in_workers(indexer)
    library(workspace, comment="# TODO: look at this again")
    indexer.index()
    assert ran_in_workers(indexer) < before / 2  # what was found was carried along
    assert kept(indexer) == anew(indexer)
    library(workspace, code="import antigravity, os.path")
    indexer.index()
    assert ran_in_workers(indexer) > 50
    assert kept(indexer) == anew(indexer)


def test_other_settings_are_asked_of_all_files(workspace: Workspace, indexer: Running) -> None:
    library(workspace)
    indexer.index()
    workspace.write(
        "codearch.toml", "[rules.long-function]\nlines = 20\n[rules.todo]\nenabled = false\n"
    )
    indexer.index()
    found = kept(indexer)
    assert found == anew(indexer)
    assert "todo" not in {one.rule for one in found}


def test_rules_that_give_way_again_and_again_come_to_their_end(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[None] = []

    def always() -> bool:
        asked.append(None)
        return True

    workspace.write("runner.py", RUNNER)
    workspace.write("caller.py", CALLER % "input()")
    indexer.index()
    monkeypatch.setattr(indexer.engine.checking, "stop", always)
    workspace.write("caller.py", CALLER % "'ls'")
    workspace.write("runner.py", RUNNER.replace("TODO", "FIXME"))
    indexer.index()
    assert len(asked) > 2
    assert kept(indexer) == anew(indexer)
