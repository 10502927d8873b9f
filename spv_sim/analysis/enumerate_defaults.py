"""Exact expectations where only the month of the lessee's default is random: one path for each month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.breach import refuse_breach
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import Closed
from spv_sim.closing.default_terms import outcome_lots
from spv_sim.engine.cpu import run_chunk
from spv_sim.engine.terms import Terms
from spv_sim.market.credit import HAZARD
from spv_sim.market.market import MarketTerms
from spv_sim.results.variables import DealFacts

Array = NDArray[np.float64]

SURVIVOR = np.inf
LOADINGS = {
    "rate_on_price",
    "rate_alone",
    "rate_on_credit",
    "price_on_credit",
    "price_alone",
    "follows_credit",
    "short_rate_loadings",
}
KNOWN_FACTORS = {
    *("gpu_price", "lease_rate", "release", "credit", "short_rate", "contract", "utilisation", "failures"),
    *LOADINGS,
}


@dataclass(frozen=True)
class Outcome:
    """One path without a draw: its columns by name, its monthly flows by stakeholder [USD]."""

    values: dict[str, float]
    flows: dict[str, Array]


@dataclass(frozen=True)
class Enumeration:
    """Every path that can happen, with its probability.

    Parameters
    ----------
    months : (n,) float64, month of the default, infinite for the path without one [months from closing].
    weights : (n,) float64, probability of each path; they add up to one [share].
    cumulative_hazard : (months + 1,) float64, behind the weights [1].
    columns : (n,) float64 by column name.
    flows : (n, months + 1) float64 by stakeholder [USD].
    """

    months: Array
    weights: Array
    cumulative_hazard: Array
    columns: dict[str, Array]
    flows: dict[str, Array]
    facts: DealFacts


def is_certain(market: MarketTerms) -> bool:
    """Whether only default and outcome are random; a factor that this room does not know counts as such."""
    return (
        set(market._fields) <= KNOWN_FACTORS
        and market.gpu_price.step_volatility == 0.0
        and len(market.gpu_price.jump_count_cdf) == 0
        and len(market.release.mean) == 0
        and market.lease_rate.step_volatility == 0.0
        and market.short_rate.step_volatility == 0.0
        and not market.contract.draws
        and len(market.contract.lessee_guarantor.levels) == 0
        and not market.contract.draws_recovery
        and market.utilisation.step_volatility == 0.0
        and not market.failures.random
        and len(market.failures.casualty.count_cdf) == 0
    )


def run_alone(closed: Closed, market: MarketTerms) -> Outcome:
    """The one path of a market in which nothing is random.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on it.
    """
    terms = Terms(market, closed.terms.deal, closed.terms.hurdle)
    chunk = run_chunk(terms, seed=0, first_path=0, n_paths=1)
    values = dict(zip(closed.columns, (float(v) for v in chunk.columns[:, 0]), strict=True))
    refuse_breach(np.array([values["spv.breach"]]), None)
    flows = chunk.flow_sums[0].sum(axis=2)
    return Outcome(values, dict(zip(closed.investors, flows, strict=True)))


def with_default(market: MarketTerms, month: float) -> MarketTerms:
    """The market with the lessee's default in a given month; infinite for none."""
    months = np.arange(len(market.credit.cumulative_hazard))
    hazard = np.where(months >= month, np.inf, 0.0)
    return market._replace(credit=market.credit._replace(engine=HAZARD, cumulative_hazard=hazard))


def with_outcome(market: MarketTerms, lot: float) -> MarketTerms:
    """The market with the outcome of a default to which a uniform leads."""
    return market._replace(contract=market.contract._replace(draws_outcome=False, outcome=lot))


def default_weights(cumulative_hazard: Array) -> tuple[Array, Array]:
    """Months in which the first rent can go unpaid, infinity last, and the probability of each.

    w_τ = S_{τ−1} − S_τ with S = exp(−Λ) on the rent dates, and S at the end for the path without a default.
    Source: model R10.
    """
    survival = np.exp(-cumulative_hazard)
    months = np.flatnonzero(cumulative_hazard[1:] > cumulative_hazard[:-1]) + 1
    weights = -survival[months - 1] * np.expm1(cumulative_hazard[months - 1] - cumulative_hazard[months])
    return np.append(months.astype(float), SURVIVOR), np.append(weights, survival[-1])


def enumerate_defaults(closed: Closed) -> Enumeration:
    """Run the deal once for each month and outcome of a default, and once without a default.

    Raises
    ------
    ValueError : where prices or lease rates are random too.
    """
    market = closed.terms.market
    if not is_certain(market):
        raise ValueError("prices or lease rates are random: their paths cannot be enumerated")
    hazard = np.asarray(market.credit.cumulative_hazard)
    months, weights = default_weights(hazard)
    lots, chances = np.array([market.contract.outcome]), np.ones(1)
    if market.contract.draws_outcome:
        lots, chances = outcome_lots(closed.scenario)
    cases = [(month, lot) for month in months[:-1] for lot in lots] + [(SURVIVOR, lots[0])]
    weights = np.append(np.outer(weights[:-1], chances), weights[-1])
    months = np.array([month for month, _ in cases])
    outcomes = [run_alone(closed, with_outcome(with_default(market, month), lot)) for month, lot in cases]
    return Enumeration(
        months,
        weights,
        hazard,
        {name: np.array([outcome.values[name] for outcome in outcomes]) for name in outcomes[0].values},
        {name: np.array([outcome.flows[name] for outcome in outcomes]) for name in outcomes[0].flows},
        deal_facts(closed, run_base_case(closed).values),
    )


def hazard_scores(enumeration: Enumeration) -> Array:
    """Derivative of each path's log probability in the log of a factor α on the hazard, at α = 1.

    Λ → αΛ: (Λ_k e^{−Λ_k} − Λ_{k−1} e^{−Λ_{k−1}}) / (e^{−Λ_{k−1}} − e^{−Λ_k}) for a default in month k, −Λ_K
    without one; then dE[G]/d ln α = E[G · score].
    Source: model 14.4.

    Returns
    -------
    (n,) float64 [1].

    Limits
    ------
    A scheduled default has no hazard to scale: its scores are not defined.
    """
    hazard = enumeration.cumulative_hazard
    months = enumeration.months[:-1].astype(int)
    before, after = hazard[months - 1], hazard[months]
    chance = -np.exp(-before) * np.expm1(before - after)
    scores = (after * np.exp(-after) - before * np.exp(-before)) / chance
    return np.append(scores, -hazard[-1])
