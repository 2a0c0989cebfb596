"""The indexer: one process a root that writes the index, and how others reach it."""
