"""The code graph: imports resolved to files, calls and bases to symbols, and measures upon them.

Pure functions. The store keeps an `Outline` beside each file's facts and answers a `Workspace`:

    resolver = Resolver(workspace)            # over one state of the workspace; keeps what it reads
    resolution = resolver.resolve(path, facts)

Incremental: keep `resolution.asked` by file. After a commit, for each changed file take
`touched(path, before, after)` (outlines, None for a file that is not there); the files to resolve
again are the changed ones and those that asked one of these keys. An edit inside a body touches
nothing. Keys are strings; a store may keep hashes of them, a collision only costs a needless look.
"""

from codearch.graph.outline import Binding, Member, Outline, outline_of
from codearch.graph.resolution import (
    Resolution,
    ResolvedBase,
    ResolvedCall,
    ResolvedImport,
    StoppedError,
    TestLink,
)
from codearch.graph.resolver import Resolver
from codearch.graph.workspace import CONFIG_SUFFIXES, Place, Recorder, Workspace, touched

__all__ = [
    "CONFIG_SUFFIXES",
    "Binding",
    "Member",
    "Outline",
    "Place",
    "Recorder",
    "Resolution",
    "ResolvedBase",
    "ResolvedCall",
    "ResolvedImport",
    "Resolver",
    "StoppedError",
    "TestLink",
    "Workspace",
    "outline_of",
    "touched",
]
