"""The metrics of each tranche: what its lenders lose and earn, and for how long they lend."""

from __future__ import annotations

from spv_sim.results.metric import (
    LOSS_GIVEN_DEFAULT,
    MEAN,
    MEAN_FLOW,
    PROBABILITY,
    QUANTILE,
    SHORTFALL,
    TRANCHE,
    Metric,
)

TRANCHE_METRICS = (
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
        "<tranche>.yield_loss",
        "1/year",
        "Mean over the paths of the yield promised at closing, that of the base case, less the yield of the "
        "path.",
        MEAN,
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
        "<tranche>.value_at_risk_99",
        "share",
        "The present-value loss, as a share of the draws, that is exceeded on at most 1 % of the paths.",
        QUANTILE,
        "<tranche>.loss_pv",
        level=0.99,
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
        "<tranche>.expected_shortfall_99",
        "share",
        "Mean of the present-value loss over the worst 1 % of the paths: q + E[(x−q)⁺]/(1−0.99).",
        SHORTFALL,
        "<tranche>.loss_pv",
        level=0.99,
    ),
    Metric(
        "<tranche>.probability_of_event_of_default",
        "share",
        "Share of paths with an event of default: debt service unpaid, a default of the lessee or a breach "
        "of a covenant that lasts longer than its grace.",
        PROBABILITY,
        "<tranche>.event_of_default_month",
        "finite",
    ),
)
