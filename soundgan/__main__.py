"""Run the command line as ``python -m soundgan``."""

from soundgan.cli.app import main

if __name__ == "__main__":
    main()
