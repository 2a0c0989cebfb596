"""Licences: how they are named and granted, which go together, and what says so in a workspace."""
