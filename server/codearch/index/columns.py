"""Columns of numbers as bytes that compress well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def numbers(values: Sequence[int] | NDArray[Any]) -> bytes:
    """Return 32-bit numbers, their bytes sorted by rank, so that the many zeros stand together."""
    array = np.asarray(values, "<i4")
    zigzag = ((array << 1) ^ (array >> 31)).astype("<u4")
    return zigzag.view(np.uint8).reshape(-1, 4).T.tobytes()


def read_numbers(data: bytes) -> NDArray[np.int32]:
    """Return what `numbers` stored."""
    zigzag = np.ascontiguousarray(np.frombuffer(data, np.uint8).reshape(4, -1).T).view("<u4")[:, 0]
    signed: NDArray[np.int32] = ((zigzag >> 1).astype(np.int32)) ^ -((zigzag & 1).astype(np.int32))
    return signed


def differences(values: Sequence[int] | NDArray[Any]) -> bytes:
    """Return numbers as differences from the one before."""
    return numbers(np.diff(np.asarray(values, np.int32), prepend=np.int32(0)))


def read_differences(data: bytes) -> NDArray[np.int32]:
    """Return what `differences` stored."""
    return np.cumsum(read_numbers(data), dtype=np.int32)
