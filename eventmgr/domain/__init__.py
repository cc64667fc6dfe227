"""Decisions: standard library only, pure functions, time is an argument."""
