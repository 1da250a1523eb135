"""Prompt grammar: emphasis, schedules, extra networks, terms and what words mean."""
