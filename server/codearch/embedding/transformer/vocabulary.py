"""The byte-pair vocabulary of RoBERTa's family, read by the `tokenizers` library."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.embedding.transformer.inputs import Special
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FILES = ("vocab.json", "merges.txt")
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")  # in the order of RoBERTa's vocabulary
_RAREST = 2  # times that a pair must occur to become a piece
LACKING, EXTRA = (
    "Transformers need the library `tokenizers`.",
    'pip install "codearchaeologist[onnx]"',
)


class Vocabulary:
    """Pieces of words as ids."""

    def __init__(self, folder: Path) -> None:
        """Read `vocab.json` and `merges.txt`; raises EncoderError where they do not fit."""
        try:
            from tokenizers import ByteLevelBPETokenizer  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise EncoderError(LACKING, mend=EXTRA) from error
        ids, merges = _read(folder)
        self._pieces = ByteLevelBPETokenizer(ids, merges)
        self.special = Special(*(self.id_of(name) for name in ("<s>", "<pad>", "</s>", "<unk>")))
        contents = b"\0".join((folder / name).read_bytes() for name in FILES)
        self.digest = hashlib.sha256(contents).hexdigest()

    def __len__(self) -> int:
        return int(self._pieces.get_vocab_size())

    def id_of(self, piece: str) -> int:
        """Return a special piece's id; raises EncoderError where the vocabulary lacks it."""
        found = self._pieces.token_to_id(piece)
        if found is None:
            message = f"The vocabulary has no piece {piece!r}."
            raise EncoderError(message, mend="Pull the model again.")
        return int(found)

    def texts(self) -> list[str]:
        """Return what each piece stands for, in the order of ids; a special one for nothing."""
        found = [str(self._pieces.decode([number])) for number in range(len(self))]
        special = {self._pieces.token_to_id(name) for name in SPECIAL}
        return ["" if number in special else text for number, text in enumerate(found)]

    def words(self, words: Sequence[str]) -> list[list[int]]:
        """Return the pieces of each word: the first as it stands, the others behind a blank."""
        if not words:
            return []
        first, *others = words
        encoded = self._pieces.encode_batch([first, *(f" {word}" for word in others)])
        return [list(one.ids) for one in encoded]

    def text(self, text: str) -> list[int]:
        """Return the pieces of a text."""
        return list(self._pieces.encode(text).ids)


def learn(texts: Iterable[str], pieces: int, folder: Path) -> None:
    """Learn byte pairs (Sennrich et al., 2016) from texts, and write them as RoBERTa's are."""
    try:
        from tokenizers import ByteLevelBPETokenizer  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EncoderError(LACKING, mend=EXTRA) from error
    learner = ByteLevelBPETokenizer()
    learner.train_from_iterator(
        texts, pieces, _RAREST, show_progress=False, special_tokens=list(SPECIAL)
    )
    folder.mkdir(parents=True, exist_ok=True)
    learner.save_model(str(folder))


def tokenizer_file(path: Path, tokens: int) -> Any:
    """Return the tokenizer of a `tokenizer.json`, which cuts at so many tokens."""
    try:
        from tokenizers import Tokenizer  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EncoderError(LACKING, mend=EXTRA) from error
    try:
        found = Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # the library raises nothing more special
        message = f"{path} is no tokenizer: {error}."
        raise EncoderError(message, mend="Pull the model again.") from error
    found.enable_truncation(tokens)
    found.no_padding()
    return found


def _read(folder: Path) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Return ids of pieces, and the pairs that are joined, in their order."""
    try:
        vocabulary, merged = ((folder / name).read_text("utf-8") for name in FILES)
        ids = msgspec.json.decode(vocabulary, type=dict[str, int])
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        message = f"The vocabulary in {folder} cannot be read: {error}."
        raise EncoderError(message, mend="Pull the model again.") from error
    pairs = [tuple(line.split(" ")) for line in merged.splitlines() if line[:8] != "#version"]
    merges = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    for left, right in merges:
        if left + right not in ids:  # the library would raise a plain Exception
            message = f"{folder / FILES[1]} makes {left + right!r}, which {FILES[0]} lacks."
            raise EncoderError(message, mend="Pull the model again.")
    return ids, merges
