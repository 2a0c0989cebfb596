"""Writing into a settings file, which stays as people wrote it but for one value."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codearch.errors import SettingsError
from codearch.settings.folders import user_settings_file
from codearch.settings.layers import names_us

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any


def write_user_setting(key: str, value: str | bool | float) -> Path:
    """Set a key such as `model.name` in the user's settings file; return the file's path.

    Raises SettingsError for a file that is no TOML, or cannot be written.
    """
    return _write(user_settings_file(), key.split("."), value)


def write_workspace_setting(root: Path, key: str, value: str | bool | float) -> Path:
    """Set a key in the settings file of a workspace, pyproject.toml where that holds its settings.

    Raises SettingsError as above, also for a file that is a link: it may lead anywhere.
    """
    path, steps = root / "codearch.toml", key.split(".")
    project = root / "pyproject.toml"
    if not path.exists() and names_us(project):
        path, steps = project, ["tool", "codearch", *steps]
    if path.is_symlink():
        raise SettingsError(f"{path} is a symbolic link: it is not written.")
    return _write(path, steps, value)


def _write(path: Path, steps: list[str], value: str | bool | float) -> Path:
    """Set a key in a file: comments, order and all other values stay.

    The file is replaced whole, so that no reader sees half of it.
    """
    import tomlkit  # noqa: PLC0415 - 30 ms that reading settings need not pay
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    *sections, last = steps
    key = ".".join(steps)
    try:
        # As bytes: reading text would turn the ends of its lines into those of this system.
        document = tomlkit.parse(path.read_bytes().decode() if path.exists() else "")
        table: MutableMapping[str, Any] = document
        for section in sections:
            if section not in table:
                table[section] = tomlkit.table()
            table = table[section]
        table[last] = value
        replace_whole(path, tomlkit.dumps(document))
    except (OSError, UnicodeDecodeError, TOMLKitError, TypeError) as error:
        message = f"{key} cannot be written into {path}: {error}."
        raise SettingsError(message, mend=f"Mend the file, or set {key} there by hand.") from error
    return path


def replace_whole(path: Path, text: str) -> None:
    """Write a file beside the old one and put it in its place; a link stays a link.

    A new one is the user's alone. Raises OSError.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            written.chmod(path.stat().st_mode & 0o777)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
