"""Everything that the indexer works with, opened together and rebuilt together."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from codearch.detectors import known_rules
from codearch.embedding.chosen import Chosen, chosen_encoder, encoder_of
from codearch.errors import EncoderError, UnusableStoreError
from codearch.index.content import stamp_of
from codearch.index.prepare import PARSER_VERSION
from codearch.index.repacking import Repacker
from codearch.index.sweep import sweep
from codearch.index.writer import Writer
from codearch.indexer import checking, detecting
from codearch.indexer.embedding import Embedder
from codearch.indexer.heap import give_back_memory
from codearch.indexer.intake import Intake
from codearch.indexer.power import WAITING, Power
from codearch.indexer.progress import Progress
from codearch.indexer.readers import Readers
from codearch.indexer.remembering import Memory
from codearch.indexer.workers import Workers, worker_count
from codearch.problems import WARNING, Problem
from codearch.search.stored import StoredCatalogue
from codearch.settings import (
    SETTINGS_FILES,
    LoadedSettings,
    load_settings,
    user_settings_file,
)
from codearch.store import vectors
from codearch.store.database import (
    FILE_NAME,
    inode_of,
    shorten_log,
    transaction,
    translated,
    trim,
)
from codearch.store.opening import discard_store, forget_discarded, leave_store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.settings import Settings
    from codearch.watch import Watcher

log = logging.getLogger(__name__)

VECTORS_FOLDER = "vectors"
_FEW_TEXTS = 256  # more than an edit changes; embedded at once also on the battery


class Workshop:
    """The store and the tools upon it. Only the engine's thread changes anything here."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.path = folder / FILE_NAME
        self.loop_readers = Readers(folder, root)
        self.search_readers = Readers(folder, root)  # a search never waits for the loop
        self.client_settings: dict[str, Any] = {}
        self.catalogue = StoredCatalogue()
        self._catalogued = -1  # the generation that searches need not wait for
        self.notes: list[Problem] = []  # what happened to the store, once
        self.progress = Progress()
        self.watcher: Watcher | None = None
        self.wake: Callable[[], None] = lambda: None  # tells the engine that workers have finished
        self.power = Power()
        self.awaited: Callable[[], bool] = lambda: False  # whether somebody waits for all of it
        self.urged = 0  # sessions that wait for the next model
        self.chosen: Chosen | None = None  # until the encoder has been loaded
        self._user_settings = stamp_of(user_settings_file())
        self.loaded: LoadedSettings = self._load_settings()
        self._inode = 0
        self.workers = Workers(worker_count(self.settings.index.workers))
        self._open()

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.loaded.settings

    # --- opening, closing, rebuilding --------------------------------------------------------

    def _open(self) -> None:
        """Open the store and the tools upon it; one that cannot be used is made anew, once."""
        try:
            with translated(self.path):
                self._equip()
        except UnusableStoreError as error:
            log.warning("%s", error.message)
            self.notes.append(Problem(WARNING, f"{error.message} It was rebuilt."))
            discard_store(self.path)
            vectors.drop(self.folder / VECTORS_FOLDER)
            self._equip()
        self._inode = inode_of(self.path)
        forget_discarded(self.path)
        vectors.drop_other_stores(self.folder / VECTORS_FOLDER, self._store)

    def _equip(self) -> None:
        self.connection = open_store(self.path)
        try:
            self._tidy()
            detecting.forget_others_findings(self.connection, self.settings)
            self.writer = Writer(self.connection, checking.is_carried)
            self.repacker = Repacker(self.connection)
            self.embedder = Embedder(self.connection, self.folder / VECTORS_FOLDER)
            self.memory = Memory(self.connection, self.root)
            self.intake = Intake(self)
        except BaseException:
            self.connection.close()
            raise

    def _tidy(self) -> None:
        """Forget what the last process had for its sessions, or read in another way."""
        connection = self.connection
        with transaction(connection):
            connection.executemany(
                "INSERT OR IGNORE INTO meta VALUES (?, ?)",
                [("store", uuid.uuid4().hex), ("root", str(self.root))],
            )
            noted = dict(connection.execute("SELECT key, value FROM meta").fetchall())
            if noted["root"] != str(self.root):
                message = f"The index {self.path} is that of {noted['root']}."
                raise UnusableStoreError(message)
            self._store = noted["store"]
            connection.execute("DELETE FROM files WHERE session <> 0")
            row = connection.execute("SELECT value FROM meta WHERE key = 'parser'").fetchone()
            if row is None or row[0] != str(PARSER_VERSION):
                # What another version parsed is read again, whatever its times say.
                connection.execute("UPDATE files SET mtime_ns = -1")
                connection.execute("DELETE FROM skipped")
                connection.execute(
                    "INSERT OR REPLACE INTO meta VALUES ('parser', ?)", (str(PARSER_VERSION),)
                )

    @property
    def lost(self) -> bool:
        """Whether somebody has deleted or replaced the store below us; asked by any thread."""
        ours = self._inode
        return ours not in (0, inode_of(self.path)) and ours == self._inode

    def close(self) -> None:
        """Leave the store as one that was left in order."""
        self.workers.end()
        self.memory.close()
        self.embedder.close()
        self.close_readers()
        if self.lost:
            self.connection.close()
        else:
            leave_store(self.connection, self.path)

    def close_readers(self) -> None:
        """Give back all read connections, as soon as nobody reads by them."""
        self.loop_readers.close()
        self.search_readers.close()
        self.catalogue.forget()

    def rebuild(self, reason: str = "") -> None:
        """Forget the whole index and begin anew; what people wrote does not lie in it."""
        log.warning("the index is rebuilt: %s", reason or "on request")
        self._inode = 0  # what is gone for a moment is not lost
        ignore = self.intake.ignore
        self.workers.close()
        self.memory.close()
        self.embedder.close()
        self.close_readers()
        self.connection.close()
        discard_store(self.path)
        vectors.drop(self.folder / VECTORS_FOLDER)
        if reason:
            self.notes.append(Problem(WARNING, f"{reason} It was rebuilt."))
        self._open()
        self.intake.ignore = ignore  # the watcher goes by the same rules

    def uses(self, inode: int) -> bool:
        """Say whether the store in use is the file of this inode."""
        return inode == self._inode

    def holds(self, work: str) -> bool:
        """Say whether a kind of the loop's work waits: the machine runs on its battery.

        What somebody waits for never does.
        """
        if work not in WAITING[self.settings.indexer.on_battery]:
            return False
        return self.power.on_battery and not (self.urged or self.awaited())

    @property
    def holds_vectors(self) -> bool:
        """Whether vectors wait for power: not those of an edit, unless many wait before them."""
        return self.holds("embed") and self.embedder.waiting() > _FEW_TEXTS

    def load_encoder(self) -> None:
        """Begin to use the encoder that the settings name, if vectors are wanted."""
        if not self.settings.search.vectors:
            self.embedder.do_without("Vectors are switched off by search.vectors.")
            return
        try:
            self.chosen = chosen_encoder(self.settings)
        except EncoderError as error:
            self.embedder.do_without(f"Vectors are not available: {error.message}", error.mend)
            return
        settings = self.settings
        self.embedder.team = settings.vectors
        self.embedder.stored_as = settings.model.stored_as
        self.embedder.load(self.chosen, lambda name, identity: encoder_of(identity, name, settings))

    # --- settings ----------------------------------------------------------------------------

    def _load_settings(self) -> LoadedSettings:
        known = known_rules()
        return load_settings(self.root, client=self.client_settings, known_rules=known)

    def wants_new_settings(self, paths: list[str]) -> bool:
        """Say whether one of these files holds settings."""
        return not SETTINGS_FILES.isdisjoint(paths)

    @property
    def unwatched_files_changed(self) -> bool:
        """Whether a file that no watch covers is another than was read.

        Those are the user's own: the settings, and git's configuration and ignore file.
        """
        return stamp_of(user_settings_file()) != self._user_settings or self.intake.ignore.outdated

    def reload(self) -> None:
        """Read the settings again, and have done anew what they change."""
        self._user_settings = stamp_of(user_settings_file())
        before, self.loaded = self.loaded, self._load_settings()
        if before.settings == self.settings:
            if self.intake.ignore.outdated:
                self.intake.ignore.heed()
                self._renew_watches()
            return
        detecting.forget_others_findings(self.connection, self.settings)
        self.intake.configure()
        if _encoding(before.settings) != _encoding(self.settings):
            self.load_encoder()
        self._renew_watches()

    def _renew_watches(self) -> None:
        if self.watcher is not None:
            self.watcher.rules_changed()

    # --- settling and housekeeping -----------------------------------------------------------

    def settled(self) -> None:
        """Note that nothing waits: give up what only bulk work needs."""
        self.workers.close()
        shorten_log(self.connection, self.path)
        self.progress.end()

    def keep_house(self, interrupted: Callable[[], bool]) -> bool:
        """Do one piece of upkeep; return whether there was one."""
        generation = self.writer.generation()
        if generation != self._catalogued:
            if self.catalogue.warm(self.connection, generation, interrupted):
                self._catalogued = generation
            return True
        done = (
            self.embedder.maintain()
            or sweep(self.connection, self.embedder.forget)
            or self.repacker.step()
            or trim(self.connection)
        )
        if not done:
            give_back_memory()
        return done


def _encoding(settings: Settings) -> tuple[object, bool, object]:
    """Return the settings that decide on the encoder, and on whose vectors are taken."""
    return settings.model, settings.search.vectors, settings.vectors
