"""`python -m codearch`: the same as `codearch`."""

from codearch.cli import main

if __name__ == "__main__":
    main()
