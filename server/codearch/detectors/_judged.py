"""What people said of findings: `.codearch/debt.toml`, a file of the workspace that git follows.

One `[[finding]]` each, with `id`, `status`, `note` and `date`, and by what it is known again where
its file or definition has been renamed: `rule`, `path` and `mark`. A file that cannot be read is as
good as none, and is never replaced; nothing that it says is executed or shown unasked.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import msgspec

from codearch.detectors._workspace_files import regular_file, replace_file, understood
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codearch.facts import File, Finding

DEBT = Path(".codearch", "debt.toml")

Status = Literal["open", "inProgress", "resolved", "wontFix", "falsePositive"]
_LINE_BYTES, _NEIGHBOUR_BYTES = 5, 2  # of hashes in a mark
_FAR = 12  # lines, within which a neighbour is looked for past blank ones
HIDING: frozenset[Status] = frozenset({"resolved", "wontFix", "falsePositive"})


class Judgement(msgspec.Struct, frozen=True):
    """What somebody said of a finding; `digest` is of its file when it was said to be resolved."""

    id: str
    status: Status
    note: str = ""
    date: str = ""
    rule: str = ""
    path: str = ""
    message: str = ""
    mark: str = ""
    digest: str = ""


class Files(Protocol):
    """The part of a snapshot that tells a file that was renamed from one that is still there."""

    def file(self, path: str) -> File | None:
        """Return one file, None where it is not indexed."""

    def source(self, path: str) -> bytes:
        """Return the UTF-8 that findings' spans refer to."""


class Judgements:
    """Finds what was said of the findings of a snapshot."""

    def __init__(self, judgements: Iterable[Judgement], files: Files) -> None:
        self._all = tuple(judgements)
        self._files = files
        self._by_id = {each.id: each for each in self._all}

    def of(self, findings: Sequence[Finding]) -> dict[str, Judgement]:
        """Return what was said of the findings of whole files, by their ids, as far as it holds.

        What was said to be resolved holds until its file has changed: found again, it is open.
        """
        here = {finding.id for finding in findings}
        left = [each for each in self._all if each.mark and each.id not in here]
        renamed = self._renamed(findings, left) if left else {}
        said: dict[str, Judgement] = {}
        for finding in findings if self._all else ():
            judgement = self._by_id.get(finding.id) or renamed.get(finding.id)
            if judgement is None:
                continue
            file = self._files.file(finding.path)
            same = file is not None and file.digest == judgement.digest
            if judgement.status != "resolved" or same:
                said[finding.id] = judgement
        return said

    def gone(self, findings: Sequence[Finding]) -> list[Judgement]:
        """Return what was said of findings that are no more: of all that there are, these are."""
        kept = {each.id for each in self.of(findings).values()}
        kept |= {each.id for each in findings}
        return [each for each in self._all if each.id not in kept]

    def _renamed(
        self, findings: Sequence[Finding], left: Sequence[Judgement]
    ) -> dict[str, Judgement]:
        """Return what was said of findings before their files or definitions were renamed.

        Each judgement is of one finding: of that whose neighbours are most like those it had.
        """
        pairs = [
            (alike, finding.id, judgement)
            for finding in findings
            if finding.id not in self._by_id
            for alike, judgement in self._known_before(finding, left)
        ]
        found: dict[str, Judgement] = {}
        taken: set[str] = set()
        for _, number, judgement in sorted(pairs, key=lambda pair: -pair[0]):
            if number not in found and judgement.id not in taken:
                found[number] = judgement
                taken.add(judgement.id)
        return found

    def _known_before(
        self, finding: Finding, left: Sequence[Judgement]
    ) -> Iterator[tuple[int, Judgement]]:
        known = [
            each
            for each in left
            if each.rule == finding.rule
            and (each.path == finding.path or self._files.file(each.path) is None)
        ]
        if not known:
            return
        mark = mark_of(finding, self._files.source(finding.path))
        for each in known:
            alike = _alike(mark, each.mark)
            if alike:
                yield alike, each


def mark_of(finding: Finding, source: bytes) -> str:
    """Return by what a finding is known in a file, or in a definition, of another name.

    Hashes of the line that it begins at, of the one before and of the two behind, blank ones
    apart, each without the name of the definition around the finding.
    """
    lines = source.decode("utf-8", "replace").split("\n")
    at = min(finding.span.line, len(lines) - 1)
    before = [line for line in lines[max(0, at - _FAR) : at] if line.strip()][-1:]
    after = [line for line in lines[at + 1 : at + 1 + _FAR] if line.strip()][:2]
    own = finding.symbol.rpartition(".")[2]
    around = (*(before or [""]), *after, *[""] * (2 - len(after)))
    hashes = [_hash(line, own, _NEIGHBOUR_BYTES) if line else "" for line in around]
    return "-".join((_hash(f"{finding.rule} {lines[at]}", own, _LINE_BYTES), *hashes))


def _hash(line: str, own: str, size: int) -> str:
    text = " ".join(line.split())
    if own:
        text = re.sub(rf"\b{re.escape(own)}\b", "\0", text)
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def _alike(mark: str, other: str) -> int:
    """Return how many neighbours two marks of one line have in common, 0 for another line."""
    (line, *around), (other_line, *others) = mark.split("-"), other.split("-")
    if line != other_line:
        return 0
    if not any(around) and not any(others):
        return 1  # it stands alone in its file, as it did
    return sum(one == two != "" for one, two in zip(around, others, strict=False))


def read_judgements(root: Path) -> tuple[Judgement, ...]:
    """Return what people said of findings; what cannot be understood of it is passed over."""
    return understood(root / DEBT, _judgements)


def _judgements(data: bytes | None) -> tuple[Judgement, ...]:
    if data is None:
        return ()
    try:
        listed = tomllib.loads(data.decode()).get("finding", [])
    except (ValueError, RecursionError):  # no TOML, no UTF-8, or nested without end
        return ()
    found = [_judgement(each) for each in (listed if isinstance(listed, list) else ())]
    return tuple(each for each in found if each is not None)


def _judgement(said: Any) -> Judgement | None:
    if not isinstance(said, dict) or said.get("status") not in get_args(Status):
        return None
    texts = {
        name: str(said[name])
        for name in Judgement.__struct_fields__
        if name not in ("id", "status") and name in said
    }
    return Judgement(str(said.get("id")), said["status"], **texts)


def write_judgement(root: Path, judgement: Judgement, *, instead_of: str = "") -> None:
    """Write what somebody says of a finding; what else the file holds stays as people wrote it.

    `instead_of` is the id that the finding had before. `open` without a note takes back what was
    said. Raises CodearchError for a file that cannot be understood or written.
    """
    while not _written(root, judgement, {judgement.id, instead_of}):
        """Somebody else has written meanwhile: what he said stays."""


def _written(root: Path, judgement: Judgement, ids: set[str]) -> bool:
    import tomlkit  # noqa: PLC0415 - 30 ms that reading need not pay
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    before = regular_file(root / DEBT)
    try:
        document = tomlkit.parse((before or b"").decode())
        _enter(document.setdefault("finding", tomlkit.aot()), judgement, ids)
        text = tomlkit.dumps(document)
    except (UnicodeDecodeError, TOMLKitError, TypeError, AttributeError) as error:
        message = f"{DEBT.as_posix()} cannot be understood: {error}."
        raise CodearchError(message, mend="Mend the file; it is left as it is.") from None
    if regular_file(root / DEBT) != before:
        return False
    replace_file(root / DEBT, text)
    return True


def _enter(listed: Any, judgement: Judgement, ids: set[str]) -> None:
    """Have a document's entries hold what is said of a finding, once; `listed` is tomlkit's."""
    import tomlkit  # noqa: PLC0415 - as above

    same = [at for at, each in enumerate(listed) if each.get("id") in ids]
    taken_back = judgement.status == "open" and not judgement.note
    for at in reversed(same if taken_back else same[1:]):
        del listed[at]
    if taken_back:
        return
    table = listed[same[0]] if same else tomlkit.table()
    for name, value in msgspec.structs.asdict(judgement).items():
        if value:
            table[name] = date.fromisoformat(value) if name == "date" else value
        elif name in table:
            del table[name]
    if not same:
        listed.append(table)
