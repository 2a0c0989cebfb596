"""Resolves files against one state of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.resolution import Resolution
from codearch.graph.workspace import Recorder, Workspace

if TYPE_CHECKING:
    from codearch.facts import FileFacts


class Resolver:
    """Resolves many files against one state of a workspace, and keeps what they ask in common."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def resolve(self, path: str, facts: FileFacts) -> Resolution:
        """Return what this file's imports, calls, bases and tests mean."""
        recorder = Recorder(self._workspace)
        return Resolution(asked=frozenset(recorder.asked))
