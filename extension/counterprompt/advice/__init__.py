"""Embedded prompt, reverse tags or a merge: rules, resources and reasons."""
