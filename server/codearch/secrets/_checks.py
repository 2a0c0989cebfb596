"""Checksums and structure that some providers build into their tokens."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import zlib

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# Whom jwt.io, RFC 7519 and countless pages have in their tokens.
_ABOUT = ("sub", "name", "iss", "email", "user", "username")
_NOBODY = re.compile(
    r"(?i)(?:1234567890|(?:john|jane)[ ._]?doe|joe|alice|bob|foo|bar)\Z"
    r"|.*@?\bexample\.(?:com|org|net)\b"
)
_WHO = re.compile(
    r"(?i)^(?:sub|azp|data)$|id$|user|(?<=.)name|mail|role|scope|scp|perm|account|client|session"
    r"|org|tenant|project|key|auth|login|admin|group|://"
)
_ALGORITHM = re.compile(
    r"(?:[HREP]S(?:256|384|512)|ES256K|EdDSA|Ed25519|Ed448|none|dir|RSA[\w-]+|A\d+\w+|ECDH-\w+[\w+]*|PBES2\S+)\Z"
)
_FOR = ("iss", "aud", "jti", "name")  # these tell somebody only where the token also has its time
_TIMES = ("exp", "iat", "nbf")
_EMPTY = b"e30"  # `{}`
_OF_A_REQUEST = "dpop+jwt"  # RFC 9449: a proof that is worth nothing without the key behind it
_A_DAY = 86_400  # seconds; whoever reads a repository later finds that what lives so long has ended
_DER_HEAD = 8  # characters of base64: what it is, how long, and what comes first
_CHECK_DIGITS = 6
_CRC16 = 0x1021  # XMODEM's polynomial
_SHORT = 36  # characters of GitHub's and npm's tokens after their prefix


def crc32_base62(token: bytes) -> bool | None:
    """Say whether the last six of 36 characters are the CRC-32 of the others (GitHub, npm)."""
    body = token.rpartition(b"_")[2]
    if len(body) != _SHORT:
        return None  # a longer form, of which no checksum is published
    number = zlib.crc32(body[:-_CHECK_DIGITS])
    digits = bytearray()
    for _ in range(_CHECK_DIGITS):
        number, rest = divmod(number, 62)
        digits.append(_BASE62[rest])
    return bytes(reversed(digits)) == body[-_CHECK_DIGITS:]


def begins_with_a_number(token: bytes) -> bool:
    """Say whether the first part of a Discord token is the number of a user in base64."""
    decoded = base64_text(token.partition(b".")[0])
    return decoded is not None and decoded.isdigit()


def bech32(token: bytes) -> bool:
    """Say whether the checksum of an age identity fits (BIP 173)."""
    human, _, data = token.lower().rpartition(b"1")
    values = [char >> 5 for char in human] + [0] + [char & 31 for char in human]
    check = 1
    for value in values + [_BECH32.find(char) for char in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check == 1


def nkey_seed(token: bytes) -> bool:
    """Say whether the checksum of a NATS seed fits: CRC-16 at the end of base32."""
    raw = base64.b32decode(token + b"=" * (-len(token) % 8))
    check = 0
    for byte in raw[:-2]:
        check ^= byte << 8
        for _ in range(8):
            check = (check << 1 ^ (_CRC16 if check & 0x8000 else 0)) & 0xFFFF
    return check == int.from_bytes(raw[-2:], "little")


def is_jwt(token: bytes) -> bool:
    """Say whether the header of a JSON Web Token names an algorithm of RFC 7518 or 8037."""
    return _ALGORITHM.match(str(_claims(token.partition(b".")[0]).get("alg", ""))) is not None


def names_nobody(token: bytes) -> bool:
    """Say whether a JSON Web Token is about nobody: no name, or one that all pages show.

    What is for one request, or for a day at most, is for nobody who reads it later.
    """
    parts = token.split(b".")
    claims = _claims(parts[0])
    if "alg" not in claims and "typ" not in claims:
        return False
    if len(parts) == 1 or not _ALGORITHM.match(str(claims.get("alg", "none"))):
        return True
    about = _claims(parts[1])
    if claims.get("typ") == _OF_A_REQUEST or _lives_seconds(about) <= _A_DAY:
        return True
    timed = any(key in about for key in _TIMES) and any(key in about for key in _FOR)
    if (about or parts[1] == _EMPTY) and not timed and not any(_WHO.search(key) for key in about):
        return True
    return any(_NOBODY.match(str(about.get(key, ""))) for key in _ABOUT)


def _lives_seconds(about: dict[str, object]) -> float:
    """Return for how long a token is said to hold, without end where it does not say both ends."""
    begin, end = about.get("iat", about.get("nbf")), about.get("exp")
    if not isinstance(begin, int | float) or not isinstance(end, int | float):
        return math.inf
    return end - begin


def _claims(part: bytes) -> dict[str, object]:
    """Return what one part of a JSON Web Token says; nothing where it is none."""
    decoded = base64_text(part)
    try:
        claims = json.loads(decoded) if decoded is not None else None
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def is_der(body: bytes) -> bool:
    """Say whether base64 holds a key as DER or OpenSSH write it."""
    try:
        head = base64.b64decode(body[: len(body) // 4 * 4], validate=True)
    except (ValueError, binascii.Error):
        return False
    return head[:1] == b"\x30" or head.startswith(b"openssh-key-v1\0")


def is_cut(body: bytes) -> bool:
    """Say whether base64 begins a key as DER, which tells its own length, and lacks most of it."""
    head = base64_text(body[:_DER_HEAD])
    if head is None or not head.startswith(b"\x30\x82") or head[4:5] != b"\x02":
        return False
    return 2 * (len(body) * 3 // 4) < int.from_bytes(head[2:4], "big")


def base64_text(part: bytes) -> bytes | None:
    """Return what stands in base64, of either alphabet and with or without padding; None if not."""
    try:
        return base64.b64decode(part.rstrip(b"=") + b"=" * (-len(part.rstrip(b"=")) % 4), b"-_")
    except (ValueError, binascii.Error):
        return None
