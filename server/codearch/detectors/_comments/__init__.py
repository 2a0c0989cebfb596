"""What comments say of the code beside them, and what that code says itself."""
