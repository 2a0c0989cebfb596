"""The one door to S3: a bucket of Amazon's, or of any server that speaks its protocol.

Every request ends within `PATIENCE_SECONDS` (to put something there takes four times as long at
most), also one whose answer comes in drops. Who we are is
found as all programs of Amazon's find it (environment, `~/.aws`, the machine's role): no key ever
stands in a setting.
"""

from __future__ import annotations

import contextlib
import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from codearch.errors import AbsentError, RefusedError, TeamStoreError
from codearch.store.team.places import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 15.0
CONNECT_SECONDS = 5
_EXTRA = 'pip install "codearchaeologist[remote]"'


class BucketPlace:
    """A bucket, or the part of it below a prefix. Made without asking the server anything."""

    def __init__(self, where: str, endpoint: str) -> None:
        try:
            import s3fs  # noqa: PLC0415 - an extra, and half a second
        except ImportError as error:
            message = f"The team's vectors in {where} need a package that is not there: {error}."
            raise TeamStoreError(message, mend=f"{_EXTRA} brings it.") from error
        self.name = where
        self._root = where.removeprefix(BUCKET).strip("/")
        if not self._root:
            message = f"`vectors.store` is {where!r}, which names no bucket."
            raise TeamStoreError(message, mend=f"Give {BUCKET}bucket/prefix.")
        if endpoint:
            _must_be_encrypted(endpoint)
        self._patience = PATIENCE_SECONDS
        self._checked = False
        self._disk: Any = s3fs.S3FileSystem(
            endpoint_url=endpoint or None,
            skip_instance_cache=True,
            use_listings_cache=False,
            config_kwargs={
                "connect_timeout": CONNECT_SECONDS,
                "read_timeout": PATIENCE_SECONDS,
                "retries": {"total_max_attempts": 2},
            },
        )
        self._disk.retries = 1  # of its own: what fails is left alone for a while instead

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects in a folder."""
        try:
            found: list[str] = self._asked("_ls", self._path(folder), detail=False, refresh=True)
        except AbsentError:
            return []
        return [one.rpartition("/")[2] for one in found]

    def read(self, path: str, most: int) -> bytes:
        """Return an object; of one that is too long no more than a byte too much comes."""
        try:
            data: bytes = self._asked("_cat_file", self._path(path), start=0, end=most + 1)
        except _EmptyError:
            return b""
        if len(data) > most:
            message = f"{path.rpartition('/')[2]} is much longer than its kind is."
            raise RefusedError(message)
        return data

    def write(self, path: str, data: bytes) -> None:
        """Put an object there; S3 shows it when all of it has come."""
        self._asked("_pipe_file", self._path(path), data, patience=4 * self._patience)

    def delete(self, path: str) -> None:
        """Take an object away."""
        with contextlib.suppress(AbsentError):
            self._asked("_rm_file", self._path(path))

    # --- inside ------------------------------------------------------------------------------

    def _path(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _asked(
        self, method: str, *arguments: Any, patience: float | None = None, **options: Any
    ) -> Any:
        """Return what a method of s3fs does, which has so many seconds for it and no more."""
        from fsspec.asyn import sync  # noqa: PLC0415 - comes with s3fs

        loop, patience = self._disk.loop, patience or self._patience
        with self._translated():
            if not self._checked:
                # Amazon's own configuration may name an address that no setting of ours does.
                client = sync(loop, self._disk.set_session, timeout=patience)
                _must_be_encrypted(client.meta.endpoint_url)
                self._checked = True
            return sync(loop, getattr(self._disk, method), *arguments, timeout=patience, **options)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

        try:
            yield
        except FileNotFoundError as error:
            message = f"The team's vectors in {self.name} are not there: {error}."
            if _code(error) == "NoSuchBucket":
                raise TeamStoreError(message, mend="Make the bucket.") from error
            raise AbsentError(message) from error
        except TimeoutError as error:
            message = f"The team's vectors in {self.name} do not come in time."
            raise TeamStoreError(message) from error
        except PermissionError as error:
            message = f"The team's vectors in {self.name} are not for us: {error}."
            mend = "Look at the keys in your environment or ~/.aws, and at what they allow."
            raise TeamStoreError(message, mend=mend) from error
        except (OSError, ValueError, BotoCoreError, ClientError) as error:
            if _code(error) == "InvalidRange":
                raise _EmptyError from error
            reason = str(error).strip(" .") or type(error).__name__
            message = f"The team's vectors in {self.name} cannot be reached: {reason}."
            raise TeamStoreError(message) from error


class _EmptyError(TeamStoreError):
    """An object without a single byte, of which no first bytes can be had."""

    def __init__(self) -> None:
        super().__init__("The object is empty.")


def _code(error: BaseException) -> str:
    """Return what S3 itself calls an error, "" where it was not S3 that complained."""
    said = getattr(error.__cause__ or error, "response", None) or {}
    return str(said.get("Error", {}).get("Code", ""))


def _must_be_encrypted(endpoint: str) -> None:
    """Raise TeamStoreError for an address that anybody on the way could read along, or change."""
    parts = urlsplit(endpoint)
    if parts.username is not None:
        message = "`vectors.endpoint` holds a name or a password, which belong into ~/.aws."
        raise TeamStoreError(message, mend="Leave them out of the address.")
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _is_this_machine(parts.hostname or ""):
        return
    message = f"{endpoint} is not encrypted: the team's vectors are neither sent nor taken there."
    raise TeamStoreError(message, mend="Give an address that begins with https://.")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
