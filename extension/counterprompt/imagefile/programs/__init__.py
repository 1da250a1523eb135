"""Readers of the texts that each program leaves in its pictures; registry.py holds the list."""

from counterprompt.imagefile.programs.detection import detect_program as detect_program
