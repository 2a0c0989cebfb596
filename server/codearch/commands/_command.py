"""What a command is, and what it may use to answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

from codearch.checked import checked
from codearch.commands._places import path_of_uri
from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from codearch.commands._indexer import Indexer
    from codearch.facts import MethodLatency
    from codearch.problems import Problem
    from codearch.settings import Settings
    from codearch.snapshot import Snapshot
    from codearch.text import PositionEncoding


class Form(msgspec.Struct, kw_only=True, rename="camel"):
    """What a command gives: camelCase outside."""


class Argument(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a command takes, beside what all take."""

    folder: Annotated[
        str | None, Meta(description="URI of a folder; all workspace folders by default.")
    ] = None


@dataclass(frozen=True)
class Workspace:
    """One root as a session sees it. `read` opens a snapshot, which is a context manager."""

    root: Path
    settings: Settings
    indexer: Indexer
    read: Callable[[], Snapshot]
    problems: tuple[Problem, ...] = ()  # of its settings
    under: str = ""  # the folder below the root that was asked for, "" for all of it
    loose: bool = False  # it serves open files that lie in no folder, and nothing else

    def holds(self, path: str) -> bool:
        """Say whether a path below the root lies in the folder that was asked for."""
        return not self.under or path.startswith(f"{self.under}/")


@dataclass(frozen=True)
class Document:
    """A document that is open in the editor, as it is there now."""

    uri: str
    version: int | None
    text: str


@dataclass(frozen=True)
class Editing:
    """What the editor understands of edits: versions of documents, and what is to be confirmed."""

    versioned: bool = False
    annotated: bool = False


@dataclass(frozen=True)
class Context:
    """What a command answers from: the workspaces asked for, and the session's own ways."""

    workspaces: tuple[Workspace, ...]
    encoding: PositionEncoding = "utf-16"
    latency: Mapping[str, MethodLatency] = field(default_factory=dict)
    cancelled: Callable[[], bool] = lambda: False
    document: Callable[[Path], Document | None] = lambda _: None  # None where it is not open
    editing: Editing = field(default_factory=Editing)
    told: Callable[[str, int, int], None] = lambda _phase, _done, _total: None  # what takes long

    def of_file(self, uri: str) -> tuple[Workspace, str]:
        """Return the workspace that a file lies in, the innermost, and its path below the root."""
        path = path_of_uri(uri)
        homes = [each for each in self.workspaces if path.is_relative_to(each.root / each.under)]
        if not homes:
            message = f"`uri` is {uri}, which lies in no open workspace folder."
            raise UsageError(message, field="uri")
        home = max(homes, key=lambda each: len(each.root.parts))
        return home, path.relative_to(home.root).as_posix()


A = TypeVar("A", bound=Argument)
R = TypeVar("R", bound=msgspec.Struct)


@dataclass(frozen=True)
class Command(Generic[A, R]):
    """One command of `workspace/executeCommand`; the file that defines it ends in COMMAND.

    After one with `alters_findings` editors are shown the findings again.
    """

    name: str
    argument: type[A]
    result: type[R]
    run: Callable[[Context, A], R]
    alters_findings: bool = False

    def decoded(self, raw: object) -> A:
        """Return the argument of a request; raise UsageError that names the field at fault."""
        return checked({} if raw is None else raw, self.argument)

    def answer(self, context: Context, raw: object) -> Any:
        """Answer a request: plain JSON in, plain JSON out."""
        argument = self.decoded(raw)
        context = _within(context, argument.folder)
        return msgspec.to_builtins(self.run(context, argument))


def _lies_in(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root) and folder.is_dir()


def _within(context: Context, folder: str | None) -> Context:
    """Return the context narrowed to a folder: one within a root is served by that root's index."""
    if folder is None:
        return context
    path = path_of_uri(folder, field="folder")
    homes = [
        each
        for each in context.workspaces
        if path == each.root or (not each.loose and _lies_in(path, each.root))
    ]
    if not homes:
        message = f"`folder` is {folder}, which is no open workspace folder."
        raise UsageError(message, field="folder")
    home = max(homes, key=lambda each: len(each.root.parts))
    under = "" if path == home.root else path.relative_to(home.root).as_posix()
    return replace(context, workspaces=(replace(home, under=under),))
