"""Owns the pages of a portal as plain values, one module for each sort. Refuses to draw them: see themes/."""
