"""Pages for the staff of a conference."""
