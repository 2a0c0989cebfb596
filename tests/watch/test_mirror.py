"""A copy that is kept by what the watcher tells ends up equal to the disk, whatever happened."""

from __future__ import annotations

import random
import shutil
import threading

import pytest
from watching import DEADLINE_S, QUICK

from codearch.index.content import Source, read
from codearch.index.ignore import Ignore
from codearch.index.listing import listing
from codearch.watch import Watcher

NAMES = ("a", "b", "c", "out")
FILES = ("x.py", "y.py", "z.log")


class Mirror:
    """What an index would hold: the content of each file that is listed."""

    def __init__(self, root):
        self.root = root
        self.ignore = Ignore(root)
        self.files: dict[str, bytes] = {}
        self.changed = threading.Condition()

    def take(self, batch):
        with self.changed:
            if batch.reconcile:
                self.files = on_disk(self.root, self.ignore)
            for path in batch.paths:
                for inner in [known for known in self.files if known.startswith(f"{path}/")]:
                    self.look_at(inner)
                self.look_at(path)
            self.changed.notify_all()

    def look_at(self, path):
        source = read(self.root, path)
        if isinstance(source, Source) and not self.ignore.ignored(path):
            self.files[path] = source.data
        else:
            self.files.pop(path, None)


def on_disk(root, ignore):
    files = {}
    for entry in listing(root, ignore).entries:
        source = read(root, entry.path)
        if isinstance(source, Source):
            files[entry.path] = source.data
    return files


def happen(workspace, choose):
    """Do one thing that people and their tools do."""
    folders = [place for place in workspace.root.rglob("*") if place.is_dir()]
    folders = [place for place in folders if ".git" not in place.parts] + [workspace.root]
    files = [place for folder in folders for place in folder.iterdir() if place.is_file()]
    folder = choose.choice(folders)
    what = choose.choice(
        ["write"] * 6 + ["tree", "move", "move", "delete", "rename", "rules", "git"]
    )
    if what == "write":
        (folder / choose.choice(FILES)).write_text(str(choose.random()))
    elif what == "tree":
        target = folder / choose.choice(NAMES) / choose.choice(NAMES)
        target.mkdir(parents=True, exist_ok=True)
        (target / choose.choice(FILES)).write_text(str(choose.random()))
    elif what == "move" and folder != workspace.root:
        target = choose.choice(folders) / choose.choice(NAMES)
        if not target.exists() and not target.is_relative_to(folder):
            folder.rename(target)
    elif what == "delete" and folder != workspace.root:
        shutil.rmtree(folder)
    elif what == "rename" and files:
        choose.choice(files).replace(folder / choose.choice(FILES))
    elif what == "rules":
        lines = choose.choice(["*.log\n", "out/\n", "a/\n", "", "/b/\n!x.py\n"])
        (folder / choose.choice([".gitignore", ".codearchignore"])).write_text(lines)
    elif what == "git":
        workspace.git("add", "-A")
        workspace.git("stash", "-q") if choose.random() < 0.5 else None


@pytest.mark.parametrize("seed", range(12))
def test_mirror_follows(repository, seed):
    choose = random.Random(seed)
    repository.write("a/x.py", "1")
    repository.commit("first")
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.org")
    mirror = Mirror(repository.root)
    watcher = Watcher(repository.root, mirror.ignore, mirror.take, pace=QUICK._replace(burst=100))
    watcher.start()
    try:
        mirror.files = on_disk(repository.root, mirror.ignore)
        for _ in range(120):
            happen(repository, choose)
        truth = on_disk(repository.root, Ignore(repository.root))
        with mirror.changed:
            mirror.changed.wait_for(lambda: mirror.files == truth, DEADLINE_S / 4)
            assert mirror.files == truth
    finally:
        watcher.stop()
