"""Automatic replies: whether one may go out, what it says, and sending it."""
