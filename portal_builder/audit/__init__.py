"""Owns the audit of built portals: the five kinds of help centre that make people angry, found in finished HTML.

Refuses to know articles, plans and templates: what a reader's browser gets is all that counts.
"""
