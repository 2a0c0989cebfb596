"""What is kept of one file: so little that it can be, for all files and from process to process.

Most definitions are used in their own file. The others, `nodes`, are what the rest of the workspace
is asked about; `answers` are what the file itself says when it is asked about all nodes' names.
Names of types, and names that are mentioned, are kept as hashes of 24 bits: two that are taken for
one save a definition, they never condemn one.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._unused.candidates import Candidate, Role
from codearch.detectors._unused.stems import cuts
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._unused.mentions import Way
    from codearch.detectors._unused.sheet import Sheet
else:
    np = Lazy("numpy")

DIGEST = 8  # characters
_BITS = 24
_WAY_BITS = 4


class Answers(msgspec.Struct, frozen=True, array_like=True):
    """What a file says of the names that it was asked about.

    A mention is the hash of a name with the way in which it stands; `inner` ones stand in the text
    of a node, which may be dead itself.
    """

    mentions: bytes = b""
    inner: tuple[tuple[int, int], ...] = ()  # node, mention
    inherited: tuple[tuple[int, int, int], ...] = ()  # node or -1, name, type
    members: tuple[tuple[int, int], ...] = ()  # type, name
    modules: bytes = b""  # hashes of those asked for that it names

    def mentioned(self) -> Iterator[tuple[int, int]]:
        """Yield node or -1, and mention."""
        yield from ((-1, each) for each in unpacked(self.mentions))
        yield from self.inner


class Extract(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a file. `digest` begins the content's, "" where nothing must be kept."""

    digest: str
    role: Role
    code: bytes = (
        b""  # a hash of all that the rest hangs on beside its role, b"" where none is known
    )
    nodes: tuple[Candidate, ...] = ()
    links: tuple[tuple[int, int], ...] = ()  # a node or -1, and the node that it mentions
    types: bytes = b""  # hashes: each type with each of its bases, with 0 for none
    stems: bytes = b""  # hashes of parts of which names are made
    included: tuple[str, ...] = ()  # names of C's source files
    asked: bytes = b""  # hashes of what all files have been asked about its nodes
    answers: Answers | None = None  # None before it was asked

    def is_like(self, other: Extract) -> bool:
        """Say whether another was made of the same code: then all but its digest holds for it."""
        return self.code == other.code != b"" and self.role == other.role

    @property
    def meaning(self) -> tuple[object, ...]:
        """What others see of the file, but for its answers."""
        return self.nodes, self.links, self.types, self.included


NOTHING = Answers()
pack = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Extract).decode


def unpack(data: bytes) -> Extract | None:
    """Return what was kept, None where it cannot be read."""
    try:
        return _decode(data)
    except msgspec.MsgspecError:
        return None


def extract_of(sheet: Sheet, digest: str, role: Role, code: bytes) -> Extract:
    """Return what is kept of a source file."""
    links = sheet.links()
    numbers = node_numbers(sheet.candidates, links)
    nodes = [sheet.candidates[each] for each in numbers]
    within = {(numbers.get(a, -1), numbers[b]) for a, b in links if b in numbers}
    return Extract(
        digest,
        role,
        code,
        tuple(each._replace(around=numbers.get(each.around, -1)) for each in nodes),
        tuple(sorted(within)),
        packed_hashes(each for pair in _edges(sheet) for each in pair),
        packed_hashes(
            sorted({stem_hash(each.text, begins=each.begins) for each in sheet.stems if each.far})
        ),
        tuple(sheet.included()),
    )


def _edges(sheet: Sheet) -> list[tuple[int, int]]:
    """Return each type with each of its bases, with 0 where it has none that matters."""
    edges: dict[int, set[int]] = {}
    for name, base in sheet.bases():
        own = edges.setdefault(hashed(name), set())
        if base and base not in _CLOSED:
            # One that is called as its heir stands in another module, or in no file at all.
            own.add(hashed(base if base != name else f"{base} elsewhere"))
    return [(name, each) for name, own in sorted(edges.items()) for each in sorted(own or {0})]


def node_numbers(
    candidates: list[Candidate], links: AbstractSet[tuple[int, int]]
) -> dict[int, int]:
    """Return the numbers of the candidates that their own file does not use, by those of all."""
    targets: dict[int, list[int]] = {}
    for source, target in links:
        targets.setdefault(source, []).append(target)
    live = {-1}
    waiting = [-1]
    parts: dict[int, list[int]] = {}  # mentioned, but of what was not yet
    while waiting:
        for target in targets.get(waiting.pop(), ()):
            pending = [target]
            while pending:
                each = pending.pop()
                around = candidates[each].around
                if each in live:
                    continue
                if around not in live:
                    parts.setdefault(around, []).append(each)
                    continue
                live.add(each)
                waiting.append(each)
                pending += parts.pop(each, ())
    kept = (each for each in range(len(candidates)) if each not in live)
    return {each: number for number, each in enumerate(kept)}


# --- numbers -------------------------------------------------------------------------------------


def hashed(name: str) -> int:
    """Return what stands for a name, never 0."""
    return (zlib.crc32(name.encode("utf-8", "replace")) & ((1 << _BITS) - 1)) or 1


def mention(name: str, way: Way) -> int:
    """Return what stands for a name that is mentioned in a way."""
    return hashed(name) << _WAY_BITS | way


def stem_hash(text: str, *, begins: bool) -> int:
    """Return what stands for a beginning or an end of names."""
    return hashed(f"{text}*" if begins else f"*{text}")


def stem_hashes(name: str) -> set[int]:
    """Return what stands for the parts of which a name may be made."""
    return {stem_hash(text, begins=begins) for text, begins in cuts(name)}


def packed(numbers: Iterable[int]) -> bytes:
    """Return numbers of 32 bits as bytes."""
    return np.fromiter(numbers, np.uint32).tobytes()


def unpacked(data: bytes) -> list[int]:
    """Return the numbers of `packed`."""
    found: list[int] = np.frombuffer(data, np.uint32).tolist()
    return found


def packed_hashes(numbers: Iterable[int]) -> bytes:
    """Return hashes as bytes, three for each."""
    return np.fromiter(numbers, "<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def hashes(parts: Iterable[bytes]) -> NDArray[np.uint32]:
    """Return the hashes of several `packed_hashes`."""
    data = np.frombuffer(b"".join(parts), np.uint8).reshape(-1, 3)
    return np.pad(data, ((0, 0), (0, 1))).view("<u4").reshape(-1)


_CLOSED = frozenset(  # bases that call nothing of which they do not say it
    """
    ABC ABCMeta BaseException Exception Generic KeyError NamedTuple OSError RuntimeError TypeError
    TypedDict UserWarning ValueError Warning bytes dict float int list object set str tuple type
    """.split()  # noqa: SIM905 - a list of words is read as one
)
