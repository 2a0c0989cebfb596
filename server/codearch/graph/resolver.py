"""Resolves files against one state of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.atlas import Atlas
from codearch.graph.bases import resolve_bases
from codearch.graph.calls import Reading, resolve_calls
from codearch.graph.imports import files_used, neighbours_of, resolve_imports
from codearch.graph.naming import namings
from codearch.graph.resolution import Resolution
from codearch.graph.tested import test_links

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import FileFacts
    from codearch.graph.workspace import Workspace


class Resolver:
    """Resolves many files against one state of a workspace, and keeps what they ask in common."""

    def __init__(self, workspace: Workspace) -> None:
        self._atlas = Atlas(workspace, namings())

    @property
    def asked(self) -> frozenset[str]:
        """What has been asked since the file that was resolved last began, also if it failed."""
        return frozenset(self._atlas.asked)

    def resolve(
        self, path: str, facts: FileFacts, stop: Callable[[], bool] = lambda: False
    ) -> Resolution:
        """Return what this file's imports, calls, bases and tests mean.

        Raises StoppedError where `stop` says in the middle that something else is to go first.
        """
        self._atlas.begin()
        view = self._atlas.view(path)
        if view is None:
            return Resolution()
        reading = Reading(self._atlas, path, facts, view, self._atlas.naming(facts.language))
        calls = resolve_calls(reading, stop)
        bases = resolve_bases(reading)
        used = files_used(reading, calls, bases)
        imports = resolve_imports(reading, used)
        return Resolution(
            imports=tuple(imports),
            calls=tuple(calls),
            bases=tuple(bases),
            tests=tuple(test_links(reading, calls)),
            neighbours=neighbours_of(imports, used),
            asked=self.asked,
        )
