"""The indexer: one process a root that writes the index, and the client by which others reach it."""
