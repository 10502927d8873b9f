"""Over how many paths sums are taken: the same whatever the chunks, threads and lanes."""

from __future__ import annotations

BLOCK = 4096
"""Paths of one block, the unit over which sums are taken."""

SLOTS = 32
"""Partial sums of a block, by path number; a multiple of every lane width."""
