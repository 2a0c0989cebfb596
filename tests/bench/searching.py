"""How long searches and workspace symbols take, warm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from figures import Figure, percentile

if TYPE_CHECKING:
    from editor import Editor

ROUNDS = 3
QUERIES = (
    "where is a socket closed after a timeout",
    "parse command line arguments",
    "read a zip file entry",
    "compute the checksum of a file",
    "split a path into folder and name",
    "convert a date to a timestamp",
    "retry when the connection is refused",
    "walk a directory tree",
    "decode base64",
    "compile a regular expression",
    "send an email over smtp",
    "lock shared between processes",
    "how are cookies kept",
    "format a traceback for printing",
    "temporary file that is deleted when closed",
    "quote a string for the shell",
    "merge sorted lists",
    "HTTPConnection",
    "parse_args",
    "OrderedDict.move_to_end",
    "json encoder default",
    "unicode normalization",
    "cancel all tasks of an event loop",
    "read a configuration file with sections",
    "compare two texts line by line",
    "test that an exception is raised",
    "find the median of numbers",
    "pickle an object with a persistent id",
    "wait for a child process to end",
    '"does not exist"',
)
LETTERS = ("parse", "HTTPCon", "getattr", "odict", "tstcase", "readl", "wrtr", "asyn", "TestCa")


def measure(editor: Editor) -> list[Figure]:
    """Ask each query once to warm up, then three times."""
    inside, outside = asked(editor)
    return [
        Figure("search, warm, p50 (in the server)", percentile(inside, 0.5), "ms", 20),
        Figure("search, warm, p95 (in the server)", percentile(inside, 0.95), "ms", 40),
        Figure("search, warm, p50 (seen from the editor)", percentile(outside, 0.5), "ms", 20),
        Figure("search, warm, p95 (seen from the editor)", percentile(outside, 0.95), "ms", 40),
    ]


def asked(editor: Editor) -> tuple[list[float], list[float]]:
    """Return the milliseconds of warm searches: as the server says, and as seen from here."""
    for query in QUERIES:
        editor.command("search", query=query)
    inside, outside = [], []
    for query in QUERIES * ROUNDS:
        params = {"command": "codearch.search", "arguments": [{"query": query}]}
        milliseconds, answer = editor.timed("workspace/executeCommand", params)
        inside.append(answer["tookMs"])
        outside.append(milliseconds)
    return inside, outside


def symbols(editor: Editor) -> list[Figure]:
    """Ask for workspace symbols by a few letters."""
    ask = "workspace/symbol"
    for letters in LETTERS:
        editor.ask(ask, {"query": letters})
    taken = [editor.timed(ask, {"query": letters})[0] for letters in LETTERS * ROUNDS]
    return [
        Figure("workspace/symbol, p50", percentile(taken, 0.5), "ms"),
        Figure("workspace/symbol, p95", percentile(taken, 0.95), "ms", 50),
    ]
