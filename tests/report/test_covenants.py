"""The summary and the page tell how often covenants fail and what ends the debt."""

from __future__ import annotations

import copy
from typing import Any

from spv_sim.report.covenants import covenants_of, told_breaches, told_causes
from spv_sim.report.labels import definitions, title
from spv_sim.report.page import page
from spv_sim.report.terminal import summary
from tests.report.example import example


def found(value: float | None, error: float, unit: str) -> dict[str, Any]:
    """A metric as a run document holds it."""
    low, high = (None, None) if value is None else (value - 1.96 * error, value + 1.96 * error)
    return {"value": value, "standard_error": error, "unit": unit, "ci95": [low, high], "quantiles": {}}


def run_with_covenants(*names: str) -> dict[str, Any]:
    """The stand-in with covenants that fail on an eighth of the paths, the last one never."""
    run = copy.deepcopy(example()[0])
    for name in names:
        never = name == names[-1]
        holder = f"covenant.{name}"
        run["metrics"][f"{holder}.probability_of_breach"] = found(0.0 if never else 0.125, 0.001, "share")
        run["metrics"][f"{holder}.first_breach_month"] = found(None if never else 31.2, 0.4, "months")
    run["metrics"]["spv.probability_of_lease_default"] = found(0.25, 0.002, "share")
    run["metrics"]["spv.probability_of_payment_default"] = found(0.0, 0.0, "share")
    run["metrics"]["spv.probability_of_covenant_default"] = found(0.03, 0.001, "share")
    return run


def test_the_summary_tells_causes_and_failures() -> None:
    text = " ".join(summary(run_with_covenants("appraisal", "cover")).split())
    assert "event of default by lease 25.0 ± 0.4 %, covenant 3.00 ± 0.20 %" in text
    assert "appraisal fails on 12.50 ± 0.20 %, first in month 31.2 ± 0.8" in text
    assert "cover fails on 0.00" in text
    assert "payment" not in told_causes(run_with_covenants("a"))


def test_what_does_not_fit_is_counted() -> None:
    told = told_breaches(run_with_covenants(*"abcdefg"), 2)
    assert len(told) == 3
    assert told[-1] == "5 others in report.html"


def test_the_page_has_their_rows_and_definitions() -> None:
    run = run_with_covenants("appraisal", "cover")
    assert covenants_of(run) == ("covenant.appraisal", "covenant.cover")
    text = page(run, [], ("senior",))
    assert "P(appraisal fails)" in text
    assert "Appraisal fails first, mean" in text
    assert title("spv.probability_of_maturity_default") == "P(event of default by maturity)"
    told = {name for _, name, _ in definitions(["senior"], covenants=["covenant.x"])}
    assert "covenant.covenant.probability_of_breach" in told


def test_without_covenants_nothing_is_told() -> None:
    run = example()[0]
    assert covenants_of(run) == ()
    assert told_breaches(run, 6) == []
    assert not any(name.startswith("covenant.") for _, name, _ in definitions(["senior"]))
