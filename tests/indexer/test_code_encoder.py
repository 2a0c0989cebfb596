"""An encoder that reads code and its data flow in place of the one that reads passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.embedding.chosen import Chosen
from indexer.listening import Listening

if TYPE_CHECKING:
    from running import Running

    from conftest import Workspace

SOURCE = '''def fee(price, rate):
    """What a sale costs."""
    share = price * rate
    return share
'''


def test_functions_are_read_with_their_data_flow(workspace: Workspace, indexer: Running) -> None:
    workspace.write("fees.py", SOURCE)
    indexer.index()
    encoder = Listening()
    indexer.engine.waiting.run_soon(
        lambda: indexer.shop.embedder.load(Chosen("listening", encoder))
    ).result(30)
    assert indexer.shop.embedder.arrived.wait(60)
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
        indexer.shop.embedder.load(Chosen("listening", encoder))

    indexer.engine.waiting.run_soon(switch).result(30)
    assert indexer.shop.embedder.arrived.wait(60)
    indexer.ask("flush")
    assert any(code.words[:2] == ("def", "toll") for code in encoder.read)
    assert not indexer.ask("status")["problems"][1:]
