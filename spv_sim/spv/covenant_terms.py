"""The kinds of covenant, their terms, and what they must know of the assets."""

from __future__ import annotations

from typing import Any, NamedTuple

HISTORIC_DSCR, FORWARD_DSCR, COLLATERAL, REALISATION, CONTRACT_COVER, LIQUIDITY = range(6)
"""Kinds: cover of the debt service of the dates past; cover of that still scheduled; debt over the value of
the units; rent received over rent promised; rent to come over debt; cash held over what is to be kept."""


class CovenantTerms(NamedTuple):
    """Terms of n covenants.

    named : how many of them, from the first, results tell by name.
    on_market : whether one of them takes a price from the market.
    collects : whether one of them compares the rent received.  retains : whether one keeps cash back.
    cell : (n,) int64, where the covenant's cells begin in the book; behind them, over more than one date,
        cash flow and then debt service of each of its last dates, or the rent received.
    kind : (n,) int64.  rank : (n,) int64, its debt is that of this rank and all before.
    window : (n,) int64, payment dates on which a test looks back, or months that it looks ahead.
    first_test : (n,) int64, month before which nothing is tested.
    level : (n, months + 1) float64, that a cover must reach, or debt over value must not exceed [x].
    locks : (n,) bool, whether cash is trapped where it fails.
    release_after : (n,) float64, dates in a row on which it must pass before cash is released.
    grace : (n,) float64, dates in a row on which it may fail before an event of default; infinite for none.
    amount : (n, months + 1) float64, as known at closing: of forward cover, cash flow of the months ahead;
        of realisation, rent of the months of its window; of contract cover, rent of all months ahead; of
        liquidity, the least that is to be kept [USD].
    price_share : (n,) float64, share of a unit's market price that counts as its value [1].
    unit_value : (n, months + 1) float64, value of a unit beside that [USD].
    blocks : (n,) bool, whether tranches behind are not paid where it fails.
    sweeps : (n,) float64, share of the cash that is swept where it fails [1].
    """

    named: int
    on_market: bool
    collects: bool
    retains: bool
    cell: Any
    kind: Any
    rank: Any
    window: Any
    first_test: Any
    level: Any
    locks: Any
    release_after: Any
    grace: Any
    amount: Any
    price_share: Any
    unit_value: Any
    blocks: Any
    sweeps: Any


class Standing(NamedTuple):
    """What the covenants must know of the assets on a date, as masks, units [1] and a price [USD].

    in_default : the debt.  performing : the lessee pays.  units : still owned after the month.
    """

    in_default: Any
    performing: Any
    units: Any
    price: Any
