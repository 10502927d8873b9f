"""After the lessee's default: downtime, re-letting at the market rate or forced sale, and the claim."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, like, maximum, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market


class RateSeries(NamedTuple):
    """An expectation by month, given the lease rate of that month.

    centre, scale : (months + 1,) float64, map the log lease rate to [-1, 1].
    series : (months + 1, n) float64, Chebyshev series.
    """

    centre: Any
    scale: Any
    series: Any


class ChoiceTerms(NamedTuple):
    """What letting and selling bring from each month on, discounted to it.

    letting : expected income of a unit let again, after the month itself [USD].
    orderly, forced : (months + 1,) float64, expected price of a sale after the letting, cost taken off, and
        of a forced sale before its cost, per USD of price [1].
    letting_cost, sale_cost : (months + 1,) float64, operating cost until either sale [USD].
    """

    letting: RateSeries
    orderly: Any
    forced: Any
    letting_cost: Any
    sale_cost: Any


class WorkoutTerms(NamedTuple):
    """Terms of the workout and of every sale.

    remarkets, chooses : whether the units are re-let after the downtime, or what is best is done then; else
        they are sold by force.
    choice : what the two are worth.
    downtime : months without rent.
    falls : (months + 1,) float64, months whose cost and income fall on the month: on a yearly grid twelve on
        the dates and none between [1].
    enforcement_cost : due for each month of downtime [USD/month].
    merchant_hours : hours for which a unit is let in a month, after utilisation [GPU-hour/month].
    rate_share : share of the market rate that re-letting earns [1].
    merchant_opex : operating cost of a merchant GPU-hour [USD/GPU-hour].
    sell_cost, liquidation_cost : share of the price lost in an orderly and in a forced sale [1].
    liquidation_months : months over which a forced sale is spread.
    price_impact : share of the price lost where a month's forced sale is as large as the market [1].
    market_depth : units that the market takes in a month; infinite where size does not matter [1].
    units_kept : share of the units that the vehicle gets hold of after a default [1].
    claim_gross : (months + 1,) float64, unpaid and remaining contract rent at a default in that month,
        discounted to it [USD].
    mitigation_per_price : (months + 1,) float64, expected net proceeds of a forced sale per USD of price [1].
    mitigation : expected re-letting income [USD].
    mitigates_at_once : whether income of the month of default itself, which is known then, counts too.
    claim_recovery : expected share of the claim that the estate pays [1].
    recoveries : (n,) float64, its values, equally likely and rising; of length 0 where it is certain [1].
    claim_lag : months from default to the payment of the claim.
    values_open_claim : whether a claim still open at the last month is paid then at its recovery.
    """

    remarkets: bool
    chooses: bool
    choice: ChoiceTerms
    downtime: float
    falls: Any
    enforcement_cost: float
    merchant_hours: float
    rate_share: float
    merchant_opex: float
    sell_cost: float
    liquidation_cost: float
    liquidation_months: int
    price_impact: float
    market_depth: float
    units_kept: float
    claim_gross: Any
    mitigation_per_price: Any
    mitigation: RateSeries
    mitigates_at_once: bool
    claim_recovery: float
    recoveries: Any
    claim_lag: float
    values_open_claim: bool


@jit
def sale_month(terms: WorkoutTerms, lease_end: int, last_month: int, default_month: Any) -> Any:
    """Month in which the last units of a defaulted lessee are sold, by force or after re-letting.

    Where that is still to be chosen it is the last one.
    """
    ready = default_month + terms.downtime
    if terms.chooses:
        return like(ready, 1.0 * last_month)
    if terms.remarkets:
        return minimum(maximum(ready, 1.0 * lease_end), 1.0 * last_month)
    return minimum(ready + 1.0 * (terms.liquidation_months - 1), 1.0 * last_month)


@jit
def is_down(terms: WorkoutTerms, month: int, default_month: Any) -> Any:
    """Whether the units stand idle after the default: no rent, enforcement cost is due."""
    return (default_month <= month) & (default_month + terms.downtime > month)


@jit
def merchant_margin(terms: WorkoutTerms, market: Market) -> Any:
    """Net income of a month in which a unit is let at the market rate [USD]."""
    return (
        terms.merchant_hours
        * market.utilisation
        * maximum(terms.rate_share * market.lease_rate - terms.merchant_opex, 0.0)
    )


@jit
def relet_month(terms: WorkoutTerms, lease_end: int, default_month: Any) -> Any:
    """First month in which the units of a defaulted lessee earn the market rate."""
    ready = default_month + terms.downtime
    if terms.remarkets:
        return where(ready <= 1.0 * lease_end, ready, NEVER)
    return like(ready, NEVER)


@jit
def merchant_income(terms: WorkoutTerms, month: int, relet_from: Any, units: Any, market: Market) -> Any:
    """Net income of units let at the market rate [USD]."""
    return where(relet_from <= month, units * terms.falls[month] * merchant_margin(terms, market), 0.0)


@jit
def is_forced(terms: WorkoutTerms, month: int, default_month: Any) -> Any:
    """Whether a sale in the month follows the downtime at once, and so is forced unless letting is chosen."""
    ready = default_month + terms.downtime
    if terms.remarkets:
        return ready < 0.0  # never: the units are let until the contract's own end
    return (ready <= month) & (ready + 1.0 * terms.liquidation_months > month)


@jit
def forced_share(terms: WorkoutTerms, month: int, default_month: Any, sold_in: Any) -> Any:
    """Share of the units that a forced sale under way sells in the month: equal parts, at last the rest."""
    part = 1.0 / terms.liquidation_months
    rest = 1.0 - part * (1.0 * month - default_month - terms.downtime)
    return where(sold_in == month, rest, part)


@jit
def unsold_share(terms: WorkoutTerms, month: int, forced: Any, tenure_end: Any, default_month: Any) -> Any:
    """Share of the units held in the month that is still unsold after it: 1 but for a sale."""
    parts = 1.0 * terms.liquidation_months
    to_come = parts - (1.0 * month - default_month - terms.downtime)
    rest = where(forced, (to_come - 1.0) / maximum(to_come, 1.0), 1.0)
    return where(tenure_end <= month, 0.0, rest)


@jit
def sale_price(terms: WorkoutTerms, forced: Any, sold: Any, market: Market) -> Any:
    """What one of `sold` units brings, after cost of sale and, if forced, its weight on the market [USD].

    Source: model 3.1f.
    """
    orderly, by_force = 1.0 - terms.sell_cost, 1.0 - terms.liquidation_cost
    if terms.price_impact == 0.0:
        return where(forced, by_force, orderly) * market.price
    impact = terms.price_impact * minimum(sold / terms.market_depth, 1.0)
    return where(forced, by_force * (1.0 - impact), orderly) * market.price


@jit
def expected_in_rate(terms: RateSeries, month: int, market: Market) -> Any:
    """The expectation at the month's lease rate, flat beyond the ends of the series."""
    z = (market.log_lease_rate - terms.centre[month]) * terms.scale[month]
    z = minimum(maximum(z, -1.0), 1.0)
    later = like(z, 0.0)
    now = like(z, 0.0)
    for j in range(terms.series.shape[1] - 1, 0, -1):
        now, later = terms.series[month, j] + 2.0 * z * now - later, now
    return terms.series[month, 0] + z * now - later


@jit
def expected_mitigation(terms: WorkoutTerms, month: int, units: Any, market: Market) -> Any:
    """What re-letting or sale is expected, in the month of default, to bring in place of the rent [USD].

    Where the better of the two is chosen later, it is the larger of both expectations.
    """
    reletting = expected_in_rate(terms.mitigation, month, market)
    if terms.mitigates_at_once:
        reletting = reletting + units * terms.falls[month] * merchant_margin(terms, market)
    sale = terms.mitigation_per_price[month] * market.price
    if terms.chooses:
        return maximum(reletting, sale)
    return reletting + sale


@jit
def claim_at_default(
    terms: WorkoutTerms, month: int, units: Any, deposit: float, market: Market
) -> tuple[Any, Any]:
    """Claim on the estate of a lessee that defaults in the month, and what of its deposit is drawn [USD].

    Source: model 10.2, 6.3: the deposit is applied first; what exceeds the claim goes back.
    """
    owed = maximum(terms.claim_gross[month] - expected_mitigation(terms, month, units, market), 0.0)
    drawn = minimum(owed, deposit)
    return owed - drawn, drawn


@routine
def recovery_of(terms: WorkoutTerms, market: Market) -> Any:
    """Share of the claim that the estate pays on a path [1]; the expected one where it is not drawn."""
    count = len(terms.recoveries)
    share = like(market.contract.recovery, terms.claim_recovery)
    if count > 0:
        place = market.contract.recovery * (1.0 * count)
        for value in range(count):
            share = where(place >= 1.0 * value, terms.recoveries[value], share)
    return share


@jit
def claim_payment(
    terms: WorkoutTerms, month: int, last_month: int, claim: Any, default_month: Any, market: Market
) -> Any:
    """What the estate pays in the month [USD]."""
    paid = default_month + terms.claim_lag == month
    if terms.values_open_claim and month == last_month:
        paid = paid | (default_month + terms.claim_lag > month) & (default_month <= month)
    if not any_of(paid):
        return like(claim, 0.0)
    return where(paid, recovery_of(terms, market) * claim, 0.0)
