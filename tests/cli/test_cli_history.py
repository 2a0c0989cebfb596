"""What rests on git's history is found at the first run, and the same at each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codearch.indexer.client import connect
from patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace

DAY = 24 * 3600
COMMITS = 60


def test_check_waits_for_the_history(repository: Workspace, codearch: Callable) -> None:
    for number in range(COMMITS):
        repository.write("shop/orders.py", f"COLUMNS = {number}\n")
        repository.write("export/rows.py", f"HEADER = {number}\n")
        repository.commit(f"Add column {number}", time=1_600_000_000 + number * DAY)
    asked = ("check", "--root", repository.root, "--format", "text", "--rule", "coupling")
    first = codearch(*asked)
    assert f"{COMMITS} of its {COMMITS} commits also changed that file" in first.out
    assert codearch(*asked).out == first.out
    repository.write("export/rows.py", "HEADER = 'new'\n")
    repository.commit("Head it anew", time=1_600_000_000 + COMMITS * DAY)
    assert f"{COMMITS} of its {COMMITS + 1} commits" in codearch(*asked).out


ASK = """\
import carriers


def ask(orders, urgent):
    \"\"\"Ask.

    :param orders: of which
    :param urgent: whether it is
    \"\"\"
    # old_carrier answers within 30 seconds
    return carriers.old_carrier(orders, 30, urgent)
"""
TODO = ("--rule", "todo", "--format", "text")
STALE = ("--rule", "stale-comment", "--rule", "stale-doc", "--format", "text")


def stale(codearch: Callable, root: Path) -> list[str]:
    """Return what is said of comments and docs, without places and fixes."""
    told = codearch("check", "--root", root, *STALE).out.splitlines()
    return [line.partition("stale-")[2] for line in told if "stale-" in line]


def left_behind(repository: Workspace) -> tuple[str, str]:
    """Commit what leaves a comment and docs behind; return both commits."""
    repository.write("shop/ask.py", ASK)
    repository.commit("Ask the carrier")
    repository.write("shop/ask.py", ASK.replace("carriers.old_", "carriers.new_"))
    first = repository.commit("Ask another one", time=1_700_100_000)
    text = ASK.replace("carriers.old_", "carriers.new_").replace(", urgent", "")
    repository.write("shop/ask.py", text)
    second = repository.commit("Ask alike", time=1_700_200_000)
    repository.git("mv", "shop/ask.py", "shop/carrier.py")
    repository.commit("Move it", time=1_700_300_000)
    return first[:9], second[:9]


def test_the_commit_that_left_them_behind_is_named(
    repository: Workspace, codearch: Callable
) -> None:
    first, second = left_behind(repository)
    told = stale(codearch, repository.root)
    docs, comment = told
    assert docs.endswith(f"it takes orders; right until {second} (2023-11-17, Ask alike)")
    assert comment.endswith(
        "names `old_carrier`, which stood in the code beside it until"
        f" {first} (2023-11-16, Ask another one) put `new_carrier` in its place"
    )
    assert stale(codearch, repository.root) == told
    assert stale(codearch, repository.root / "shop") == told  # an index of a part of it


def test_what_was_never_right_is_told_with_the_commit_that_wrote_it(
    repository: Workspace, codearch: Callable
) -> None:
    repository.write("README.md", "A shop\n")
    repository.commit("Begin")
    repository.write("ask.py", ASK.replace(", urgent)", ")"))
    commit = repository.commit("Ask the carrier", time=1_700_100_000)
    repository.write("ask.py", ASK.replace(", urgent)", ")") + "\n\nCOUNT = 1\n")
    repository.commit("Count", time=1_700_200_000)
    (docs,) = stale(codearch, repository.root)
    assert docs.endswith(f"it takes orders; so since {commit[:9]} (2023-11-16, Ask the carrier)")


def test_what_is_not_committed_or_known_is_not_told(
    repository: Workspace, codearch: Callable, tmp_path: Path
) -> None:
    left_behind(repository)
    copy = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth", "2", repository.root.as_uri(), str(copy))
    (docs,) = stale(codearch, copy)
    assert docs.endswith("that it does not have: it takes orders")
    changed = repository.root / "shop/carrier.py"
    changed.write_text(changed.read_text("utf-8").replace("orders, 30)", "orders, 45)"), "utf-8")
    docs, *rest = stale(codearch, repository.root)
    assert "right until" in docs
    assert rest == []  # the comment's code is another one now, and not committed
    repository.commit("Wait", time=1_700_400_000)
    assert len(stale(codearch, repository.root)) == 2
    repository.write("shop/carrier.py", ASK)
    repository.commit("Back to the old one", time=1_700_500_000)
    assert stale(codearch, repository.root) == []


def notes(codearch: Callable, root: Path) -> list[str]:
    """Return what is said of notes in `ask.py`, without places."""
    told = codearch("check", "--root", root, *TODO).out.splitlines()
    return [line.partition("todo: ")[2] for line in told if "ask.py" in line]


def test_who_left_a_note_and_when_is_told(repository: Workspace, codearch: Callable) -> None:
    note = "# TODO: ask the second carrier\n"
    repository.write("ask.py", "START = 1\n")
    repository.commit("Begin", time=1_700_000_000)
    repository.write("ask.py", f"START = 1\n{note}")
    repository.commit("Leave a note", author="Nils Abara", time=1_700_000_000 + DAY)
    for number in range(40):
        repository.write("ask.py", f"START = {number + 2}\n    {note}")
        repository.commit(f"Start at {number}", time=1_700_000_000 + (number + 2) * DAY)
    repository.git("mv", "ask.py", "carrier_ask.py")
    repository.commit("Move it", time=1_700_000_000 + 60 * DAY)
    repository.write("carrier_ask.py", f"# FIXME\nSTART = 50\n{note}# XXX: not committed yet\n")
    assert notes(codearch, repository.root) == [
        "FIXME",
        "TODO: ask the second carrier; left by Nils Abara on 2023-11-15",
        "XXX: not committed yet",
    ]


def test_a_note_of_a_branch_is_its_authors_not_of_who_merged_it(
    repository: Workspace, codearch: Callable
) -> None:
    lines = [f"LINE_{number} = {number}\n" for number in range(30)]
    repository.write("ask.py", "".join(lines))
    repository.commit("Begin", time=1_700_000_000)
    trunk = repository.git("symbolic-ref", "--short", "HEAD").strip()
    repository.git("checkout", "-q", "-b", "notes")
    repository.write("ask.py", "".join(["# TODO: ask the second carrier\n", *lines]))
    repository.commit("Leave a note", author="Nils Abara", time=1_700_000_000 + DAY)
    repository.git("checkout", "-q", trunk)
    repository.write("ask.py", "".join([*lines[:-1], "LAST = 1\n"]))
    repository.commit("Change the end", time=1_700_000_000 + 2 * DAY)
    repository.merge("notes")
    (told,) = notes(codearch, repository.root)
    assert told.endswith("; left by Nils Abara on 2023-11-15")


def test_the_oldest_notes_come_first_when_asked(repository: Workspace, codearch: Callable) -> None:
    for days, name in ((2, "ask.py"), (0, "bill.py"), (1, "carrier.py")):
        repository.write(name, f"# TODO: read {name}\n")
        repository.commit(f"Add {name}", time=1_700_000_000 + (10 - days) * DAY)
    repository.write("about.py", "# TODO: read about.py\n")

    def sorted_by(*order: str) -> list[str]:
        asked = ("check", "--root", repository.root, "--rule", "todo", "--format", "jsonl", *order)
        return [json.loads(line)["path"] for line in codearch(*asked).out.splitlines()]

    by_path = ["about.py", "ask.py", "bill.py", "carrier.py"]
    assert sorted_by() == sorted_by("--sort", "path") == by_path
    assert sorted_by("--sort", "age") == ["ask.py", "carrier.py", "bill.py", "about.py"]
    assert sorted(sorted_by("--sort", "priority")) == by_path


def test_a_shallow_clone_does_not_know_who_left_older_notes(
    repository: Workspace, codearch: Callable, tmp_path: Path
) -> None:
    repository.write("ask.py", "# TODO: ask the second carrier\n")
    repository.commit("Begin", author="Nils Abara", time=1_700_000_000)
    assert notes(codearch, repository.root)[0].endswith("left by Nils Abara on 2023-11-14")
    repository.write("README.md", "A shop\n")
    repository.commit("Describe it")
    copy = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth", "1", repository.root.as_uri(), str(copy))
    assert notes(codearch, copy) == ["TODO: ask the second carrier"]


def test_history_is_asked_of_an_index_that_was_made_anew(codearch: Callable) -> None:
    codearch("check", "--json")
    codearch("index", "--full")
    codearch("check", "--json")
    status = codearch("status", "--json").json
    assert (status["health"], status["problems"]) == ("ok", [])


def test_an_index_that_was_made_anew_tells_of_history_again(
    repository: Workspace, codearch: Callable
) -> None:
    repository.write("ask.py", "# TODO: ask the second carrier\n")
    repository.commit("Begin", author="Nils Abara", time=1_700_000_000)
    told = notes(codearch, repository.root)
    assert told == ["TODO: ask the second carrier; left by Nils Abara on 2023-11-14"]
    with connect(repository.root) as client:
        for _ in range(3):
            client.call("rebuild")
            client.call("want_history", {"paths": [], "wait": PATIENCE_SECONDS})
            assert notes(codearch, repository.root) == told
