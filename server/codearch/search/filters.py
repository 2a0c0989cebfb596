"""Where and among what is searched: by language, kind of symbol and path."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from codearch import languages
from codearch.errors import UsageError
from codearch.facts import SymbolKind
from codearch.globs import path_glob

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

KINDS: tuple[str, ...] = get_args(SymbolKind)


@dataclass(frozen=True, slots=True)
class Filters:
    """What results must be; an empty set asks for nothing. Values of one kind are alternatives."""

    languages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    paths: tuple[re.Pattern[str], ...] = ()
    without_languages: frozenset[str] = frozenset()
    without_kinds: frozenset[str] = frozenset()
    without_paths: tuple[re.Pattern[str], ...] = ()
    under: str = ""  # a folder below the root that all results lie in, "" for the root itself

    def __bool__(self) -> bool:
        return self != NO_FILTERS

    @property
    def on_files(self) -> bool:
        """Whether some files are left out."""
        return bool(
            self.languages
            or self.paths
            or self.without_languages
            or self.without_paths
            or self.under
        )

    def takes_file(self, path: str, language: str) -> bool:
        """Whether symbols of this file may be results."""
        if self.under and not path.startswith(f"{self.under}/"):
            return False
        if self.languages and language not in self.languages:
            return False
        if language in self.without_languages:
            return False
        if self.paths and not any(pattern.fullmatch(path) for pattern in self.paths):
            return False
        return not any(pattern.fullmatch(path) for pattern in self.without_paths)

    def takes_kind(self, kind: str) -> bool:
        """Whether symbols of this kind may be results."""
        return (not self.kinds or kind in self.kinds) and kind not in self.without_kinds


NO_FILTERS = Filters()
KEYS = {"lang": "language", "language": "language", "kind": "kind", "path": "path"}


@dataclass(slots=True)
class FilterDraft:
    """Filters while they are gathered from options and from the query's own words."""

    languages: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    paths: list[re.Pattern[str]] = field(default_factory=list)
    without_languages: set[str] = field(default_factory=set)
    without_kinds: set[str] = field(default_factory=set)
    without_paths: list[re.Pattern[str]] = field(default_factory=list)

    def add(self, key: str, value: str, *, without: bool = False) -> None:
        """Add one filter; raises UsageError that names it where its value means nothing."""
        kind = KEYS[key]
        if kind == "language":
            (self.without_languages if without else self.languages).add(_language(value))
        elif kind == "kind":
            (self.without_kinds if without else self.kinds).add(_kind(value))
        else:
            (self.without_paths if without else self.paths).append(glob(value))

    def add_all(self, key: str, values: str | Iterable[str] | None) -> None:
        """Add an option's value or values."""
        for value in (values,) if isinstance(values, str) else values or ():
            self.add(key, value)

    def finished(self) -> Filters:
        """Return the filters gathered."""
        return Filters(
            frozenset(self.languages),
            frozenset(self.kinds),
            tuple(self.paths),
            frozenset(self.without_languages),
            frozenset(self.without_kinds),
            tuple(self.without_paths),
        )


def _language(value: str) -> str:
    try:
        return languages.by_name(value).name
    except KeyError:
        raise _unknown("language", value, languages.names()) from None


def _kind(value: str) -> str:
    if value.lower() in KINDS:
        return value.lower()
    raise _unknown("kind", value, KINDS)


def _unknown(what: str, value: str, known: Iterable[str]) -> UsageError:
    near = difflib.get_close_matches(value.lower(), list(known), n=1, cutoff=0.5)
    mend = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(sorted(known))}."
    return UsageError(f"`{what}`: there is no {what} {value!r}.", field=what, mend=mend)


def glob(text: str) -> re.Pattern[str]:
    """Translate a path filter; raise UsageError for what is none."""
    try:
        return path_glob(text)
    except ValueError as error:
        raise UsageError(f"`path`: {error}.", field="path") from error
