"""What people do with git, in the middle of their work."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from soak.edits import append, create, delete_lines, edit_body, edit_comment
from soak.garden import begin
from soak.truth import SUBMODULE

if TYPE_CHECKING:
    from pathlib import Path

    from soak.desk import Desk

BRANCHES = ("main", "side", "third")


def _other(desk: Desk) -> str:
    """Return a branch that is not checked out anywhere."""
    current = desk.git_lines("branch", "--show-current")
    return desk.choose.choice([each for each in BRANCHES if [each] != current])


def checkout(desk: Desk) -> None:
    """Go to another branch, what was not committed thrown away or committed first."""
    branch = _other(desk)
    if desk.choose.random() < 0.5:
        desk.commit()
        desk.git("checkout", "-q", branch)
    else:
        desk.git("rebase", "--abort")
        desk.git("checkout", "-q", "-f", branch)


def commit(desk: Desk) -> None:
    """Commit all that lies there."""
    desk.commit()


def stash(desk: Desk) -> None:
    """Put changes away, or take them out again."""
    if desk.git_lines("stash", "list") and desk.choose.random() < 0.6:
        if not desk.git("stash", "pop", "-q") and desk.choose.random() < 0.5:
            desk.git("reset", "-q", "--hard")
            desk.git("stash", "drop", "-q")
        return
    append(desk)
    desk.git("stash", "push", "-q", *(["-u"] if desk.choose.random() < 0.5 else []))


def reset(desk: Desk) -> None:
    """Throw changes away, at times with some commits."""
    back = desk.choose.choice(["HEAD", "HEAD", "HEAD~1", "HEAD~2"])
    desk.git("reset", "-q", "--hard", back) or desk.git("reset", "-q", "--hard")


def merge(desk: Desk) -> None:
    """Merge what was changed otherwise in the same place; the conflict stays, or is given up."""
    desk.commit()
    _diverge(desk, "theirs")
    desk.git("merge", "-q", "theirs")
    what = desk.choose.choice(["leave", "abort", "commit"])
    if what == "abort":
        desk.git("merge", "--abort")
    elif what == "commit":
        desk.commit()


def rebase(desk: Desk) -> None:
    """Put commits onto another branch; a conflict stops it half way, or it is given up."""
    desk.commit()
    if desk.choose.random() < 0.5:
        _diverge(desk, "theirs")
    else:
        for edit in (append, create):
            edit(desk)
            desk.commit()
        desk.git("branch", "-f", "theirs", "HEAD~1")
    if not desk.git("rebase", "-q", "theirs") and desk.choose.random() < 0.6:
        desk.git("rebase", "--abort")


def _diverge(desk: Desk, name: str) -> None:
    """Make a branch, and commit two other things in the same place of one file."""
    path = desk.source()
    desk.git("branch", "-f", name)
    branch = (desk.git_lines("branch", "--show-current") or ["HEAD"])[0] or "--detach"
    desk.git("checkout", "-q", name)
    before = desk.read(path)
    desk.write(path, before + desk.definition(path, desk.word()).encode())
    desk.commit()
    desk.git("checkout", "-q", branch if branch != "--detach" else "HEAD@{1}")
    if (desk.root / path).exists():
        desk.write(path, desk.read(path) + desk.definition(path, desk.word()).encode())
    desk.commit()


def clean(desk: Desk) -> None:
    """Delete what git does not know, at times what it ignores too."""
    create(desk)
    desk.git("clean", "-fdq", *(["-x"] if desk.choose.random() < 0.3 else []))


def collect_garbage(desk: Desk) -> None:
    """Have git pack its objects and refs; nothing changes."""
    desk.git("gc", "-q", "--prune=now")


def worktree(desk: Desk) -> None:
    """Make another working tree of the repository inside this one, or remove it."""
    place = desk.root / "trees" / "other"
    if place.exists():
        desk.git("worktree", "remove", "--force", "trees/other") or shutil.rmtree(place)
        desk.git("worktree", "prune")
    else:
        desk.git("worktree", "add", "-q", "--detach", "trees/other", desk.choose.choice(BRANCHES))


def submodule(desk: Desk) -> None:
    """Take another repository in as a submodule, change what it holds, or put it away again."""
    place = desk.root / SUBMODULE
    allowed = ("-c", "protocol.file.allow=always")
    if (place / ".git").exists():
        what = desk.choose.choice(["edit", "commit", "other", "update", "deinit"])
        if what in {"edit", "commit"}:
            _write_borrowed(desk, place)
        if what == "commit":
            desk.git("add", "-A", folder=SUBMODULE)
            desk.git("commit", "-q", "-m", "Go on", folder=SUBMODULE)
        elif what == "other":
            version = desk.choose.choice(_LIBRARY_VERSIONS)
            desk.git("checkout", "-q", "-f", f"origin/{version}", folder=SUBMODULE)
        elif what == "update":
            desk.git(*allowed, "submodule", "--quiet", "update", "--init", "--force", SUBMODULE)
        elif what == "deinit":
            desk.git("submodule", "--quiet", "deinit", "--force", SUBMODULE)
    elif not desk.git(*allowed, "submodule", "--quiet", "update", "--init", "--force", SUBMODULE):
        home = _library(desk)
        desk.git(*allowed, "submodule", "--quiet", "add", "--force", str(home), SUBMODULE)


_LIBRARY_VERSIONS = ("one", "two")


def _library(desk: Desk) -> Path:
    """Return a repository with two branches, made where there is none yet."""
    home = desk.folder / "library"
    if not home.exists():
        home.mkdir()
        for version in _LIBRARY_VERSIONS:
            _write_borrowed(desk, home)
            _write_borrowed(desk, home)
            if version == _LIBRARY_VERSIONS[0]:
                begin(home, version)
            else:
                for arguments in (["checkout", "-q", "-b", version], ["add", "-A"]):
                    subprocess.run(["git", *arguments], cwd=home, check=True)
                subprocess.run(["git", "commit", "-q", "-m", "More"], cwd=home, check=True)
    return home


def _write_borrowed(desk: Desk, place: Path) -> None:
    """Write one of a few files of the other repository anew, in the language of this one."""
    near = desk.source()
    target = place / "parts" / f"part{desk.choose.randrange(4)}.{near.rpartition('.')[2]}"
    target.parent.mkdir(exist_ok=True)
    target.write_text(desk.definition(near, desk.word()).lstrip("\n"))


def sparse(desk: Desk) -> None:
    """Check out some folders alone, or everything again."""
    if desk.git_lines("config", "core.sparseCheckout") == ["true"]:
        desk.git("sparse-checkout", "disable")
        return
    desk.commit()
    tops = sorted({each.partition("/")[0] for each in desk.folders() if each})
    desk.git("sparse-checkout", "set", *desk.choose.sample(tops, min(len(tops), 3)))


def prepare(desk: Desk) -> None:
    """Make the branches that the operations go to and fro between."""
    for number, branch in enumerate(BRANCHES[1:]):
        desk.begin(-1 - number)
        desk.git("checkout", "-q", "-b", branch, "main")
        for edit in (append, create, edit_body, edit_comment, delete_lines, append, create):
            edit(desk)
        desk.commit()
    desk.git("checkout", "-q", "main")
