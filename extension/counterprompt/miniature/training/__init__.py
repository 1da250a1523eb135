"""The scripts that trained the shipped weights; `python -m counterprompt.miniature.training --help` runs them again."""
