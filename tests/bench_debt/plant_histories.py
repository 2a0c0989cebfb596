"""What only a history shows: files that change together, untested code that changes, learnt bugs.

A scenario gives, for each of its commits, the files as they are then. All of it is code that is
appended to real files of one repository; numbers and arguments in it change from commit to commit.
"""

from __future__ import annotations

import posixpath
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hosts import Host, Names
from recipe import appended
from writer import Writer

OFTEN = 14  # commits: far beyond any limit that one may set
NUMBER = "471100"  # stands for what changes in a planted function


@dataclass(frozen=True)
class Commit:
    """Files as they are after it, by path; `None` is a file that goes."""

    subject: str
    files: dict[str, str]
    author: str = "Ada Moreau"


@dataclass
class Scenario:
    """Commits, oldest first, and what has to be found when all of them are made."""

    rule: str
    variant: str
    alike: bool
    language: str
    commits: list[Commit]
    files: set[str]  # all that a finding may be about
    needs: set[str]  # of them, those that a finding must name
    function: str = ""  # what a finding must name, too
    says: str = ""  # what its message must say
    mass: bool = False
    reports: dict[str, str] = field(default_factory=dict)  # files that git does not see

    @property
    def key(self) -> str:
        return f"{self.rule}/{self.language}/{'alike' if self.alike else 'hit'}/{self.variant}"


class Files:
    """Hands out files of a repository, each once."""

    def __init__(self, hosts: list[Host], draw: random.Random) -> None:
        self.left = [h for h in hosts if h.end_row() is not None and len(h.functions) > 1]
        self.draw = draw
        draw.shuffle(self.left)

    def take(self, fits: Callable[[Host], bool] = lambda host: True) -> Host | None:
        """Return a file that nobody has, if there is one that fits."""
        for at, host in enumerate(self.left):
            if fits(host):
                return self.left.pop(at)
        return None

    def strangers(self) -> tuple[Host, Host] | None:
        """Return two files of which neither names the other or anything that it defines."""
        for first in self.left[:30]:
            for second in self.left:
                if first is not second and not _linked(first, second):
                    self.left.remove(first)
                    self.left.remove(second)
                    return first, second
        return None

    def linked(self) -> tuple[Host, Host] | None:
        """Return two files of which one imports the other by its path."""
        for first in self.left:
            for second in self.left:
                stem = re.escape(posixpath.basename(second.path).rpartition(".")[0])
                line = rf"^(?:from|import|use (?:crate|super)|#include|const|var|let)\b.*\b{stem}\b"
                if first is not second and re.search(line, first.text, re.MULTILINE):
                    self.left.remove(first)
                    self.left.remove(second)
                    return first, second
        return None


def _linked(first: Host, second: Host) -> bool:
    for one, other in ((first, second), (second, first)):
        stem = posixpath.basename(other.path).rpartition(".")[0]
        defined = {
            (name.text or b"").decode()
            for each in other.nodes
            if each.type in (*other.grammar.functions, *other.grammar.classes)
            and (name := each.child_by_field_name("name") or each.child_by_field_name("declarator"))
        }
        if stem in one.words or defined & one.words:
            return True
    one, other = (posixpath.split(each.path) for each in (first, second))
    return one[0] == other[0] and one[1][:4] == other[1][:4]


def small(host: Host, draw: random.Random) -> str | None:
    """Return the host's text with a short function in which a number stands."""
    writer, names = Writer(host.language, host.unit), Names(host, draw)
    name, given, result = names.fresh(), names.local(), names.local()
    body = [writer.declare(result, f"{given} * {NUMBER}"), writer.give(f"{result} + {given}")]
    change = appended(host, writer.function(name, [given], body), [0])
    return change.text if change else None


def _complex(host: Host, draw: random.Random, decisions: int) -> tuple[str, str] | None:
    """Return the host's text with a function of many decisions, and its name."""
    writer, names = Writer(host.language, host.unit), Names(host, draw)
    name = names.fresh()
    first, second, result = names.local(), names.local(), names.local()
    body = [writer.declare(result, first)]
    for at in range(decisions):
        inner = writer.when(f"{second} < {at * 7 + 3}", [writer.assign(result, f"{result} + {at}")])
        body += writer.when(f"{first} > {at * 11 + 2}", inner)
    body.append(writer.assign(result, f"{result} + {NUMBER}"))
    change = appended(
        host, writer.function(name, [first, second], [*body, writer.give(result)]), [0]
    )
    return (change.text, name) if change else None


def _versions(text: str, count: int) -> list[str]:
    return [text.replace(NUMBER, str(17 + 3 * at)) for at in range(count)]


def together(files: Files, draw: random.Random, *, linked: bool) -> Scenario | None:
    """Two files that change in the same commits, with or without an import between them."""
    pair = files.linked() if linked else files.strangers()
    texts = [small(each, draw) for each in pair] if pair else []
    if pair is None or None in texts:
        return None
    one, two = (_versions(each or "", OFTEN) for each in texts)
    commits = [
        Commit("Adjust the limits", {pair[0].path: a, pair[1].path: b})
        for a, b in zip(one, two, strict=True)
    ]
    paths = {each.path for each in pair}
    variant = "imported" if linked else "together"
    return Scenario("coupling", variant, linked, pair[0].language, commits, paths, paths)


def formatted(files: Files, draw: random.Random) -> Scenario | None:
    """Two files that only ever get and lose blank lines together."""
    pair = files.strangers()
    if pair is None:
        return None
    commits = []
    for at in range(OFTEN):
        texts = {}
        for each in pair:
            row = each.end_row() or 0
            blank = [""] * (1 + at % 2)
            texts[each.path] = "\n".join([*each.lines[:row], *blank, *each.lines[row:]])
        commits.append(Commit("Reformat", texts))
    paths = {each.path for each in pair}
    return Scenario("coupling", "formatting", True, pair[0].language, commits, paths, paths)


def mass(files: Files, draw: random.Random) -> Scenario | None:
    """Forty files that change in the same commits: a licence's year, a renamed word."""
    many: list[tuple[Host, str]] = []
    while len(many) < 40:
        host = files.take()
        if host is None:
            break
        text = small(host, draw)
        if text:
            many.append((host, text))
    if len(many) < 25:
        files.left += [host for host, _ in many]
        return None
    commits = [
        Commit(
            "Rename the unit everywhere", {h.path: _versions(text, OFTEN)[at] for h, text in many}
        )
        for at in range(OFTEN)
    ]
    paths = {host.path for host, _ in many}
    return Scenario("coupling", "mass", True, many[0][0].language, commits, paths, set(), mass=True)


TESTS = {
    "python": ("tests/test_{0}.py", "from {2} import {0}\n\n\ndef test_{0}():\n    assert {0}(3, 4) == 20\n"),
    "javascript": ("test/{0}.test.js", "const {{ {0} }} = require('../{1}');\n\nit('{0}', () => {{\n  assert.equal({0}(3, 4), 20);\n}});\n"),
    "typescript": ("test/{0}.spec.ts", "import {{ {0} }} from '../{1}';\n\nit('{0}', () => {{\n  expect({0}(3, 4)).toBe(20);\n}});\n"),
    "java": ("src/test/java/Planted{0}Test.java", "import org.junit.jupiter.api.Test;\n\nclass Planted{0}Test {{\n    @Test\n    void counts() {{\n        assertEquals(20, {3}.{0}(3, 4));\n    }}\n}}\n"),
    "csharp": ("tests/Planted{0}Tests.cs", "using Xunit;\n\npublic class Planted{0}Tests\n{{\n    [Fact]\n    public void Counts()\n    {{\n        Assert.Equal(20, {3}.{0}(3, 4));\n    }}\n}}\n"),
    "go": ("{4}/planted_{0}_test.go", "package {5}\n\nimport \"testing\"\n\nfunc Test{0}(t *testing.T) {{\n\tif {0}(3, 4) != 20 {{\n\t\tt.Fatal(\"wrong\")\n\t}}\n}}\n"),
    "rust": ("tests/planted_{0}.rs", "#[test]\nfn counts() {{\n    assert_eq!({0}(3, 4), 20);\n}}\n"),
    "c": ("tests/test_{0}.c", "#include <assert.h>\n\nint {0}(int a, int b);\n\nint main(void)\n{{\n\tassert({0}(3, 4) == 20);\n\treturn 0;\n}}\n"),
    "cpp": ("test/{0}_test.cpp", "#include <gtest/gtest.h>\n\nint {0}(int a, int b);\n\nTEST(Planted, {0}) {{\n  EXPECT_EQ({0}(3, 4), 20);\n}}\n"),
}  # fmt: skip


def untested(files: Files, draw: random.Random, kind: str) -> Scenario | None:
    """A function that often changes: complex or trivial, reached by a test or not."""
    host = files.take()
    made = _complex(host, draw, 0 if kind == "trivial" else 14) if host else None
    if host is None or made is None:
        return None
    text, name = made
    commits = [Commit("Handle one more case", {host.path: each}) for each in _versions(text, OFTEN)]
    if kind == "tested":
        path, test = TESTS[host.language]
        stem = host.path.rpartition(".")[0]
        package = re.search(r"^package (\w+)", host.text, re.MULTILINE)
        module = stem.removeprefix("src/").replace("/", ".")
        given = (
            name, stem, module, posixpath.basename(stem), posixpath.dirname(host.path) or ".",
            package[1] if package else "",
        )  # fmt: skip
        there = posixpath.normpath(path.format(*given))
        commits[0].files[there] = test.format(*given)
    variant = kind if kind != "missing" else "no-test"
    alike = kind != "missing"
    paths = {host.path}
    return Scenario("untested", variant, alike, host.language, commits, paths, paths, name)


def learnt(files: Files, draw: random.Random) -> list[Scenario]:
    """Three fixes of the same mistake in three files; one more place has it, one has it right."""
    hosts = [host for host in (files.take() for _ in range(5)) if host is not None]
    if len(hosts) < 5:
        return []
    language = hosts[0].language
    verb = Names(hosts[0], draw).cased("release_pool")
    bad, good = (f"{verb}({{0}}, {each})" for each in ("3", "9"))
    texts: list[tuple[str, str]] = []
    for host in hosts:
        writer, names = Writer(host.language, host.unit), Names(host, draw)
        name, given, result = names.fresh(), names.local(), names.local()
        body = [
            writer.declare(result, f"{given} + {len(texts)}"),
            writer.assign(result, f"{result} * {bad.format(given)}"),
            writer.give(result),
        ]
        change = appended(host, writer.function(name, [given], body), [0])
        if change is None:
            return []
        call = bad.format(given)
        texts.append((change.text, change.text.replace(call, good.format(given))))
    before = {host.path: text[0] for host, text in zip(hosts[:4], texts[:4], strict=True)}
    before[hosts[4].path] = texts[4][1]
    commits = [Commit("Give pools back", before)]
    for host, text in zip(hosts[:3], texts[:3], strict=True):
        commits.append(
            Commit(f"Fix leak of a pool in {posixpath.basename(host.path)}", {host.path: text[1]})
        )
    left, right = {hosts[3].path}, {hosts[4].path}
    return [
        Scenario("bug-pattern", "left-over", False, language, commits, left, left, says=verb),
        Scenario("bug-pattern", "right-already", True, language, [], right, right, says=verb),
    ]


def todo(files: Files, draw: random.Random) -> Scenario | None:
    """Work left by somebody, long ago: both are to be told."""
    host = files.take()
    row = host.end_row() if host else None
    if host is None or row is None:
        return None
    line = f"{host.outer()}{host.grammar.comment} TODO: measure this again"
    text = "\n".join([*host.lines[:row], "", line, *host.lines[row:]])
    commits = [Commit("Leave a note", {host.path: text}, "Nils Abara")]
    paths = {host.path}
    return Scenario(
        "todo", "author", False, host.language, commits, paths, paths, says="Nils Abara"
    )  # fmt: skip


def scenarios(hosts: list[Host], draw: random.Random) -> list[Scenario]:
    """Return what is planted in one repository, each in files of its own."""
    files = Files(hosts, draw)
    found = [
        together(files, draw, linked=False),
        untested(files, draw, "missing"),
        *learnt(files, draw),
        todo(files, draw),
        untested(files, draw, "tested"),
        untested(files, draw, "trivial"),
        together(files, draw, linked=True),
        formatted(files, draw),
        mass(files, draw),
    ]
    return [each for each in found if each is not None]
