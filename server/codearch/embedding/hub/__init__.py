"""Models come into the user's data folder: fetched from a hub, or taken from a folder."""

from codearch.embedding.hub.choice import in_use, model_in_use, model_problems
from codearch.embedding.hub.installed import Manifest, artifacts, manifest, weights_folder

__all__ = [
    "Manifest",
    "artifacts",
    "in_use",
    "manifest",
    "model_in_use",
    "model_problems",
    "weights_folder",
]
