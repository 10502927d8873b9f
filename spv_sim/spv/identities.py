"""Identities that must hold on every path: dollars in = dollars out, strict priority, nothing negative."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import absolute, invert, maximum, minimum, where
from spv_sim.spv.accounts import Balances
from spv_sim.spv.waterfall import Payments


@jit
def cash_breach(inflow: Any, before: Balances, after: Balances, paid: Payments) -> Any:
    """Model I2: cash in + opening accounts = payments + closing accounts [USD]."""
    opening = before.revenue + before.trap + before.dsra
    closing = after.revenue + after.trap + after.dsra
    outflow = paid.costs_paid + paid.interest_paid + paid.principal_paid + paid.distribution
    return absolute(inflow + opening - outflow - closing)


@jit
def negative_breach(after: Balances) -> Any:
    """Model I3 and I4: no account and no debt below zero [USD]."""
    lowest = minimum(minimum(after.revenue, after.trap), minimum(after.dsra, after.debt))
    arrears = minimum(minimum(after.cost_arrears, after.interest_arrears), after.principal_arrears)
    return maximum(-minimum(lowest, arrears), 0.0)


@jit
def priority_breach(after: Balances, paid: Payments) -> Any:
    """Model I8: nothing is paid on a step while an earlier step is short [USD]."""
    interest_short = paid.interest_due - paid.interest_paid
    principal_short = paid.principal_due - paid.principal_paid
    below_debt = paid.reserve_topped_up + paid.distribution
    below_costs = paid.interest_paid + paid.principal_paid + below_debt
    breach = minimum(below_costs, after.cost_arrears)
    breach = maximum(breach, minimum(paid.principal_paid + below_debt, interest_short))
    return maximum(breach, minimum(below_debt, principal_short))


@jit
def distribution_breach(after: Balances, paid: Payments, allowed: Any, tolerance: float) -> Any:
    """Model I7: a distribution needs a passed test or no debt; after an event of default, no debt [USD]."""
    repaid = after.debt + after.interest_arrears <= tolerance
    return where(invert(allowed | repaid), paid.distribution, 0.0)


@jit
def reserve_breach(after: Balances, target: Any) -> Any:
    """Model I14: the reserve holds no more than its target [USD]."""
    return maximum(after.dsra - target, 0.0)


@jit
def loss_breach(drawn: float, accrued: Any, interest_paid: Any, principal_paid: Any, loss: Any) -> Any:
    """Model I5 and I6: what was drawn and accrued is paid or lost [USD]."""
    return absolute(drawn + accrued - interest_paid - principal_paid - loss)


@jit
def lease_breach(rent: Any, payable: float, merchant: Any, enforcement: Any) -> Any:
    """Model I9 and I16: no more rent than is due; one phase at a time: performing, down, re-let [USD]."""
    two_phases = maximum(minimum(rent, merchant + enforcement), minimum(merchant, enforcement))
    return maximum(two_phases, rent - payable)
