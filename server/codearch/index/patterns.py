"""Patterns for paths: .gitignore's, matched exactly as git does, and the globs of `files.exclude`.

Paths are matched as bytes, as git does (its `?` is one byte). Git's rules are those of gitignore(5)
and of wildmatch.c; the tests compare each with `git check-ignore`.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Where the file system usually takes no account of case; a repository says so by core.ignoreCase.
FOLDS_CASE = sys.platform in {"win32", "darwin"}
_FLAGS = re.DOTALL
_SPECIAL = frozenset(b"*?[\\")
_NOTHING = rb"(?!)"
_MOST_CHOICES = 1000
_CLASS = re.compile(rb"\[:([^]]*):\]")
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"\x21-\x7e",
    b"lower": rb"a-z",
    b"print": rb"\x20-\x7e",
    b"punct": rb"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    b"space": rb" \t\n\r\f\v",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


class Pattern(NamedTuple):
    """One line of an ignore file. `text` has lost its "!", its last "/" and its first one."""

    text: bytes
    negated: bool
    folders_only: bool
    anchored: bool  # matched against the path from the ignore file's folder, else the name alone


class Rules:
    """The patterns of one ignore file, the last that matches decides."""

    def __init__(self, patterns: Iterable[Pattern], folds_case: bool = False) -> None:
        self.patterns = tuple(patterns)
        self._folds_case = folds_case
        # Most entries match nothing: these four say so at once. Plain names and endings are by far
        # the most common patterns, and need no regular expression.
        literal = bytes.lower if folds_case else bytes
        loose = [pattern.text for pattern in self.patterns if not pattern.anchored]
        self._names = frozenset(literal(text) for text in loose if not _is_wild(text))
        self._endings = tuple(literal(text[1:]) for text in loose if _is_ending(text))
        rest = [text for text in loose if _is_wild(text) and not _is_ending(text)]
        self._wild_names = _any_of(wildmatch(text, folds_case) for text in rest)
        anchored = [pattern.text for pattern in self.patterns if pattern.anchored]
        self._paths = _any_of(wildmatch(text, folds_case) for text in anchored)

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def ignores(self, path: bytes, name: bytes, is_folder: bool) -> bool | None:
        """Return whether the entry is ignored, None where no pattern speaks of it.

        `path` is relative to the ignore file's folder and ends in `name`.
        """
        if self._folds_case:
            path, name = path.lower(), name.lower()
        if not (
            name in self._names
            or (self._endings and name.endswith(self._endings))
            or (self._wild_names is not None and self._wild_names.fullmatch(name))
            or (self._paths is not None and self._paths.fullmatch(path))
        ):
            return None
        for pattern, expression in reversed(self._compiled):
            if pattern.folders_only and not is_folder:
                continue
            if expression.fullmatch(path if pattern.anchored else name):
                return not pattern.negated
        return None

    @cached_property
    def _compiled(self) -> tuple[tuple[Pattern, re.Pattern[bytes]], ...]:
        return tuple(
            (pattern, re.compile(wildmatch(pattern.text, self._folds_case), _FLAGS))
            for pattern in self.patterns
        )


def parse_gitignore(content: bytes, folds_case: bool = FOLDS_CASE) -> Rules:
    """Read an ignore file, or lines in its syntax."""
    patterns = []
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        text = _without_trailing_spaces(line.removesuffix(b"\r"))
        if not text or text.startswith(b"#"):
            continue
        negated = text.startswith(b"!")
        text = text[1:] if negated else text
        folders_only = text.endswith(b"/")
        text = text[:-1] if folders_only else text
        anchored = b"/" in text
        text = text.removeprefix(b"/") if anchored else text
        if text:
            patterns.append(Pattern(text, negated, folders_only, anchored))
    return Rules(patterns, folds_case)


def wildmatch(pattern: bytes, folds_case: bool = False) -> bytes:
    """Translate a pattern into a regular expression for the whole of a path or name.

    With `folds_case` it is for one in lower case. Like git's, it then never matches a capital
    letter that is escaped or stands alone in brackets.
    """
    parts: list[bytes] = []
    # Git compares what comes before the first special character by itself, so that stars right
    # after it count as the pattern's beginning.
    start = next((at for at, byte in enumerate(pattern) if byte in _SPECIAL), 0)
    at = 0
    while at < len(pattern):
        character = pattern[at : at + 1]
        if character == b"*":
            part, at = _stars(pattern, at, alone=at == start or pattern[at - 1 : at] == b"/")
        elif character == b"?":
            part, at = rb"[^/]", at + 1
        elif character == b"[":
            part, at = _bracket(pattern, at, folds_case)
        elif character == b"\\":
            escaped = pattern[at + 1 : at + 2]
            part, at = (re.escape(escaped) if escaped else _NOTHING), at + 2
        else:
            literal = character.lower() if folds_case else character
            part, at = re.escape(literal), at + 1
        parts.append(part)
    return b"".join(parts)


class Globs:
    """The globs of `files.exclude`: an entry is out if one that is on matches and none that is off.

    The form is VS Code's (`**`, `*`, `?`, `[...]`, `{a,b}`); a glob without a slash matches at any
    depth, and one that matches a folder, or all that is in it, leaves out the folder.
    """

    def __init__(self, globs: Mapping[str, bool]) -> None:
        flags = re.IGNORECASE if FOLDS_CASE else re.NOFLAG
        self._on = _any_of((_glob(text) for text, on in globs.items() if on and text), flags)
        self._off = _any_of((_glob(text) for text, on in globs.items() if not on), flags)

    def __bool__(self) -> bool:
        return self._on is not None

    def excludes(self, path: bytes) -> bool:
        """Return whether a path relative to the root is left out."""
        if self._on is None or not self._on.fullmatch(path):
            return False
        return self._off is None or not self._off.fullmatch(path)


def _glob(text: str) -> bytes:
    """Translate one glob; unbalanced braces stand for themselves."""
    glob = text.replace("\\", "/").rstrip("/")
    glob = f"**/{glob}" if "/" not in glob else glob.removeprefix(".").removeprefix("/")
    while glob.endswith("/**"):
        glob = glob[:-3]
    return b"|".join(wildmatch(choice.encode()) for choice in _choices(glob))


def _choices(glob: str) -> list[str]:
    """Expand `{a,b}` from the inside out, into a thousand globs at most."""
    found: list[str] = []
    waiting = [glob]
    while waiting and len(found) < _MOST_CHOICES:
        each = waiting.pop()
        inner = re.search(r"\{([^{}]*)\}", each)
        if inner is None:
            found.append(each)
        else:
            before, after = each[: inner.start()], each[inner.end() :]
            waiting += [before + choice + after for choice in inner[1].split(",")]
    return found


def _without_trailing_spaces(line: bytes) -> bytes:
    """Drop spaces at the end unless they are escaped; tabs stay, as in git."""
    kept = line.rstrip(b" ")
    if len(kept) < len(line):
        escapes = len(kept) - len(kept.rstrip(b"\\"))
        if escapes % 2:
            return kept + b" "
    return kept


def _is_wild(text: bytes) -> bool:
    return not _SPECIAL.isdisjoint(text)


def _is_ending(text: bytes) -> bool:
    return text.startswith(b"*") and not _is_wild(text[1:])


def _any_of(
    expressions: Iterable[bytes], flags: re.RegexFlag = re.NOFLAG
) -> re.Pattern[bytes] | None:
    joined = b"|".join(expressions)
    return re.compile(joined, _FLAGS | flags) if joined else None


def _stars(pattern: bytes, at: int, *, alone: bool) -> tuple[bytes, int]:
    """Translate `*`, or `**`, which reaches over slashes where it is a whole part of the path."""
    end = at
    while pattern[end : end + 1] == b"*":
        end += 1
    rest = pattern[end : end + 2]
    if end - at < 2 or not alone or not (rest in (b"", b"\\/") or rest.startswith(b"/")):
        return rb"[^/]*", end
    if rest[:1] == b"/":
        return rb"(?:.*/)?", end + 1
    return rb".*", end


def _bracket(pattern: bytes, at: int, folds_case: bool) -> tuple[bytes, int]:
    """Translate `[...]`; one that never closes, or names an unknown class, matches nothing."""
    at += 1
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    members: list[bytes] = []
    first = True
    while at < len(pattern):
        character = pattern[at : at + 1]
        if character == b"]" and not first:
            return _set(members, negated), at + 1
        first = False
        found = _CLASS.match(pattern, at)
        if found is not None:
            named = _CLASSES.get(found.group(1))
            if named is None:
                return _NOTHING, len(pattern)
            members.append(
                _CLASSES[b"alpha"] if folds_case and found.group(1) == b"upper" else named
            )
            at = found.end()
            continue
        low, at = _member(pattern, at)
        if pattern[at : at + 1] == b"-" and pattern[at + 1 : at + 2] not in (b"", b"]"):
            high, at = _member(pattern, at + 1)
            if low <= high:
                members.append(_escaped(low) + b"-" + _escaped(high))
                if folds_case:
                    members += map(_escaped, _small_letters(low, high))
            members.append(_escaped(low))  # git compares the first end before it sees the range
        else:
            members.append(_escaped(low))
    return _NOTHING, len(pattern)


def _member(pattern: bytes, at: int) -> tuple[bytes, int]:
    if pattern[at : at + 1] == b"\\":
        at += 1
    return pattern[at : at + 1], at + 1


def _small_letters(low: bytes, high: bytes) -> list[bytes]:
    """Return the small letters of the capitals in a range."""
    capitals = (bytes([byte]) for byte in range(low[0], high[0] + 1))
    return [capital.lower() for capital in capitals if capital.isupper()]


def _escaped(character: bytes) -> bytes:
    return b"\\x%02x" % character[0] if character else b""


def _set(members: list[bytes], negated: bool) -> bytes:
    # A slash is matched by no set.
    return rb"(?!/)[" + (b"^" if negated else b"") + b"".join(members) + b"]"
