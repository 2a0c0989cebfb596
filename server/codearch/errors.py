"""Every error that a user may see: a sentence that says what is wrong, where, and what to do."""

import errno

# What the process or the system lacks for the moment, whatever file it is about.
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class CodearchError(Exception):
    """The root of all errors of our own; its text is shown to the user as it is."""

    exit_code = 3

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class UsageError(CodearchError):
    """The caller's argument cannot be obeyed; `field` names it."""

    exit_code = 2

    def __init__(self, message: str, *, field: str = "", mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.field = field


class SettingsError(UsageError):
    """A settings file that cannot be read at all."""


class StoreError(CodearchError):
    """The index on disk cannot be used as it is."""


class EncoderError(CodearchError):
    """An embedding model cannot be loaded or run."""


class ModelError(CodearchError):
    """An embedding model cannot be fetched, or is not what it should be."""


class VectorsError(StoreError):
    """The vectors on disk cannot be read or written; they can be made again from the index."""


class TeamStoreError(StoreError):
    """A team's store of vectors cannot be used, or does not answer in time."""


class AbsentError(TeamStoreError):
    """A team's store has no object of that name."""


class RefusedError(TeamStoreError):
    """An object of a team's store is not what its name says, and is never to be used."""


class UnusableStoreError(CodearchError):
    """The index on disk is damaged, foreign or of another version: only a rebuild helps.

    `inode` tells which file was read, since another may have taken its place by now.
    """

    def __init__(self, message: str, *, mend: str = "", inode: int = 0) -> None:
        super().__init__(message, mend=mend)
        self.inode = inode


class IndexerError(CodearchError):
    """The indexer process cannot be reached, or refused a request."""


class IndexerLostError(IndexerError):
    """The indexer process ended, or went out of reach, before it answered."""


class IndexerStartError(IndexerError):
    """The indexer process ended, or said nothing, while it was being started."""


class PausedError(IndexerError):
    """Somebody has paused the index, so what was asked for would never end."""


class GitError(CodearchError):
    """Git is missing or failed; callers go on without history."""


class Cancelled(CodearchError):  # noqa: N818 - it is a signal, not a fault
    """The request was cancelled by whoever asked."""

    exit_code = 130
