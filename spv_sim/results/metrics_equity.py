"""The metrics of those who own the vehicle: of all shareholders, of each class, of the hardware's seller."""

from __future__ import annotations

from spv_sim.results.metric import (
    BREAK_EVEN,
    MEAN,
    MEAN_FLOW,
    PROBABILITY,
    QUANTILE,
    SHORTFALL,
    Metric,
    resolved,
)

EQUITY_METRICS = (
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
        "equity.cures",
        "USD",
        "Mean of what the shareholders pay in after completion to cure covenants, part of contributions.",
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
        "equity.probability_below_hurdle",
        "share",
        "Share of paths, of those with a rate, on which the shareholders earn less than the hurdle rate: "
        "P(IRR < h).",
        PROBABILITY,
        "equity.irr",
        "below_hurdle",
    ),
)

CLASS_METRICS = (
    Metric(
        "<class>.irr",
        "1/year",
        "Mean over the paths of the internal rate of the class's flows, annualised as (1+i)^12 − 1; a path "
        "that returns nothing counts −100 %, one without a rate is left out.",
        MEAN,
    ),
    Metric(
        "<class>.irr_of_mean_cash_flow",
        "1/year",
        "Internal rate of the class's mean monthly flows, annualised as (1+i)^12 − 1.",
        MEAN_FLOW,
        "<class>",
    ),
    Metric("<class>.moic", "x", "Money multiple: sum of distributions over sum of calls of the class.", MEAN),
    Metric(
        "<class>.npv",
        "USD",
        "Present value at closing of the class's flows at the hurdle rate h: Σ CF_k (1+h)^(−k/12).",
        MEAN,
    ),
    Metric(
        "<class>.probability_of_total_loss",
        "share",
        "Share of paths on which the class receives nothing back: P(IRR = −100 %).",
        PROBABILITY,
        "<class>.irr_flag",
        "equal",
        1.0,
    ),
    Metric(
        "<class>.probability_of_shortfall",
        "share",
        "Share of paths on which the class receives less than it paid in: P(MOIC < 1).",
        PROBABILITY,
        "<class>.moic",
        "below",
        1.0,
    ),
)

VENDOR_METRICS = resolved(
    Metric(
        "vendor.adjusted_npv",
        "USD",
        "Mean value of the deal to the hardware's seller: gross margin on its sale, less its equity calls, "
        "plus its distributions, less what it pays under a guarantee, each in present value at one rate for "
        "everybody.",
        MEAN,
    ),
    Metric(
        "vendor.probability_of_negative_npv",
        "share",
        "Share of paths on which the seller's margin does not make up for what it loses as an investor.",
        PROBABILITY,
        "vendor.adjusted_npv",
        "below",
        0.0,
    ),
    Metric(
        "vendor.break_even_default_probability",
        "share",
        "Probability of the lessee's default at which the deal is worth nothing to the seller on average: "
        "a / (a − b), with a its mean value on paths without a default and b on paths with one.",
        BREAK_EVEN,
        "vendor.adjusted_npv",
    ),
)
