"""What a language must say of its names; the rest of resolution is the same for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.graph.meaning import ImportAt, Meaning, Sought

if TYPE_CHECKING:
    from codearch.facts import ImportedName
    from codearch.graph.atlas import Atlas


def _no_module(_atlas: Atlas, _at: ImportAt) -> Meaning | None:
    return None


def _nothing_inside(_atlas: Atlas, _module: Meaning, _name: Sought) -> Meaning | None:
    return None


def _nothing_around(_atlas: Atlas, _path: str, _name: Sought) -> Meaning | None:
    return None


def _nothing_scattered(_atlas: Atlas, _owner: Meaning, _name: Sought) -> Sequence[Meaning]:
    return ()


def _no_further_bases(_atlas: Atlas, _owner: Meaning) -> Sequence[Meaning]:
    return ()


def _bound(atlas: Atlas, at: ImportAt, bound: ImportedName, name: Sought) -> Meaning | None:
    """The module itself where the import names it (""), else what it holds under the name."""
    naming = atlas.naming_of(Meaning("file", at.path))
    module = naming.module(atlas, at)
    if module is None or module.what == "external" or bound.name in {"", "*"}:
        return module
    return naming.inside(atlas, module, name._replace(name=bound.name))


def _as_found(_atlas: Atlas, found: Meaning, _name: Sought) -> Meaning:
    return found


def _nothing_above(_atlas: Atlas, _path: str, _namespace: int) -> Meaning | None:
    return None


def _nothing_loaded(_atlas: Atlas, _path: str, _expression: str) -> Meaning | None:
    return None


def _no_files(_atlas: Atlas, _package: Meaning, _used: Set[str]) -> set[str]:
    return set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The rules of one language, or of several that share their names."""

    languages: frozenset[str]
    # what an import's module is: a file, a package, a symbol, or external
    module: Callable[[Atlas, ImportAt], Meaning | None] = _no_module
    # what a name that an import binds means
    bound: Callable[[Atlas, ImportAt, ImportedName, Sought], Meaning | None] = _bound
    # what `super::` means inside a namespace of a file (-1: at its top)
    above: Callable[[Atlas, str, int], Meaning | None] = _nothing_above
    # what an expression that loads a module gives: `require("./a").b`
    loaded: Callable[[Atlas, str, str], Meaning | None] = _nothing_loaded
    # what a name means inside a file, package or namespace, seen from outside
    inside: Callable[[Atlas, Meaning, Sought], Meaning | None] = _nothing_inside
    # what a name means in a file that neither defines nor imports it: its package, built-ins
    around: Callable[[Atlas, str, Sought], Meaning | None] = _nothing_around
    # members of a type that do not stand inside it: Go's methods, Rust's impls, partial classes
    scattered: Callable[[Atlas, Meaning, Sought], Sequence[Meaning]] = _nothing_scattered
    # what adds itself to a type from outside: extension methods
    extensions: Callable[[Atlas, Meaning, Sought], Meaning | None] = _nothing_inside
    # bases that are declared elsewhere: Rust's traits, partial classes
    further_bases: Callable[[Atlas, Meaning], Sequence[Meaning]] = _no_further_bases
    # the definition of what was found to be only declared
    defined: Callable[[Atlas, Meaning, Sought], Meaning] = _as_found
    # files of an imported package that the importer depends on, given the files that it uses
    package_files: Callable[[Atlas, Meaning, Set[str]], set[str]] = _no_files
    self_words: frozenset[str] = frozenset({"self", "this"})
    super_words: frozenset[str] = frozenset({"super"})
    class_word: str = ""  # calling it makes another object of the type around
    bare_members: bool = False  # members are seen by their bare names inside their type
    constructors: tuple[str, ...] = ()  # their names, best first; with `bare_members` the type's
    hands_on: frozenset[str] = frozenset()  # methods that give what they are called on, or in it
    packages: bool = False  # files of one package see each other's names without imports
    new_only: bool = False  # a type is made by `new` alone: calling its name means a method
    functions_make: bool = False  # `new` makes objects of functions too
    paths: bool = False  # `a::b` looks a up among modules, whatever variable is called a
    wildcards: bool = True  # `import *` brings names
    overloads: bool = False  # functions of one name differ by the types of their parameters
    last_counts: bool = False  # of several definitions of a name the last is the one meant
    empty_bases: frozenset[str] = frozenset()  # external types that bring no named methods
