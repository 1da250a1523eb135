"""Measures whether the miniature is a fit world to search in: each bar beside what the judge found."""
