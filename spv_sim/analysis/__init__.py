"""Puts engine and estimates together: the base case, the simulation, the checks against published terms."""
