"""Writing into the user's own settings file, which stays as the user wrote it but for one value."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codearch.errors import SettingsError
from codearch.settings.folders import user_settings_file

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any


def write_user_setting(key: str, value: str | bool | float) -> Path:
    """Set a key such as `model.name` in the user's settings file; return the file's path.

    Comments, order and all other values stay; the file is replaced whole, so that no reader sees
    half of it. Raises SettingsError for a file that is no TOML, or cannot be written.
    """
    import tomlkit  # noqa: PLC0415 - 30 ms that reading settings need not pay
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    path = user_settings_file()
    *sections, last = key.split(".")
    try:
        # As bytes: reading text would turn the ends of its lines into those of this system.
        document = tomlkit.parse(path.read_bytes().decode() if path.exists() else "")
        table: MutableMapping[str, Any] = document
        for section in sections:
            if section not in table:
                table[section] = tomlkit.table()
            table = table[section]
        table[last] = value
        _replace(path, tomlkit.dumps(document))
    except (OSError, UnicodeDecodeError, TOMLKitError, TypeError) as error:
        message = f"{key} cannot be written into {path}: {error}."
        raise SettingsError(message, mend=f"Mend the file, or set {key} there by hand.") from error
    return path


def _replace(path: Path, text: str) -> None:
    """Write a file beside the old one and put it in its place; a link stays a link."""
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
