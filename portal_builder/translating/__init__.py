"""Translations as work: what they were made from, how they stand, what goes to translators and comes back."""
