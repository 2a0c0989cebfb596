"""File systems on which the system tells nothing of changes that others make."""

from __future__ import annotations

import os
from pathlib import Path

_REMOTE = frozenset(
    """
    9p afs ceph cifs drvfs fakeowner fuse.grpcfuse fuse.rclone fuse.s3fs fuse.sshfs fuse.vmhgfs-fuse
    ncpfs nfs nfs4 prl_fs smb3 smbfs vboxsf
    """.split()  # noqa: SIM905 - a list of words is read as one
)
_MOUNTS = Path("/proc/self/mountinfo")


def remote_file_system(folder: Path) -> str | None:
    """Return the kind of remote file system that a folder lies on; None where it is local."""
    try:
        mounts = _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return None
    return remote_among(mounts, os.path.realpath(folder))


def remote_among(mounts: str, folder: str) -> str | None:
    """Answer for a folder from the lines of mountinfo: proc_pid_mountinfo(5)."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, described = left.split(), right.split()
        if len(fields) < 5 or not described:
            continue
        point = fields[4].replace("\\040", " ").rstrip("/")
        if f"{folder}/".startswith(f"{point}/") and len(point) >= longest:
            kind, longest = described[0], len(point)
    return kind if kind in _REMOTE else None
