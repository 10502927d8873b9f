"""How much money is none."""

from __future__ import annotations

CASH_TOLERANCE = 1e-9
"""Share of the total uses up to which an amount counts as zero in every test, and a breach of an identity as
rounding. Source: model 0.7."""
