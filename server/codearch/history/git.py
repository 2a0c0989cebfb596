"""Runs git so that nothing a repository brings is executed, fetched, locked or asked for.

A repository's own configuration can name programs (fsmonitor, hooks, pagers, diff drivers, filters,
gpg, ssh, credential helpers, remotes). Each is switched off by name below, or cannot be reached by
the commands that this package uses: those read trees and the index, never a file of the working
tree, so no clean filter has anything to clean.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from codearch.errors import GitError
from codearch.history.repository import endless_file, repository_of

if TYPE_CHECKING:
    from collections.abc import Collection

TIMEOUT_S = 60.0
LOOK_S = 2.0  # it seldom takes longer, so then a look at the reason costs nothing

_SETTINGS = (
    "color.ui=false",
    f"core.attributesFile={os.devnull}",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.quotePath=false",
    "credential.helper=",
    "diff.renameLimit=400",
    "gc.auto=0",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)
_OPTIONS = (
    "--no-pager",
    "--literal-pathspecs",
    *(part for setting in _SETTINGS for part in ("-c", setting)),
)

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must not fetch what it lacks, on any git
    "GIT_ASKPASS": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
}
# The user's own configuration is honoured: it says which repositories are safe, and what to ignore.
_KEPT_VARIABLES = ("GIT_CONFIG_", "GIT_EXEC_PATH")
_PROGRAM = "git.exe" if os.name == "nt" else "git"
_NEW_PROCESS_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def find_git(root: Path) -> str | None:
    """Return git's full path from PATH, passing over relative entries and those inside `root`.

    `shutil.which` would find a `git` that the workspace itself brings; on Windows it looks in the
    current folder first, whatever the path says.
    """
    inside = root.resolve()
    for folder in map(Path, os.get_exec_path()):
        if folder.is_absolute() and not folder.resolve().is_relative_to(inside):
            program = folder / _PROGRAM
            if os.access(program, os.X_OK) and program.is_file():
                return str(program)
    return None


def git(
    root: Path,
    *arguments: str,
    stdin: bytes = b"",
    timeout_s: float = TIMEOUT_S,
    accept: Collection[int] = (0,),
) -> bytes:
    """Run one git command in `root` and return its output; raise GitError for any other end.

    Git waits for ever where one of the files that it reads is a pipe. So if it takes long, they
    are looked through for such a one, and git is ended if there is.
    """
    process = start(root, *arguments)
    with process:
        try:
            output, said = _communicated(process, root, stdin, timeout_s)
        except BaseException as error:
            process.kill()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            message = f"git {arguments[0]} took longer than {timeout_s:g} s in {root}."
            raise GitError(message) from error
    if process.returncode not in accept:
        raise translated(root, arguments[0], said)
    return output


def start(
    root: Path,
    *arguments: str,
    settings: Collection[str] = (),
    stderr: IO[bytes] | int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start one git command in `root`; raise GitError where git cannot be run."""
    program = find_git(root)
    if program is None:
        raise GitError("There is no git on the PATH.", mend="Install git to have history.")
    own = (part for setting in settings for part in ("-c", setting))
    try:
        return subprocess.Popen(
            [program, *_OPTIONS, *own, *arguments],
            cwd=root,
            env=_environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            creationflags=_NEW_PROCESS_FLAGS,
        )
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run in {root}: {error}.") from error


def _communicated(
    process: subprocess.Popen[bytes], root: Path, stdin: bytes, timeout_s: float
) -> tuple[bytes, bytes]:
    """Return what git printed; raise GitError where it waits for what will never come."""
    try:
        return process.communicate(stdin, timeout=min(LOOK_S, timeout_s))
    except subprocess.TimeoutExpired:
        if timeout_s <= LOOK_S:
            raise
    refuse_endless(root)
    return process.communicate(timeout=timeout_s - LOOK_S)


def refuse_endless(root: Path) -> None:
    """Raise GitError if a file that git would read is one that never ends."""
    pipe = endless_file(root)
    if pipe is not None:
        message = f"git is not asked, since it would wait for ever for {pipe}, a pipe."
        raise GitError(message, mend="Remove it.")


def head(root: Path) -> str | None:
    """Return the hash of the commit that is checked out, None before the first commit."""
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    return git(root, *arguments, accept=(0, 1)).decode().strip() or None


def touched(root: Path, old: str, new: str) -> frozenset[str] | None:
    """Return what those commits touched that only one of `old` and `new` has behind it.

    The history of any other file is the same from both. None if `old` is gone.
    """
    names = ("--name-only", "--no-renames", "--no-ext-diff", "--relative", "-m", "-z", "--format=")
    try:
        listed = git(root, "log", *names, f"{old}...{new}", "--")
    except GitError:
        return None
    return frozenset(path for path in listed.decode("utf-8", "replace").split("\0") if path)


def _environment(root: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
    }
    kept.pop("GIT_CONFIG_PARAMETERS", None)
    repository = repository_of(root)
    if repository is not None:
        # Else `core.worktree` could send git to another place of the disk, or a broken `.git`
        # to the repository around this one.
        kept["GIT_WORK_TREE"] = os.fspath(repository.top)
        kept["GIT_CEILING_DIRECTORIES"] = os.fspath(repository.top.parent)
    return kept | _ENVIRONMENT


def translated(root: Path, command: str, stderr: bytes) -> GitError:
    """Return the error that says what git said."""
    said = stderr.decode(errors="replace").strip()
    if "dubious ownership" in said or "unsafe repository" in said:
        return GitError(
            f"git refuses to read {root}, which belongs to another user.",
            mend=f'Run `git config --global --add safe.directory "{root}"` if you trust it.',
        )
    if "not a git repository" in said:
        mend = "`git init` and a first commit give it a history."
        return GitError(f"{root} is in no git repository.", mend=mend)
    reason = next((line for line in said.splitlines() if line), "no reason given")
    return GitError(f"git {command} failed in {root}: {reason.removeprefix('fatal: ')}.")
