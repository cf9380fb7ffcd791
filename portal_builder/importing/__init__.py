"""Owns bringing an existing help centre over: what other products export, as articles. Refuses the network."""
