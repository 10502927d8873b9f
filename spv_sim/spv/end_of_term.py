"""The end of the lease: the lessee buys, renews or returns the units, or ends the lease before its time."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, maximum
from spv_sim.kernel.vmath import exp, log
from spv_sim.market.market import Market

NO_OPTION, FIXED_PRICE, FAIR_MARKET_VALUE, BARGAIN = range(4)

LEAST_VALUE = 1e-300
"""Stands for nothing under a logarithm [USD]."""


class PurchaseTerms(NamedTuple):
    """The lessee's option to buy at the end of the lease.

    kind : NO_OPTION, FIXED_PRICE, FAIR_MARKET_VALUE or BARGAIN.  price : of a unit, if fixed [USD].
    premium : what a unit in place is worth to the lessee above the market price [1].
    behavioural : whether a fixed price is taken with a probability, logistic in the log of value over price.
    intercept, slope : of the logit.  probability : that the lessee buys at fair market value [1].
    """

    kind: int
    price: float
    premium: float
    behavioural: bool
    intercept: float
    slope: float
    probability: float


class RenewalTerms(NamedTuple):
    """The lessee's right to renew.

    months : length of one renewal, 0 without the right.
    decides : (months + 1,) bool, months at the end of a lease or renewal after which one more may follow.
    hours : hours of a unit in a month [GPU-hour].
    share, cost, floor : renewal rate = max(floor, share (market rate - cost)) [1, USD/GPU-hour].
    premium : what staying is worth above the market rate [1].
    """

    months: int
    decides: Any
    hours: float
    share: float
    cost: float
    floor: float
    premium: float


class TerminationTerms(NamedTuple):
    """The lessee's right to end the lease early.

    active : whether it has it.  fee : due beside the stipulated loss [USD].
    stipulated_loss : (months + 1,) float64, what the lessee owes after the month's rent, less the sale [USD].
    """

    active: bool
    fee: float
    stipulated_loss: Any


@jit
def buys(terms: PurchaseTerms, market: Market) -> Any:
    """Whether a performing lessee takes its option."""
    if terms.kind == BARGAIN:
        return market.price >= 0.0
    if terms.kind == FAIR_MARKET_VALUE:
        return market.contract.purchase < terms.probability
    value = (1.0 + terms.premium) * market.price
    if terms.behavioural:
        logit = terms.intercept + terms.slope * (log(maximum(value, LEAST_VALUE)) - log(terms.price))
        return market.contract.purchase * (1.0 + exp(-logit)) < 1.0
    return value > terms.price


@jit
def purchase_price(terms: PurchaseTerms, market: Market) -> Any:
    """What the lessee pays for a unit that it buys [USD]."""
    if terms.kind == FAIR_MARKET_VALUE:
        return market.price
    return like(market.price, terms.price)


@jit
def renewal_rate(terms: RenewalTerms, market: Market) -> Any:
    """Rate of a renewal that begins in the month [USD/GPU-hour]."""
    return maximum(terms.share * (market.lease_rate - terms.cost), terms.floor)


@jit
def renews(terms: RenewalTerms, market: Market) -> Any:
    """Whether a performing lessee that does not buy stays: the rate is no more than staying is worth."""
    return renewal_rate(terms, market) <= (1.0 + terms.premium) * (market.lease_rate - terms.cost)


@jit
def termination_payment(terms: TerminationTerms, month: int, net_sale: Any) -> Any:
    """What a lessee that ends the lease pays beside what the units bring [USD].

    Source: model 6.5.
    """
    return maximum(terms.stipulated_loss[month] - net_sale, 0.0) + terms.fee
