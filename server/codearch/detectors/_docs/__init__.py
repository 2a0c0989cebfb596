"""What docs say of a function: one small parser a format, and what the function's source says."""
