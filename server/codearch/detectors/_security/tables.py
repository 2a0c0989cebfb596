"""How a language's sources, sinks and sanitizers are written down.

Callees are patterns, divided by white space: `os.system`, `subprocess.run|call` (either name),
`*.execute` (of any object), `exec` (of none), `~(cursor|db).execute` (the last part of the object
fits), `new File`. What stands before the name is compared with the import that it comes from, with
the receiver's type, and with the receiver as written, from the end on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

REQUEST = "request"  # what somebody far away chose: requests, uploads
ARGUMENT = "argument"  # what the user of the program chose: command line, standard input
PARAMETER = "parameter"
ALL_SOURCES = frozenset({REQUEST, ARGUMENT, PARAMETER})


@dataclass(frozen=True, kw_only=True)
class Sink:
    """A call that must not be given what others choose.

    `arguments` are positions or names, none for all of them; -1 is the receiver. `composed`: a
    parameter counts only where it becomes part of a longer text; `text` is what that text holds.
    """

    rule: str
    callees: str
    what: str  # what the value becomes: "part of SQL that `{call}` runs"
    arguments: tuple[int | str, ...] = (0,)
    sources: frozenset[str] = ALL_SOURCES
    composed: frozenset[str] = frozenset()  # the sources that count only as a part
    text: str = ""
    when: str = ""  # a pattern that the arguments' text must hold
    unless: str = ""  # ... that it must not
    receiver: str = ""  # a pattern of what it is called on, as written
    fixed: bool = False  # argument 0 is a local array of fixed size
    led: frozenset[str] = frozenset()  # the sources that count only behind something else
    first: bool = False  # nothing may stand before the value
    spaces: int = -1  # position of a namespace: with one that has a name, parameters do not count
    parameters: str = ""  # a pattern of the names of parameters that count as they are
    harmless: str = ""  # ... of sources, as written, that do not
    after: str = ""  # a pattern that the function around must not hold
    within: str = ""  # ... that it must


@dataclass(frozen=True, kw_only=True)
class Smell:
    """A call that is wrong whatever it is given, as far as patterns of its text tell.

    `constant` is of the first argument where that is a constant; `named` and `unnamed` are of the
    names around the call: function, type, what it is assigned to, the statement.
    """

    rule: str
    callees: str
    message: str
    when: str = ""
    unless: str = ""
    constant: str = ""
    named: str = ""
    unnamed: str = ""
    surely: str = ""  # names that make up for what `unnamed` and `after` say
    after: str = ""  # a pattern that the rest of the function, or file, must not hold
    file: str = ""  # a pattern that the file must hold


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A property, field or named argument that is given a value: `verify=False`, `x.debug = true`.

    `inside` is of the call, or of the assigned place, around it.
    """

    rule: str
    name: str
    value: str
    message: str
    inside: str = ""
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """A property that must not be assigned what others choose: `el.innerHTML = name`."""

    rule: str
    name: str
    what: str
    sources: frozenset[str] = ALL_SOURCES
    composed: frozenset[str] = frozenset()
    text: str = ""
    target: str = ""  # a pattern of all that is assigned to
    led: frozenset[str] = frozenset()
    first: bool = False
    parameters: str = ""
    harmless: str = ""


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A function that answers requests: what the file holds, what stands before its body.

    Its parameters are a request's where they fit `parameters` and not `others`; `plain` is of what
    stands before the body as well: parameters, called NAME there, that are numbers and the like.
    """

    file: str
    head: str = ""
    unless: str = ""
    around: str = ""  # a pattern of what stands before the body of the type around
    called: str = ""  # a function without a name: the callee that it is given to
    parameters: str = ""
    others: str = ""
    plain: str = ""


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a function that answers requests must not give back."""

    rule: str
    handler: Handler
    what: str
    sources: frozenset[str] = frozenset({REQUEST})
    composed: frozenset[str] = frozenset()
    text: str = ""
    led: frozenset[str] = frozenset()
    first: bool = False
    parameters: str = ""
    harmless: str = ""


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A function that is wrong by what it does, whoever calls it; `text` is of the whole of it."""

    rule: str
    name: str
    text: str
    message: str


class Pattern(NamedTuple):
    """One callee: what stands before its name, and the name."""

    before: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """All that the rules know of one language."""

    sinks: tuple[Sink, ...]
    smells: tuple[Smell, ...]
    settings: tuple[Setting, ...] = ()
    assigned: tuple[Assigned, ...] = ()
    defined: tuple[Defined, ...] = ()
    returned: tuple[Returned, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()  # kind, pattern of a member's or callee's text
    markers: tuple[bytes, ...] = ()  # a file without all of these has no source but parameters
    source_parameters: str = ""  # pattern of a parameter as written
    argument_parameters: str = ""  # ... of one that the command line gives
    handlers: tuple[Handler, ...] = ()  # functions whose parameters are of a request
    requests: Mapping[str, str] = field(default_factory=dict)
    # a request's name, as sources write it -> pattern of the types of what else it may be called
    plain_types: str = ""  # pattern of a parameter as written: numbers and the like
    cleans: Mapping[str, str] = field(default_factory=dict)  # rule or "*" -> callees
    passes: str = ""  # callees that give back what they are given, or their receiver
    composes: str = ""  # ... as a part of a longer text
    fills: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    # name -> position of what is written to (-1: receiver), position of the first part
    read_into: Mapping[str, int] = field(default_factory=dict)  # name -> position
    builders: str = ""  # what `fills` of -1 writes to: a pattern of its first value
    sums: frozenset[str] = frozenset({"+"})
    schemes: str = ""  # pattern of a text behind which what follows counts as first
    carriers: frozenset[str] = frozenset()  # node kinds whose value is that of their children
    keywords: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # kind -> name, value
    names: frozenset[str] = frozenset({"identifier"})
    inline: bool = False  # `{name}` in a text that is formatted is a variable
    constant_names: str = r"[A-Z][A-Z\d_]+"

    @property
    def calls(self) -> tuple[Sink | Smell, ...]:
        """Return what may be wrong with calls."""
        return (*self.sinks, *self.smells)

    @property
    def properties(self) -> tuple[Setting | Assigned, ...]:
        """Return what may be wrong with properties and named arguments."""
        return (*self.settings, *self.assigned)

    @cached_property
    def by_name(self) -> Mapping[str, list[tuple[str, Sink | Smell]]]:
        """Return what may be wrong with a call of a name, with what must stand before it."""
        found: dict[str, list[tuple[str, Sink | Smell]]] = defaultdict(list)
        for entry in self.calls:
            for pattern in patterns(entry.callees):
                found[pattern.name].append((pattern.before, entry))
        return found

    @cached_property
    def cleaning(self) -> Mapping[str, list[tuple[str, str]]]:
        """Return name -> what stands before it, and the rule for which the callee makes safe."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for rule, callees in self.cleans.items():
            for pattern in patterns(callees):
                found[pattern.name].append((pattern.before, rule))
        return found

    @cached_property
    def passing(self) -> Mapping[str, list[tuple[str, bool]]]:
        """Return name -> what stands before it, and whether the callee makes a longer text."""
        found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for callees, composes in ((self.composes, True), (self.passes, False)):
            for pattern in patterns(callees):
                found[pattern.name].append((pattern.before, composes))
        return found

    @cached_property
    def source_bytes(self) -> tuple[re.Pattern[bytes], ...]:
        """Return the sources as they are looked for in a whole file."""
        return tuple(re.compile(rb"(?<![\w.])" + each.encode()) for _, each in self.sources)

    @cached_property
    def lead_bytes(self) -> re.Pattern[bytes]:
        """Return what makes parameters a request's, as it is looked for in a whole file."""
        found = [each for each in (self.source_parameters, self.argument_parameters) if each]
        found += [each.file for each in self.handlers]
        found += [rf"(?:{each})" for each in self.requests.values()]
        return re.compile("|".join(found).encode() if found else rb"(?!)")

    @cached_property
    def source_patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Return the sources, compiled."""
        return tuple((kind, re.compile(pattern)) for kind, pattern in self.sources)


def patterns(callees: str) -> list[Pattern]:
    """Return the patterns of a text of callees."""
    found = []
    for word in re.sub(r"(?<!\S)new ", "new:", callees).split():
        before, _, names = word.rpartition(".")
        if names.startswith("new:"):
            before, names = "new", names[4:]
        found += [Pattern(before, name) for name in names.split("|")]
    return found


def before_fits(pattern: str, befores: tuple[str, ...], receiver: str) -> bool:
    """Say whether what stands before a callee's name is what a pattern asks for."""
    if pattern == "*":
        return bool(receiver)
    if pattern == "?":
        return True
    if pattern.startswith("~"):
        last = receiver.rstrip("()").rpartition(".")[2]
        return re.search(pattern[1:], last, re.IGNORECASE) is not None
    return any(each == pattern or each.endswith(f".{pattern}") for each in befores)
