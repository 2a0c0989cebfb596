"""Findings on new code alone, what is left out by that, and what their fixes would change."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from codearch.errors import UsageError
from commands.asking import ask

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.commands._command import Context
    from conftest import Workspace

OLD = "import os\n\n\ndef weigh(parcel):\n    return parcel.weight\n"
SETTINGS = "[diagnostics]\nmaxPerFile = 1\n[rules.unused-import]\nenabled = true\n"
NEW = "import sys\nimport re\n\n\ndef insure(parcel):\n    return parcel.value"


@pytest.fixture
def root(repository: Workspace) -> Path:
    repository.write("codearch.toml", SETTINGS)
    repository.write("old.py", OLD)
    repository.commit("Weigh parcels")
    repository.git("branch", "-M", "main")
    repository.git("checkout", "-q", "-b", "insurance")
    repository.write("new.py", NEW)
    return repository.root


def listed(context: Context, **query: Any) -> Any:
    context.workspaces[0].indexer.call("flush")
    return ask(context, "debt.list", rule="unused-import", **query)


def test_old_code_is_left_out_and_counted(context: Context) -> None:
    everything = listed(context)
    assert (everything["total"], everything["leftOut"]) == (3, None)
    new = listed(context, newOnly=True)
    assert {each["uri"].rpartition("/")[2] for each in new["items"]} == {"new.py"}
    assert new["leftOut"] == {"oldCode": 1, "ceiling": 1, "lists": 0, "why": ""}
    assert new["summary"]["byCategory"] == {"dead-code": 2}


def test_old_code_is_old_as_well_where_editors_show_all(context: Context, root: Path) -> None:
    (root / "codearch.toml").write_text(SETTINGS.replace("maxPer", 'since = "all"\nmaxPer'))
    assert listed(context, newOnly=True)["leftOut"]["oldCode"] == 1


def test_a_fix_is_told_and_nothing_is_changed(context: Context, root: Path) -> None:
    item = next(each for each in listed(context)["items"] if "re" in each["message"].split("`"))
    told = ask(context, "debt.fix", id=item["id"])
    assert (told["title"], told["safe"]) == (item["fix"]["title"], item["fix"]["safe"])
    (file,) = told["files"]
    assert (file["uri"], file["version"]) == (item["uri"], None)
    assert (root / "new.py").read_text() == NEW
    applies = ["git", "apply", "--check", "-"]
    subprocess.run(applies, cwd=root, input=told["diff"].encode(), check=True)
    assert "-import re\n" in told["diff"]


def test_no_fix_is_told_of_what_has_none_or_is_not_there(context: Context, root: Path) -> None:
    (root / "old.py").write_text("# TODO: weigh it\n" + OLD)
    context.workspaces[0].indexer.call("flush")
    (note,) = ask(context, "debt.list", rule="todo")["items"]
    for number in (note["id"], "0" * 16):
        with pytest.raises(UsageError) as raised:
            ask(context, "debt.fix", id=number)
        assert raised.value.field == "id"


def test_symbols_are_found_by_letters_of_their_names(context: Context) -> None:
    context.workspaces[0].indexer.call("flush")
    (found,) = ask(context, "symbols", query="insu")["symbols"]
    assert (found["name"], found["kind"]) == ("insure", "function")
    assert len(ask(context, "symbols", query="", limit=1)["symbols"]) == 1
