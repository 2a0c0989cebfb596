"""Runs a module of the product as if it were of another version, and so its indexers.

    python aged.py VERSION FOLDER -m MODULE [ARGUMENT …]

FOLDER is for what stands for Python where that version starts an indexer.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve()


def main() -> None:
    """Become the module, of that version."""
    version, folder = sys.argv[1:3]
    del sys.argv[1:3]
    if not sys.flags.safe_path:
        del sys.path[0]  # this folder
    sys.path.insert(0, str(_HERE.parents[1]))
    from stand_in import become, interpreter

    del sys.path[0]  # the product finds nothing of the tests

    def age(module: str) -> None:
        import codearch

        codearch.__version__ = version
        if module == "codearch":
            script = Path(folder) / f"python-{version}"
            sys.executable = interpreter(script, _HERE, version, folder)

    become(age)


if __name__ == "__main__":
    main()
