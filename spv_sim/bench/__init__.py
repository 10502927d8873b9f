"""Measures the engine against a yardstick on the same machine, and holds it to a baseline."""
