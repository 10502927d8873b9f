"""Turns columns into estimates: no Monte Carlo number without its error."""
