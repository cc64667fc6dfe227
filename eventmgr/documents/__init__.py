"""Paper: plain values in, bytes out."""
