"""`python -m codearch.indexer ROOT`: the indexer process of one root.

Each worker imports this module again as it starts, so it imports nothing before it is run.
"""

if __name__ == "__main__":
    import sys
    from pathlib import Path

    from codearch.indexer.process import run

    run(Path(sys.argv[1]))
