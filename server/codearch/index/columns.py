"""Columns of numbers as bytes that compress well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_WITHOUT_SIGN = (1 << 31) - 1


def numbers(values: Sequence[int] | NDArray[Any]) -> bytes:
    """Return 32-bit numbers: how many bytes each has, then all their lowest bytes, and so on."""
    array = np.asarray(values, np.int32)
    zigzag = ((array << 1) ^ (array >> 31)).view(np.uint32)
    most = int(zigzag.max(initial=0))
    width = 1 if most < 1 << 8 else 2 if most < 1 << 16 else 4
    planes = zigzag.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T
    return bytes([width]) + planes.tobytes()


def read_numbers(data: bytes) -> NDArray[np.int32]:
    """Return what `numbers` stored."""
    width = data[0]
    planes = np.frombuffer(data, np.uint8, offset=1).reshape(width, -1)
    zigzag = np.ascontiguousarray(planes.T).view(f"<u{width}")[:, 0].astype(np.int32)
    signed: NDArray[np.int32] = ((zigzag >> 1) & _WITHOUT_SIGN) ^ -(zigzag & 1)
    return signed


def differences(values: Sequence[int] | NDArray[Any]) -> bytes:
    """Return numbers as differences from the one before."""
    return numbers(np.diff(np.asarray(values, np.int32), prepend=np.int32(0)))


def read_differences(data: bytes) -> NDArray[np.int32]:
    """Return what `differences` stored."""
    return np.cumsum(read_numbers(data), dtype=np.int32)
