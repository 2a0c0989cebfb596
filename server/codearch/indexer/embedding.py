"""Passages become vectors: those that wait for it, newest first, in small steps."""

from __future__ import annotations

import hashlib
import logging
import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.embedding.chosen import Chosen
from codearch.embedding.encoder import CodeEncoder
from codearch.errors import EncoderError, VectorsError
from codearch.indexer.arrival import Arrival
from codearch.indexer.elsewhere import Elsewhere
from codearch.indexer.flags import Flags
from codearch.indexer.texts import Texts, at_once
from codearch.settings import VectorsSettings
from codearch.store.processor import runs_lancedb
from codearch.store.vectors import drop, drop_others, drop_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.facts import Passage
    from codearch.indexer.elsewhere import Made
    from codearch.problems import Problem
    from codearch.store.database import Connection
    from codearch.store.vectors import Stored, Vectors

    Kept = Callable[[str, str], Encoder | None]  # by the model's name and the encoder's id

log = logging.getLogger(__name__)

_MOST_RENEWALS = 3  # in the life of a process: more would help nobody


class Answering(NamedTuple):
    """An encoder with its vectors; who asks takes both at once, since others may take over."""

    chosen: Chosen
    vectors: Vectors

    @property
    def encoder(self) -> Encoder:
        """The encoder of the vectors."""
        return self.chosen.encoder

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        rows = self.encoder.encode_queries([text])
        return rows.reshape(-1)


def none_kept(_name: str, _encoder: str) -> Encoder | None:
    """Return no encoder: none but the chosen one is here."""
    return None


class Embedder:
    """Keeps vectors in step with passages. `problem` says why there are none.

    Where another encoder is chosen than the vectors are of, these answer until the other has
    embedded as much; which one answers is in `meta`, so that it survives the process.
    """

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._db = connection
        self._flags = Flags(connection)
        self._folder = folder
        self._texts = Texts(connection)
        self._wanted: tuple[Chosen, Kept] | None = None
        self.answering: Answering | None = None
        self.arrival: Arrival | None = None  # what takes over next
        self.arrived = threading.Event()  # set where nothing is to take over
        self.awaited = True  # until the encoder has been loaded, or it is known that there is none
        self.problem = ""
        self.mend = ""
        self.renewed = ""  # why vectors that were there had to be made again
        self._renewals = 0
        self.embedded = 0  # passages, since the start
        self.taken = 0  # passages whose vectors others had made
        self.team = VectorsSettings()
        self.stored_as: Stored = "float32"
        self._elsewhere: Elsewhere | None = None  # what gives the vectors that are to answer

    # --- whose vectors they are --------------------------------------------------------------

    def do_without(self, problem: str, mend: str = "`codearch doctor` tells more.") -> None:
        """Use no encoder, so that words alone answer, and say why."""
        self.close()
        self.answering = None
        self._expect(None)
        self.awaited = False
        self.problem, self.mend = problem, mend

    def load(self, chosen: Chosen, kept: Kept = none_kept) -> None:
        """Begin to use an encoder; a failure leaves words alone, and says so.

        `kept` gives the encoder of the vectors that are there, which answer for the time being.
        """
        if not runs_lancedb():
            self.do_without("Vectors are not available: this processor has no AVX2.")
            return
        self._wanted = chosen, kept
        try:
            try:
                self._begin(chosen, kept)
            except VectorsError as error:
                self._say_renewed(error)
                drop(self._folder)
                self._begin(chosen, kept)
        except (ImportError, VectorsError, EncoderError) as error:
            self.do_without(f"Vectors are not available: {error}")
            return
        self.awaited = False
        self.problem = ""

    def close(self) -> None:
        """Let go of the vectors that others have made."""
        for each in self._all_others():
            each.close()
        self._elsewhere = None

    def renew(self, error: VectorsError) -> None:
        """Have the vectors that answer made again, since they cannot be used; words answer."""
        if self._wanted is None or self.answering is None:
            return
        self._renewals += 1
        if self._renewals > _MOST_RENEWALS:
            self.do_without(f"Vectors are not available: {error}")
            return
        self._drop(error, self.answering.chosen)
        self.close()
        self.answering, self.awaited = None, True  # until the loop has loaded it again

    def _begin(self, chosen: Chosen, kept: Kept) -> None:
        self.close()
        self._expect(None)
        former = self._former(chosen, kept)
        vectors = self._opened(chosen)
        if former is None:
            self._answer_by(Answering(chosen, vectors))
            return
        self.answering = former
        self._elsewhere = self._others(former, patient=False)
        others = self._others(Answering(chosen, vectors), patient=True)
        arrival = Arrival(self._db, chosen, vectors, others)
        if arrival.complete:
            self._take_over(arrival)
        else:
            self._expect(arrival)

    def _expect(self, arrival: Arrival | None) -> None:
        self.arrival = arrival
        if arrival is None:
            self.arrived.set()
        else:
            self.arrived.clear()

    def _former(self, chosen: Chosen, kept: Kept) -> Answering | None:
        """Return what has vectors here and is not what was chosen, if it can still answer.

        One that never had all is not waited for: a slow one might take hours to get there.
        """
        name, identity = self._flags.model, self._flags.encoder
        if identity in ("", chosen.encoder.id) or identity != self._flags.whole:
            return None
        if self.answering is not None and self.answering.encoder.id == identity:
            former = self.answering.chosen
        else:
            encoder = kept(name, identity)
            if encoder is None:
                return None
            former = Chosen(name, encoder)
        vectors = self._opened(former)
        self._flags.reconcile(vectors)
        return Answering(former, vectors) if self._flags.flagged() else None

    def _answer_by(self, answering: Answering) -> None:
        """Have an encoder answer with the vectors that it has."""
        if self._flags.encoder == answering.encoder.id:
            self._flags.reconcile(answering.vectors)
        else:
            self._flags.turn_to(answering.chosen, map(int, answering.vectors.ids()))
        self._change_to(answering, self._others(answering, patient=not self._flags.flagged()))

    def _take_over(self, arrival: Arrival) -> None:
        """Have the encoder answer that has arrived; the vectors of the one before are kept."""
        before = self.answering
        now = Answering(arrival.chosen, arrival.vectors)
        self._flags.turn_to(arrival.chosen, arrival.made)
        self._flags.note_whole(now.encoder.id)
        if self._elsewhere is not None:
            self._elsewhere.close()
        arrival.elsewhere.settle()
        self._change_to(now, arrival.elsewhere)
        names = {one.vectors.name for one in (before, now) if one is not None}
        drop_others(now.vectors.folder, names)
        self._expect(None)

    def _change_to(self, answering: Answering, elsewhere: Elsewhere) -> None:
        self.answering, self._elsewhere = answering, elsewhere
        if isinstance(answering.encoder, CodeEncoder):
            self._texts.forget()  # it reads more than the passages that were kept

    def _others(self, answering: Answering, *, patient: bool) -> Elsewhere:
        """Return what gives an encoder's vectors, others' or its own."""
        chosen, vectors = answering
        return Elsewhere(
            self._db, self._folder.parent, self.team, chosen.encoder, vectors, patient=patient
        )

    def _opened(self, chosen: Chosen) -> Vectors:
        """Return the vectors of an encoder, none where they cannot be read; others' stay."""
        try:
            return self._readable(chosen)
        except VectorsError as error:
            self._drop(error, chosen)
            return self._readable(chosen)

    def _readable(self, chosen: Chosen) -> Vectors:
        from codearch.store.vectors import Vectors  # noqa: PLC0415 - lancedb costs 1.5 s

        dimension = chosen.encoder.dimension
        vectors = Vectors(self._tables(), _table(chosen), dimension, stored=self.stored_as)
        vectors.ids()  # raises what damage would raise later
        return vectors

    def _tables(self) -> Path:
        # A database that was begun anew has another name, so old vectors are never taken for its.
        return self._folder / self._flags.store

    def _drop(self, error: VectorsError, chosen: Chosen) -> None:
        self._say_renewed(error)
        drop_table(self._tables(), _table(chosen))
        self._flags.forget_whole(chosen.encoder.id)

    def _say_renewed(self, error: VectorsError) -> None:
        log.warning("the vectors are made again: %s", error.message)
        self.renewed = f"{error.message} They were made again."

    @property
    def known_model(self) -> str:
        """The name of the model that the vectors here are of, nothing where there are none."""
        return self._flags.model

    # --- what is embedded --------------------------------------------------------------------

    def remember(self, fresh: dict[int, Passage]) -> None:
        """Keep the texts of passages just written, which saves reading them again."""
        if self.answering is None or not isinstance(self.answering.encoder, CodeEncoder):
            self._texts.keep(fresh)

    @property
    def crowded(self) -> bool:
        """Whether texts that wait to be embedded take much memory."""
        return self.answering is not None and self._texts.many

    def forgo(self) -> None:
        """Forget texts that wait, which takes memory; they are made again when it is their turn."""
        self._texts.forget()

    def pending(self) -> int:
        """Return how many symbols wait for a vector; 0 where none can be made."""
        if self.answering is None and not self.awaited:
            return 0
        return self._flags.symbols_waiting()

    def waiting(self) -> int:
        """Return how many passages have no vector."""
        return self._flags.waiting()

    def step(self, interrupted: Callable[[], bool] = lambda: False) -> int:
        """Embed the next passages; return how many, 0 when nothing waits.

        A step takes some 100 ms, so that an edit never waits long; that of a slow encoder ends
        early if something more urgent has come in.
        """
        if self.answering is None or self._elsewhere is None:
            return 0
        encoder, vectors = self.answering.encoder, self.answering.vectors
        ids = self._flags.next(at_once(encoder))
        if not ids:
            self._texts.forget()
            self._elsewhere.settle()
            self._flags.note_whole(encoder.id)
            return 0
        read = self._texts.read(encoder, ids)
        made = self._elsewhere.make(read, interrupted)
        if made.vectors:
            vectors.upsert(list(made.vectors), np.stack(list(made.vectors.values())))
        self._texts.put_back({at: text for at, text in read.items() if at not in made.vectors})
        lost = [number for number in ids if number not in read]
        self._flags.mark([*made.vectors, *lost])
        self._count(made)
        return len(made.vectors) + len(lost) or 1  # something waits, if only for the team's store

    def _count(self, made: Made) -> None:
        self.embedded += made.embedded
        self.taken += len(made.vectors) - made.embedded

    def arrive(self, interrupted: Callable[[], bool]) -> bool:
        """Embed some passages by the next encoder, which answers once it has all.

        Returns whether there was one. What its vectors fail by leaves those that answer alone.
        """
        arrival = self.arrival
        if arrival is None:
            return False
        try:
            self._count(arrival.step(self._texts, interrupted))
            if arrival.complete:
                self._take_over(arrival)
        except (VectorsError, EncoderError) as error:
            self._give_up(arrival, error)
        return True

    def _give_up(self, arrival: Arrival, error: VectorsError | EncoderError) -> None:
        log.warning("another model cannot be used: %s", error.message)
        arrival.elsewhere.close()
        self._expect(None)
        name = self.answering.chosen.name if self.answering is not None else "nothing"
        self.problem = f"The embedding model {arrival.chosen.name} cannot be used: {error}"
        self.mend = f"{name} goes on answering; `codearch models use {name}` keeps it so."

    def team_problems(self) -> list[Problem]:
        """Return what is off with the team's store of vectors."""
        found = [problem for each in self._all_others() for problem in each.problems()]
        return list(dict.fromkeys(found))

    def _all_others(self) -> list[Elsewhere]:
        found = [self._elsewhere, self.arrival.elsewhere if self.arrival else None]
        return [each for each in found if each is not None]

    # --- upkeep ------------------------------------------------------------------------------

    def index(self) -> bool:
        """Index the vectors when they have become many; return whether it was done."""
        if self.answering is None or not self.answering.vectors.wants_index:
            return False
        self.answering.vectors.compact()
        return True

    def maintain(self) -> bool:
        """Keep the vectors small and fast to search; return whether more is to be done."""
        if self.answering is None:
            return False
        vectors = self.answering.vectors
        if vectors.wants_compaction:
            vectors.compact()
            return True
        return False

    def clean(self) -> bool:
        """Free the room of vectors that were replaced, once nobody reads them; say whether so."""
        return self.answering is not None and self.answering.vectors.clean()

    def forget(self, passages: list[int]) -> None:
        """Forget the vectors of passages that nothing holds any more."""
        if self.answering is not None:
            self.answering.vectors.delete(passages)
        if self.arrival is not None:
            try:
                self.arrival.vectors.delete(passages)
            except VectorsError as error:
                self._give_up(self.arrival, error)


def _table(chosen: Chosen) -> str:
    """Return the name of the table of an encoder's vectors."""
    return f"passages_{hashlib.sha256(chosen.encoder.id.encode()).hexdigest()[:16]}"
