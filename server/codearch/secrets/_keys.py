"""Private keys: PEM, PGP, PuTTY, and JSON Web Keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.facts import SecretFact
from codearch.secrets import _checks
from codearch.secrets._values import entropy, runs_on

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN = re.compile(
    rb"-----BEGIN ((?:(?:RSA|DSA|EC|ECDSA|OPENSSH|SSH2|PGP|ENCRYPTED|ED25519|X25519|ANY|AGE|EDDSA"
    rb"|DILITHIUM|TSS2|RSA-\w+) ){0,3})PRIVATE KEY( BLOCK)?-----"
)
_END = re.compile(rb"-----END ")
_PUTTY = re.compile(rb"PuTTY-User-Key-File-\d: (\S+)[\s\S]{0,4000}?Private-Lines: \d+\s")
_PUTTY_END = re.compile(rb"Private-MAC")
_PARAMETER = re.compile(rb'"d"\s*:\s*"([A-Za-z0-9_-]{40,})"')
_NOISE = re.compile(rb"\\[nrt]|[^A-Za-z0-9+/=]+")
_HEADER = re.compile(rb"(?:Proc-Type|DEK-Info|Version|Comment|Hash)\s*:[^\n\\]*(?:\\n|\n)?")
_FIRST_LINE = re.compile(rb"(?:\\[nrt]|[^A-Za-z0-9])*[A-Za-z0-9+/=]{20}")
_LEFT_OUT = re.compile(rb"\.{3}|\xe2\x80\xa6")  # no base64: the middle of a key that is only shown
_MOST_BYTES = 16_000  # of a key's body
_LEAST_BODY = 40  # characters: what is shorter shows where a key would stand
_NEAR = 400  # bytes around a parameter within which its key says what it is


def keys(source: bytes) -> Iterator[SecretFact]:
    """Yield the private keys of a file whose body is there, not only the line that begins it."""
    if b"PRIVATE KEY" in source:
        for begin in _BEGIN.finditer(source):
            yield from _pem(source, begin)
    if b"Private-Lines" in source:
        for begin in _PUTTY.finditer(source):
            end = _ended(source, begin.end(), _PUTTY_END)
            kind = f"PuTTY private key ({begin[1].decode('ascii', 'replace')})"
            yield SecretFact("key", kind, begin.start(), begin.end(), end, confidence=0.95)
    if b'"kty"' in source:
        for parameter in _PARAMETER.finditer(source):
            near = source[max(0, parameter.start() - _NEAR) : parameter.end() + _NEAR]
            if b'"kty"' in near and not runs_on(parameter[1]):
                start, end = parameter.span(1)
                yield SecretFact("key", "private JSON Web Key", start, start, end, confidence=0.95)


def _pem(source: bytes, begin: re.Match[bytes]) -> Iterator[SecretFact]:
    end = _ended(source, begin.end(), _END)
    text = source[begin.end() : end]
    body = _NOISE.sub(b"", _HEADER.sub(b"", text))
    if not _FIRST_LINE.match(_HEADER.sub(b"", text)) or _LEFT_OUT.search(text):
        return
    if len(body) < _LEAST_BODY or runs_on(body) or entropy(body) < 3.5 or _checks.is_cut(body):
        return
    algorithm = begin[1].decode().strip()
    kind = " ".join(filter(None, (algorithm if algorithm != "ENCRYPTED" else "", "private key")))
    encrypted = algorithm == "ENCRYPTED" or b"ENCRYPTED" in text
    fits = None if begin[2] or encrypted else _checks.is_der(body)
    yield SecretFact(
        "key",
        f"encrypted {kind}" if encrypted else kind,
        begin.start(),
        begin.end(),
        end,
        fits=fits,
        confidence=0.7 if encrypted or fits is False else 0.98,
    )


def _ended(source: bytes, start: int, end: re.Pattern[bytes]) -> int:
    """Return where a key's body ends: before the line that says so, or where base64 ends."""
    found = end.search(source, start, start + _MOST_BYTES)
    if found is not None:
        return found.start()
    at = source.find(b"\n\n", start, start + _MOST_BYTES)
    return at if at >= 0 else min(len(source), start + _MOST_BYTES)
