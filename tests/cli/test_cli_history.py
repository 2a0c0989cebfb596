"""What rests on git's history is found at the first run, and the same at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
