"""Draws one figure a function: each takes the run document and its material and returns a chart or None."""
