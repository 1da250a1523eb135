"""Infotext, the text block a WebUI saves in its pictures, as values and back."""
