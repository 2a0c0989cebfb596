"""Passwords in addresses and connection strings, and in headers of requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from codearch.facts import SecretFact
from codearch.secrets import _checks
from codearch.secrets._values import (
    is_example,
    is_stand_in,
    looks_like_password,
    looks_random,
    wordiness,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCESS = re.compile(
    rb"([^\s:/@\"'`<>?#{}\\,;()]{0,80}):([^\s/@\"'`<>{}\\]{3,200})@([A-Za-z0-9.\-\[\]:_]{1,120})"
)
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,30}$")
_HOST_OF_DOCS = re.compile(
    rb"(?i)(?:^|\.)(?:example|test|invalid|domain|yourdomain|mydomain|mycompany|company|acme|foo|bar|host|hostname|server|your-?host|my-?host)"
    rb"(?:\.(?:com|org|net|io|local|tld))?(?::\d+)?$"
)
# One pair of a connection string: `...;Password=abc;`, or of a query: `?user=a&password=b`.
_PAIR = re.compile(
    rb"(?i)[;?&\s\"'](?:password|passwd|pwd|accountkey|sharedaccesskey|shared secret"
    rb"|api[_-]?key|access_token|auth_token|secret)"
    rb"\s?=\s?([^\s;&\"'`,<>{}]{6,200})(?=[;&\"'`\s])"
)
_IN_STRING = (b";", b"&", b"?")
_BEARER = re.compile(
    rb"(?i)(?:bearer|token)[ \t]+([A-Za-z0-9_.~+/-]{20,500}={0,2})(?![A-Za-z0-9_])"
)
_BASIC = re.compile(rb"(?i)basic[ \t]+([A-Za-z0-9+/]{12,300}={0,2})(?![A-Za-z0-9_])")
_CURL = re.compile(
    rb"(?:^|[\s\"'])(?:-u|--user)[ =]?[\"']?([^\s:\"'$]+):([^\s\"'$@]{6,100})(?=[\s\"']|$)"
)
MADE_UP = 0.6  # how sure a password in a string is that somebody thought of
_LEAST_PASSWORD = 3
_LEAST_OF_LETTERS = 8
_WORDS = {True: 0.35, False: 0.6}  # share of pairs as in words, below which letters are none


def addresses(source: bytes) -> Iterator[SecretFact]:
    """Yield the passwords between a scheme and a host."""
    at = source.find(b"://")
    while at >= 0:
        access = _ACCESS.match(source, at + 3)
        if access is not None and _SCHEME.search(source, max(0, at - 32), at):
            user, host = access[1], access[3]
            password = unquote_to_bytes(access[2])
            if _is_password(user, password, host):
                start, end = access.span(2)
                scheme = _SCHEME.search(source, max(0, at - 32), at)
                name = scheme[0].decode() if scheme else ""
                yield SecretFact(
                    "address",
                    f"a password in a `{name}` address",
                    start,
                    start,
                    end,
                    confidence=0.8,
                )
        at = source.find(b"://", at + 3)


def _is_password(user: bytes, password: bytes, host: bytes) -> bool:
    if len(password) < _LEAST_PASSWORD or password == user or password.isdigit():
        return False
    if is_stand_in(password) or _HOST_OF_DOCS.search(host):
        return False
    if looks_like_password(password) or looks_random(password):
        return True
    if password.isalpha():
        one_case = password.islower() or password.isupper()
        return len(password) >= _LEAST_OF_LETTERS and wordiness(password) < _WORDS[one_case]
    return len(password) >= _LEAST_OF_LETTERS


def pairs(source: bytes, lowered: bytes) -> Iterator[SecretFact]:
    """Yield the passwords in connection strings and queries, which have several pairs."""
    if not any(word in lowered for word in (b"password=", b"pwd=", b"key=", b"secret=", b"token=")):
        return
    for pair in _PAIR.finditer(source):
        before = source[max(0, pair.start() - 120) : pair.start() + 1]
        line = before[before.rfind(b"\n") + 1 :]
        after = source[pair.end() : pair.end() + 1]
        joined = pair.group()[:1] in _IN_STRING or after in _IN_STRING
        value = unquote_to_bytes(pair[1])
        if not joined or b"=" not in line or b"{" in value or is_stand_in(value):
            continue
        if looks_like_password(value) or looks_random(value):
            start, end = pair.span(1)
            kind = "a password in a connection string"
            sure = 0.8 if looks_random(value) else MADE_UP
            yield SecretFact("address", kind, start, start, end, confidence=sure)


def headers(source: bytes, lowered: bytes) -> Iterator[SecretFact]:
    """Yield what authorises a request: `Authorization: Bearer ...`, `Basic ...`, `curl -u a:b`."""
    for bearer in _matches(_BEARER, source, lowered, (b"bearer ", b"token ")):
        if looks_random(bearer[1], 20) and not is_example(bearer[1]):
            yield _header("a bearer token", bearer, 1, 0.7)
    for basic in _matches(_BASIC, source, lowered, (b"basic ",)):
        decoded = _checks.base64_text(basic[1])
        if decoded is None or b":" not in decoded or not decoded.isascii():
            continue
        password = decoded.partition(b":")[2]
        if looks_like_password(password) and not is_stand_in(password):
            yield _header("user and password of a request", basic, 1, 0.8)
    if b"curl" in lowered:
        for access in _CURL.finditer(source):
            if looks_like_password(access[2]) and not is_stand_in(access[2]):
                yield _header("a password given to curl", access, 2, 0.8)


def _matches(
    pattern: re.Pattern[bytes], source: bytes, lowered: bytes, words: tuple[bytes, ...]
) -> Iterator[re.Match[bytes]]:
    """Yield what a pattern matches where one of these words begins."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            match = pattern.match(source, at)
            if match is not None:
                yield match
            at = lowered.find(word, at + 1)


def _header(kind: str, match: re.Match[bytes], group: int, confidence: float) -> SecretFact:
    start, end = match.span(group)
    return SecretFact("header", kind, start, start, end, confidence=confidence)
