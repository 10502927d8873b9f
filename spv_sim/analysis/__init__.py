"""Puts engine and estimates together: base case, simulation, exact expectations, solvers, published terms."""
