"""What programs need that stand for Python, to run the product in other circumstances."""

from __future__ import annotations

import os
import runpy
import shlex
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def interpreter(script: Path, program: Path, *arguments: str) -> str:
    """Have a script run Python by a program, and return its path; several may ask at once."""
    if not script.exists():
        line = shlex.join([sys.executable, str(program), *arguments])
        fresh = script.with_name(f"{script.name}.{os.getpid()}")
        fresh.write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        fresh.chmod(0o700)
        fresh.replace(script)
    return str(script)


def become(prepare: Callable[[str], None]) -> None:
    """Become the module that the command line names after `-m`, which `prepare` is told first.

    Any other command line is Python's own matter.
    """
    del sys.argv[0]
    if sys.argv[0] != "-m":
        os.execv(sys.executable, [sys.executable, *sys.argv])
    module = sys.argv[1]
    del sys.argv[0]
    prepare(module)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
