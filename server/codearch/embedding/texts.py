"""What an encoder is given of a file's symbols: their passages, or their code with its flow."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypeAlias, cast

import msgspec

from codearch import flow, languages
from codearch.embedding.encoder import CodeEncoder
from codearch.embedding.passage import embedded, passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.transformer.reading import Code
    from codearch.facts import FileFacts, Passage

    Text: TypeAlias = Passage | Code


def texts(
    encoder: Encoder, facts: FileFacts, source: bytes, symbols: Sequence[int] | None = None
) -> Iterator[tuple[Passage, Text]]:
    """Yield each passage of a file, or of some of its symbols, with what this encoder reads."""
    program = None
    if isinstance(encoder, CodeEncoder):
        program = flow.read(source, languages.by_name(facts.language), facts)
    for index in range(len(facts.symbols)) if symbols is None else symbols:
        own = embedded(facts.symbols[index], passages(facts, index, source))
        if program is None:
            yield from zip(own, own, strict=True)
            continue
        from codearch.embedding.transformer.code import codes  # noqa: PLC0415 - seldom wanted

        yield from zip(own, codes(program, facts.symbols[index], own), strict=True)


def encode(encoder: Encoder, read: Sequence[Text]) -> NDArray[np.float32]:
    """Return one unit row a text; `texts` must have read them for this very encoder."""
    if isinstance(encoder, CodeEncoder):
        return encoder.encode_code(cast("Sequence[Code]", read))
    return encoder.encode_passages(cast("Sequence[Passage]", read))


def text_key(encoder: Encoder, text: Text) -> bytes:
    """Return the SHA-256 of an encoder's id and all that it gets of a text.

    JSON in ASCII: it is the same everywhere, and takes the lone surrogates of broken sources.
    """
    said = json.dumps([encoder.id, type(text).__name__, msgspec.to_builtins(text)])
    return hashlib.sha256(said.encode("ascii")).digest()
