"""Vectors of code and of questions: what is embedded, by what, and under which key."""

from codearch.embedding.encoder import Encoder
from codearch.embedding.passage import key, passages
from codearch.embedding.shipped import shipped_encoder

__all__ = ["Encoder", "key", "passages", "shipped_encoder"]
