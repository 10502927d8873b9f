"""Measures the project side by side with what its users would otherwise wait for, as ratios."""
