"""The given month of a floating loan, hedged in part by a swap and in part by a cap, through the kernel."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from spv_sim.closing.short_rate_terms import short_rate_terms
from spv_sim.market.short_rate import open_short_rate
from spv_sim.spv.book import (
    CASH,
    DEBT,
    EVENT_OF_DEFAULT,
    HEDGE_COST,
    HEDGE_RECEIVED,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    Book,
    tranche_cell,
)
from spv_sim.spv.hedge import CAP, SWAP, HedgeTerms, settle_hedges
from spv_sim.spv.interest import InterestTerms, coupon_of, set_coupons
from tests.closing.curves import knots, rates
from tests.given import agrees, given

STILL = {"model": "none", "mean_reversion": None, "volatility": None}


def test_floating_coupon_given() -> None:
    """Two tranches of 75 and 25 % of the loan, the first swapped whole, the second capped whole."""
    inputs, expected, tolerance = given("floating_coupon_given")
    days, shares = inputs["days"], np.array([0.75, 0.25])
    growth = inputs["sofr"] * days / 360
    curve = knots(m1=f"{1200 * math.log1p(growth)!r} %")
    table = rates(day_count="ACT/360", **STILL).model_copy(update={"curve": curve})
    terms = short_rate_terms(table, 1, date(2026, 12, 31))  # January has the 31 days
    assert terms.accrual_1m[1] == days / 360
    two = np.zeros((2, 2))
    interest = InterestTerms(
        agreed=-1,
        period_rate=two,
        accrual=np.full((2, 2), days / 360),
        index=two,
        discount=two,
        default_margin=np.zeros(2),
        bears_on_arrears=np.zeros(2, dtype=bool),
        any_floats=True,
        floats=np.ones(2, dtype=bool),
        quarterly=np.zeros(2, dtype=bool),
        compounds=np.zeros(2, dtype=bool),
        floor=np.full(2, inputs["floor"]),
        margin=np.full(2, inputs["spread"]),
    )
    debt = inputs["N"] * shares
    hedge = HedgeTerms(
        used=True,
        kind=np.array([SWAP, CAP]),
        notional=np.repeat(debt[:, np.newaxis], 2, axis=1),
        rate=np.array([inputs["K"], inputs["Kc"]]),
        every=np.ones(2, dtype=np.int64),
    )
    book = Book(np.zeros(N_DEAL_CELLS + 2 * N_TRANCHE_CELLS), 0.0)
    book.cells[EVENT_OF_DEFAULT] = math.inf
    for i in (0, 1):
        book.cells[tranche_cell(i, DEBT)] = debt[i]
    state = open_short_rate(0.0)
    set_coupons(interest, 1, terms, state, book)
    received = settle_hedges(hedge, interest, 1, terms, state, book)
    loan = sum(debt[i] * coupon_of(interest, i, 1, book) for i in (0, 1))
    swap, cap = (float(book.cells[tranche_cell(i, HEDGE_COST)]) for i in (0, 1))
    assert agrees(loan, expected["loan_interest"], tolerance)
    assert agrees(swap, expected["swap_net_pay"], tolerance)
    assert agrees(-cap, expected["cap_payoff"], tolerance)
    assert agrees(loan + swap + cap, expected["net"], tolerance)
    assert received == book.cells[CASH] == sum(book.cells[tranche_cell(i, HEDGE_RECEIVED)] for i in (0, 1))
