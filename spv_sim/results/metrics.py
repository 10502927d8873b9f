"""The metrics that a run reports, by name."""

from __future__ import annotations

from collections.abc import Iterable

from spv_sim.results.metric import (
    MEAN,
    MEAN_FLOW,
    PROBABILITY,
    QUANTILE,
    SHORTFALL,
    STAKEHOLDER,
    TRANCHE,
    Metric,
    index,
    named,
)
from spv_sim.results.metrics_default import DEFAULT_METRICS, is_reported
from spv_sim.results.metrics_loss import LOSS_METRICS, LOST_BY_ALL
from spv_sim.results.metrics_tranche import TRANCHE_METRICS
from spv_sim.scenario.names import RESERVED

METRICS = index(
    (
        Metric(
            "lessee.default_probability",
            "share",
            "Share of paths on which the lessee stops paying before the last rent date: P(τ < ∞).",
            PROBABILITY,
            "lessee.default_month",
            "finite",
        ),
        Metric(
            "equity.irr",
            "1/year",
            "E[IRR]: mean over the paths of the internal rate of the shareholders' monthly flows, annualised "
            "as (1+i)^12 − 1; a path that returns nothing counts −100 %, one without a rate is left out.",
            MEAN,
        ),
        Metric(
            "equity.irr_of_mean_cash_flow",
            "1/year",
            "Internal rate of the shareholders' mean monthly flows, IRR(E[CF]), annualised as (1+i)^12 − 1: "
            "what the expected dollars earn, which is not the expected rate.",
            MEAN_FLOW,
            "equity",
        ),
        Metric(
            "equity.moic",
            "x",
            "Money multiple: sum of distributions over sum of contributions.",
            MEAN,
        ),
        Metric(
            "equity.npv",
            "USD",
            "Present value at closing of the shareholders' flows at the hurdle rate h: Σ CF_k (1+h)^(−k/12).",
            MEAN,
        ),
        Metric(
            "equity.payback",
            "months",
            "Median of the first month after completion by which the distributions have returned the "
            "contributions; infinite where they never do.",
            QUANTILE,
            level=0.5,
        ),
        Metric(
            "equity.probability_of_total_loss",
            "share",
            "Share of paths on which the shareholders receive nothing back: P(IRR = −100 %).",
            PROBABILITY,
            "equity.irr_flag",
            "equal",
            1.0,
        ),
        Metric(
            "equity.probability_of_loss",
            "share",
            "Share of paths on which the shareholders receive less than they paid in: P(MOIC < 1).",
            PROBABILITY,
            "equity.moic",
            "below",
            1.0,
        ),
        Metric(
            "equity.value_at_risk_95",
            "share",
            "The loss 1 − MOIC, as a share of contributions, that is exceeded on at most 5 % of the paths.",
            QUANTILE,
            "equity.loss_fraction",
            level=0.95,
        ),
        Metric(
            "equity.expected_shortfall_95",
            "share",
            "Mean of the loss 1 − MOIC over the worst 5 % of the paths: q + E[(x−q)⁺]/(1−0.95).",
            SHORTFALL,
            "equity.loss_fraction",
            level=0.95,
        ),
        Metric(
            "equity.expected_shortfall_99",
            "share",
            "Mean of the loss 1 − MOIC over the worst 1 % of the paths: q + E[(x−q)⁺]/(1−0.99).",
            SHORTFALL,
            "equity.loss_fraction",
            level=0.99,
        ),
        Metric(
            "spv.min_dscr",
            "x",
            "Mean over the paths of the lowest debt service cover, CFADS over interest and principal due, on "
            "the payment dates on which something is due and no event of default has happened.",
            MEAN,
        ),
        Metric(
            "spv.average_dscr",
            "x",
            "Mean over the paths of the average debt service cover over the same payment dates.",
            MEAN,
        ),
        Metric(
            "spv.llcr",
            "x",
            "Mean loan life cover: present value at the coupon of the CFADS up to maturity over the debt, "
            "both at completion.",
            MEAN,
        ),
        Metric(
            "spv.lock_up_months",
            "months",
            "Mean number of payment dates on which the lock-up test keeps cash from the shareholders.",
            MEAN,
        ),
        Metric(
            "spv.probability_of_lock_up",
            "share",
            "Share of paths on which the lock-up test fails at least once.",
            PROBABILITY,
            "spv.lock_up_months",
            "above",
            0.0,
        ),
        *DEFAULT_METRICS,
        *TRANCHE_METRICS,
        *LOSS_METRICS,
    )
)


def metrics_of(
    tranches: Iterable[str], stakeholders: Iterable[str] = (), after_default: Iterable[str] = ()
) -> tuple[Metric, ...]:
    """All metrics of a deal, in the order in which they are reported.

    Parameters
    ----------
    tranches : their names in order of rank.
    stakeholders : names of those whose shares of the loss are estimated; none where they are not.
    after_default : outcomes of a default that may happen, see `metrics_default`; none where it is rejection.
    """
    bearers = tuple(stakeholders)
    outcomes = tuple(after_default)
    of_default = {metric.name for metric in DEFAULT_METRICS}
    lessee_and_equity = [
        metric
        for prefix in ("lessee.", "equity.")
        for metric in METRICS.values()
        if metric.name.startswith(prefix)
        and (metric.name not in of_default or is_reported(metric.name, outcomes))
    ]
    of_tranches = [
        named(metric, TRANCHE, tranche)
        for tranche in tranches
        for metric in METRICS.values()
        if metric.name.startswith(TRANCHE)
    ]
    vehicle = [
        metric
        for metric in METRICS.values()
        if metric.name.startswith("spv.") and metric.name not in LOST_BY_ALL
    ]
    of_losses = [
        named(metric, STAKEHOLDER, stakeholder)
        for stakeholder in bearers
        for metric in METRICS.values()
        if metric.name.startswith(STAKEHOLDER)
    ]
    lost = [METRICS[name] for name in LOST_BY_ALL] if bearers else []
    return (*lessee_and_equity, *of_tranches, *vehicle, *lost, *of_losses)


def find_metric(name: str) -> Metric | None:
    """The metric of a reported name, such as ``senior.expected_loss``; None where there is none."""
    if name in METRICS:
        return METRICS[name]
    holder, _, rest = name.rpartition(".")
    if holder and holder != "spv" and (found := METRICS.get(f"{STAKEHOLDER}.{rest}")):
        return named(found, STAKEHOLDER, holder)
    found = METRICS.get(f"{TRANCHE}.{rest}")
    return None if found is None or not holder or holder in RESERVED else named(found, TRANCHE, holder)
