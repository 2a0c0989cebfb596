"""Patterns as people write them: TOML files of `[[pattern]]`, read with errors that say where.

    [[pattern]]
    id = "close-what-is-opened"
    languages = ["python"]
    message = "a file that nobody closes"
    find = "open($PATH).read()"
    replace = "Path($PATH).read_text()"      # may be left out
    where.PATH = { notRegex = "^sys" }        # may be left out
    matches = ["text = open(name).read()"]
    doesNotMatch = ["with open(name) as file: pass"]

`inside`, `notInside`, `butNot` and `unless` are code with holes, too: what must stand around the
place, what must not, what the place itself must not fit, and what must not stand in its function.
"""

from __future__ import annotations

import functools
import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.checked import did_you_mean, learnt
from codearch.detectors._patterns.contexts import CONTEXTS
from codearch.detectors._patterns.expressions import why_slow
from codearch.detectors._patterns.templates import HOLE, Template, TemplateError, template

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ".codearch/patterns/"
MOST_PATTERNS = 1000  # in one file
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class Constraint(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the text of a hole must be: each that is given."""

    regex: str = ""
    not_regex: str = ""
    kinds: tuple[str, ...] = ()  # of nodes, as the grammar calls them


class Taught(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A fix from which a pattern was learned."""

    commit: str
    date: str = ""
    subject: str = ""
    path: str = ""


class Pattern(
    msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, kw_only=True
):
    """One pattern. Of what was learned, only what somebody accepted is looked for."""

    id: str
    languages: tuple[str, ...]
    find: str
    message: str = ""
    why: str = ""
    severity: int = 3
    replace: str | None = None
    inside: str = ""
    not_inside: str = ""
    but_not: str = ""
    unless: str = ""
    where: dict[str, Constraint] = {}
    matches: tuple[str, ...] = ()
    does_not_match: tuple[str, ...] = ()
    learned_from: tuple[Taught, ...] = ()
    fixes: int = 0  # how many there were; `learned_from` names the last ones
    confidence: float = 1.0
    accepted: bool = True

    def templates(self, language: str) -> dict[str, Template]:
        """Return its pieces of code, read; TemplateError for what cannot be."""
        written = {
            "find": self.find,
            "inside": self.inside,
            "notInside": self.not_inside,
            "butNot": self.but_not,
            "unless": self.unless,
        }
        return {name: template(code, language) for name, code in written.items() if code}


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a file of patterns, with its line (0-based)."""

    line: int
    message: str
    pattern: str = ""


class PatternFile(msgspec.Struct, frozen=True):
    """What a file of patterns says: those that can be used, and what is wrong with the others."""

    patterns: tuple[Pattern, ...] = ()
    lines: tuple[int, ...] = ()  # where each begins, 0-based
    faults: tuple[Fault, ...] = ()


@functools.lru_cache(maxsize=256)
def read_patterns(source: bytes) -> PatternFile:
    """Return the patterns of a file; never raises."""
    try:
        text = source.decode()
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        return PatternFile(faults=(Fault(0, "It is not UTF-8."),))
    except RecursionError:
        return PatternFile(faults=(Fault(0, "It is no TOML that can be read."),))
    except tomllib.TOMLDecodeError as error:
        said = re.search(r"line (\d+)", str(error))
        return PatternFile(
            faults=(Fault(int(said[1]) - 1 if said else 0, f"It is no TOML: {error}."),)
        )
    listed = document.get("pattern")
    starts = [
        at
        for at, line in enumerate(text.splitlines())
        if re.match(r"\s*\[\[\s*pattern\s*\]\]", line)
    ]
    faults = [
        Fault(0, f"`{key}` means nothing here; patterns are tables `[[pattern]]`.")
        for key in document
        if key != "pattern"
    ]
    if not isinstance(listed, list) or len(listed) != len(starts) or len(listed) > MOST_PATTERNS:
        if listed is not None:
            faults.append(Fault(0, f"Patterns are tables `[[pattern]]`, at most {MOST_PATTERNS}."))
        return PatternFile(faults=tuple(faults))
    found: list[tuple[Pattern, int]] = []
    for line, one in zip(starts, listed, strict=True):
        pattern = _pattern(one, line)
        if isinstance(pattern, Pattern) and any(pattern.id == each.id for each, _ in found):
            pattern = Fault(line, f"There is another pattern `{pattern.id}`.", pattern.id)
        if isinstance(pattern, Fault):
            faults.append(pattern)
        else:
            found.append((pattern, line))
    return PatternFile(
        tuple(each for each, _ in found), tuple(line for _, line in found), tuple(faults)
    )


def _pattern(said: dict[str, Any], line: int) -> Pattern | Fault:
    name = str(said.get("id", ""))
    known = {field.encode_name for field in msgspec.structs.fields(Pattern)}
    for key in said:
        if key not in known:
            return Fault(line, f"There is no key `{key}`.{did_you_mean(key, known)}", name)
    try:
        pattern = msgspec.convert(said, learnt(Pattern))
    except msgspec.ValidationError as error:
        return Fault(line, f"{error}.", name)
    for message in _wrong(pattern):
        return Fault(line, message, name)
    return pattern


def _wrong(pattern: Pattern) -> Iterator[str]:
    """Yield what makes a pattern unusable."""
    if not _ID.fullmatch(pattern.id):
        yield "`id` is made of small letters, digits and `-`."
    if not pattern.languages:
        yield f"`languages` must name at least one of {', '.join(sorted(CONTEXTS))}."
    if not 1 <= pattern.severity <= 5:
        yield "`severity` is a number from 1 to 5."
    if not 0 <= pattern.confidence <= 1:
        yield "`confidence` is a number from 0 to 1."
    for name, constraint in pattern.where.items():
        for expression in (constraint.regex, constraint.not_regex):
            try:
                re.compile(expression)
            except (re.error, RecursionError, OverflowError) as error:
                yield f"`where.{name}`: `{expression}` is no regular expression: {error}."
                continue
            if reason := why_slow(expression):
                yield f"`where.{name}`: `{expression}` may take for ever: {reason}."
    for language in pattern.languages:
        try:
            yield from _wrong_code(pattern, pattern.templates(language))
        except TemplateError as error:
            yield str(error)


def _wrong_code(pattern: Pattern, read: dict[str, Template]) -> Iterator[str]:
    for name, each in read.items():
        if not each.tokens:
            yield f"`{name}` would match nearly everything: it has no name, literal or operator."
    holes = read["find"].holes
    for name in pattern.where:
        if name not in holes:
            yield f"`where.{name}`: there is no hole `${name}` in `find`."
    for _, name in HOLE.findall(pattern.replace or ""):
        if name not in holes:
            yield f"`replace` has a hole `${name}` that `find` has not."
