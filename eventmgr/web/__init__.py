"""Doors for people, one per audience."""
