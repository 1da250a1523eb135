"""Counterprompt reads a picture's generation parameters, tells them from what it shows, and tunes the negative prompt."""

__version__ = "0.1.0"
