"""What resolving one file gives: its imports, calls, bases and tests, each with its targets."""

from __future__ import annotations

import msgspec


class StoppedError(Exception):
    """Resolving a file was given up half done, as whoever asked for it wanted."""


class ResolvedImport(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One import and the files that it makes this file depend on; none where it is external.

    A package import (Go, Java's `.*`, C#'s `using`) targets the package's files whose names are
    used here, all of them where it is imported for its effects.
    """

    index: int  # into FileFacts.imports
    targets: tuple[str, ...]
    deferred: bool  # not at load time: type-only, inside a function, or only where a guard says so


class ResolvedCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One call and what it calls; making an object calls the constructor, else names the type.

    Confidence is the share of such resolutions that are right: 0.8 and more is nearly always.
    """

    index: int  # into FileFacts.calls
    path: str
    symbol: int  # into the symbols of `path`
    confidence: float


class ResolvedBase(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A symbol of this file that inherits from, implements, or is an impl for, another."""

    symbol: int  # into FileFacts.symbols
    path: str
    base: int  # into the symbols of `path`
    confidence: float


class TestLink(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A test of this file and what it tests."""

    symbol: int  # into FileFacts.symbols
    path: str
    tested: int  # into the symbols of `path`
    confidence: float


class Resolution(msgspec.Struct, frozen=True, array_like=True):
    """All that one file means by its imports and names.

    `neighbours` are files that it uses without importing them: those of its own package (Java, Go,
    C#) or crate. `asked` holds the keys that the result depends on (see workspace.touched).
    """

    imports: tuple[ResolvedImport, ...] = ()
    calls: tuple[ResolvedCall, ...] = ()
    bases: tuple[ResolvedBase, ...] = ()
    tests: tuple[TestLink, ...] = ()
    neighbours: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
