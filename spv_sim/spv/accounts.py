"""The vehicle's accounts, and how a shortfall draws on them in order."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import minimum


class Balances(NamedTuple):
    """Everything the vehicle holds and owes at the end of a month [USD].

    revenue : cash between two payment dates.  trap : cash held by a lock-up.  dsra : debt service reserve.
    debt : principal outstanding.  The arrears are due and unpaid.
    """

    revenue: Any
    trap: Any
    dsra: Any
    debt: Any
    cost_arrears: Any
    interest_arrears: Any
    principal_arrears: Any


class Purse(NamedTuple):
    """Cash that a payment may draw on, in this order [USD]."""

    cash: Any
    trap: Any
    dsra: Any


@jit
def pay_from_cash(purse: Purse, due: Any) -> tuple[Any, Purse]:
    """Amount paid from cash alone, and what is left."""
    paid = minimum(purse.cash, due)
    return paid, Purse(purse.cash - paid, purse.trap, purse.dsra)


@jit
def pay_from_reserves(purse: Purse, due: Any) -> tuple[Any, Purse]:
    """Amount paid from the trap, then from the reserve, and what is left."""
    from_trap = minimum(purse.trap, due)
    from_dsra = minimum(purse.dsra, due - from_trap)
    return from_trap + from_dsra, Purse(purse.cash, purse.trap - from_trap, purse.dsra - from_dsra)
