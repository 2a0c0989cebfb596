"""The tables. An index of another version is not carried over: it is made again from the files.

A file's rows hang on `files`, so that deleting a file's row deletes all that came from it. Rows of
an unsaved buffer are those of a file with a session number other than 0. Symbols refer to each
other by `uid`, which survives edits, never by row: so an edge into a file stays when it is parsed
again. Contents (source, facts, words) and passages (what has a vector) are stored once by their own
hash, outlive the files that had them, and are swept when nothing has used them for a while.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, get_args

from codearch.errors import UnusableStoreError
from codearch.facts import SymbolKind
from codearch.store.history_schema import HISTORY_TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.store.database import Connection

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE contents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: readers keep facts by it
    key BLOB NOT NULL UNIQUE,              -- hash of bytes, language and parser version
    used INTEGER NOT NULL,                 -- generation of the last use, for the sweep
    shape BLOB NOT NULL,                   -- hash of what resolution sees of it, and where
    packing INTEGER NOT NULL DEFAULT 0,    -- whose dictionaries it was packed by, 0 by none
    passages BLOB NOT NULL,                -- passage ids by symbol
    remarks BLOB NOT NULL,                 -- symbols with comments, declared names
    said BLOB NOT NULL,                    -- signature and summary of each symbol
    outline BLOB NOT NULL,                 -- what other files see of it
    words BLOB NOT NULL                    -- of its passages, then of its symbols' comments
);
-- What is long stands apart: few long rows would leave much of each page empty.
CREATE TABLE sources (
    content INTEGER PRIMARY KEY REFERENCES contents(id) ON DELETE CASCADE,
    source BLOB NOT NULL                   -- compressed UTF-8
);
CREATE TABLE parsed (
    content INTEGER PRIMARY KEY REFERENCES contents(id) ON DELETE CASCADE,
    facts BLOB NOT NULL                    -- FileFacts, without what the source says
);
CREATE INDEX contents_packing ON contents(packing);
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,                -- as compressed frames name it
    packing INTEGER NOT NULL,              -- grows with each time that they are made
    contents INTEGER NOT NULL,             -- that there were then
    form TEXT NOT NULL,                    -- column of contents, sources or parsed
    data BLOB NOT NULL                     -- compressed
);

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL DEFAULT 0,
    path TEXT NOT NULL,
    language TEXT NOT NULL,
    package TEXT NOT NULL,
    content INTEGER NOT NULL REFERENCES contents(id),
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    seen_ns INTEGER NOT NULL,              -- when it was read, to doubt equal times
    lines INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    generated INTEGER NOT NULL,
    test INTEGER NOT NULL,
    symbols INTEGER NOT NULL,              -- how many it has
    generation INTEGER NOT NULL,
    resolved INTEGER NOT NULL DEFAULT 0,   -- its imports and calls have been resolved
    checked INTEGER NOT NULL DEFAULT 0,    -- whether its findings are up to date, see below
    sought BLOB,                           -- words that rules sought in what imports it, in lines
    asking INTEGER NOT NULL DEFAULT 0,     -- history is to be asked of its comments and docs
    again TEXT NOT NULL DEFAULT '',        -- ids of rules whose findings an edit did not just move
    beyond TEXT,                           -- of those that look at other files; the rest have run
    UNIQUE (session, path)
);
CREATE INDEX files_content ON files(content);
CREATE INDEX files_package ON files(package) WHERE package <> '';
CREATE INDEX files_unresolved ON files(resolved) WHERE resolved = 0;
CREATE INDEX files_unchecked ON files(checked) WHERE checked <> 1;
CREATE INDEX files_asking ON files(asking) WHERE asking <> 0;

CREATE TABLE skipped (                     -- listed, but not worth indexing
    path TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    size INTEGER NOT NULL,                 -- -1 where the reason does not depend on the content
    mtime_ns INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE symbols (
    file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,             -- index into FileFacts.symbols
    uid INTEGER NOT NULL,
    parent INTEGER,                        -- uid
    name TEXT NOT NULL,
    container TEXT NOT NULL,
    kind INTEGER NOT NULL,                 -- place in SYMBOL_KINDS
    start_byte INTEGER NOT NULL, bytes INTEGER NOT NULL,
    line INTEGER NOT NULL, column INTEGER NOT NULL,
    breaks INTEGER NOT NULL, end_column INTEGER NOT NULL,        -- lines that follow the first
    named NOT NULL,                        -- where its name stands, see codearch.index.rows
    exported INTEGER NOT NULL,
    test INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    cyclomatic INTEGER, cognitive INTEGER, nesting INTEGER, code_lines INTEGER,
    body INTEGER NOT NULL,                 -- hash of its text, to know it again under another name
    PRIMARY KEY (file, position)
) WITHOUT ROWID;
CREATE INDEX symbols_uid ON symbols(uid);
CREATE INDEX symbols_name ON symbols(name COLLATE NOCASE);

CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: a vector left behind finds no text
    key INTEGER NOT NULL UNIQUE,           -- hash of the text
    embedded INTEGER NOT NULL DEFAULT 0    -- whether the present encoder's vector is there
);
CREATE INDEX passages_pending ON passages(id) WHERE embedded = 0;
CREATE TABLE holders (                     -- contents.passages the other way round
    passage INTEGER NOT NULL,
    content INTEGER NOT NULL,              -- deleted by the sweep: a reference would need an index
    position INTEGER NOT NULL,             -- of the symbol
    PRIMARY KEY (passage, content, position)
) WITHOUT ROWID;
CREATE TABLE terms (
    first INTEGER PRIMARY KEY,             -- number of the first of these words
    words BLOB NOT NULL                    -- that one commit brought, compressed
);

CREATE TABLE imports (
    file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,             -- index into FileFacts.imports, -1: used without one
    target INTEGER NOT NULL,               -- file: the one on disk where there is one
    deferred INTEGER NOT NULL,             -- type-only or inside a function
    PRIMARY KEY (file, position, target)
) WITHOUT ROWID;
CREATE INDEX imports_target ON imports(target);

CREATE TABLE calls (
    file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    target INTEGER NOT NULL,               -- uid
    start_byte INTEGER NOT NULL,
    kind INTEGER NOT NULL,                 -- place in CALL_KINDS
    source INTEGER NOT NULL,               -- uid
    line INTEGER NOT NULL, column INTEGER NOT NULL, columns INTEGER NOT NULL,
    confidence INTEGER NOT NULL,           -- percent
    PRIMARY KEY (file, target, start_byte, kind)
) WITHOUT ROWID;
CREATE TABLE called (                      -- which files have calls of a symbol
    target INTEGER NOT NULL,
    file INTEGER NOT NULL,                 -- a reference would need an index: see the trigger
    PRIMARY KEY (target, file)
) WITHOUT ROWID;
CREATE TRIGGER files_called BEFORE DELETE ON files BEGIN
    DELETE FROM called WHERE file = old.id
        AND target IN (SELECT target FROM calls WHERE file = old.id);
END;

CREATE TABLE asked (                       -- what a file's resolution asked the workspace
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows: who has read the rows so far reads on from here
    file INTEGER NOT NULL UNIQUE REFERENCES files(id) ON DELETE CASCADE,
    keys BLOB NOT NULL                     -- hashes of 24 bits
);

CREATE TABLE findings (
    id TEXT NOT NULL,
    file INTEGER REFERENCES files(id) ON DELETE CASCADE,  -- NULL for a finding of the project
    path TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity INTEGER NOT NULL,
    data BLOB NOT NULL,                    -- see codearch.index.found and project_findings
    generation INTEGER NOT NULL
);
CREATE INDEX findings_file ON findings(file);
CREATE INDEX findings_path ON findings(path);

CREATE TABLE extracts (                    -- of files, for rules that look at the whole workspace
    file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    rule INTEGER NOT NULL,                 -- see `rule_number`
    data BLOB NOT NULL,
    PRIMARY KEY (file, rule)
) WITHOUT ROWID;

CREATE TABLE questions (                   -- of rules on the whole workspace, for git's history
    rule INTEGER NOT NULL,
    key BLOB NOT NULL,
    question BLOB NOT NULL,                -- as the rule has it, empty once it is answered
    answer BLOB,                           -- NULL for none yet, empty where nothing is known
    PRIMARY KEY (rule, key)
) WITHOUT ROWID;
CREATE TABLE blames (path TEXT PRIMARY KEY, head TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE origins (                     -- what history said of a file's comments and docs
    path TEXT PRIMARY KEY,
    edition TEXT NOT NULL,                 -- of the file's past that was asked
    data BLOB NOT NULL                     -- see codearch.snapshot.origins
) WITHOUT ROWID;
"""

# In the column `checked`: not at all, wholly, or but for what its comments say.
UNCHECKED, CHECKED, COMMENTS_UNCHECKED = range(3)
SYMBOL_KINDS: tuple[SymbolKind, ...] = get_args(SymbolKind)
KIND_NUMBERS: dict[SymbolKind, int] = {kind: at for at, kind in enumerate(SYMBOL_KINDS)}
CALL_KINDS = ("call", "new", "macro", "decorator", "reference", "inherit", "test")
INHERIT = CALL_KINDS.index("inherit")
TEST = CALL_KINDS.index("test")  # the links begin at INHERIT: no calls

VERSION = 16  # grows with each change of the tables
APPLICATION_ID = 0x0C0DEA4C  # so that a foreign database in our place is recognised


_NAMES = frozenset(re.findall(r"^CREATE \w+ (\w+)", _TABLES + HISTORY_TABLES, re.MULTILINE))


def rule_number(rule: str) -> int:
    """Return what stands for a rule where a row would hold little else."""
    return zlib.crc32(rule.encode()) & 0x7FFF


def make_tables(connection: Connection, path: Path) -> bool:
    """Make the tables where there are none; return whether there were.

    Raises UnusableStoreError for a database of others, of another version, or of which tables are
    missing.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if names and application != APPLICATION_ID:
        message = f"The database {path} was not written by codearch."
        raise UnusableStoreError(message)
    if version not in {VERSION, 0}:
        message = f"The index {path} was written by another version of codearch."
        raise UnusableStoreError(message)
    if names and not names >= _NAMES:
        message = f"The index {path} lacks {', '.join(sorted(_NAMES - names))}."
        raise UnusableStoreError(message)
    if not names:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES}{HISTORY_TABLES}"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
        )
    return bool(names)
