"""Tells what changes on disk: files that are not ignored, git's state, and lost events."""

from codearch.watch.changes import Batch
from codearch.watch.watcher import Pace, Watcher

__all__ = ["Batch", "Pace", "Watcher"]
