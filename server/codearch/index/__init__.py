"""From changed files to rows: what is indexed, prepared, given an identity, written, resolved."""
