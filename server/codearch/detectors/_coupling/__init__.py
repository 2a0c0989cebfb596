"""How files hang together: in the code, and in what people change at once."""
