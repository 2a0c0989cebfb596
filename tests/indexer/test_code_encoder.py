"""An encoder that reads code and its data flow in place of the one that reads passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.embedding.transformer.reading import of_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from running import Running

    from codearch.embedding.transformer.reading import Code
    from codearch.facts import Passage
    from conftest import Workspace

SOURCE = '''def fee(price, rate):
    """What a sale costs."""
    share = price * rate
    return share
'''


class Listening:
    """Stands in for a transformer, whose weights cannot be had here; keeps what it was given."""

    id, dimension, precision, device, problem, chunk = "listening-1", 4, "float32", "cpu", "", 4

    def __init__(self) -> None:
        self.read: list[Code] = []

    def encode_code(self, codes: Sequence[Code]) -> NDArray[np.float32]:
        self.read += codes
        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(codes), 1))

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        return self.encode_code([of_words(passage) for passage in passages])

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(queries), 1))


def test_functions_are_read_with_their_data_flow(workspace: Workspace, indexer: Running) -> None:
    workspace.write("fees.py", SOURCE)
    indexer.index()
    encoder = Listening()
    indexer.engine.waiting.run_soon(lambda: indexer.shop.embedder.load(encoder)).result(30)
    indexer.ask("flush")
    fee = next(code for code in encoder.read if code.words[:2] == ("def", "fee"))
    assert fee.doc == "What a sale costs."
    assert "share" in {fee.words[variable.word] for variable in fee.variables}
    assert indexer.ask("status")["pending"] == 0
    assert indexer.search("fee")[0] == "fees.py fee"


def test_passages_kept_for_another_encoder_are_read_again(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("fees.py", SOURCE)
    indexer.index()
    encoder = Listening()

    def switch() -> None:
        """Write while passages are what is read, then load the encoder before any is embedded."""
        workspace.write("more.py", SOURCE.replace("fee", "toll"))
        indexer.shop.intake.take(["more.py"])
        indexer.shop.embedder.load(encoder)

    indexer.engine.waiting.run_soon(switch).result(30)
    indexer.ask("flush")
    assert any(code.words[:2] == ("def", "toll") for code in encoder.read)
    assert not indexer.ask("status")["problems"][1:]
