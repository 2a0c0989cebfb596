"""Where the system does not watch, or loses events, nothing is lost and the user is told."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from watching import QUICK, watched

from codearch.index.ignore import Ignore
from codearch.watch import Watcher
from codearch.watch.remote import remote_among
from codearch.watch.watcher import native_source

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


class Refusing:
    """A source that the system refuses at its start."""

    tells_of_root = True
    watches = events = 0

    def __init__(self, root, ignore, changes):
        self.changes = changes

    def start(self):
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    def renew(self):
        raise AssertionError("a source that never started is not asked")

    def stop(self):
        pass


class Failing(Refusing):
    """A source that reaches the limit when folders are added later."""

    def start(self):
        self.changes.changed("first.py")

    def renew(self):
        raise OSError(errno.ENOSPC, "inotify watch limit reached")


def polls(told):
    return len([batch for batch in told.batches if batch.reconcile])


def test_refusal_is_told_and_the_root_is_polled(workspace):
    with watched(workspace.root, open_source=Refusing) as told:
        problem = told.watcher.problem
        assert problem is not None
        assert "inotify watch limit reached" in problem.message
        assert "every 0.05 s" in problem.message
        assert "fs.inotify.max_user_watches" in problem.mend
        told.until(lambda: polls(told) >= 3)


def test_the_limit_that_was_met_is_the_one_to_raise(workspace, monkeypatch):
    """The system says the same where it has no queue of events left and where we have no handle."""

    class Crowded(Refusing):
        def start(self):
            raise OSError(errno.EMFILE, "Too many open files")

    with watched(workspace.root, open_source=Crowded) as told:
        assert "fs.inotify.max_user_instances" in told.watcher.problem.mend

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = []

    class Exhausted(Refusing):
        def start(self):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 400), hard))
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))

    def release():
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        while taken:
            os.close(taken.pop())

    with contextlib.ExitStack() as stack:
        stack.callback(release)
        told = stack.enter_context(watched(workspace.root, open_source=Exhausted))
        mend = told.watcher.problem.mend
        release()
        assert "ulimit -n" in mend


@pytest.mark.parametrize(("seconds", "interval"), [(0.01, 10), (0.08, 40), (9.0, 60)])
def test_polls_are_rarer_where_comparing_costs_more(workspace, seconds, interval):
    """They take no more than 0.2 % of a core, up to a minute between them."""
    ignore = Ignore(workspace.root)
    watcher = Watcher(workspace.root, ignore, lambda batch: None, open_source=Refusing)
    watcher.start()
    try:
        watcher.comparing_took(seconds)
        assert watcher.seen.interval_s == interval
        assert f"looked through every {interval} s instead" in str(watcher.problem)
    finally:
        watcher.stop()


def test_polls_look_at_git_too(workspace):
    with watched(workspace.root, open_source=Refusing) as told:
        told.until(lambda: told.git_changed)


@LINUX
def test_watching_is_tried_again_after_a_refusal(workspace):
    refused = []

    def open_source(root, ignore, changes):
        if len(refused) == 2:
            return native_source(root, ignore, changes)
        refused.append(root)
        return Refusing(root, ignore, changes)

    with watched(workspace.root, pace=QUICK._replace(again_s=0.1), open_source=open_source) as told:
        assert told.watcher.problem is not None
        told.until(lambda: told.watcher.problem is None)
        workspace.write("later.py")
        told.until(lambda: "later.py" in told.paths)


def test_limit_reached_later(workspace):
    with watched(workspace.root, open_source=Failing) as told:
        told.until(lambda: "first.py" in told.paths)
        assert told.watcher.problem is None
        told.watcher.rules_changed()
        told.until(lambda: polls(told) >= 3)
        assert told.watcher.problem is not None


@contextlib.contextmanager
def overflowing(workspace):
    """A watched root, and a function that does something while the kernel drops events."""
    opened = []

    def open_source(root, ignore, changes):
        opened.append(native_source(root, ignore, changes))
        return opened[0]

    with watched(workspace.root, open_source=open_source) as told:

        def unseen(change):
            source = opened[0]
            take, source._take = source._take, lambda event: None
            change()
            (workspace.root / "mark").write_text("")
            source._take = take
            source.on_queue_overflow()
            told.until(lambda: told.reconcile and told.git_changed)
            told.forget()

        yield told, unseen


@LINUX
def test_lost_events_ask_to_reconcile_and_folders_are_found_again(workspace):
    """A folder made while the kernel drops events is watched afterwards."""
    with overflowing(workspace) as (told, unseen):
        unseen(lambda: workspace.write("pkg/a.py"))
        workspace.write("pkg/b.py")
        assert "pkg/b.py" in told.everything()


@LINUX
def test_rules_that_changed_while_events_were_lost_are_watched_by(workspace):
    workspace.write(".gitignore", "built/\n")
    workspace.write("built/inner/part.py")
    with overflowing(workspace) as (told, unseen):
        unseen((workspace.root / ".gitignore").unlink)
        workspace.write("built/inner/part.py", "CHANGED = 1\n")
        assert "built/inner/part.py" in told.everything()


def watches_of_this_process():
    count = 0
    for info in Path("/proc/self/fdinfo").iterdir():
        try:
            count += info.read_text().count("inotify wd:")
        except OSError:
            continue
    return count


@LINUX
def test_ignored_folders_take_no_watches(repository):
    repository.write(".gitignore", "node_modules/\n")
    for number in range(100):
        (repository.root / "node_modules" / f"pkg{number}" / "lib").mkdir(parents=True)
    (repository.root / "src" / "deep").mkdir(parents=True)
    before = watches_of_this_process()
    with watched(repository.root) as told:
        assert 3 < watches_of_this_process() - before < 20
        for number in range(100):
            (repository.root / "node_modules" / f"new{number}").mkdir()
        assert told.everything() == set()
        assert watches_of_this_process() - before < 20
    assert watches_of_this_process() == before


_IN_A_NAMESPACE = """
import sys, threading
from pathlib import Path
from codearch.index.ignore import Ignore
from codearch.watch import Pace, Watcher

polled = threading.Event()
root = Path(sys.argv[1])
watcher = Watcher(root, Ignore(root), lambda batch: batch.reconcile and polled.set(),
                  pace=Pace(poll_interval_s=0.01))
watcher.start()
print(watcher.problem)
assert polled.wait(20)
watcher.stop()
"""


@LINUX
@pytest.mark.parametrize(
    ("limit", "sysctl"),
    [
        ("max_inotify_watches", "fs.inotify.max_user_watches"),
        ("max_inotify_instances", "fs.inotify.max_user_instances"),
    ],
)
def test_real_limits_of_the_kernel(workspace, limit, sysctl):
    """In a user namespace of its own a process can be given less."""
    unshare = shutil.which("unshare")
    lower = ["sh", "-c", f'echo 2 > /proc/sys/user/{limit} && exec "$@"', "sh"]
    if limit == "max_inotify_instances":
        lower[2] = lower[2].replace("echo 2", "echo 0")
    for number in range(5):
        (workspace.root / f"folder{number}").mkdir()
    source = Path(sys.modules["codearch"].__file__).parents[1]
    if unshare is None or subprocess.run([unshare, "-Ur", *lower, "true"], check=False).returncode:
        pytest.skip("user namespaces are not allowed here")
    done = subprocess.run(
        [unshare, "-Ur", *lower, sys.executable, "-c", _IN_A_NAMESPACE, str(workspace.root)],
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert sysctl in done.stdout


MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:40 / /mnt/c rw,noatime - 9p drvfs rw
31 22 0:41 / /srv/my\\040share rw - nfs4 server:/share rw
32 31 254:2 / /srv/my\\040share/local rw - xfs /dev/vdb rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ada/project", None),
        ("/mnt/c/Users/ada", "9p"),
        ("/mnt/cdrom", None),
        ("/srv/my share/project", "nfs4"),
        ("/srv/my share/local/project", None),
    ],
)
def test_file_systems_where_others_change_unseen(folder, kind):
    assert remote_among(MOUNTS, folder) == kind


def test_remote_root_is_polled_besides(workspace, monkeypatch):
    monkeypatch.setattr("codearch.watch.watcher.remote_file_system", lambda root: "nfs4")
    with watched(workspace.root) as told:
        assert "lies on nfs4" in str(told.watcher.problem)
        workspace.write("a.py")
        told.until(lambda: "a.py" in told.paths and polls(told) >= 2)


def test_idle_watcher_wakes_nobody(workspace):
    """No batch comes, and the watching thread waits without a timeout."""
    with watched(workspace.root, pace=QUICK) as told:
        assert told.watcher._interval_s() is None or sys.platform != "linux"
        assert told.batches == []
    Watcher(workspace.root, Ignore(workspace.root), told.take).stop()
