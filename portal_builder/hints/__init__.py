"""Owns the hints of `check`: the audit's cheap part, told from the sources before anything is built.

Refuses rules of its own: sources are read into what the audit knows of a page, and the audit's rules judge them.
"""
