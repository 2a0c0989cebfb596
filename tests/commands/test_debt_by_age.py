"""Notes are listed with the oldest first, and those of unknown age at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.cli._history import await_history
from codearch.cli._session import session
from commands.asking import ask

if TYPE_CHECKING:
    from conftest import Workspace

DAY = 24 * 3600


def test_the_oldest_come_first(repository: Workspace) -> None:
    for number, name in enumerate(("orders.py", "carriers.py", "prices.py")):
        repository.write(name, f"# TODO: look at {name} again\n")
        repository.commit(f"Add {name}", time=1_700_000_000 - number * DAY)
    repository.write("bills.py", "# TODO: write bills, too\n")
    with session(repository.root) as context:
        await_history(context.workspaces[0])
        by_age, by_priority = (
            [each["uri"].rpartition("/")[2] for each in ask(context, "debt.list", **query)["items"]]
            for query in ({"sort": "age"}, {"rule": "todo"})
        )
    assert by_age == ["prices.py", "carriers.py", "orders.py", "bills.py"]
    by_priority.remove("bills.py")  # no history, and so another priority
    assert by_priority == ["prices.py", "carriers.py", "orders.py"]
