"""A small repository in many languages, of what lies on every machine that has these tests."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

_TOP = Path(__file__).resolve().parents[2]
_PARTS = ("index", "indexer", "store", "snapshot", "watch", "server")  # of the product itself
_LIBRARY = Path(json.__file__).parents[1]
_PACKAGES = ("json", "email", "concurrent/futures", "importlib")  # of Python's library
_SUFFIXES = {"go": "go", "java": "java", "csharp": "cs", "typescript": "ts", "javascript": "js"}
_BLOCK = re.compile(r"^```([a-z]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def plant(root: Path) -> None:
    """Make the repository, with one commit."""
    for part in _PARTS:
        shutil.copytree(
            _TOP / "server" / "codearch" / part, root / "product" / part, ignore=_ignore
        )
    for package in _PACKAGES:
        shutil.copytree(_LIBRARY / package, root / "library" / package, ignore=_ignore)
    for case in sorted((_TOP / "tests" / "cases").rglob("*.md")):
        for number, (language, text) in enumerate(_BLOCK.findall(case.read_text())):
            if language in _SUFFIXES:
                target = root / language / case.stem / f"part{number}.{_SUFFIXES[language]}"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
    begin(root)


def begin(root: Path, branch: str = "main") -> None:
    """Make a folder a repository with one commit."""
    for arguments in (["init", "-q", "-b", branch], ["add", "-A"], ["commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)


_ignore = shutil.ignore_patterns("__pycache__")
