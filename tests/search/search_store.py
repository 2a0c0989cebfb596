"""A store in a folder, written as the indexer writes it and read as it reads."""

import hashlib

from codearch.index.prepare import content_key, prepare
from codearch.index.writer import Incoming, Writer
from codearch.search import parse_query, search
from codearch.search.stored import StoredCatalogue
from codearch.settings import Settings
from codearch.snapshot import Reader, Snapshot
from codearch.store.database import FILE_NAME, connect_writer
from codearch.store.schema import make_tables


class Index:
    """A store, the catalogue over it, and a connection for each session that asks."""

    def __init__(self, folder):
        self.folder = folder
        connection = connect_writer(folder / FILE_NAME)
        make_tables(connection, folder / FILE_NAME)
        self.writer = Writer(connection)
        self.catalogue = StoredCatalogue()
        self.readers = {}

    def write(self, files, removed=(), session=0):
        self.writer.write([incoming(path, text) for path, text in files.items()], removed, session)

    def snapshot(self, session=0):
        if session not in self.readers:
            self.readers[session] = Reader(self.folder, self.folder, session)
        return Snapshot(self.readers[session], Settings())

    def found(self, query, session=0):
        with self.snapshot(session) as snapshot:
            view = self.catalogue.view(snapshot.connection, snapshot.generation)
            return search(view, snapshot, parse_query(query), 10)

    def warm(self, stop):
        with self.snapshot() as snapshot:
            return self.catalogue.warm(snapshot.connection, snapshot.generation, stop)

    def names(self, query, session=0):
        return [hit.symbol.name or hit.symbol.path for hit in self.found(query, session)]


def incoming(path, text):
    data = text.encode()
    key = content_key(data, "python")
    digest = hashlib.sha256(data).digest()
    return Incoming(
        path=path, language="python", key=key, digest=digest, size=len(data), mtime_ns=1,
        inode=1, seen_ns=2, test=path.startswith("tests/"), prepared=prepare(data, "python"),
    )  # fmt: skip
