"""The choice at the end of the downtime: let the units or sell them, whichever is expected to bring more."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.book import FORCED_SALE, Book, read, write
from spv_sim.spv.choice import Tenure
from spv_sim.spv.workout import WorkoutTerms, expected_in_rate, merchant_margin, sale_price


@jit
def value_of_letting(terms: WorkoutTerms, month: int, lets: bool, units: Any, market: Market) -> Any:
    """Expected income of letting units from the month on and selling them in good order, less costs [USD]."""
    choice = terms.choice
    income = expected_in_rate(choice.letting, month, market) + choice.orderly[month] * market.price
    if lets:
        income = income + terms.falls[month] * merchant_margin(terms, market)
    return units * income - choice.letting_cost[month]


@jit
def value_of_sale(terms: WorkoutTerms, month: int, units: Any, market: Market) -> Any:
    """Expected proceeds of a forced sale that begins in the month, less costs [USD]."""
    part = units / (1.0 * terms.liquidation_months)
    kept = sale_price(terms, units >= 0.0, part, market)
    return units * terms.choice.forced[month] * kept - terms.choice.sale_cost[month]


@routine
def choose_workout(
    terms: WorkoutTerms,
    month: int,
    lease_end: int,
    last_month: int,
    rejected_in: Any,
    units: Any,
    market: Market,
    before: Tenure,
    book: Book,
) -> Tenure:
    """Tenure where the downtime ends in the month, by the month's own prices.

    Source: model 10.1: closed forms of E_k[P_T] and E_k[max(R_T - cost, 0)], discounted at the choice's rate.
    """
    decides = (rejected_in + terms.downtime == month) & (before.sold_in >= month)
    lets = month <= lease_end
    letting = value_of_letting(terms, month, lets, units, market)
    forced = value_of_sale(terms, month, units, market) > letting
    write(book, FORCED_SALE, where(decides, where(forced, 1.0, 0.0), read(book, FORCED_SALE)))
    until = 1.0 * max(month, lease_end)
    sold_in = where(forced, 1.0 * (month + terms.liquidation_months - 1), until)
    relet_from = where(forced, NEVER, 1.0 * month if lets else NEVER)
    return Tenure(
        sold_in=where(decides, minimum(sold_in, 1.0 * last_month), before.sold_in),
        relet_from=where(decides, relet_from, before.relet_from),
        renewed_until=before.renewed_until,
        renewal_rate=before.renewal_rate,
    )
