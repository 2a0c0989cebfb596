"""Another model arrives: no answer may change before it has all, and the way back is instant."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from figures import Figure, percentile
from inputs import FUNCTIONS, generated

from codearch.indexer.client import connect

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.indexer.client import Client

SECONDS = 600.0  # that it may take
QUESTIONS = (
    "count the boats",
    "read a table of prices",
    "who opens the file",
    "total of all rows",
    "parse a line into words",
    "remove what is too old",
)


def measure(folder: Path, name: str, home: Path, functions: int) -> list[Figure]:
    """Have the model of a folder arrive beside the shipped one, asking all the time."""
    root = generated(folder / "arriving", functions // FUNCTIONS)
    other = {"model": {"name": name, "dir": str(home), "device": "cpu"}}
    with connect(root) as client:
        client.call("index")
        before = [_asked(client, QUESTIONS) for _ in range(20)]
        began = time.perf_counter()
        client.configure(other)
        during, same = [], 0
        while _answers(client) != name:
            found = _asked(client, QUESTIONS)
            if _answers(client) != name:  # asked before it took over
                during.append(found)
                same += found[1] == before[0][1]
            if time.perf_counter() - began > SECONDS:
                raise TimeoutError(client.call("status")["problems"])
        took = time.perf_counter() - began
        client.call("index")
        began = time.perf_counter()
        client.configure({})
        while _answers(client) == name:
            pass
        back = time.perf_counter() - began
        assert client.call("index")["embedded"] == 0  # its vectors were kept
        assert _asked(client, QUESTIONS)[1] == before[0][1]
    return [
        Figure(f"{name} arrives beside static", took, "s"),
        Figure("  rounds of questions meanwhile", len(during), "", 10, "least"),
        Figure("  of them answered as before", 100 * same / max(len(during), 1), "%", 100, "least"),
        Figure("  a query before, p95", percentile(_times(before), 0.95), "ms"),
        Figure("  a query meanwhile, p95", percentile(_times(during), 0.95), "ms"),
        Figure("  the way back, without embedding", back * 1e3, "ms", 1_000),
    ]


def _answers(client: Client) -> str:
    """Return the name of the model that answers."""
    return str(client.call("status")["model"]["name"])


def _asked(client: Client, questions: tuple[str, ...]) -> tuple[list[float], list[Any]]:
    """Return how many milliseconds each question took, and what was found."""
    times, found = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(client.call("search", {"query": question, "limit": 10})["hits"])
        times.append((time.perf_counter() - began) * 1e3)
    return times, found


def _times(rounds: list[tuple[list[float], list[Any]]]) -> list[float]:
    return [each for times, _ in rounds for each in times]
