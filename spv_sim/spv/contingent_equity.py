"""Contingent equity: the shareholders meet what interest up to completion costs above its budget."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import absolute, like, maximum, where
from spv_sim.market.short_rate import BaseRates
from spv_sim.spv.floating_rate import floating_coupon
from spv_sim.spv.interest import InterestTerms


class ContingentTerms(NamedTuple):
    """What of the months up to completion the rates of a path change, for n tranches.

    in_use : whether any interest up to completion follows the path's rates.
    owed : (n, completion + 1) float64, drawn before the month, times the month's fraction of a year; 0 for a
        fixed coupon [USD years].
    over_month : (n, completion + 1) float64, budgeted base rate above the forward rate of one month [1/year].
    budget : (n, completion + 1) float64, interest at forward rates; 0 for a fixed coupon [USD].
    call : (completion + 1,) float64, what the shareholders are called for at forward rates [USD].
    """

    in_use: bool
    owed: Any
    over_month: Any
    budget: Any
    call: Any


@jit
def interest_over_budget(
    terms: ContingentTerms, interest: InterestTerms, i: int, month: int, rates: BaseRates, tolerance: float
) -> Any:
    """What the month's interest of a floating tranche is above its budget, negative where below [USD].

    Differences up to the tolerance count as none.
    """
    one_month = rates.compounded_1m if interest.compounds[i] else rates.term_rate_1m
    index = one_month + terms.over_month[i, month]
    rate = floating_coupon(index, interest.floor[i], interest.margin[i])
    over = terms.owed[i, month] * rate - terms.budget[i, month]
    return where(absolute(over) > tolerance, over, 0.0)


@jit
def call_and_cash(terms: ContingentTerms, month: int, over: Any, cash: Any) -> tuple[Any, Any]:
    """What is called in a month whose interest is `over` its budget, and the cash that is left then [USD].

    Cash that was saved before is spent first; what is saved beyond the call of the month is kept.
    Source: model 2.5.
    """
    needed = like(over, terms.call[month]) + over - cash
    return maximum(needed, 0.0), maximum(-needed, 0.0)
