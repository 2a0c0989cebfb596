"""Many windows and command lines on one root: one indexer, and each sees its own."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import stat
import subprocess
import sys
from multiprocessing import AuthenticationError, connection
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer.launch import read_endpoint
from codearch.indexer.protocol import ENDPOINT_NAME
from codearch.settings import root_cache
from freshness.conftest import module
from patience import wait_until
from soak.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

WINDOWS = 5

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers that stay as long as they do for everybody."""
    monkeypatch.setenv("SOAK_CLOCK", str(tmp_path / "clock"))  # which is the machine's: none there
    monkeypatch.delenv("CODEARCH_INDEXER_IDLE_SECONDS")


@pytest.fixture
def windows(project: Workspace, usual: None) -> Iterator[list[Window]]:
    """Five windows on the project, opened at the same time."""
    opened = [Window(project.root) for _ in range(WINDOWS)]
    yield opened
    for each in opened:
        each.close()


def indexers(root: Path) -> list[psutil.Process]:
    """Return the indexer processes of a root, without their workers."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "codearch.indexer" in command and command[-1] == str(root):
            found.append(process)
    return found


def sessions(root: Path) -> set[int]:
    """Return the sessions for which an index holds buffers."""
    where = f"file:{root_cache(root) / 'index.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(where, uri=True)) as connection:
        rows = connection.execute("SELECT DISTINCT session FROM files WHERE session <> 0")
        return {session for (session,) in rows}


def watches(process: int) -> int:
    """Return how many folders a process watches."""
    count = 0
    for info in Path(f"/proc/{process}/fdinfo").iterdir():
        try:
            count += info.read_text().count("inotify wd:")
        except OSError:
            continue
    return count


def search(root: Path, word: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "codearch", "search", f'"{word}"', "--json"]
    return subprocess.Popen([*command, "--root", str(root)], stdout=subprocess.PIPE, text=True)


def found_by(searching: subprocess.Popen[str]) -> set[str]:
    out, _ = searching.communicate(timeout=120)
    return {hit["path"] for hit in json.loads(out)["results"]}


def test_five_windows_and_two_command_lines(project: Workspace, windows: list[Window]) -> None:
    windows[0].command("index.flush")
    asking = [search(project.root, "work_3"), search(project.root, "work_4")]
    assert [found_by(each) for each in asking] == [{"pkg3/m3.py"}, {"pkg0/m4.py"}]

    (indexer,) = indexers(project.root)
    assert watches(indexer.pid) > 0
    assert [watches(each.process.pid) for each in windows] == [0] * WINDOWS

    # A saved file is found in every window, though none was told of it.
    project.write("pkg0/late.py", "def heronwharf():\n    return 1\n")
    for each in windows:
        wait_until(lambda each=each: each.found("heronwharf") == {"pkg0/late.py"})

    # Two versions of one file that nobody has saved: each window finds its own, the others neither.
    text = (project.root / "pkg0/m0.py").read_text()
    for each, word in zip(windows, ("bitternquay", "egretpier"), strict=False):
        each.open_document("pkg0/m0.py", text, text)
        each.type("pkg0/m0.py", f"{text}\n\ndef {word}():\n    return 2\n")
    for each, own, others in (
        (windows[0], "bitternquay", "egretpier"),
        (windows[1], "egretpier", "bitternquay"),
    ):
        wait_until(lambda each=each, own=own: each.found(own) == {"pkg0/m0.py"})
        assert each.found(others) == set()
    for word in ("bitternquay", "egretpier"):
        assert windows[2].found(word) == set()
    assert found_by(search(project.root, "egretpier")) == set()

    # The indexer is killed: it comes back for all of them, with the buffers of each.
    indexer.kill()
    wait_until(lambda: len([each for each in indexers(project.root) if each != indexer]) == 1)
    for each, own in zip(windows, ("bitternquay", "egretpier"), strict=False):
        wait_until(lambda each=each, own=own: each.found(own) == {"pkg0/m0.py"})
        assert each.found("heronwharf") == {"pkg0/late.py"}
    assert windows[2].found("bitternquay") == set()
    assert len(indexers(project.root)) == 1

    # A window dies: its version goes with it.
    windows[1].kill()
    wait_until(lambda: len(sessions(project.root)) == 1)
    project.write("pkg0/m0.py", text.replace("main", "trunk"))
    wait_until(lambda: windows[2].found("trunk") == {"pkg0/m0.py"})
    assert windows[0].found("bitternquay") == {"pkg0/m0.py"}

    # The last one goes, and the indexer after it.
    for each in windows:
        each.close()
    wait_until(lambda: not indexers(project.root))
    assert read_endpoint(root_cache(project.root)) is None


# It starts the server upon its own standard input, whose other end the test holds: so the server
# does not learn of its death by the stream.
_EDITOR = """
import subprocess, sys
process = subprocess.Popen([sys.executable, "-m", "codearch", "lsp", "--stdio"])
print(process.pid, file=sys.stderr, flush=True)
process.wait()
"""


@pytest.mark.parametrize("stream", ["closed", "held open"])
def test_nothing_outlives_a_killed_editor(project: Workspace, usual: None, stream: str) -> None:
    """In the middle of a first index: neither server, indexer nor workers."""
    body = "".join(module(number) for number in range(120))
    for number in range(300):
        project.write(f"bulk/b{number}.py", f"# {number}\n{body}")
    editor = subprocess.Popen(
        [sys.executable, "-c", _EDITOR],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert editor.stdin is not None
    assert editor.stderr is not None
    server = psutil.Process(int(editor.stderr.readline()))
    folder = {"uri": project.root.as_uri(), "name": "project"}
    params = {"processId": editor.pid, "capabilities": {}, "workspaceFolders": [folder]}
    for message in (
        {"id": 1, "method": "initialize", "params": params},
        {"method": "initialized", "params": {}},
    ):
        said = json.dumps({"jsonrpc": "2.0", **message}).encode()
        editor.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(said), said))
        editor.stdin.flush()
    started: list[psutil.Process] = []
    wait_until(lambda: bool(started.extend(workers(project.root)) or started))
    started += [server, *indexers(project.root)]

    editor.send_signal(signal.SIGKILL)
    editor.wait()
    if stream == "closed":
        editor.stdin.close()
    try:
        wait_until(lambda: not any(map(runs, started)))
        assert indexers(project.root) == []
    finally:
        for each in filter(runs, started):
            each.kill()
        editor.stdin.close()


_START_AND_DIE = """
import sys
from pathlib import Path
from codearch.indexer import launch
from codearch.settings import claimed_cache

root = Path(sys.argv[1])
launch._spawn(root, claimed_cache(root))
"""


def test_an_indexer_whose_starter_died_leaves(project: Workspace, usual: None) -> None:
    """Before it could connect."""
    root = project.root
    subprocess.run([sys.executable, "-c", _START_AND_DIE, str(root)], check=True)
    wait_until(lambda: read_endpoint(root_cache(root)) is not None)
    wait_until(lambda: not indexers(root))


def workers(root: Path) -> list[psutil.Process]:
    """Return the processes in which an indexer parses; git is none of them."""
    found = []
    for each in indexers(root):
        with contextlib.suppress(psutil.NoSuchProcess):  # a git that has ended meanwhile
            found += [child for child in each.children() if "python" in child.name()]
    return found


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_socket_is_its_users_own(project: Workspace, windows: list[Window]) -> None:
    windows[0].command("index.flush")
    folder = root_cache(project.root)
    endpoint = read_endpoint(folder)
    assert endpoint is not None
    assert not stat.S_IMODE((folder / ENDPOINT_NAME).stat().st_mode) & 0o077  # it holds the key
    place = Path(endpoint.address)
    assert stat.S_ISSOCK(place.stat().st_mode)
    assert not stat.S_IMODE(place.parent.stat().st_mode) & 0o077
    with pytest.raises(AuthenticationError):
        connection.Client(endpoint.address, authkey=b"a key that somebody made up")
    assert windows[1].ready() in {True, False}  # it goes on answering
