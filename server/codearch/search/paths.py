"""What a file's path says of it: words of its name and folders, and what sort of file it is."""

from __future__ import annotations

import enum
import functools
import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codearch.search.query import name_key
from codearch.text import split_identifier, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from codearch.search.weights import Weights


class Role(enum.IntFlag):
    """Sorts of files that answer a question about the code less often than the code itself."""

    CODE = 0
    TEST = 1
    EXAMPLE = 2
    DOCUMENT = 4
    GENERATED = 8
    DATA = 16  # settings, manifests, tables: what a program reads
    DECLARATION = 32  # says what there is, without doing it


_ROLES = 64  # combinations

# Beside what the index knows to be tests: helpers of tests, and suites that are scripts.
_TEST = re.compile(r"(^|[/_.\-])(mocks?|stubs?|testutils?|testing|regress|regression)([/_.\-]|$)")
_EXAMPLE = re.compile(
    r"(^|/)(_?examples?|samples?|demos?|benchmarks?|bench|tutorials?|fuzz|playground|vendor"
    r"|third[_-]party|node_modules|contrib)(/|$)",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\.(md|mdx|markdown|rst|txt|html?|adoc|asciidoc|org|tex|[1-9])$"
    r"|(^|/)(docs?|documentation|\.github)/"
    r"|(^|/)(changes|changelog|readme|licen[cs]e|news|history|authors|contributing|todo)[^/]*$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\.(json[c5]?|ya?ml|toml|ini|cfg|conf|xml|csv|tsv|properties|lock|svg|pot?)$", re.IGNORECASE
)
_DECLARATION = re.compile(r"\.(d\.[cm]?ts|pyi)$")

# "tests" asks for tests; "for tests" and "test whether" do not.
_WANTED = (
    (
        Role.TEST,
        re.compile(
            r"(?<!for )(?<!in )(?<!under )\b(tests?(?! (?:if|whether)\b)|specs?"
            r"|fixtures?|mocks?|regress\w*)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Role.EXAMPLE,
        re.compile(r"\b(examples?|samples?|demos?|bench\w*|tutorials?|vendor\w*)\b", re.IGNORECASE),
    ),
    (
        Role.DOCUMENT,
        re.compile(r"\b(docs|documentation|readme|changelog|guide|manual)\b", re.IGNORECASE),
    ),
    (Role.GENERATED, re.compile(r"\bgenerated\b", re.IGNORECASE)),
    (
        Role.DATA,
        re.compile(r"\b(json|ya?ml|toml|ini|xml|csv|workflow|manifest|package)\b", re.IGNORECASE),
    ),
    (Role.DECLARATION, re.compile(r"\b(types?|typings|declarations?)\b", re.IGNORECASE)),
)


def role_of(path: str, *, test: bool = False, generated: bool = False) -> Role:
    """Return what sort of file this is; `test` and `generated` are what the index knows of it."""
    role = Role.GENERATED if generated else Role.CODE
    if test or _TEST.search(path):
        role |= Role.TEST
    if _EXAMPLE.search(path):
        role |= Role.EXAMPLE
    if _DOCUMENT.search(path):
        role |= Role.DOCUMENT
    if _DATA.search(path):
        role |= Role.DATA
    if _DECLARATION.search(path):
        role |= Role.DECLARATION
    return role


@functools.lru_cache(maxsize=64)
def wanted_roles(text: str) -> Role:
    """Return the sorts of files that a question asks for by name."""
    wanted = Role.CODE
    for role, pattern in _WANTED:
        if pattern.search(text):
            wanted |= role
    return wanted


@functools.lru_cache(maxsize=64)
def role_factors(wanted: Role, weights: Weights) -> NDArray[np.float32]:
    """Return the factor of each combination of roles, by its number."""
    lowered = (
        (Role.TEST, weights.test),
        (Role.EXAMPLE, weights.example),
        (Role.DOCUMENT, weights.document),
        (Role.GENERATED, weights.generated),
        (Role.DATA, weights.data),
        (Role.DECLARATION, weights.declaration),
    )
    factors = np.ones(_ROLES, np.float32)
    for number in range(_ROLES):
        for role, factor in lowered:
            if role & Role(number) and not role & wanted:
                factors[number] *= factor
    return factors


_FOR_FOLDER = frozenset({"__init__", "index", "mod", "package"})


@dataclass(frozen=True, slots=True, eq=False)
class PathHits:
    """Files whose path holds a word: how much it counts, and whether the file's name has it."""

    files: NDArray[np.int32]
    weights: NDArray[np.float32]
    in_stem: NDArray[np.bool_]


class PathWords:
    """Words of the paths of numbered files; files are added in the order of their numbers."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._found: dict[str, list[tuple[int, float, bool]]] = defaultdict(list)
        self._arrays: dict[str, PathHits] = {}
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self.stem_sizes: list[int] = []  # words of each file's name, without its suffixes

    def add(self, path: str) -> None:
        """Add the next file."""
        number = len(self.stem_sizes)
        folder, name = posixpath.split(path)
        stem = name.lstrip(".").partition(".")[0] or name
        if stem.lower() in _FOR_FOLDER and folder:  # such a file stands for its folder
            stem = posixpath.basename(folder)
        stem_words = set(split_words(stem))
        weighed: dict[str, float] = dict.fromkeys(words(folder), self._weights.folder)
        for word in words(name):
            weighed[word] = max(weighed.get(word, 0.0), self._weights.suffix)
        for word in words(stem):
            weighed[word] = weighed.get(word, 0.0) + self._weights.stem
        for word, weight in weighed.items():
            self._found[word].append((number, weight, word in stem_words))
        self._by_stem[name_key(stem)].append(number)
        self._by_name[name.lower()].append(number)
        self.stem_sizes.append(len(stem_words))

    def find(self, word: str) -> PathHits | None:
        """Return the files whose path holds a word, None where there are none."""
        found = self._found.get(word)
        if found is None:
            return None
        hits = self._arrays.get(word)
        if hits is None or len(hits.files) != len(found):
            files, weights, in_stem = zip(*found, strict=True)
            hits = PathHits(
                np.array(files, np.int32),
                np.array(weights, np.float32),
                np.array(in_stem, np.bool_),
            )
            self._arrays[word] = hits
        return hits

    def with_stem(self, key: str) -> list[int]:
        """Return the files whose name without suffixes is `key`, but for case and signs."""
        return self._by_stem.get(key, [])

    def with_name(self, name: str) -> list[int]:
        """Return the files of this name, whatever its case."""
        return self._by_name.get(name.lower(), [])

    @property
    def vocabulary(self) -> Iterable[str]:
        """Return all words of all paths."""
        return self._found.keys()


def split_words(text: str) -> list[str]:
    """Return the parts of all identifiers of a text, without the wholes."""
    return [part for one in re.findall(r"\w+", text) for part in split_identifier(one)]
