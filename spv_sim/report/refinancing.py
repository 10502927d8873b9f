"""Says whether a tranche is refinanced, and who pays for it, where a deal has such a date."""

from __future__ import annotations

from typing import Any

from spv_sim.report.headline import metric, with_error
from spv_sim.report.numbers import is_number
from spv_sim.results.metrics_refinancing import REFINANCING


def refinancing_sentence(run: dict[str, Any]) -> str:
    """On how many paths a new loan is lent, at what coupon, and what the shareholders pay; else nothing."""

    def told(name: str) -> str:
        return with_error(run, f"{REFINANCING}.{name}")

    if not is_number(metric(run, f"{REFINANCING}.probability").get("value")):
        return ""
    words = f"A new loan is lent on {told('probability')} of paths"
    if is_number(metric(run, f"{REFINANCING}.coupon").get("value")):
        words += f", at {told('coupon')} on average"
    words += f"; the shareholders pay towards it on {told('probability_with_equity')}"
    words += f", {told('equity_paid')} on average over all paths"
    words += f"; on {told('probability_of_failure')} too little is lent and nobody pays the rest"
    return f"{words}."
