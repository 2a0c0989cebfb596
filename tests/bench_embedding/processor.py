"""Processes that are measured: their cores, their memory, their settings."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from surroundings import cores

from codearch.store.processor import has_vnni

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def keep_to(count: int) -> None:
    """Let this process use so many cores, where the system allows it."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, cores()[:count])


def peak_megabytes() -> float:
    """Return the most memory that this process has had; what it has now where nobody tells."""
    if sys.platform == "linux":
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return float(psutil.Process().memory_info().rss / 1e6)


def described() -> str:
    """Return what matters to eight-bit products: the processor's name, and whether it has VNNI."""
    name = "a processor"
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        name = named[0] if named else name
    return f"{name}, {'with' if has_vnni() else 'without'} VNNI"


@contextlib.contextmanager
def environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for processes that are started while entered."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
