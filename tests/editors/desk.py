"""Editors started without a screen, and what must not outlive them."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import psutil
import pytest

from patience import comes_true

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

REQUIRED = "EDITORS_REQUIRED"  # by CODEARCH_REQUIRE_EDITORS, see tests/conftest.py
PATIENCE_SECONDS = 240  # far beyond what a script takes where nothing else runs
ENDED_SECONDS = 10


def program(name: str, package: str) -> str:
    """Return the path of an editor."""
    return shutil.which(name) or missing(name, package)


def missing(name: str, package: str) -> NoReturn:
    """Skip a test that has no editor to run in, or fail it where editors must be there."""
    message = f"{name} is missing: apt install {package}"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(message)
    pytest.skip(message)


@dataclass(frozen=True)
class Desk:
    """A shop under git, and an environment in which `codearch` is in the PATH."""

    shop: Workspace
    environment: dict[str, str]
    cache: Path

    def run(self, *command: str) -> str:
        """Run an editor to its end and return what it wrote; fail with it where it fails."""
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=self.shop.root,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        told = done.stdout + done.stderr
        assert done.returncode == 0, told
        return told

    def servers(self) -> list[int]:
        """Return the processes of ours that serve this desk, the indexer's among them."""
        return [
            process.pid
            for process in psutil.process_iter()
            if _environment(process).get("CODEARCH_CACHE_DIR") == str(self.cache)
        ]

    def assert_nothing_runs(self) -> None:
        """Fail if a process of ours outlives its editor."""
        ended = comes_true(lambda: not self.servers(), ENDED_SECONDS)
        assert ended, "the server or its indexer goes on without editor"


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
