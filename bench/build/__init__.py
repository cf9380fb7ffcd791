"""Owns the measurements of building: cost of a build, cold and warm, beside other generators. Refuses to be shipped."""
