"""Pairs given to what is named for them: `new NetworkCredential("user", "...")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.facts import SecretFact
from codearch.secrets._values import (
    is_example,
    is_stand_in,
    looks_like_password,
    looks_random,
    sureness,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEMS = (b"credential", b"basicauth", b"basic_auth", b"digestauth", b"digest_auth")
# Its name's rest, a method that makes one, and a name and its secret in quotes.
_CALL = re.compile(
    rb"[A-Za-z0-9_]*(?:\.[A-Za-z]\w*|::[A-Za-z]\w*)?[ \t]*\(\s*"
    rb"""[bBuUrRL@$]?(["'])([^"'\n]{3,100})\1\s*,\s*[bBuUrRL@$]?(["'])([^"'\n]{6,200})\3"""
)


def credentials(source: bytes, lowered: bytes) -> Iterator[SecretFact]:
    """Yield the second of two strings in calls that make credentials."""
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            call = _CALL.match(source, at)
            if call is not None and call[2] != call[4]:
                start, end = call.span(4)
                confidence = _confidence(call[4])
                if confidence:
                    drawn = confidence > _MADE
                    yield SecretFact(
                        "drawn" if drawn else "made",
                        "secret" if drawn else "password",
                        start,
                        start,
                        end,
                        name=_name(source, at),
                        confidence=confidence,
                    )
            at = lowered.find(stem, at + len(stem))


_MADE = 0.6
_NAME = re.compile(rb"[A-Za-z0-9_]*\Z")
_WORD = re.compile(rb"[A-Za-z0-9_]*")


def _confidence(value: bytes) -> float:
    if looks_random(value):
        return 0.0 if is_example(value) else sureness(value)
    return _MADE if looks_like_password(value) and not is_stand_in(value) else 0.0


def _name(source: bytes, at: int) -> str:
    """Return the whole name of what is called."""
    before, after = _NAME.search(source, max(0, at - 64), at), _WORD.match(source, at)
    return ((before[0] if before else b"") + (after[0] if after else b"")).decode()
