"""What a language's own tools say of a source, where they are at hand."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

_SECONDS = 60
_MODULE = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)
_CLASS = re.compile(r"\bpublic\s+(?:\w+\s+)*(?:class|interface|enum|record)\s+(\w+)")


_C = ("gcc", "-fsyntax-only", "-w")
_CPP = ("g++", "-fsyntax-only", "-w", "-std=c++20")
_TOOLS = {
    "js": ("node", "--check"),
    "java": ("javac", "-d", "."),
    "c": _C,
    "cc": _CPP,
    "cpp": _CPP,
    "rs": ("rustc", "--edition=2021", "--crate-type=lib", "--emit=metadata", "-Awarnings"),
    "go": ("gofmt", "-e"),
}


@functools.cache
def compiles(path: str, source: str) -> bool | None:
    """Say whether a file compiles alone; None where nothing at hand could tell."""
    ending = path.rpartition(".")[2]
    if ending == "py":
        return _python(source)
    if ending not in _TOOLS:
        return None
    name = f"file.{ending}"
    if ending == "js":
        name = "file.mjs" if _MODULE.search(source) else "file.cjs"
    if ending == "java":
        named = _CLASS.search(source)
        name = f"{named.group(1) if named else 'Main'}.java"
    return _tool(name, source, *_TOOLS[ending])


def _python(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "file.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def _tool(name: str, source: str, program: str, *arguments: str) -> bool | None:
    found = shutil.which(program) or shutil.which(
        program, path=str(Path("~/.cargo/bin").expanduser())
    )
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(source, "utf-8")
        command = [found, *arguments, name]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False
        )
    return done.returncode == 0
