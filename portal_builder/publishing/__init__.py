"""Owns the way from built portals to readers: releases, targets, the clock that waits. Refuses to build."""
