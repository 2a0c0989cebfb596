"""What tests of several areas share: a folder to work in, and a git without a user's settings."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

# What begins with CODEARCH_ is a setting to the programs under test, and this one is none of theirs.
if "CODEARCH_REQUIRE_EDITORS" in os.environ:
    os.environ["EDITORS_REQUIRED"] = os.environ.pop("CODEARCH_REQUIRE_EDITORS")


@dataclass(frozen=True)
class Workspace:
    """A folder under test, and the ways in which a user changes it."""

    root: Path

    def write(self, path: str, content: str | bytes = "") -> Path:
        """Write a file, and the folders that it needs."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def git(self, *arguments: str, folder: str = "", stdin: str = "") -> str:
        """Run git as the user would."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root / folder,
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"git {arguments} failed: {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape")

    def merge(self, branch: str, who: str = "Ada") -> None:
        """Merge a branch into the present one."""
        identity = ["-c", f"user.name={who}", "-c", f"user.email={who.lower()}@example.org"]
        self.git(*identity, "merge", "-q", "--no-edit", branch)

    def commit(self, subject: str, author: str = "Ada", time: int = 1_700_000_000) -> str:
        """Commit everything that is not ignored, and return the commit's hash."""
        self.git("add", "-A")
        identity = ["-c", f"user.name={author}", "-c", f"user.email={author.lower()}@example.org"]
        os.environ["GIT_AUTHOR_DATE"] = os.environ["GIT_COMMITTER_DATE"] = f"{time} +0000"
        try:
            self.git(*identity, "commit", "-q", "--allow-empty", "-m", subject)
        finally:
            del os.environ["GIT_AUTHOR_DATE"], os.environ["GIT_COMMITTER_DATE"]
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty folder outside of any repository."""
    home = tmp_path / "home"
    root = tmp_path / "workspace"
    home.mkdir()
    root.mkdir()
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return Workspace(root)


@pytest.fixture
def repository(workspace: Workspace) -> Workspace:
    """An empty git repository."""
    workspace.git("init", "-q", "-b", "main")
    return workspace
