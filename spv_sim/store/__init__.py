"""Keeps results: run folders published whole or not at all."""
