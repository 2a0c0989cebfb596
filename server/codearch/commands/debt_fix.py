"""`codearch.debt.fix`: what the fix of a finding would change; nothing is changed by asking."""

from __future__ import annotations

from difflib import unified_diff
from io import StringIO
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from codearch.commands._command import Argument, Command, Form
from codearch.commands._fitting import Fitting
from codearch.commands._places import Places, Range
from codearch.detectors import applied
from codearch.errors import UsageError
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.commands._command import Context
    from codearch.facts import Finding, Replacement
    from codearch.snapshot import Snapshot


class FixQuery(Argument, frozen=True):
    """Which finding is to be mended."""

    id: Annotated[str, Meta(description="The finding's id, as `codearch.debt.list` gives it.")]


class TextChange(Form):
    """New text for a range of a file as it was."""

    range: Range
    new_text: str


class FileChange(Form):
    """The changes of one file; `version` is that of the document, null where none is open."""

    uri: str
    version: int | None
    edits: list[TextChange]


class Mend(Form):
    """A fix as edits, and as a unified diff to look at; safe ones keep what the program does."""

    title: str
    safe: bool
    files: list[FileChange]
    diff: str


def run(context: Context, query: FixQuery) -> Mend:
    """Return the edits of a finding's fix."""
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            found = next((each for each in snapshot.findings() if each.id == query.id), None)
            if found is not None and workspace.holds(found.path):
                return _mend(context, snapshot, found)
    message = f"`id`: no finding has the id {query.id}; it may be gone, or have been mended."
    raise UsageError(message, field="id", mend="`codearch.debt.list` lists those that there are.")


def _mend(context: Context, snapshot: Snapshot, finding: Finding) -> Mend:
    fix, fitting = finding.fix, Fitting(context, snapshot)
    if fix is None or not fitting.fits(fix):
        message = f"`id`: there is no fix for {finding.rule} in {finding.path} as it is now."
        raise UsageError(message, field="id", mend="Save the file and ask again.")
    by_path: dict[str, list[Replacement]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    places = Places(snapshot, context.encoding)
    files = []
    for path, edits in by_path.items():
        document = fitting.document(path)
        files.append(
            FileChange(
                uri=places.uri(path) if document is None else document.uri,
                version=None if document is None else document.version,
                edits=[
                    TextChange(range=places.range(path, each.span), new_text=each.text)
                    for each in edits
                ],
            )
        )
    diff = "".join(
        line
        for path, edits in by_path.items()
        for line in _diff(snapshot.source(path), path, edits)
    )
    return Mend(title=fix.title, safe=fix.safe, files=files, diff=diff)


def _diff(source: bytes, path: str, edits: list[Replacement]) -> Iterator[str]:
    before, after = (
        list(StringIO(decode(text), newline="\n")) for text in (source, applied(source, edits))
    )
    for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


COMMAND = Command("codearch.debt.fix", FixQuery, Mend, run)
