"""Builds in which the words of a few texts changed and nothing else: only the pages of those texts are made anew."""
