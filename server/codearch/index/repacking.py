"""At leisure contents are packed again with dictionaries, which hold what their files share.

Most files are small, and alone compress badly. The dictionaries are made of the contents
themselves and kept beside them. Every step is one short commit that leaves each content readable,
and what there is to do stands in the rows: so a process may be killed at any point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.index.compression import Packer, compress, decompress, number_of, trained
from codearch.index.contents import readable
from codearch.store.database import transaction

if TYPE_CHECKING:
    from codearch.store.database import Connection

FEWEST = 200  # contents that are worth dictionaries
_GROWN = 4  # times as many contents as the dictionaries were made for: others are due
_LOOSE = 100  # contents that wait, before it is worth a commit
_CONTENTS_A_STEP = 20  # some 10 ms, which an edit may have to wait
MOST_BYTES = {  # of each dictionary, by what it is for
    "source": 512 << 10,
    "facts": 512 << 10,
    "words": 256 << 10,
    "outline": 128 << 10,
    "said": 128 << 10,
}
_TABLES = {"source": "sources", "facts": "parsed"}  # that do not stand in contents
_SHARE = 24  # of all that it is made for a dictionary may be this part
_SAMPLES = 2_000
_SAMPLE_BYTES, _SAMPLED_BYTES = 32 << 10, 6 << 20  # of one content, of all


class _Newest(NamedTuple):
    """The dictionaries that contents are packed by, and how many contents they were made for."""

    packing: int
    contents: int


class Repacker:
    """Packs the contents of one store again. Only the indexer's main thread holds one."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._trained: dict[str, bytes] = {}  # until all are
        self._packers: dict[str, Packer] = {}  # while there is something to pack

    def step(self) -> bool:
        """Do a bit of what there is to do; return whether there was anything."""
        newest = self._newest()
        contents = self._count("SELECT count(*) FROM contents")
        if contents >= max(FEWEST, _GROWN * newest.contents):
            self._renew(_Newest(newest.packing + 1, contents))
            return True
        if not newest.packing:
            return False
        replaced = self._count(
            "SELECT count(*) FROM dictionaries WHERE packing < ?", newest.packing
        )
        loose = self._count("SELECT count(*) FROM contents WHERE packing < ?", newest.packing)
        if not (replaced or loose >= _LOOSE or (loose and self._packers)):
            self._packers.clear()
            return False
        with transaction(self._db):
            if loose:
                self._repack(newest.packing)
            else:
                self._db.execute("DELETE FROM dictionaries WHERE packing < ?", (newest.packing,))
        return True

    def _newest(self) -> _Newest:
        row = self._db.execute(
            "SELECT packing, contents FROM dictionaries ORDER BY packing DESC LIMIT 1"
        ).fetchone()
        return _Newest(*row) if row else _Newest(0, 0)

    def _renew(self, newest: _Newest) -> None:
        """Make one dictionary more of those that are due; store them when all are made."""
        form = next(each for each in MOST_BYTES if each not in self._trained)
        self._trained[form] = self._dictionary(form, newest.contents)
        if len(self._trained) < len(MOST_BYTES):
            return
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO dictionaries VALUES (?, ?, ?, ?, ?)",
                [
                    (number_of(data), *newest, form, compress(data))
                    for form, data in self._trained.items()
                ],
            )
            self._db.execute("DELETE FROM meta WHERE key = 'packed'")  # pages become half empty
        self._trained.clear()
        self._packers.clear()

    def _dictionary(self, form: str, contents: int) -> bytes:
        """Return a dictionary of contents from all over the store."""
        numbers = [row[0] for row in self._db.execute("SELECT id FROM contents")]
        chosen = numbers[:: max(1, len(numbers) // _SAMPLES)]
        samples: list[bytes] = []
        left, whole = _SAMPLED_BYTES, 0
        for number in chosen:
            sample = self._read(form, number)
            whole += len(sample)
            samples.append(sample[:_SAMPLE_BYTES])
            left -= len(samples[-1])
            if left <= 0:
                break
        share = whole * contents // (len(samples) * _SHARE)
        return trained(samples, min(MOST_BYTES[form], share))

    def _repack(self, packing: int) -> None:
        """Pack some contents by the newest dictionaries; within a transaction."""
        if not self._packers:
            made = self._db.execute(
                "SELECT form, data FROM dictionaries WHERE packing = ?", (packing,)
            )
            with readable():
                self._packers = {form: Packer(decompress(data)) for form, data in made}
        rows = self._db.execute(
            "SELECT id FROM contents WHERE packing < ? LIMIT ?", (packing, _CONTENTS_A_STEP)
        ).fetchall()
        for (number,) in rows:
            packed: dict[str, object] = {"packing": packing}
            for form, packer in self._packers.items():
                frame = packer.pack(self._read(form, number))
                if form not in _TABLES:
                    packed[form] = frame
                    continue
                self._db.execute(
                    f"UPDATE {_TABLES[form]} SET {form} = ? WHERE content = ?", (frame, number)
                )
            settings = ", ".join(f"{column} = ?" for column in packed)
            self._db.execute(
                f"UPDATE contents SET {settings} WHERE id = ?", (*packed.values(), number)
            )

    def _read(self, form: str, content: int) -> bytes:
        table, key = (_TABLES[form], "content") if form in _TABLES else ("contents", "id")
        (frame,) = self._db.execute(
            f"SELECT {form} FROM {table} WHERE {key} = ?", (content,)
        ).fetchone()
        with readable():
            return decompress(frame, self._db)

    def _count(self, query: str, *values: int) -> int:
        return int(self._db.execute(query, values).fetchone()[0])
