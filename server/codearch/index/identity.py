"""Who is who: symbols of a file's new version are matched with those known before."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.facts import SymbolFact


class Known(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A symbol of the version before: its uid and what it is recognised by."""

    uid: int
    container: str
    name: str
    kind: str
    body: int


def birth(path: str, symbol: SymbolFact, ordinal: int, salt: int = 0) -> int:
    """Return the 47-bit uid that a symbol is born with: six bytes in each of SQLite's rows."""
    text = "\0".join((path, symbol.container, symbol.name, symbol.kind, str(ordinal), str(salt)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") >> 1


def assign(
    path: str,
    symbols: Sequence[SymbolFact],
    bodies: Sequence[int],
    known: Sequence[Known],
    taken: Callable[[int], bool],
) -> list[int]:
    """Return the uid of each symbol: carried over from `known` where it is the same one, else new.

    The same are: equal container, name and kind (several of them: equal bodies first, then their
    order); then, under another name, the same kind with an equal body in the same container; then
    members of what was so renamed. `taken` says whether a uid lives elsewhere already.
    """
    uids = [0] * len(symbols)
    free = _by_identity(known)
    renamed: dict[str, str] = {}
    _match_named(symbols, bodies, free, uids, renamed)
    _match_bodies(symbols, bodies, free, uids, renamed)
    if renamed:
        _match_named(symbols, bodies, free, uids, renamed)
    used = {uid for uid in uids if uid}
    ordinals: dict[tuple[str, str, str], int] = defaultdict(int)
    for index, symbol in enumerate(symbols):
        identity = (symbol.container, symbol.name, symbol.kind)
        ordinal = ordinals[identity]
        ordinals[identity] += 1
        salt = 0
        while not uids[index]:
            uid = birth(path, symbol, ordinal, salt)
            salt += 1
            if uid not in used and not taken(uid):
                uids[index] = uid
                used.add(uid)
    return uids


_Free = dict[tuple[str, str, str], list[Known]]


def _by_identity(known: Sequence[Known]) -> _Free:
    free: _Free = defaultdict(list)
    for one in known:
        free[one.container, one.name if one.kind != "module" else "", one.kind].append(one)
    return free


def _match_named(
    symbols: Sequence[SymbolFact],
    bodies: Sequence[int],
    free: _Free,
    uids: list[int],
    renamed: dict[str, str],
) -> None:
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, symbol in enumerate(symbols):
        if not uids[index]:
            name = symbol.name if symbol.kind != "module" else ""
            container = renamed.get(symbol.container, symbol.container)
            groups[container, name, symbol.kind].append(index)
    for identity, indices in groups.items():
        candidates = free.get(identity)
        if not candidates:
            continue
        if len(candidates) != len(indices):  # one was added or removed: equal bodies tell which
            for index in indices:
                same = next((c for c in candidates if c.body and c.body == bodies[index]), None)
                if same is not None:
                    uids[index] = same.uid
                    candidates.remove(same)
        for index in indices:
            if not uids[index] and candidates:
                uids[index] = candidates.pop(0).uid


def _match_bodies(
    symbols: Sequence[SymbolFact],
    bodies: Sequence[int],
    free: _Free,
    uids: list[int],
    renamed: dict[str, str],
) -> None:
    by_body: dict[tuple[str, int], list[Known]] = defaultdict(list)
    for candidates in free.values():
        for one in candidates:
            if one.body:
                by_body[one.kind, one.body].append(one)
    for index, symbol in enumerate(symbols):
        if uids[index] or not bodies[index]:
            continue
        candidates = by_body.get((symbol.kind, bodies[index]), [])
        if len(candidates) != 1:  # two alike: whose name it was cannot be told
            continue
        one = candidates.pop()
        uids[index] = one.uid
        free[one.container, one.name, one.kind].remove(one)
        old = f"{one.container}.{one.name}" if one.container else one.name
        new = f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name
        renamed[new] = old
