"""What the protocol has a request of its own for: one file a feature."""
