"""Memory: tables, the one transaction and the journal."""
