"""The metrics of units that fail or are destroyed, reported where there are any."""

from __future__ import annotations

from spv_sim.results.metric import MEAN, Metric

FLEET_METRICS = (
    Metric(
        "spv.units_lost",
        "units",
        "Mean number of units that fail or that casualties destroy, and that nobody replaces, while the "
        "vehicle owns the fleet.",
        MEAN,
    ),
    Metric(
        "spv.availability",
        "share",
        "Mean over the paths of the share of the months owned, from completion to the sale and counted in "
        "H100-equivalents, in which a unit works: Σ working / Σ owned.",
        MEAN,
    ),
)

OF_FAILURES = tuple(metric.name for metric in FLEET_METRICS)
"""Metrics that only a fleet with failures or casualties has."""
