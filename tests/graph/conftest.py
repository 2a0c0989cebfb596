"""Tests of the code graph read their sources from strings, as a workspace in memory."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
