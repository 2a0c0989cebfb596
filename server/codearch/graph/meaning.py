"""What a name or an expression stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from codearch.facts import Import


class Meaning(NamedTuple):
    """What a name or an expression stands for.

    A "symbol" of a file; an "instance" of the type that this symbol is; a whole "file"; a "package"
    (`path` is then its folder or dotted name); something "external" to the workspace; or "unknown":
    bound, but to what cannot be told. None in place of a Meaning says that nothing of this name was
    found. `sure` is the chance that it is right.
    """

    what: Literal["symbol", "instance", "file", "package", "external", "unknown"]
    path: str = ""
    symbol: int = -1
    sure: float = 1.0
    language: str = ""  # of a package
    # of a file: the variable that holds the object which is meant, not all of it; of something
    # external that holds values: their type, as written at `symbol` of `path`
    inner: str = ""

    def doubted(self, factor: float) -> Meaning:
        """Return the same meaning, less sure."""
        return self._replace(sure=self.sure * factor)


EXTERNAL = Meaning("external")
UNKNOWN = Meaning("unknown")


class ImportAt(NamedTuple):
    """An import where it stands: in a file, in a namespace of it (`owner`, -1 for none)."""

    path: str
    each: Import
    owner: int


class Sought(NamedTuple):
    """A name that is looked for, and how many arguments it is called with, -1 if it is not."""

    name: str
    arguments: int = -1
