"""What a team's store of vectors saves: a library indexed anew on a machine that has nothing."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from figures import Figure
from inputs import copy_of

from codearch.indexer.client import Client
from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Count = Callable[[], tuple[int, int]]  # objects, and their bytes

_LEAVE_SECONDS = 120.0  # that an indexer may take to send what it has made
_BUCKET = "vectors"


class Cost(NamedTuple):
    """What an index took."""

    texts: int
    embedded: int
    seconds: float  # of the processor, workers included


def measure(source: Path, folder: Path, most: int | None = None) -> list[Figure]:
    """Index a copy with nothing to take from, then fill a store, then index another copy by it."""
    first = copy_of(source, folder / "team" / "first", most)
    second = copy_of(source, folder / "team" / "second", most)
    cost = _indexed(second, folder / "team" / "without", {})
    figures = [
        Figure("team: texts", cost.texts, ""),
        Figure("team: processor time without a store", cost.seconds, "s"),
    ]
    for name, place in (("folder", _folder), ("bucket", _bucket)):
        with place(folder / "team" / name) as (settings, count):
            _indexed(first, folder / "team" / f"{name}-first", settings)
            objects, size = count()
            cost = _indexed(second, folder / "team" / f"{name}-second", settings)
        figures += [
            Figure(f"team: texts embedded again with a {name}", cost.embedded, "", 0),
            Figure(f"team: processor time with a {name}", cost.seconds, "s"),
            Figure(f"team: objects in the {name}", objects, ""),
            Figure(f"team: bytes in the {name}", size / 1e6, "MB"),
        ]
    return figures


def _indexed(root: Path, cache: Path, settings: dict[str, str]) -> Cost:
    """Index a root in a cache of its own, and let the indexer send what it has made."""
    with _environment({**settings, "CODEARCH_CACHE_DIR": str(cache)}):
        with Client(root) as client:
            counters = client.call("index")
            endpoint = read_endpoint(root_cache(root))
            assert endpoint is not None
            process = psutil.Process(endpoint.pid)
            times = process.cpu_times()
        psutil.wait_procs([process], _LEAVE_SECONDS)
    spent = times.user + times.system + times.children_user + times.children_system
    return Cost(counters["embedded"] + counters["reused"], counters["embedded"], spent)


@contextlib.contextmanager
def _environment(added: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(added)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _folder(place: Path) -> Iterator[tuple[dict[str, str], Count]]:
    """Give a folder as the store."""
    place.mkdir(parents=True)

    def count() -> tuple[int, int]:
        sizes = [each.stat().st_size for each in place.rglob("*") if each.is_file()]
        return len(sizes), sum(sizes)

    yield {"CODEARCH_VECTORS_STORE": str(place)}, count


@contextlib.contextmanager
def _bucket(place: Path) -> Iterator[tuple[dict[str, str], Count]]:
    """Give a bucket of a real S3 server, on this machine, as the store."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print each request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(place / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(place / "credentials"),
        "NO_PROXY": "127.0.0.1",
        "CODEARCH_VECTORS_STORE": f"s3://{_BUCKET}/ours",
        "CODEARCH_VECTORS_ENDPOINT": f"http://{host}:{port}",
    }
    try:
        with _environment(settings):
            client = boto3.client("s3", endpoint_url=settings["CODEARCH_VECTORS_ENDPOINT"])
            client.create_bucket(Bucket=_BUCKET)

            def count() -> tuple[int, int]:
                pages = client.get_paginator("list_objects_v2").paginate(Bucket=_BUCKET)
                sizes = [one["Size"] for page in pages for one in page.get("Contents", ())]
                return len(sizes), sum(sizes)

            yield settings, count
    finally:
        server.stop()
