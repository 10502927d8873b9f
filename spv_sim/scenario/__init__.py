"""Reads a scenario: TOML to a validated model, every fault shown at once with its place."""
