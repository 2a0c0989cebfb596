"""Rules are tested on workspaces in memory, whose imports the real resolver resolves."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "graph")]
