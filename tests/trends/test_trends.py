"""How debt went in a repository that people work in: from outside, by the command."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codearch.cli._session import session
from codearch.commands._schema import all_commands
from codearch.errors import Cancelled, GitError, PausedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.commands._command import Context
    from conftest import Workspace

DAY = 24 * 3600
BEGAN = 1_700_000_000

WEIGH = """def weigh(parcel):
    total = 0
    for part in parcel.parts:
        if part.liquid:
            total += part.volume * part.density
        else:
            total += part.weight
    return total
"""
PRICE = """def price(parcel):
    # TODO: ask the carrier
    return weigh(parcel) * 2
"""


@pytest.fixture
def shop(repository: Workspace, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty repository that is indexed in a cache of its own."""
    assert own_cache
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "3")
    monkeypatch.setenv("CODEARCH_SEARCH_VECTORS", "false")
    return repository


@pytest.fixture
def context(shop: Workspace) -> Iterator[Context]:
    with session(shop.root) as context:
        yield context


def commit(shop: Workspace, day: int, **files: str | None) -> str:
    """Write files, or delete those that are None, and commit; `__` in a name stands for a slash."""
    for name, text in files.items():
        path = name.replace("__", "/") + ".py"
        if text is None:
            (shop.root / path).unlink()
        else:
            shop.write(path, text)
    return shop.commit(f"Day {day}", time=BEGAN + day * DAY)


def trends(context: Context, **query: Any) -> dict[str, Any]:
    context.workspaces[0].indexer.call("flush")
    answer: dict[str, Any] = all_commands()["codearch.debt.trends"].answer(context, query)
    return answer


def figures(found: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(each["open"], each["added"], each["resolved"]) for each in found["points"]]


def test_debt_comes_and_goes(shop: Workspace, context: Context) -> None:
    commits = [
        commit(shop, 0, prices=WEIGH + PRICE),
        commit(shop, 1, orders="import os\n\n# FIXME: rounds twice\n"),
        commit(shop, 2, prices=WEIGH + PRICE.replace("    # TODO: ask the carrier\n", "")),
    ]
    found = trends(context)
    assert [each["commit"] for each in found["points"]] == commits
    assert [each["date"] for each in found["points"]] == ["2023-11-14", "2023-11-15", "2023-11-16"]
    assert figures(found) == [(1, 0, 0), (3, 2, 0), (2, 0, 1)]
    assert found["points"][1]["byRule"]["todo"]["open"] == 2
    assert found["points"][1]["effortHours"] == pytest.approx(
        sum(each["effortHours"] for each in found["points"][1]["byRule"].values())
    )
    (last,) = found["points"][-1:]
    shown = all_commands()["codearch.debt.list"].answer(context, {})["items"]
    assert last["open"] == len(shown)


def test_one_rule_and_one_folder(shop: Workspace, context: Context) -> None:
    commit(shop, 0, prices=PRICE, shipping__boxes="import os\n# TODO: measure\n")
    commit(shop, 1, shipping__boxes="# TODO: measure\n")
    assert figures(trends(context, rule="todo")) == [(2, 0, 0), (2, 0, 0)]
    assert figures(trends(context, path="shipping")) == [(2, 0, 0), (1, 0, 1)]
    with pytest.raises(UsageError, match="Did you mean"):
        trends(context, rule="todos")


def test_what_is_renamed_or_moved_neither_comes_nor_goes(shop: Workspace, context: Context) -> None:
    commit(shop, 0, prices=WEIGH + PRICE, orders="X = 1\n")
    commit(shop, 1, prices=WEIGH + PRICE.replace("price", "fare"))
    commit(shop, 2, prices=None, shipping__fares=WEIGH + PRICE.replace("price", "fare"))
    commit(shop, 3, shipping__fares=WEIGH, orders="X = 1\n\n\n" + PRICE.replace("price", "fare"))
    assert figures(trends(context)) == [(1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)]


def nested(name: str, loops: int) -> str:
    heads = ["    " * (n + 1) + f"for part{n} in parcel.parts:" for n in range(loops)]
    return "\n".join(
        [
            f"def {name}(parcel):",
            "    total = 0",
            *heads,
            "    " * (loops + 1) + "total += parcel.weight",
            "    parcel.total = total",
            "    print(total)",
            "    return total",
            "",
        ]
    )


def test_a_function_is_followed_through_renames_and_moves(
    shop: Workspace, context: Context
) -> None:
    commit(shop, 0, prices=nested("weigh", 1))
    commit(shop, 1, prices=nested("weigh", 2))
    commit(shop, 2, prices=nested("mass", 2))  # renamed
    commit(shop, 3, prices=None, shipping__mass=nested("mass", 2))  # its file moved
    commit(shop, 4, shipping__mass="X = 1\n", orders=nested("mass", 2))  # to another file
    commit(shop, 5, orders=nested("load", 3))  # renamed and edited at once
    (grown,) = trends(context)["symbols"]
    told = [(each["path"], each["name"], each["cognitive"]) for each in grown["values"]]
    assert told == [
        ("prices.py", "weigh", 1),
        ("prices.py", "weigh", 3),
        ("prices.py", "mass", 3),
        ("shipping/mass.py", "mass", 3),
        ("orders.py", "mass", 3),
        ("orders.py", "load", 6),
    ]
    assert (grown["symbol"], grown["growth"]) == ("load", 5)
    uri = (shop.root / "orders.py").as_uri()
    at_place = trends(context, uri=uri, position={"line": 2, "character": 0})
    assert trends(context, symbol="load")["symbols"] == at_place["symbols"] == [grown]


def test_members_of_a_renamed_class_are_followed(shop: Workspace, context: Context) -> None:
    def written(name: str, weight: str) -> str:
        methods = "".join(
            f"    def {each}(self):\n        return self.{each}_of_all_the_parts\n\n"
            for each in ("volume", "height")
        )
        return f"class {name}:\n    def weigh(self):\n        return {weight}\n\n{methods}"

    commit(shop, 0, parcels=written("Parcel", "1"))
    commit(shop, 1, parcels=written("Box", "2 if self else 3"))
    (story,) = trends(context, symbol="Box.weigh")["symbols"]
    assert [each["name"] for each in story["values"]] == ["Parcel.weigh", "Box.weigh"]


def test_what_has_never_changed_has_a_story_when_asked_for(
    shop: Workspace, context: Context
) -> None:
    commit(shop, 0, prices=WEIGH)
    commit(shop, 1, orders="X = 1\n")
    (story,) = trends(context, symbol="weigh")["symbols"]
    assert [each["cognitive"] for each in story["values"]] == [4, 4]
    shop.write("orders.py", "def freight():\n    return 1\n")
    context.workspaces[0].indexer.call("flush")
    with pytest.raises(UsageError, match="freight is not in"):
        trends(context, symbol="freight")
    with pytest.raises(UsageError, match="no function"):
        trends(context, symbol="nowhere")


def test_a_stretch_of_history(shop: Workspace, context: Context) -> None:
    commits = [commit(shop, day, prices=f"# TODO: {day}\n" * day) for day in range(1, 6)]
    shop.git("tag", "v1", commits[1])

    def opened(**query: str) -> list[int]:
        return [each["open"] for each in trends(context, **query)["points"]]

    assert opened(since="v1") == [2, 3, 4, 5]
    assert opened(since="2023-11-17") == [3, 4, 5]
    assert opened(until="v1") == [1, 2]
    assert opened(since="v1", until="2023-11-18") == [2, 3, 4]
    assert opened(since=commits[-1]) == [5]
    assert opened(since="2030-01-01") == []
    with pytest.raises(UsageError, match=r"`since`: git knows no revision 'v9'"):
        trends(context, since="v9")


def test_one_more_commit_costs_its_own_files(shop: Workspace, context: Context) -> None:
    commit(shop, 0, prices=WEIGH + PRICE, orders="X = 1\n")
    commit(shop, 1, orders="X = 2\n")
    first = trends(context)
    with context.workspaces[0].read() as snapshot:
        query = "SELECT key, data FROM studied"
        before = dict(snapshot.connection.execute(query))
    assert trends(context) == first
    commit(shop, 2, orders="X = 3\n")
    trends(context)
    with context.workspaces[0].read() as snapshot:
        after = dict(snapshot.connection.execute(query))
    assert before.items() <= after.items()
    assert len(after) - len(before) == 3  # the file, what changed, and the tree


def test_of_a_long_history_the_same_commits_are_shown(shop: Workspace, context: Context) -> None:
    commits = [commit(shop, day, prices=f"# TODO: {day}\n") for day in range(21)]
    shown = [each["commit"] for each in trends(context, points=8)["points"]]
    assert shown == [commits[n] for n in (0, 4, 8, 12, 16, 20)]
    assert "One commit in 4 is shown, of 21." in trends(context, points=8)["notes"]
    commits.append(commit(shop, 21, prices="X = 1\n"))
    shown = [each["commit"] for each in trends(context, points=8)["points"]]
    assert shown == [commits[n] for n in (0, 4, 8, 12, 16, 20, 21)]


def test_a_folder_of_a_repository(repository: Workspace, own_cache: Path) -> None:
    assert own_cache
    repository.write("prices.py", "# TODO: outside\n")
    repository.write("shop/codearch.toml", '[index]\nexclude = ["old/"]\n')
    repository.write("shop/old/orders.py", "# TODO: excluded\n")
    repository.write("shop/orders.py", "# TODO: inside\n")
    repository.commit("First", time=BEGAN)
    repository.write("shop/parcels.py", "# TODO: this too\n")
    repository.write("other.py", "# TODO: outside\n")
    repository.commit("Second", time=BEGAN + DAY)
    with session(repository.root / "shop") as context:
        assert figures(trends(context)) == [(1, 0, 0), (2, 1, 0)]


def test_broken_binary_and_linked_files_stop_nothing(shop: Workspace, context: Context) -> None:
    shop.write("broken.py", "def f(:\n  # TODO: mend\n")
    shop.write("noise.py", b"\0\1\2# TODO: no text\n")
    (shop.root / "link.py").symlink_to("broken.py")
    shop.commit("First", time=BEGAN)
    assert [each["open"] for each in trends(context, rule="todo")["points"]] == [1]


def test_nothing_of_a_secret_is_kept(shop: Workspace, context: Context) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    commit(shop, 0, prices=f'TOKEN = "{secret}"\n')
    commit(shop, 1, prices="TOKEN = load()\n")
    assert [each["open"] for each in trends(context, rule="secret")["points"]] == [1, 0]
    assert secret not in repr(trends(context))


def test_without_history_a_sentence_says_so(
    shop: Workspace, workspace: Workspace, context: Context
) -> None:
    assert workspace.root == shop.root
    with pytest.raises(GitError, match="has no commit yet"):
        trends(context)


def test_without_git_a_sentence_says_so(workspace: Workspace, own_cache: Path) -> None:
    assert own_cache
    workspace.write("codearch.toml")
    with session(workspace.root) as context, pytest.raises(GitError, match="in no git repository"):
        trends(context)


def test_a_shallow_clone_says_what_it_lacks(shop: Workspace, tmp_path: Path) -> None:
    for day in range(4):
        commit(shop, day, prices=f"# TODO: {day}\n" * day)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "2", shop.root.as_uri(), clone], check=True)
    with session(clone) as context:
        found = trends(context)
    assert [each["open"] for each in found["points"]] == [2, 3]
    assert any(note.startswith("The clone is shallow") for note in found["notes"])


def test_it_can_be_given_up(shop: Workspace, context: Context) -> None:
    commit(shop, 0, prices=PRICE)
    told: list[str] = []
    given_up = replace(
        context, cancelled=lambda: True, told=lambda phase, _done, _total: told.append(phase)
    )
    with pytest.raises(Cancelled):
        trends(given_up)
    assert told == ["reading revisions"]
    assert figures(trends(context)) == [(1, 0, 0)]


def test_a_paused_index_reads_nothing(shop: Workspace, context: Context) -> None:
    commit(shop, 0, prices=PRICE)
    context.workspaces[0].indexer.call("flush")
    context.workspaces[0].indexer.call("pause")
    with pytest.raises(PausedError):
        all_commands()["codearch.debt.trends"].answer(context, {})
