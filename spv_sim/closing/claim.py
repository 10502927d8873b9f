"""The claim on the lessee's estate: contract rent lost, less what re-letting or sale is expected to bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.black import call
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.market.lease_rate import LeaseRateTerms

if TYPE_CHECKING:
    from spv_sim.scenario.lease_rate import LeaseRate

Array = NDArray[np.float64]

NODES = 49
"""Nodes of the Chebyshev interpolation in the log lease rate; odd, so that the centre is one of them."""

REACH = 5.0
"""Standard deviations of the log lease rate that the interpolation covers; beyond, it is held flat."""


class Mitigation(NamedTuple):
    """Expected re-letting income at a default in each month, as a series in the log lease rate."""

    centre: Array
    scale: Array
    series: Array


def gross_claim(rent_due: Array, growth: float) -> Array:
    """Rent from each month on, discounted to it at the growth of a month, by month [USD].

    Source: model 10.2, R4.
    """
    discount = 1 / growth
    claim = np.zeros(len(rent_due))
    for month in range(len(rent_due) - 1, -1, -1):
        later = claim[month + 1] if month + 1 < len(rent_due) else 0.0
        claim[month] = rent_due[month] + discount * later
    return claim


def no_mitigation(last_month: int) -> Mitigation:
    """A claim that nothing reduces."""
    return Mitigation(np.zeros(last_month + 1), np.zeros(last_month + 1), np.zeros((last_month + 1, 1)))


def expected_margin(mean_log: Array, variance: Array, share: float, cost: float) -> Array:
    """E[max(share R - cost, 0)] of a lognormal rate: Black's formula, undiscounted [USD/GPU-hour]."""
    forward = share * np.exp(mean_log + variance / 2)
    return call(forward, cost, np.sqrt(variance))


def reletting_mitigation(
    rate: LeaseRate,
    terms: LeaseRateTerms,
    rent_due: Array,
    lease_end: int,
    downtime: int,
    income_per_margin: Array,
    utilisation: Array,
    share: float,
    cost: float,
    growth: float,
    log_growth: Array,
) -> Mitigation:
    """Expected re-letting income until the contract's end, given the lease rate at default.

    Parameters
    ----------
    income_per_margin : (months + 1,) float64, income of a month per USD of margin on a GPU-hour, by month of
        default [GPU-hour].
    utilisation : (months + 1,) float64, share of the hours in use, times the months that fall due [1].
    growth : of the discounting in a month [1].
    share, cost : margin of a GPU-hour = max(share x market rate - cost, 0).
    log_growth : (months + 1,) float64, of the mean market rate by announced releases, seen from closing [1].

    Income of the month of default itself is left out: it is known then, and its kink would spoil the series.

    Limits: interpolated in the log rate by Chebyshev polynomials over ±5 standard deviations and flat beyond;
    within, the error is below 1e-6 of the rent lost (tested against the exact sum).

    Source: model 10.2 (claim less expected re-letting rents).
    """
    last_month = len(rent_due) - 1
    result = no_mitigation(last_month)
    series = np.zeros((last_month + 1, NODES))
    angles = np.pi * (np.arange(NODES) + 0.5) / NODES
    nodes = np.cos(angles)
    transform = np.cos(np.outer(np.arange(NODES), angles)) * 2 / NODES
    transform[0] /= 2
    means, variances = log_moments(rate, np.arange(last_month + 1) / 12)
    for month in np.flatnonzero(rent_due > 0):
        months = np.arange(month + max(downtime, 1), lease_end + 1)
        if len(months) == 0:
            continue
        reach = max(REACH * math.sqrt(variances[month]), 1e-3)
        start = means[month] + reach * nodes
        mean, variance = conditional_log_moments(terms, int(month), lease_end, start)
        ahead = months - month
        grown = (log_growth[months] - log_growth[month])[:, None]
        margin = expected_margin(mean[ahead] + grown, variance[ahead, None] + 0.0 * mean[ahead], share, cost)
        weights = income_per_margin[month] * utilisation[months] * growth ** -ahead.astype(float)
        series[month] = transform @ (weights @ margin)
        result.centre[month] = means[month]
        result.scale[month] = 1 / reach
    return result._replace(series=series)


def conditional_log_moments(
    terms: LeaseRateTerms, month: int, until: int, log_rate: Array
) -> tuple[Array, Array]:
    """Mean (ahead, nodes) and variance (ahead,) of the log rate from `month` on, given its value there."""
    mean = np.empty((until - month + 1, len(log_rate)))
    variance = np.zeros(until - month + 1)
    mean[0] = log_rate
    for ahead in range(1, until - month + 1):
        mean[ahead] = terms.decay * mean[ahead - 1] + terms.drift[month + ahead]
        variance[ahead] = terms.decay**2 * variance[ahead - 1] + terms.step_volatility**2
    return mean, variance


def sale_mitigation(
    log_mean: Array,
    rent_due: Array,
    downtime: int,
    sale_months: int,
    units: Array,
    kept: Array,
    growth: float,
) -> Array:
    """Expected net proceeds of the sale after the downtime, per USD of price at default, by month [1].

    `units` are those got hold of after a default in each month, `kept` is the share of the price that their
    forced sale keeps. The floor of the price is left out.
    """
    last_month = len(rent_due) - 1
    result = np.zeros(last_month + 1)
    for month in np.flatnonzero(rent_due > 0):
        for part in range(sale_months):
            sold = min(int(month) + downtime + part, last_month)
            change = 0.0 if math.isinf(log_mean[month]) else math.exp(log_mean[sold] - log_mean[month])
            proceeds = units[month] * kept[month] / sale_months * change
            result[month] += proceeds * growth ** -(sold - month)
    return result
