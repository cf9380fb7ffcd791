"""Owns the figures of publishing: killed at random moments, and boundaries met. Each module prints its own."""
