"""Readers of the texts that each program leaves in its pictures; registry.py holds the list."""
