"""What Python really does, read by read: each value was written where the data flow says.

Functions of the standard library run under a tracer that sees each instruction with its place in
the source: whoever reads a variable must find the write that happened last among its sources, and
no step that is done may be called dead. A store into a part (`a[i] = x`) binds no name, so that the
write may lie some sources further back.
"""

from __future__ import annotations

import argparse
import configparser
import difflib
import dis
import functools
import html.parser
import io
import posixpath
import shlex
import statistics
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from json import decoder, scanner
from pathlib import Path
from types import CodeType, FrameType

from codearch.flow import control_flow, data_flow, read
from codearch.languages import by_name

LIBRARY = Path(textwrap.__file__).parent
Place = tuple[str, str, int]  # what an instruction does to which name, at which byte; -1 unknown


class Traced:
    """A file of the library: what flows say of it, by byte."""

    def __init__(self, path: str) -> None:
        self.source = Path(path).read_bytes()
        self.starts = [0, *accumulate(len(line) for line in self.source.splitlines(keepends=True))]
        self.program = read(self.source, by_name("python"))
        self.names = self.program.names()
        assert self.program.facts is not None
        symbols = self.program.facts.symbols
        spans = [each.span for each in symbols if each.kind in {"function", "method"}]
        self.outermost = [
            span
            for span in spans
            if not any(
                other.start_byte < span.start_byte and span.end_byte <= other.end_byte
                for other in spans
            )
        ]
        self.dead = [step for span in spans for step in control_flow(self.program, span).dead()]

    @functools.cached_property
    def sources(self) -> dict[int, set[int]]:
        """Return what reaches each place, through any number of others."""
        near: dict[int, set[int]] = defaultdict(set)
        for span in self.outermost:
            flow = data_flow(self.program, span)
            for edge in flow.edges:
                if edge.relation == "comesFrom":
                    found = {flow.nodes[source].start for source in edge.sources}
                    near[flow.nodes[edge.target].start] |= found
        return {at: set(_reachable(near, at)) for at in near}


def _reachable(near: dict[int, set[int]], at: int) -> Iterator[int]:
    pending, met = [at], set[int]()
    while pending:
        for source in near.get(pending.pop(), ()):
            if source not in met:
                met.add(source)
                pending.append(source)
                yield source


traced = functools.cache(Traced)


@functools.cache
def places(code: CodeType) -> dict[int, Place]:
    """Return where each instruction stands that reads or writes a local name."""
    file, found, positions = traced(code.co_filename), {}, list(code.co_positions())
    for each in dis.get_instructions(code):
        if each.opname not in {"LOAD_FAST", "STORE_FAST"}:
            continue
        line, _, column, _ = positions[each.offset // 2]
        at = -1 if line is None or column is None else file.starts[line - 1] + column
        name = file.names.get(at)
        if name is None or file.source[at : name.end].decode() != each.argval:
            at = -1
        found[each.offset] = (each.opname, each.argval, at)
    return found


class Watch:
    """A tracer that compares what happens with what flows say."""

    def __init__(self) -> None:
        self.agreed = 0
        self.wrong: set[str] = set()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> object:
        code = frame.f_code
        outside = Path(code.co_filename).parent not in {LIBRARY, LIBRARY / "json", LIBRARY / "html"}
        if event != "call" or outside or code.co_name.startswith("<"):
            return None
        known, file = places(code), traced(code.co_filename)
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        written: dict[str, int] = {}

        def local(frame: FrameType, event: str, _argument: object) -> object:
            place = known.get(frame.f_lasti) if event == "opcode" else None
            if place is not None:
                self.happens(place, written, file, code.co_filename)
            return local

        return local

    def happens(self, place: Place, written: dict[str, int], file: Traced, path: str) -> None:
        kind, name, at = place
        if kind == "STORE_FAST":
            written[name] = at
            return
        last = written.get(name, -1)
        if at < 0:
            return
        where = f"{path}:{file.source.count(10, 0, at) + 1} {name}"
        if any(step.start <= at < step.end for step in file.dead):
            self.wrong.add(f"{where} is not dead")
        if last in {-1, at} or last in file.sources.get(at, ()):
            self.agreed += 1
        else:
            self.wrong.add(where)


def watched(work: Callable[[], object]) -> Watch:
    """Return what was seen while something was done."""
    watch, before = Watch(), sys.gettrace()
    sys.settrace(watch)
    try:
        work()
    finally:
        sys.settrace(before)
    return watch


def decode_json() -> None:
    made = decoder.JSONDecoder()
    made.parse_string = decoder.py_scanstring
    made.scan_once = scanner.py_make_scanner(made)
    for text in ('{"a": [1, 2.5, "x\\n\\u00e9"], "b": null, "c": {}}', "[]", '{"a": ', "[1, "):
        try:
            made.decode(text)
        except ValueError:
            continue


def parse_arguments() -> None:
    parser = argparse.ArgumentParser("x")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("files", nargs="*")
    parser.parse_args(["-v", "--count=4", "a", "b"])
    parser.format_help()


def read_text() -> None:
    config = configparser.ConfigParser()
    config.read_string("[a]\nx = 1\ny: %(x)s2\n# c\n[b]\nz =\n  several\n  lines\n")
    config.get("a", "y")
    config.write(io.StringIO())
    page = html.parser.HTMLParser()
    page.feed('<a href="x&amp;y" b>t &lt; <!-- c --><br/><script>x<y</script></a><!DOCTYPE html>')
    page.close()
    shlex.split('a \'b c\' "d\\"e" # f', comments=True)
    textwrap.fill("the quick brown fox jumps over-the lazy dog " * 3, 30)
    textwrap.dedent("  a\n   b\n")


def compare_and_count() -> None:
    one, other = ["a", "b", "c", "d", "e", "f"], ["a", "x", "c", "d", "y", "f", "g"]
    list(difflib.unified_diff(one, other))
    list(difflib.ndiff(one, other))
    statistics.quantiles([1, 5, 2, 8, 3, 9], n=4)
    statistics.linear_regression([1, 2, 3], [2, 4, 7])
    posixpath.normpath("/a/./b/../c//d")
    posixpath.relpath("/a/b", "/a/c/d")


def test_values_come_from_where_python_wrote_them() -> None:
    for work in (decode_json, parse_arguments, read_text, compare_and_count):
        watch = watched(work)
        assert not watch.wrong
        assert watch.agreed > 500
