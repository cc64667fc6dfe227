"""Telling open screens that something happened."""
