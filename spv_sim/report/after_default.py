"""Says what follows the lessee's default, where more than a rejection of the lease may follow."""

from __future__ import annotations

from typing import Any

from spv_sim.report.headline import metric, with_error
from spv_sim.report.numbers import is_number
from spv_sim.results.metrics_default import OUTCOMES

TOLD = {
    "reinstated": "reinstated",
    "assumed": "assumed in bankruptcy",
    "renegotiated": "renegotiated",
    "rejected": "rejected",
}


def outcomes(run: dict[str, Any]) -> list[str]:
    """`reinstated on 3.1 % ± 0.2 %` and so on, of all paths, for each outcome that may happen."""
    return [
        f"{TOLD[name]} on {with_error(run, f'lessee.probability_{name}')}"
        for name in OUTCOMES
        if is_number(metric(run, f"lessee.probability_{name}").get("value"))
    ]


def support(run: dict[str, Any]) -> str:
    """What the lessee's guarantor pays, nothing without one."""
    if not is_number(metric(run, "lessee.guarantor_paid").get("value")):
        return ""
    chance, paid = (
        with_error(run, f"lessee.{name}") for name in ("probability_guarantor_pays", "guarantor_paid")
    )
    return f"the lessee's guarantor pays on {chance} of paths, {paid} on average over all"


def default_sentence(run: dict[str, Any]) -> str:
    """What becomes of the lease on how many paths, and how much of the rent is paid; else nothing."""
    told = outcomes(run)
    if not told:
        return ""
    words = f"After a default the lease is {', '.join(told)} of paths"
    if is_number(metric(run, "lessee.recovery").get("value")):
        words += f"; {with_error(run, 'lessee.recovery')} of the rent since the default is paid"
    return "; ".join(part for part in (words, support(run)) if part) + "."


def default_lines(run: dict[str, Any]) -> str:
    """The same in the words of the terminal."""
    return default_sentence(run).removeprefix("After a default the lease is ")
