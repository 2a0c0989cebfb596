"""The index on disk: SQLite is the truth, LanceDB a cache of vectors."""
