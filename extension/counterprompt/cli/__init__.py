"""The command line: the headless door."""
