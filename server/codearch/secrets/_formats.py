"""Providers' tokens, searched for in the long words of a file alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.facts import SecretFact
from codearch.secrets._checks import names_nobody
from codearch.secrets._providers import PROVIDERS
from codearch.secrets._values import entropy, is_example, is_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.secrets._providers import Provider

_LEAST_WORD = 17  # characters of the shortest token
_MOST_WORD = 4_000  # of what may hold one: more is data in base64
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=:$%@"
_WORDS = bytes(char if char in _ALPHABET else 32 for char in range(256))
_ESCAPED_END = re.compile(rb"\\[nrt]")
_INSIDE_WORD = re.compile(rb"[A-Za-z0-9_]")
_LEAST_BITS = 2.4  # of entropy a character: what is lower was typed to show the form
_IN_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24}\Z")
_LINE_OF_DATA = re.compile(rb"[ \t]*[A-Za-z0-9+/]{60,}={0,2}[ \t]*\r?\n")
_DATA_MARKS = (b"+", b"/")


def tokens(source: bytes) -> Iterator[SecretFact]:
    """Yield the tokens whose form says whose they are."""
    text = _ESCAPED_END.sub(b"  ", source) if b"\\" in source else source
    words = text.translate(_WORDS).split()
    long = b"\n".join({word for word in words if _LEAST_WORD <= len(word) <= _MOST_WORD})
    if not long:
        return
    seen: set[bytes] = set()
    for provider in PROVIDERS:
        if not any(anchor in long for anchor in provider.anchors):
            continue
        for match in provider.pattern.finditer(long):
            secret = match[match.lastindex or 0]
            before = long[match.start() - 1 : match.start()] if match.start() else b""
            if secret in seen or _INSIDE_WORD.match(before):
                continue
            if before in _DATA_MARKS and _IN_BASE64.search(long, 0, match.start()):
                continue
            found = _judged(provider, secret)
            if found is None:
                continue
            seen.add(secret)
            yield from _everywhere(text, secret, provider, *found)


def _judged(provider: Provider, secret: bytes) -> tuple[bool | None, float] | None:
    """Return whether the checksum fits and how sure this is; None where it only shows the form."""
    kept = _kept(provider, secret)
    drawn = secret[kept:]
    if is_example(drawn) or is_published(secret) or entropy(drawn) < _LEAST_BITS:
        return None
    if provider.form is not None and not provider.form(secret):
        return None
    if secret.startswith(b"eyJ") and names_nobody(secret):
        return None
    if not any(48 <= char <= 57 for char in drawn) and not secret.startswith((b"hf_", b"api_org_")):
        letters = {char for char in drawn if 65 <= char <= 90}
        if not letters or len(drawn) < 16:  # words, in the form of a token
            return None
    fits = provider.check(secret) if provider.check else None
    return fits, 0.9 if fits is None else 1.0 if fits else 0.5


def _kept(provider: Provider, secret: bytes) -> int:
    """Return how much of a token says whose it is, and may be shown."""
    return max((len(one) for one in provider.anchors if secret.startswith(one)), default=0)


def _everywhere(
    text: bytes, secret: bytes, provider: Provider, fits: bool | None, confidence: float
) -> Iterator[SecretFact]:
    kept = _kept(provider, secret)
    at = text.find(secret)
    while at >= 0:
        if not _is_of_data(text, at):
            yield SecretFact(
                "token",
                provider.kind,
                at,
                at + kept,
                at + len(secret),
                shown=secret[:kept].decode() + "…" if kept > 1 else "",
                fits=fits,
                confidence=confidence,
            )
        at = text.find(secret, at + len(secret))


def _is_of_data(text: bytes, at: int) -> bool:
    """Say whether the line and one beside it are base64 alone, as in what is attached to a mail."""
    start = text.rfind(b"\n", 0, at) + 1
    own = _LINE_OF_DATA.match(text, start)
    if own is None:
        return False
    above = _LINE_OF_DATA.match(text, text.rfind(b"\n", 0, max(0, start - 1)) + 1, start)
    below = _LINE_OF_DATA.match(text, own.end())
    return any(each and len(each[0]) == len(own[0]) for each in (above, below))
