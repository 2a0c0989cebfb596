"""How findings of rules on the whole workspace are kept: compressed, with what they hang on.

One finding may name many places, and most of it is words that all of them share.
"""

from __future__ import annotations

import zlib

import msgspec

from codearch.errors import UnusableStoreError
from codearch.facts import Finding

_LEVEL = 9
_BEGINNING = (  # what the findings of most rules say; compression finds it here
    b"\xa5\x94\xd9 server/src/lib/tests/test_.py.js.ts.go.rs.cs.java.c.cpp.h\xc0"
    b" names or values differ in  of  lines differ, names or values in  more"
    b"these  lines ( tokens) stand twice (;  times ( more); one copy would save  lines"
    b": the same \xe2\x86\x92 , functionmethodclass. import cycle: "
    b"\xa2id\xb0\xa4rule\xa5clone\xa8category\xabduplication\xa8severity\x03\xa7message"
    b"\xa4path\xa4span\x96\xa6symbol\xaceffort_hours\xcb?\xf0\x00\x00\x00\x00\x00\x00\xa6impact"
    b"\xcb@\x08\x00\x00\x00\x00\x00\x00\xa8priority\xcb@\xa7related\x91\x95\xa6anchor\x94"
)
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(tuple[bytes, Finding])


def pack(finding: Finding, stamp: bytes = b"") -> bytes:
    """Return a finding as the index keeps it; `stamp` says as what it stands, b"" for nothing."""
    writing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_BEGINNING)
    return writing.compress(_encode((stamp, finding))) + writing.flush()


def unpack(data: bytes) -> tuple[bytes, Finding]:
    """Return the stamp and the finding that were packed."""
    reading = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_BEGINNING)
    try:
        return _decoder.decode(reading.decompress(data))
    except (zlib.error, msgspec.MsgspecError) as error:
        message = f"A stored finding cannot be read ({error})."
        raise UnusableStoreError(message) from error
