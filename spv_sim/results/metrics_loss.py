"""The metrics of who bears the loss; `loss_shares` defines what a stakeholder loses."""

from __future__ import annotations

from spv_sim.results.metric import LOSS_SHARE, MEAN, TAIL_LOSS, TAIL_LOSS_SHARE, VARIANCE_SHARE, Metric

LOST_BY_ALL = ("spv.lost_value", "spv.unexpected_loss_95")
"""Metrics of the loss that is shared."""

LOSS_METRICS = (
    Metric(
        "spv.lost_value",
        "USD",
        "Mean loss of the whole deal: the sum of what its lessee, its lenders and its shareholders lose in "
        "present value against the base case.",
        MEAN,
    ),
    Metric(
        "spv.unexpected_loss_95",
        "USD",
        "Unexpected loss of the whole deal on its worst 5 % of paths: E[X − E[X] | X ≥ VaR].",
        TAIL_LOSS,
        "spv.lost_value",
        level=0.95,
    ),
    Metric(
        "<stakeholder>.lost_value",
        "USD",
        "Mean loss against the base case: present value at closing, at one rate for everybody, of the "
        "stakeholder's flows in the base case less that of the flows on the path.",
        MEAN,
    ),
    Metric(
        "<stakeholder>.loss_share",
        "share",
        "Share of the deal's expected loss, E[X_h] / E[X]; the shares of all stakeholders sum to 1, and one "
        "who gains on average has a negative share.",
        LOSS_SHARE,
        "<stakeholder>.lost_value",
    ),
    Metric(
        "<stakeholder>.tail_loss_share_95",
        "share",
        "Share of the deal's unexpected loss on its worst 5 % of paths, with X_h − E[X_h] for each (Euler's "
        "allocation of the expected shortfall); the shares of all stakeholders sum to 1.",
        TAIL_LOSS_SHARE,
        "<stakeholder>.lost_value",
        level=0.95,
    ),
    Metric(
        "<stakeholder>.unexpected_loss_95",
        "USD",
        "Unexpected loss on the deal's worst 5 % of paths, E[X_h − E[X_h] | X ≥ VaR]; those of all "
        "stakeholders sum to the deal's.",
        TAIL_LOSS,
        "<stakeholder>.lost_value",
        level=0.95,
    ),
    Metric(
        "<stakeholder>.variance_share",
        "share",
        "Share of the spread of the deal's loss, Cov(X_h, X) / Var(X); the shares of all stakeholders sum to "
        "1, and one whose losses move against the deal's has a negative share.",
        VARIANCE_SHARE,
        "<stakeholder>.lost_value",
    ),
)
