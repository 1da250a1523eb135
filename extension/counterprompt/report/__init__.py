"""The report: one page to look at and the JSON beside it."""
