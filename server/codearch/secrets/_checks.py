"""Checksums and structure that some providers build into their tokens."""

from __future__ import annotations

import base64
import binascii
import json
import zlib

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_DIGITS = 6
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


def is_jwt(token: bytes) -> bool:
    """Say whether the header of a JSON Web Token names an algorithm."""
    header = base64_text(token.partition(b".")[0])
    try:
        decoded = json.loads(header) if header is not None else None
    except ValueError:
        return False
    return isinstance(decoded, dict) and "alg" in decoded


def is_der(body: bytes) -> bool:
    """Say whether base64 holds a key as DER or OpenSSH write it."""
    try:
        head = base64.b64decode(body[: len(body) // 4 * 4], validate=True)
    except (ValueError, binascii.Error):
        return False
    return head[:1] == b"\x30" or head.startswith(b"openssh-key-v1\0")


def base64_text(part: bytes) -> bytes | None:
    """Return what stands in base64, of either alphabet and with or without padding; None if not."""
    try:
        return base64.b64decode(part.rstrip(b"=") + b"=" * (-len(part.rstrip(b"=")) % 4), b"-_")
    except (ValueError, binascii.Error):
        return None
