"""Which language a file is written in. Each language is one module of this package."""

from __future__ import annotations

import functools
import importlib
import re
import sys
from pathlib import PurePosixPath

from codearch import plugins
from codearch.languages._language import Language, kinds
from codearch.text import has_bom

_MODELINE = re.compile(rb"-\*-[ \t]*(?:mode:[ \t]*)?([\w+#-]+)[ \t]*(?:;.*)?-\*-", re.IGNORECASE)
# What is never text, for callers that have no content at hand.
_BINARY = kinds(
    """7z a avi bin bmp bz2 class dll doc docx dylib eot exe gif gz ico jar jpeg jpg lib mo mov mp3
    mp4 o obj odt ogg otf pdf png ppt pptx pyc pyd pyo rar rlib so sqlite tar tgz tif tiff ttf wasm
    wav webm webp whl woff woff2 xls xlsx xz zip zst"""
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@functools.cache
def all_languages() -> dict[str, Language]:
    """Return every language by its name."""
    found = plugins.load(sys.modules[__name__], "LANGUAGE", Language)
    return {language.name: language for language in found.values()}


@functools.cache
def _by(field: str) -> dict[str, tuple[Language, ...]]:
    """Return the languages that list a key in `field`, by key."""
    found: dict[str, tuple[Language, ...]] = {}
    for language in all_languages().values():
        for key in getattr(language, field):
            found[key] = (*found.get(key, ()), language)
    return found


def _choose(languages: tuple[Language, ...], head: bytes) -> Language | None:
    """Return the language whose `contents` the head shows, else one that claims no contents."""
    claims = [language for language in languages if language.contents is not None]
    for language in claims:
        if language.contents is not None and language.contents.search(head):
            return language
    rest = [language for language in languages if language.contents is None]
    return next(iter(rest or claims), None)


@functools.cache
def _alone(name: str) -> Language | None:
    """Return the language whose module bears its name: who needs one should not load them all."""
    if not name.isidentifier() or name.startswith("_"):
        return None
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        return None
    language = getattr(module, "LANGUAGE", None)
    return language if isinstance(language, Language) and language.name == name else None


def by_name(name: str) -> Language:
    """Return the language of this name or alias; KeyError for one that does not exist."""
    lowered = name.lower()
    found = _alone(lowered) or all_languages().get(lowered)
    return found if found is not None else _by("aliases")[lowered][0]


def names() -> list[str]:
    """Return the names of all languages, sorted."""
    return sorted(all_languages())


def by_path(path: str, head: bytes = b"") -> Language | None:
    """Return the language of a file by its name, else by its first bytes; None for binary content.

    Any other text is the language "text". Files whose name says nothing are looked at for a `#!`
    line or an editor's mode line; the name decides where it can.
    """
    name = PurePosixPath(path).name
    lowered = name.lower()
    parts = lowered.split(".")
    if is_binary(head) or (len(parts) > 1 and parts[-1] in _BINARY):
        return None
    if name in _by("filenames"):
        return _choose(_by("filenames")[name], head)
    for start in range(1, len(parts)):  # the longest extension first: `.d.ts`, `.blade.php`
        extension = "." + ".".join(parts[start:])
        if extension in _by("extensions"):
            return _choose(_by("extensions")[extension], head)
    stem = name.partition(".")[0]
    if stem in _by("filenames"):  # `Dockerfile.dev`
        return _choose(_by("filenames")[stem], head)
    if b"\0" in head and not has_bom(head):
        return None
    return _by_head(head) or by_name("text")


def is_binary(head: bytes) -> bool:
    """Say whether a file's first bytes are no text: control characters beyond stray ones.

    UTF-16 and UTF-32 are text when they begin with their mark. A few NUL bytes in a source that
    is readable otherwise do not make it binary.
    """
    if has_bom(head):
        return False
    controls = len(_CONTROL.findall(head))
    return controls > 8 and controls * 50 > len(head)


def _by_head(head: bytes) -> Language | None:
    first, _, rest = head.partition(b"\n")
    if first.startswith(b"#!"):
        return _by_interpreter(first[2:].decode("latin-1").split())
    mode = _MODELINE.search(first + b"\n" + rest.partition(b"\n")[0])
    try:
        return by_name(mode.group(1).decode("ascii")) if mode else None
    except KeyError:
        return None


def _by_interpreter(command: list[str]) -> Language | None:
    programs = [PurePosixPath(word).name for word in command]
    if programs[:1] == ["env"]:
        programs = [word for word in programs[1:] if not word.startswith("-") and "=" not in word]
    if not programs:
        return None
    found = _by("interpreters").get(programs[0].rstrip("0123456789."))
    return found[0] if found else None
