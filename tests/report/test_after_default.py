"""What the report says of a default after which the lease may go on."""

from __future__ import annotations

from typing import Any

from spv_sim.report.after_default import default_lines, default_sentence
from spv_sim.report.labels import definitions
from spv_sim.results.metrics import metrics_of
from spv_sim.results.metrics_default import GUARANTOR, OUTCOMES


def told(value: float, unit: str = "share", error: float = 0.001) -> dict[str, Any]:
    reach = 1.96 * error
    return {
        "value": value,
        "unit": unit,
        "standard_error": error,
        "ci95": [value - reach, value + reach],
        "quantiles": {},
        "count": 1000,
        "note": "",
    }


RUN = {
    "metrics": {
        "lessee.probability_reinstated": told(0.031),
        "lessee.probability_rejected": told(0.124),
        "lessee.recovery": told(0.612),
    }
}


def test_a_sentence_tells_each_outcome_with_its_error() -> None:
    words = default_sentence(RUN)
    assert words.startswith(
        "After a default the lease is reinstated on 3.10 ± 0.20 %, rejected on 12.40 ± 0.20 % of"
    )
    assert "61.20 ± 0.20 % of the rent since the default is paid" in words
    assert "assumed" not in words
    assert "guarantor" not in words
    assert default_lines(RUN).startswith("reinstated on")


def test_a_guarantor_is_told_where_there_is_one() -> None:
    paid = {
        "lessee.probability_guarantor_pays": told(0.10),
        "lessee.guarantor_paid": told(4.2e8, "USD", 1e7),
    }
    words = default_sentence({"metrics": RUN["metrics"] | paid})
    assert "the lessee's guarantor pays on 10.00 ± 0.20 % of paths, 420 ± 20 m USD on average" in words


def test_a_default_that_means_rejection_needs_no_sentence() -> None:
    assert default_sentence({"metrics": {}}) == ""
    assert not any("recovery" in metric.name for metric in metrics_of(["senior"]))


def test_only_outcomes_that_may_happen_are_reported_and_defined() -> None:
    names = [metric.name for metric in metrics_of(["senior"], (), ("assumed", "rejected"))]
    assert {"lessee.probability_assumed", "lessee.recovery", "lessee.recovery_rejected"} <= set(names)
    assert "lessee.probability_reinstated" not in names
    assert "lessee.guarantor_paid" not in names
    whole = [metric.name for metric in metrics_of(["senior"], (), (*OUTCOMES, GUARANTOR))]
    assert {"lessee.guarantor_paid", "lessee.probability_guarantor_pays"} <= set(whole)
    defined = {name for _, name, _ in definitions(["senior"], (), names)}
    assert {name for name in names if name.startswith("lessee.")} <= defined
    assert "lessee.guarantor_paid" not in defined
