"""Another model takes the place of the one that answers, once it has embedded all that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.embedding.chosen import Chosen
from codearch.errors import EncoderError, StoreError, VectorsError
from codearch.indexer.power import Power
from codearch.settings.writing import write_user_setting
from indexer.listening import Listening
from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.embedding.encoder import Encoder
    from conftest import Workspace

SHOP = "".join(
    f"""def {name}_{thing}(order, rate):
    \"\"\"Work out the {thing} that {name} asks for.\"\"\"
    {thing} = order.{name} * rate
    return {thing}


"""
    for name in ("customs", "carrier", "market")
    for thing in ("fee", "refund", "discount", "deposit")
)


class Shop:
    """A workspace whose settings name one model after the other."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace = workspace
        self.patch = monkeypatch
        self.known: dict[str, Encoder] = {}
        workspace.write("shop.py", SHOP)

    def settle_on(self, encoder: Encoder, name: str = "listening") -> None:
        """Have indexers that start from now on choose this encoder."""
        self.known[encoder.id] = encoder
        self.patch.setattr(
            "codearch.indexer.workshop.chosen_encoder", lambda _settings: Chosen(name, encoder)
        )
        self.patch.setattr(
            "codearch.indexer.workshop.encoder_of", lambda identity, *_: self.known.get(identity)
        )

    def use(self, running: Running, encoder: Encoder, name: str = "listening") -> None:
        """Have a running indexer turn to this encoder, as a change of the settings does."""
        self.settle_on(encoder, name)
        running.engine.waiting.run_soon(running.shop.load_encoder).result(30)

    def await_next(self, running: Running) -> None:
        """Wait until the next model has arrived."""
        assert running.shop.embedder.arrived.wait(60)


@pytest.fixture
def shop(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(workspace, monkeypatch)


@pytest.fixture
def static(shop: Shop) -> Listening:
    """The model that answers first; another dimension tells the vectors apart."""
    encoder = Listening("first-1", dimension=8, chunk=256)
    shop.settle_on(encoder, "first")
    return encoder


def model(running: Running) -> dict[str, Any]:
    found: dict[str, Any] = running.ask("status")["model"]
    return found


def turn_and_pause(shop: Shop, running: Running, encoder: Listening, times: int) -> None:
    """Begin with the next model, and pause when it has embedded so often."""
    encoder.between = pausing(running, times)
    shop.use(running, encoder)
    while not running.engine.waiting.paused:
        running.ask("status")
    encoder.between = lambda: None


def pausing(running: Running, times: int) -> Callable[[], None]:
    """Return what pauses the work when it has been called so often."""
    running.hello()  # only a session can pause
    calls = iter(range(times - 1, -1, -1))
    running.engine.waiting.join(1, scan=False)

    def count() -> None:
        if next(calls, 1) == 0:
            running.engine.waiting.pause(1)

    return count


def test_the_present_model_answers_until_the_next_has_all(shop: Shop, static: Listening) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
        before = running.ask("search", query="customs refund", limit=5)["hits"]
        encoder = Listening(chunk=1)
        encoder.between = pausing(running, 3)
        shop.use(running, encoder)
        while not running.engine.waiting.paused:
            running.ask("status")
        status = running.ask("status")
        assert (status["model"]["name"], status["model"]["dimension"]) == ("first", 8)
        assert status["model"]["next"] == {"name": "listening", "done": 3, "total": 13}
        assert (status["pending"], status["health"]) == (0, "ok")
        assert any("3 of 13 texts; first answers" in one["message"] for one in status["problems"])
        assert running.ask("search", query="customs refund", limit=5)["hits"] == before
        running.engine.waiting.resume()
        shop.await_next(running)
        assert model(running) == {
            "name": "listening",
            "dimension": 4,
            "precision": "float32",
            "device": "cpu",
            "next": None,
        }
        assert len(encoder.read) == 13
        assert running.search("customs refund")[0] == "shop.py customs_refund"


def test_what_is_edited_meanwhile_is_in_both(shop: Shop, static: Listening) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
        encoder = Listening(chunk=1)
        encoder.between = pausing(running, 3)
        shop.use(running, encoder)
        while not running.engine.waiting.paused:
            running.ask("status")
        shop.workspace.write("more.py", SHOP.replace("carrier", "pirate"))
        running.engine.waiting.resume()
        running.ask("flush")
        assert running.ask("status")["pending"] == 0
        shop.await_next(running)
        running.ask("flush")
        words = {word for code in encoder.read for word in code.words[1:2]}
        assert {"pirate_fee", "carrier_fee"} <= words
        assert running.ask("status")["pending"] == 0


def test_a_restart_goes_on_where_the_last_process_was(shop: Shop, static: Listening) -> None:
    encoder = Listening(chunk=1)
    with Running(shop.workspace.root) as running:
        running.index()
        encoder.between = pausing(running, 5)
        shop.use(running, encoder)
        while not running.engine.waiting.paused:
            running.ask("status")
    encoder.between = lambda: None
    with Running(shop.workspace.root) as running:
        assert model(running)["name"] == "first"
        running.index()
        shop.await_next(running)
        assert model(running)["name"] == "listening"
    assert len(encoder.read) == 13
    with Running(shop.workspace.root) as running:
        assert running.index()["embedded"] == 0
        assert model(running)["next"] is None


def test_the_way_back_embeds_nothing(shop: Shop, static: Listening) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
        shop.use(running, Listening())
        running.index()
        shop.await_next(running)
        static.read.clear()
        shop.use(running, static, "first")
        assert model(running)["name"] == "first"
        assert model(running)["next"] is None
        assert not static.read
        assert running.search("carrier deposit")[0] == "shop.py carrier_deposit"


def test_a_third_model_takes_the_place_of_the_oldest(shop: Shop, static: Listening) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
        for identity in ("second-1", "third-1"):
            shop.use(running, Listening(identity), identity)
            running.ask("flush")
            shop.await_next(running)
        assert len(list(running.shop.folder.glob("vectors/*/*.lance"))) == 2


def test_without_the_encoder_of_old_vectors_words_answer(shop: Shop, static: Listening) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
    encoder = Listening()
    shop.known.clear()
    shop.settle_on(encoder)
    with Running(shop.workspace.root) as running:
        assert model(running)["name"] == "listening"
        assert running.search("market discount")[0] == "shop.py market_discount"
        running.index()
        assert running.ask("status")["pending"] == 0


def test_a_model_that_fails_leaves_the_present_one(shop: Shop, static: Listening) -> None:
    def fail() -> None:
        message = "The graph has no such output."
        raise EncoderError(message)

    with Running(shop.workspace.root) as running:
        running.index()
        encoder = Listening()
        encoder.between = fail
        shop.use(running, encoder)
        shop.await_next(running)
        status = running.ask("status")
        assert (status["model"]["name"], status["health"]) == ("first", "warning")
        assert any("no such output" in one["message"] for one in status["problems"])
        assert running.search("market discount")[0] == "shop.py market_discount"


def test_on_the_battery_the_next_model_waits_unless_somebody_waits_for_it(
    shop: Shop, static: Listening
) -> None:
    with Running(shop.workspace.root) as running:
        running.index()
        running.shop.power = Power(lambda: False)
        encoder = Listening()
        shop.use(running, encoder)
        running.ask("flush")
        status = running.ask("status")
        assert not encoder.read
        assert any("runs on its battery" in one["message"] for one in status["problems"])
        shop.workspace.write("more.py", SHOP.replace("carrier", "pirate"))
        running.ask("flush")
        assert running.search("pirate fee")[0] == "more.py pirate_fee"
        running.hello()
        running.index()
        assert model(running)["name"] == "listening"


def test_power_is_asked_for_seldom() -> None:
    times = iter([0.0, 1.0, 9.0, 10.0, 11.0])
    answers = iter([False, True])
    power = Power(lambda: next(answers), lambda: next(times))
    assert [power.on_battery for _ in range(5)] == [True, True, True, False, False]


def test_who_waits_for_a_model_is_answered_when_there_is_no_room(
    shop: Shop, static: Listening
) -> None:
    def fail() -> None:
        message = "There is no room."
        raise StoreError(message)

    with Running(shop.workspace.root) as running:
        running.hello()
        running.index()
        encoder = Listening()
        encoder.between = fail
        shop.use(running, encoder)
        assert running.index()["failed"] == {"arrival": "There is no room."}
        assert model(running)["name"] == "first"
        assert running.search("market discount")[0] == "shop.py market_discount"


def test_a_slow_model_that_never_had_all_is_not_waited_for(shop: Shop) -> None:
    slow, quick = Listening("slow-1", chunk=1), Listening("quick-1")
    shop.settle_on(slow, "slow")
    with Running(shop.workspace.root) as running:
        slow.between = pausing(running, 3)
        running.hello()
        while not running.engine.waiting.paused:
            running.ask("status")
        shop.use(running, quick, "quick")
        running.engine.waiting.resume()
        running.ask("flush")
        assert model(running)["name"] == "quick"
        assert len(slow.read) == 3
        shop.use(running, slow, "slow")
        shop.await_next(running)
        assert model(running)["name"] == "slow"
    assert len(slow.read) == 13


def test_a_damaged_next_model_leaves_the_vectors_that_answer(shop: Shop, static: Listening) -> None:
    encoder = Listening(chunk=1)
    with Running(shop.workspace.root) as running:
        running.index()
        turn_and_pause(shop, running, encoder, 5)
        assert running.shop.embedder.arrival is not None
        damaged = running.shop.embedder.arrival.vectors
    for file in (damaged.folder / f"{damaged.name}.lance").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0" * file.stat().st_size)
    static.read.clear()
    with Running(shop.workspace.root) as running:
        assert model(running)["name"] == "first"
        running.index()
        shop.await_next(running)
        assert model(running)["name"] == "listening"
    assert not static.read


def test_damage_to_the_vectors_that_answer_leaves_the_next_models(
    shop: Shop, static: Listening
) -> None:
    encoder = Listening(chunk=1)
    error = VectorsError("The vectors cannot be used.")
    with Running(shop.workspace.root) as running:
        running.index()
        turn_and_pause(shop, running, encoder, 5)
        running.engine.waiting.run_soon(lambda: running.engine.renew_vectors(error)).result(30)
        running.engine.waiting.resume()
        running.ask("flush")
        assert model(running)["name"] == "listening"
        assert running.ask("status")["pending"] == 0
    assert len(encoder.read) == 13


def test_the_users_own_settings_are_followed_unasked(workspace: Workspace) -> None:
    workspace.write("shop.py", SHOP)
    with Running(workspace.root) as running:
        running.index()
        write_user_setting("search.vectors", False)
        while model(running)["name"] != "none":
            assert running.ask("status")["state"] != "paused"
        write_user_setting("search.vectors", True)
        while model(running)["name"] != "static":
            assert running.ask("status")["state"] != "paused"
        running.ask("flush")
        assert running.ask("status")["pending"] == 0
