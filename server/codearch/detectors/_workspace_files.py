"""Files of ours that people keep with their code: read with care, replaced whole."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from codearch.errors import CodearchError


def regular_file(path: Path) -> bytes | None:
    """Return a file's bytes; None for what is absent, no regular file, or behind a link."""
    try:
        for part in (path.parent, path):
            if stat.S_ISLNK(part.lstat().st_mode):
                return None
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def replace_file(path: Path, text: str) -> None:
    """Write a file in one step; raise CodearchError where that cannot be done."""
    try:
        if path.parent.is_symlink() or path.is_symlink():
            message = f"{path} is, or lies behind, a symbolic link: it is not written."
            raise CodearchError(message)
        path.parent.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise CodearchError(message) from None
