"""Priority of payments: costs every month, on payment dates interest, principal, reserve, distribution."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import invert, like, maximum, minimum, where
from spv_sim.spv.accounts import Balances, Purse, pay_from_cash, pay_from_reserves
from spv_sim.spv.tranche import TrancheTerms, debt_due, dsra_target


class Payments(NamedTuple):
    """What was due and paid in a month [USD]; nothing of the debt between payment dates.

    current_interest : of the period now ended; interest_accrued adds what arrears bear.
    dscr : cash flow available over current interest and principal due, NaN where not recorded [x].
    locked : 1 in a month whose cash was trapped.
    """

    costs_due: Any
    costs_paid: Any
    current_interest: Any
    interest_accrued: Any
    interest_due: Any
    interest_paid: Any
    principal_due: Any
    principal_paid: Any
    reserve_topped_up: Any
    distribution: Any
    dscr: Any
    locked: Any


@jit
def pay_costs(costs: Any, inflow: Any, balances: Balances) -> tuple[Any, Purse, Any]:
    """Costs and their arrears from the month's cash, then the trap, then the reserve."""
    due = costs + balances.cost_arrears
    purse = Purse(balances.revenue + inflow, balances.trap, balances.dsra)
    from_cash, purse = pay_from_cash(purse, due)
    from_reserves, purse = pay_from_reserves(purse, due - from_cash)
    return due, purse, from_cash + from_reserves


@jit
def hold_until_payment_date(
    due: Any, paid: Any, purse: Purse, balances: Balances
) -> tuple[Balances, Payments]:
    """Between payment dates the cash stays in the revenue account."""
    none = like(due, 0.0)
    held = Balances(
        revenue=purse.cash,
        trap=purse.trap,
        dsra=purse.dsra,
        debt=balances.debt,
        cost_arrears=due - paid,
        interest_arrears=balances.interest_arrears,
        principal_arrears=balances.principal_arrears,
    )
    unrecorded = like(due, math.nan)
    return held, Payments(due, paid, none, none, none, none, none, none, none, none, unrecorded, none)


@jit
def pay_debt(
    terms: TrancheTerms,
    month: int,
    last_month: int,
    tolerance: float,
    cfads: Any,
    in_default: Any,
    costs_due: Any,
    costs_paid: Any,
    purse: Purse,
    balances: Balances,
) -> tuple[Balances, Payments]:
    """One payment date; after an event of default all cash serves the debt and nothing is kept back."""
    none = like(cfads, 0.0)
    due = debt_due(terms, month, last_month, in_default, balances)
    purse = Purse(
        cash=purse.cash + where(in_default, purse.trap + purse.dsra, 0.0),
        trap=where(in_default, 0.0, purse.trap),
        dsra=where(in_default, 0.0, purse.dsra),
    )
    interest, purse = pay_from_cash(purse, due.interest)
    principal, purse = pay_from_cash(purse, due.principal)
    interest_more, purse = pay_from_reserves(purse, due.interest - interest)
    principal_more, purse = pay_from_reserves(purse, due.principal - principal)
    interest = interest + interest_more
    principal = principal + principal_more
    debt = balances.debt - principal
    debt = where(debt < tolerance, 0.0, debt)

    target = where(in_default, 0.0, dsra_target(terms, month, last_month, debt, tolerance))
    topped_up = minimum(target - purse.dsra, purse.cash)
    cash = purse.cash - topped_up
    dsra = purse.dsra + topped_up

    debt_service = due.current_interest + due.principal
    owed = debt_service > 0.0
    dscr = where(owed & invert(in_default), cfads / where(owed, debt_service, 1.0), math.nan)
    passes = invert(owed) | (dscr >= terms.lock_up) | in_default | (debt <= tolerance)
    if month == last_month:
        passes = passes | invert(passes)
    distribution = where(passes, cash + purse.trap, 0.0)
    after = Balances(
        revenue=none,
        trap=where(passes, 0.0, cash + purse.trap),
        dsra=dsra,
        debt=debt,
        cost_arrears=costs_due - costs_paid,
        interest_arrears=due.interest - interest,
        principal_arrears=where(in_default, 0.0, due.principal - principal),
    )
    return after, Payments(
        costs_due=costs_due,
        costs_paid=costs_paid,
        current_interest=due.current_interest,
        interest_accrued=due.interest - balances.interest_arrears,
        interest_due=due.interest,
        interest_paid=interest,
        principal_due=due.principal,
        principal_paid=principal,
        reserve_topped_up=maximum(topped_up, 0.0),
        distribution=distribution,
        dscr=dscr,
        locked=where(passes, 0.0, 1.0),
    )
