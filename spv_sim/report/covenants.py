"""Tells which covenants fail and what puts the debt into an event of default."""

from __future__ import annotations

from typing import Any

from spv_sim.report.headline import metric, with_error
from spv_sim.report.numbers import is_number
from spv_sim.report.text import line
from spv_sim.results.metric import COVENANT_PREFIX
from spv_sim.results.metrics_covenant import CAUSES


def covenants_of(run: dict[str, Any]) -> tuple[str, ...]:
    """Holders of the covenants' metrics in the order of the results, such as ``covenant.cover``."""
    names = (name.rpartition(".")[0] for name in run["metrics"])
    return tuple(dict.fromkeys(name for name in names if name.startswith(COVENANT_PREFIX)))


def told_breaches(run: dict[str, Any], most: int) -> list[str]:
    """How often each covenant fails, and from which month on in the mean, in words."""
    told = []
    for holder in covenants_of(run)[:most]:
        words = f"{line(holder.removeprefix(COVENANT_PREFIX), 30)} fails on "
        words += with_error(run, f"{holder}.probability_of_breach")
        if is_number(metric(run, first := f"{holder}.first_breach_month").get("value")):
            words += f", first in month {with_error(run, first).removesuffix(' months')}"
        told.append(words)
    more = len(covenants_of(run)) - most
    return [*told, *([f"{more} others in report.html"] if more > 0 else [])]


def told_causes(run: dict[str, Any]) -> str:
    """Why the debt is in an event of default, in words; nothing where it never is."""
    names = {cause: f"spv.probability_of_{cause}_default" for cause in CAUSES}
    met = [
        f"{cause} {with_error(run, name)}"
        for cause, name in names.items()
        if is_number(value := metric(run, name).get("value")) and float(value) > 0
    ]
    return f"event of default by {', '.join(met)}" if met else ""
