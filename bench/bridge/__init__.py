"""Owns what measures the bridge as processes: load, kills, power cuts. Refuses to know its insides."""
