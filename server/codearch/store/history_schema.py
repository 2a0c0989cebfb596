"""The tables of git's history: what was committed, to which file under its present name, by whom.

They hang on nothing else: a file of the history need not be indexed, nor be there any more.
"""

from __future__ import annotations

HISTORY_TABLES = """
CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    written TEXT NOT NULL UNIQUE,          -- "name <email>" as commits have it
    name TEXT NOT NULL                     -- by the mailmap
);
CREATE TABLE commits (
    id INTEGER PRIMARY KEY,                -- grows as git lists them, the oldest first
    hash BLOB NOT NULL,
    time INTEGER NOT NULL,                 -- the committer's, seconds since the epoch
    author INTEGER NOT NULL,
    kind INTEGER NOT NULL,                 -- see codearch.history.kinds
    files INTEGER NOT NULL,                -- how many it touched
    subject TEXT NOT NULL
);
CREATE TABLE paths (
    id INTEGER PRIMARY KEY,
    name TEXT UNIQUE,                      -- that it has now; NULL where another file took it over
    shared INTEGER NOT NULL DEFAULT 0      -- commits that tell what it changes with
);
CREATE TABLE former (                      -- names that files had before
    name TEXT PRIMARY KEY,
    path INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE renames (
    commit_id INTEGER NOT NULL,
    path INTEGER NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    displaced INTEGER                      -- path whose name was `new`
);
CREATE INDEX renames_commit ON renames(commit_id);
CREATE TABLE changes (
    path INTEGER NOT NULL,
    commit_id INTEGER NOT NULL,
    added INTEGER NOT NULL,                -- lines, but for white space
    removed INTEGER NOT NULL,
    spaces INTEGER NOT NULL,               -- white space alone has changed
    PRIMARY KEY (path, commit_id)
) WITHOUT ROWID;
CREATE INDEX changes_commit ON changes(commit_id);
CREATE TABLE coupling (                    -- files that change together
    path INTEGER NOT NULL,
    other INTEGER NOT NULL,                -- the larger of both numbers
    count INTEGER NOT NULL,                -- common commits
    degree REAL NOT NULL,                  -- of the mean of both files' own
    PRIMARY KEY (path, other)
) WITHOUT ROWID;
CREATE INDEX coupling_other ON coupling(other);
CREATE TABLE studied (                     -- what rules found in old files, see codearch.trends
    key BLOB PRIMARY KEY,                  -- hash of rules and settings, blob and path
    day INTEGER NOT NULL,                  -- of writing, since the epoch
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX studied_day ON studied(day);
"""
