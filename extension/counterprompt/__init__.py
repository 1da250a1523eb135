"""Counterprompt reads a picture's parameters, tells them from what it shows, and tunes the negative prompt."""

__version__ = "0.1.0"
