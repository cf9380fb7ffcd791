"""Thirty brands from one tree: what a build takes, and what one edit touches."""
