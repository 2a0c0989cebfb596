"""Writes files as an installation or a build does: many packages, from another process.

python installing.py FOLDER COUNT
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_IN_A_PACKAGE = 20


def install(folder: Path, count: int) -> None:
    """Have another process write so many files into a folder that is not there yet."""
    subprocess.run([sys.executable, __file__, str(folder), str(count)], check=True)


def _write(root: Path, count: int) -> None:
    for number in range(count):
        folder = root / f"pkg{number // _IN_A_PACKAGE}" / "lib"
        if number % _IN_A_PACKAGE == 0:
            folder.mkdir(parents=True)
        (folder / f"m{number}.js").write_text(f"export const value{number} = {number};\n")


if __name__ == "__main__":
    _write(Path(sys.argv[1]), int(sys.argv[2]))
