"""The metrics of what follows the lessee's default, for deals in which more than a rejection may follow."""

from __future__ import annotations

from collections.abc import Iterable

from spv_sim.results.metric import MEAN, PROBABILITY, Metric

OUTCOMES = {"reinstated": 1, "assumed": 2, "renegotiated": 3, "rejected": 4}
"""Outcomes of a default on a lease in force, by their code in the column ``lessee.outcome``; 0 is none."""

KEYS = {
    "reinstated": "reinstate",
    "assumed": "assume",
    "renegotiated": "renegotiate",
    "rejected": "reject",
}
"""The same by their keys in the scenario."""

GUARANTOR = "guarantor"
"""Stands for a guarantor of the rent beside the outcomes that may happen."""

WORDS = {
    "reinstated": "its lease is reinstated, arrears and interest paid",
    "assumed": "its lease is assumed in bankruptcy, all arrears paid",
    "renegotiated": "its rent is renegotiated",
    "rejected": "its lease is rejected",
}

RECOVERED = (
    "Mean over the paths {} of the share of the contract's rent since the default, default interest "
    "included, that lessee, deposit, guarantor and estate pay: Σ paid / Σ due, undiscounted."
)

DEFAULT_METRICS = (
    *(
        Metric(
            f"lessee.probability_{name}",
            "share",
            f"Share of paths on which the lessee defaults and {words}.",
            PROBABILITY,
            "lessee.outcome",
            "equal",
            float(OUTCOMES[name]),
        )
        for name, words in WORDS.items()
    ),
    Metric("lessee.recovery", "share", RECOVERED.format("with a default"), MEAN, conditional=True),
    *(
        Metric(
            f"lessee.recovery_{name}", "share", RECOVERED.format(f"on which {words}"), MEAN, conditional=True
        )
        for name, words in WORDS.items()
    ),
    Metric(
        "lessee.probability_guarantor_pays",
        "share",
        "Share of paths on which the lessee's guarantor pays rent.",
        PROBABILITY,
        "lessee.guarantor_paid",
        "above",
        0.0,
    ),
    Metric(
        "lessee.guarantor_paid",
        "USD",
        "Mean of what the lessee's guarantor pays of the rent, over all paths, undiscounted.",
        MEAN,
    ),
)


def is_reported(name: str, after_default: Iterable[str]) -> bool:
    """Whether a metric of the default has a meaning where only these outcomes, and a guarantor, exist."""
    known = tuple(after_default)
    if "guarantor" in name:
        return GUARANTOR in known
    outcome = name.rpartition("_")[2]
    return outcome in known if outcome in OUTCOMES else bool(known)
