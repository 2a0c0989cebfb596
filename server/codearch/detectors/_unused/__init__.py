"""Finding symbols that nothing uses: who mentions what, and what can be reached."""
