"""The metrics that a run reports: their names, units, definitions, and the estimator of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

TRANCHE = "<tranche>"
STAKEHOLDERS = ("lessee", "equity", "spv")

MEAN, PROBABILITY, QUANTILE, SHORTFALL, LOSS_GIVEN_DEFAULT, MEAN_FLOW = (
    "mean",
    "probability",
    "quantile",
    "expected_shortfall",
    "loss_given_default",
    "mean_flow",
)


@dataclass(frozen=True)
class Metric:
    """A number that a run reports.

    Parameters
    ----------
    name : as in the results, with ``<tranche>`` for the name of a tranche.
    unit : of the value.
    definition : one sentence with its formula.
    estimator : which estimator makes it.
    variable : the variable behind it, by default of the same name, or the stakeholder of a mean flow.
    event : of a probability: "finite", "below" or "above" `level`, "equal" to it, "above_eps".
    level : of a quantile or shortfall [share], or the mark of an event.
    per_commitment : whether the value is divided by the tranche's commitment.
    """

    name: str
    unit: str
    definition: str
    estimator: str
    variable: str = ""
    event: str = ""
    level: float = 0.0
    per_commitment: bool = False


def index(metrics: Iterable[Metric]) -> Mapping[str, Metric]:
    """The metrics by name."""
    named = (replace(metric, variable=metric.variable or metric.name) for metric in metrics)
    return MappingProxyType({metric.name: metric for metric in named})


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
            "equity.loss_share",
            level=0.95,
        ),
        Metric(
            "equity.expected_shortfall_95",
            "share",
            "Mean of the loss 1 − MOIC over the worst 5 % of the paths: q + E[(x−q)⁺]/(1−0.95).",
            SHORTFALL,
            "equity.loss_share",
            level=0.95,
        ),
        Metric(
            "equity.expected_shortfall_99",
            "share",
            "Mean of the loss 1 − MOIC over the worst 1 % of the paths: q + E[(x−q)⁺]/(1−0.99).",
            SHORTFALL,
            "equity.loss_share",
            level=0.99,
        ),
        Metric(
            "<tranche>.probability_of_loss",
            "share",
            "Share of paths on which the tranche is not repaid in full: P(L > 1e-9 × total uses).",
            PROBABILITY,
            "<tranche>.loss",
            "above_eps",
        ),
        Metric(
            "<tranche>.expected_loss",
            "share",
            "Mean unpaid principal and interest arrears at the last month over the commitment: E[L]/C.",
            MEAN,
            "<tranche>.loss",
            per_commitment=True,
        ),
        Metric(
            "<tranche>.expected_loss_usd",
            "USD",
            "Mean unpaid principal and interest arrears at the last month: E[L].",
            MEAN,
            "<tranche>.loss",
        ),
        Metric(
            "<tranche>.expected_loss_pv",
            "share",
            "Mean present value, at the coupon, of what was due less what was paid, over that of the draws.",
            MEAN,
            "<tranche>.loss_pv",
        ),
        Metric(
            "<tranche>.loss_given_default",
            "share",
            "Ratio of means E[L] / (C · P(L > 1e-9 × total uses)); not defined where no path loses.",
            LOSS_GIVEN_DEFAULT,
            "<tranche>.loss",
        ),
        Metric(
            "<tranche>.wal",
            "years",
            "Weighted average life from completion: Σ (k−kc)/12 · principal paid / Σ principal paid.",
            MEAN,
        ),
        Metric(
            "<tranche>.yield",
            "1/year",
            "Mean over the paths of the internal rate of the lender's flows, fees and discount included, "
            "annualised as (1+i)^12 − 1.",
            MEAN,
        ),
        Metric(
            "<tranche>.yield_of_mean_cash_flow",
            "1/year",
            "Internal rate of the lender's mean monthly flows, fees and discount included, annualised.",
            MEAN_FLOW,
            TRANCHE,
        ),
        Metric(
            "<tranche>.value_at_risk_95",
            "share",
            "The present-value loss, as a share of the draws, that is exceeded on at most 5 % of the paths.",
            QUANTILE,
            "<tranche>.loss_pv",
            level=0.95,
        ),
        Metric(
            "<tranche>.expected_shortfall_95",
            "share",
            "Mean of the present-value loss over the worst 5 % of the paths: q + E[(x−q)⁺]/(1−0.95).",
            SHORTFALL,
            "<tranche>.loss_pv",
            level=0.95,
        ),
        Metric(
            "<tranche>.probability_of_event_of_default",
            "share",
            "Share of paths with an event of default: debt service unpaid for longer than the grace.",
            PROBABILITY,
            "<tranche>.event_of_default_month",
            "finite",
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
    )
)


def for_tranche(metric: Metric, tranche: str) -> Metric:
    """The metric with a tranche's name in place of ``<tranche>``."""
    return replace(
        metric,
        name=metric.name.replace(TRANCHE, tranche),
        variable=metric.variable.replace(TRANCHE, tranche),
    )


def metrics_of(tranches: Iterable[str]) -> tuple[Metric, ...]:
    """All metrics of a deal with these tranches, in the order in which they are reported."""
    names = tuple(tranches)
    lessee_and_equity = [
        metric for metric in METRICS.values() if metric.name.startswith(("lessee.", "equity."))
    ]
    of_tranches = [
        for_tranche(metric, tranche)
        for tranche in names
        for metric in METRICS.values()
        if metric.name.startswith(TRANCHE)
    ]
    vehicle = [metric for metric in METRICS.values() if metric.name.startswith("spv.")]
    return (*lessee_and_equity, *of_tranches, *vehicle)


def find_metric(name: str) -> Metric | None:
    """The metric of a reported name, such as ``senior.expected_loss``; None where there is none."""
    stakeholder, _, rest = name.partition(".")
    if name in METRICS:
        return METRICS[name]
    pattern = f"{TRANCHE}.{rest}"
    if stakeholder in STAKEHOLDERS or pattern not in METRICS:
        return None
    return for_tranche(METRICS[pattern], stakeholder)
