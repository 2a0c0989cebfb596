"""Documented functions out of a folder: what models are fitted to and tried on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from codearch import flow, languages
from codearch.embedding.passage import passages
from codearch.embedding.training.functions import MIN_LEAVES, MIN_WORDS
from codearch.embedding.transformer.code import codes
from codearch.embedding.transformer.reading import Corpus, Sample
from codearch.errors import EncoderError
from codearch.facts import CALLABLE_KINDS
from codearch.index.content import Source, read
from codearch.index.functions import MOST_PER_FILE, mixed, places
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FITTED, TRIED = 2000, 200  # functions


def corpus(
    folder: Path, told: Callable[[int, int], None], fitted: int = FITTED, tried: int = TRIED
) -> Corpus:
    """Take so many documented functions out of a folder, the same ones whenever it is the same.

    Those that are tried come from other files than those that are fitted. Raises EncoderError
    where there are too few.
    """
    wanted = fitted + tried
    found: list[Sample] = []
    for sample in _samples(folder):
        found.append(sample)
        told(len(found), wanted)
        if len(found) == wanted:
            break
    if len(found) < wanted // 2:
        message = f"{folder} has {len(found)} documented functions; {wanted // 2} are needed."
        raise EncoderError(message, mend="Name a larger folder: `--corpus FOLDER`.")
    share = len(found) * tried // wanted
    digest = hashlib.sha256(msgspec.msgpack.encode(found)).hexdigest()
    fit = tuple(replace(one.code, doc=one.question) for one in found[share:])
    return Corpus(folder.resolve().name, digest, fit, tuple(found[:share]))


def _samples(folder: Path) -> Iterator[Sample]:
    """Yield documented functions, file by file."""
    for place in mixed(places([folder])):
        source, language = read(folder, place.path), languages.by_path(place.path)
        if isinstance(source, Source) and language is not None:
            yield from _samples_of(source.data, language.name)


def _samples_of(data: bytes, language_name: str) -> Iterator[Sample]:
    language = languages.by_name(language_name)
    facts = parse(data, language)
    program = flow.read(data, language, facts)
    taken = 0
    for index, symbol in enumerate(facts.symbols):
        question = " ".join(symbol.doc.split("\n\n")[0].split())
        if symbol.kind not in CALLABLE_KINDS or len(question.split()) < MIN_WORDS:
            continue
        code = codes(program, symbol, passages(facts, index, program.source)[:1])[0]
        if len(code.words) < MIN_LEAVES:
            continue
        yield Sample(question, replace(code, doc=""))
        taken += 1
        if taken == MOST_PER_FILE:
            return
