"""Counterprompt: read a picture's generation parameters, tell them from what it shows, tune the negative prompt, prove the gain."""

__version__ = "0.1.0"
