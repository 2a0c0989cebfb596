"""What git knows: who wrote each line, how often files change, and which change together."""

from codearch.history.blame import Blame, Commit, blame, symbol_history
from codearch.history.git import find_git, git, head, touched
from codearch.history.newcode import EVERYTHING, Fork, NewCode, Novelty, fork_point, new_code
from codearch.history.repository import Repository, repository_at, repository_of

__all__ = [
    "EVERYTHING",
    "Blame",
    "Commit",
    "Fork",
    "NewCode",
    "Novelty",
    "Repository",
    "blame",
    "find_git",
    "fork_point",
    "git",
    "head",
    "new_code",
    "repository_at",
    "repository_of",
    "symbol_history",
    "touched",
]
