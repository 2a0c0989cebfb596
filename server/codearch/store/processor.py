"""What the processor can do, looked up before a library is loaded that would die without it."""

from __future__ import annotations

import functools
import platform
import subprocess
import sys
from pathlib import Path

_PF_AVX2_INSTRUCTIONS_AVAILABLE = 40  # IsProcessorFeaturePresent, Windows 10 and later
_X86 = frozenset({"x86_64", "amd64", "i686", "i386", "x86"})


@functools.cache
def runs_lancedb() -> bool:
    """Say whether LanceDB's wheels run here: on x86 they need AVX2; True where nobody can tell."""
    if platform.machine().lower() not in _X86:
        return True
    if sys.platform == "linux":
        return _linux()
    if sys.platform == "darwin":
        return _macos()
    if sys.platform == "win32":
        return _windows()
    return True


def has_vnni() -> bool:
    """Say whether eight-bit products cannot overflow here; False where nobody can tell."""
    if platform.machine().lower() not in _X86:
        return True  # ARM adds them up in 32 bits
    return bool(_linux_flags() & {"avx_vnni", "avx512_vnni"})


def _linux() -> bool:
    flags = _linux_flags()
    return not flags or "avx2" in flags


def _linux_flags() -> frozenset[str]:
    """Return what Linux says of the processor, nothing where it says nothing."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return frozenset()
    flags = [line for line in lines if line.startswith("flags")]
    return frozenset(flags[0].split()) if flags else frozenset()


def _macos() -> bool:
    command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.leaf7_features"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    return not answer.stdout.strip() or b"AVX2" in answer.stdout


def _windows() -> bool:
    if sys.platform != "win32":  # tells the type checker that windll exists below
        return True
    import ctypes  # noqa: PLC0415 - windll is there on Windows alone

    present = ctypes.windll.kernel32.IsProcessorFeaturePresent(_PF_AVX2_INSTRUCTIONS_AVAILABLE)
    return bool(present)
