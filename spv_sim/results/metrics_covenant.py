"""The metrics of the covenants, and of the causes of an event of default."""

from __future__ import annotations

from spv_sim.results.metric import COVENANT, MEAN, PROBABILITY, Metric

CAUSES = {
    "lease": (1.0, "the lessee's default, uncured at the end of the grace"),
    "payment": (2.0, "debt service unpaid for longer than the grace"),
    "maturity": (3.0, "debt unpaid at its maturity"),
    "covenant": (4.0, "a covenant in breach for longer than its grace"),
}
"""Why the debt is in an event of default: value of the column, and in words; one cause a path, the first."""

COVENANT_METRICS = (
    *(
        Metric(
            f"spv.probability_of_{cause}_default",
            "share",
            f"Share of paths with an event of default that begins with {words}; of several on one date, the "
            "first of lease, payment or maturity, covenant.",
            PROBABILITY,
            "spv.event_of_default_cause",
            "equal",
            value,
        )
        for cause, (value, words) in CAUSES.items()
    ),
    Metric(
        f"{COVENANT}.probability_of_breach",
        "share",
        "Share of paths on which the covenant fails at least once.",
        PROBABILITY,
        f"{COVENANT}.first_breach_month",
        "finite",
    ),
    Metric(
        f"{COVENANT}.first_breach_month",
        "months",
        "Mean month of the first failure over the paths on which the covenant fails, from closing.",
        MEAN,
        f"{COVENANT}.first_breach_month_if_any",
    ),
)
