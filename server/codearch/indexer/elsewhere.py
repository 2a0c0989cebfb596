"""Vectors that others have made: indexes beside ours on this machine, and the team's store.

They are asked in bulk alone. An edit's few vectors are made sooner than anybody could answer, and
what lies between two commits is of no use to a team.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.embedding.texts import text_key
from codearch.index.prepare import PARSER_VERSION
from codearch.indexer.texts import STEP_SECONDS, at_once, encoded
from codearch.store.siblings import Siblings
from codearch.store.team import Form, TeamVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.texts import Text
    from codearch.problems import Problem
    from codearch.settings import VectorsSettings
    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors

    Rows = dict[int, NDArray[np.float32]]

_LOOK_SECONDS = 0.02  # at whether something more urgent has come in
_AT_ONCE = 500  # numbers in one statement


class Made(NamedTuple):
    """Vectors by the numbers of their passages, and how many of them our encoder has made."""

    vectors: Rows
    embedded: int


class Elsewhere:
    """Gives the vectors of one encoder: others' where they have them, its own where they do not.

    `patient`: nothing answers by these vectors yet, so that what is on its way is waited for. Else
    only what is here by now is taken.
    """

    def __init__(  # noqa: PLR0913 - what others are known by
        self,
        connection: Connection,
        folder: Path,
        settings: VectorsSettings,
        encoder: Encoder,
        vectors: Vectors,
        *,
        patient: bool,
    ) -> None:
        self._db = connection
        self._encoder = encoder
        self._exact = vectors.stored == "float32"  # what a sibling gives may be rounded, else
        self._siblings = Siblings(folder, vectors, str(PARSER_VERSION))
        self._team: TeamVectors | None = None
        if settings.store:
            self._team = TeamVectors(settings, Form(encoder.id, encoder.dimension), folder)
        self._patient = patient
        self._bulk = patient
        self._asked = False

    def make(self, read: dict[int, Text], interrupted: Callable[[], bool]) -> Made:
        """Return vectors of some texts: of all there is time for that are not on their way."""
        self._bulk = self._bulk or len(read) >= at_once(self._encoder)
        if not self._bulk:
            made = encoded(self._encoder, read, interrupted)
            return Made(made, len(made))
        self._asked = True
        taken = self._beside(read)
        missing = {number: text for number, text in read.items() if number not in taken}
        if self._team is None:
            made = encoded(self._encoder, missing, interrupted)
            return Made(taken | made, len(made))
        keys = {number: text_key(self._encoder, text) for number, text in read.items()}
        given, coming = self._of_team(self._team, {at: keys[at] for at in missing}, interrupted)
        missing = {at: text for at, text in missing.items() if at not in given and at not in coming}
        made = encoded(self._encoder, missing, interrupted)
        exact = made | taken if self._exact else made
        if exact:
            self._team.remember([keys[at] for at in exact], np.stack(list(exact.values())))
        return Made(taken | given | made, len(made))

    def settle(self) -> None:
        """Take note that nothing waits any more: the bulk work, if any, is done."""
        if self._asked:
            self._siblings.close()
            if self._team is not None:
                self._team.settle()
            self._asked = self._patient = self._bulk = False

    def problems(self) -> list[Problem]:
        """Return what is off with the team's store."""
        return [] if self._team is None else self._team.problems()

    def close(self) -> None:
        """Let go of the others, and lay down what the team is to have; takes a second or two."""
        self._siblings.close()
        if self._team is not None:
            self._team.close()

    # --- inside ------------------------------------------------------------------------------

    def _beside(self, numbers: Iterable[int]) -> Rows:
        """Return the vectors that other indexes on this machine have."""
        ids = list(numbers)
        keys: dict[int, int] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            asked = f"SELECT key, id FROM passages WHERE id IN ({marks})"  # noqa: S608 - marks
            keys |= dict(self._db.execute(asked, some).fetchall())
        return {keys[key]: row for key, row in self._siblings.known(list(keys)).items()}

    def _of_team(
        self, team: TeamVectors, keys: dict[int, bytes], interrupted: Callable[[], bool]
    ) -> tuple[Rows, set[int]]:
        """Return the vectors that the team has, and what to leave for later, since it comes.

        Waits only where nothing else could be done, and not for long.
        """
        ends = time.monotonic() + STEP_SECONDS
        found = team.known(list(keys.values()))
        while self._patient and keys and len(found.coming) == len(set(keys.values())):
            if interrupted() or time.monotonic() > ends:
                break
            team.wait(_LOOK_SECONDS)
            found = team.known(list(keys.values()))
        rows = {at: found.vectors[key] for at, key in keys.items() if key in found.vectors}
        coming = {at for at, key in keys.items() if self._patient and key in found.coming}
        return rows, coming
