"""The nodes of a graph tell how often what they stand for was changed within a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.cli._history import await_history
from codearch.cli._session import session
from commands.asking import ask

if TYPE_CHECKING:
    from conftest import Workspace

DAY = 24 * 3600


def test_commits_of_the_last_year_are_counted_by_file_folder_and_symbol(
    repository: Workspace,
) -> None:
    now = 1_700_000_000
    repository.write("shop/prices.py", "def gross(net):\n    return net\n")
    repository.commit("Old", time=now - 500 * DAY)
    repository.write(
        "bills/bill.py", "from shop.prices import gross\n\n\ndef pay():\n    gross(1)\n"
    )
    repository.commit("Bill", time=now - 2 * DAY)
    for number in range(2):
        repository.write("shop/prices.py", f"def gross(net):\n    return net + {number}\n")
        repository.commit(f"Price {number}", time=now - DAY + number)
    with session(repository.root) as context:
        await_history(context.workspaces[0])
        by_file, by_folder, by_symbol = (
            {
                node["label"]: node["churn"]
                for node in ask(context, "graph", kind=kind, level=level)["nodes"]
            }
            for kind, level in (
                ("dependencies", "file"),
                ("dependencies", "folder"),
                ("calls", "symbol"),
            )
        )
    assert by_file == {"shop/prices.py": 2, "bills/bill.py": 1}
    assert by_folder == {"shop": 2, "bills": 1}
    assert by_symbol == {"gross": 2, "pay": 1}
