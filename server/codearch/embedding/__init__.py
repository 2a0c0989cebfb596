"""Vectors of code and of questions: what is embedded, by what, and under which key."""
