"""What is ignored costs nothing, and changing what is ignored takes effect by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache
from freshness.following import Following, indexed
from installing import install
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace

TESTS = Path(__file__).parents[1]
FILES = 3000  # tests/bench/ignored.py writes 20,000


def cpu_seconds(root: Path) -> float:
    """Return the processor time of a root's indexer so far."""
    endpoint = read_endpoint(root_cache(root))
    assert endpoint is not None
    times = psutil.Process(endpoint.pid).cpu_times()
    return float(times.user + times.system)


@pytest.mark.timeout(300)
def test_files_in_ignored_folders_cost_nothing(project: Workspace, tmp_path: Path) -> None:
    """As little as the same files elsewhere on the disk, whoever says that they are ignored."""
    project.write(".gitignore", "node_modules/\n")
    project.write("rust/.codearchignore", "/target/\n")
    places = [tmp_path / "elsewhere", project.root / "node_modules", project.root / "rust/target"]
    with Following(project.root) as following:
        following.client.call("flush")
        before = following.settle()
        spent = []
        for place in places:
            began = cpu_seconds(project.root)
            install(place, FILES)
            # What came before is worked off once a later change is known.
            project.write("mark.py", f"def mark():\n    return {place.name!r}\n")
            wait_until(lambda: not following.stale("mark.py"))
            spent.append(cpu_seconds(project.root) - began)
        after = following.status()
    assert max(spent[1:]) < spent[0] + 0.5
    assert after["watching"]["by"] == "events"
    assert after["watching"]["watches"] <= before["watching"]["watches"]
    assert after["watching"]["events"] - before["watching"]["events"] < 40
    assert after["filesRead"] - before["filesRead"] < 20
    assert after["generation"] - before["generation"] < 10
    assert after["files"] == before["files"] + 1


def paths(project: Workspace) -> set[str]:
    return {path for path in indexed(project.root) if path.endswith(".py")}


def by_gitignore(project: Workspace, _: Following, ignore: bool) -> None:
    project.write(".gitignore", "pkg1/\n*.log\n" if ignore else "*.log\n")


def by_inner_gitignore(project: Workspace, _: Following, ignore: bool) -> None:
    project.write("pkg1/.gitignore", "*.py\n" if ignore else "")


def by_own_file(project: Workspace, _: Following, ignore: bool) -> None:
    file = project.root / ".codearchignore"
    project.write(".codearchignore", "/pkg1\n") if ignore else file.unlink()


def by_info_exclude(project: Workspace, _: Following, ignore: bool) -> None:
    project.write(".git/info/exclude", "pkg1/\n" if ignore else "")


def by_users_file(_: Workspace, __: Following, ignore: bool) -> None:
    (Path(os.environ["HOME"]) / "everywhere").write_text("pkg1/\n" if ignore else "")


def by_gits_setting(project: Workspace, _: Following, ignore: bool) -> None:
    (project.root.parent / "others").write_text("pkg1/\n")
    if ignore:
        project.git("config", "core.excludesFile", str(project.root.parent / "others"))
    else:
        project.git("config", "--unset", "core.excludesFile")


def by_the_editors_setting(_: Workspace, following: Following, ignore: bool) -> None:
    following.client.configure({"files": {"exclude": {"**/pkg1": ignore}}})


def by_the_teams_setting(project: Workspace, _: Following, ignore: bool) -> None:
    project.write("codearch.toml", f'[files.exclude]\n"pkg1/**" = {str(ignore).lower()}\n')


WAYS = (
    by_gitignore, by_inner_gitignore, by_own_file, by_info_exclude, by_users_file, by_gits_setting,
    by_the_editors_setting, by_the_teams_setting,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
def test_changed_rules_hold_by_themselves_in_both_directions(
    project: Workspace, way: Callable[[Workspace, Following, bool], None]
) -> None:
    project.git("rm", "-r", "-q", "--cached", "pkg1")  # what git has is never ignored
    home = Path(os.environ["HOME"])
    (home / "everywhere").touch()
    project.git("config", "--global", "core.excludesFile", str(home / "everywhere"))
    with Following(project.root) as following:
        following.client.call("flush")
        every = paths(project)
        ignored = {path for path in every if path.startswith("pkg1/")}
        assert ignored
        watches = following.status()["watching"]["watches"]
        for ignore, expected in ((True, every - ignored), (False, every)):
            way(project, following, ignore)
            wait_until(lambda expected=expected: paths(project) == expected)
        # What is back is watched again.
        wait_until(lambda: following.status()["watching"]["watches"] == watches)
        project.write("pkg1/late.py", "def late():\n    return 1\n")
        wait_until(lambda: "pkg1/late.py" in paths(project))


def test_polling_says_its_interval(project: Workspace) -> None:
    """Where the system gives no watches, the status says how often all is looked through."""
    lower = ["sh", "-c", 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"', "sh"]
    apart = ["unshare", "-Ur", *lower]
    try:
        refused = subprocess.run([*apart, "true"], check=False, capture_output=True).returncode
    except FileNotFoundError:
        refused = 1
    if refused:
        pytest.skip("user namespaces are not allowed here")
    told = subprocess.run(
        [*apart, sys.executable, "-c", _ASK, str(project.root), str(TESTS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert told.stdout.split() == ["polling", "10.0", "found"], told.stderr


_ASK = """
import sys
from pathlib import Path
sys.path.append(sys.argv[2])
from codearch.indexer.client import Client
from patience import comes_true

root = Path(sys.argv[1])
with Client(root) as client:
    client.call("flush")
    watching = client.call("status")["watching"]
    print(watching["by"], watching["intervalSeconds"])
    (root / "late.py").write_text("def latecomer():\\n    return 1\\n")
    def is_found():
        hits = client.call("search", {"query": "latecomer", "limit": 1})["hits"]
        return bool(hits) and hits[0]["symbol"]["name"] == "latecomer"

    if comes_true(is_found, 60):
        print("found")
"""
