"""Picks the tranches that a bounded place can show, and words for those that it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spv_sim.report.numbers import is_number


def tranches_of(run: dict[str, Any]) -> tuple[str, ...]:
    """Names of the tranches in order of rank, as the closing tells them."""
    return tuple(run["closing"].get("tranche", {}))


def fit(tranches: Sequence[str], most: int) -> tuple[tuple[str, ...], int]:
    """The tranches to show, and how many are left out: the last place goes to the last rank.

    Who is paid first and who is paid last bound what happens to those between.
    """
    if len(tranches) <= most:
        return tuple(tranches), 0
    return (*tranches[: most - 1], tranches[-1]), len(tranches) - most


def left_out(count: int) -> str:
    """`and 3 more tranches`, nothing for none."""
    return f"and {count} more tranche{'s' if count > 1 else ''}" if count else ""


def commitment(run: dict[str, Any], tranche: str) -> float:
    """Commitment of a tranche [USD]; NaN if the closing does not tell it."""
    told = run["closing"].get("tranche", {}).get(tranche, {}).get("commitment")
    return float(told) if is_number(told) else float("nan")
