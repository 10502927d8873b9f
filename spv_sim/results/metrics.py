"""The metrics that a run reports, by name."""

from __future__ import annotations

from collections.abc import Iterable

from spv_sim.results.metric import (
    CLASS,
    COVENANT,
    COVENANT_PREFIX,
    MEAN,
    PROBABILITY,
    STAKEHOLDER,
    TRANCHE,
    Metric,
    index,
    named,
)
from spv_sim.results.metrics_covenant import COVENANT_METRICS
from spv_sim.results.metrics_default import DEFAULT_METRICS, is_reported
from spv_sim.results.metrics_equity import CLASS_METRICS, EQUITY_METRICS, VENDOR_METRICS
from spv_sim.results.metrics_fleet import FLEET_METRICS, OF_FAILURES
from spv_sim.results.metrics_loss import LOSS_METRICS, LOST_BY_ALL
from spv_sim.results.metrics_refinancing import REFINANCING, REFINANCING_METRICS
from spv_sim.results.metrics_tranche import TRANCHE_METRICS
from spv_sim.scenario.names import FOR_CLASSES, RESERVED

METRICS = index(
    (
        Metric(
            "lessee.default_probability",
            "share",
            "Share of paths on which the lessee stops paying before the last rent date: P(τ < ∞).",
            PROBABILITY,
            "lessee.default_month",
            "finite",
        ),
        *EQUITY_METRICS,
        *CLASS_METRICS,
        *VENDOR_METRICS,
        Metric(
            "spv.min_dscr",
            "x",
            "Mean over the paths of the lowest debt service cover, CFADS over interest and principal due, on "
            "the payment dates on which something is due and no event of default has happened.",
            MEAN,
        ),
        Metric(
            "spv.average_dscr",
            "x",
            "Mean over the paths of the average debt service cover over the same payment dates.",
            MEAN,
        ),
        Metric(
            "spv.llcr",
            "x",
            "Mean loan life cover: present value at the coupon of the CFADS up to maturity over the debt, "
            "both at completion.",
            MEAN,
        ),
        Metric(
            "spv.lock_up_months",
            "months",
            "Mean number of payment dates on which the lock-up test keeps cash from the shareholders.",
            MEAN,
        ),
        Metric(
            "spv.probability_of_lock_up",
            "share",
            "Share of paths on which the lock-up test fails at least once.",
            PROBABILITY,
            "spv.lock_up_months",
            "above",
            0.0,
        ),
        *DEFAULT_METRICS,
        *COVENANT_METRICS,
        *FLEET_METRICS,
        *REFINANCING_METRICS,
        *TRANCHE_METRICS,
        *LOSS_METRICS,
    )
)


def metrics_of(
    tranches: Iterable[str],
    stakeholders: Iterable[str] = (),
    after_default: Iterable[str] = (),
    classes: Iterable[str] = (),
    covenants: Iterable[str] = (),
    *,
    vendor: bool = False,
    failures: bool = False,
    refinances: bool = False,
) -> tuple[Metric, ...]:
    """All metrics of a deal, in the order in which they are reported.

    Parameters
    ----------
    tranches : their names in order of rank.
    stakeholders : names of those whose shares of the loss are estimated; none where they are not.
    after_default : outcomes of a default that may happen, see `metrics_default`; none where it is rejection.
    classes : names of the classes of equity; none where there is one only.
    covenants : names of those that results tell of.
    vendor : whether the margin of the hardware's seller is known.  failures : whether units fail.
    refinances : whether a new loan may repay a tranche.
    """
    bearers, outcomes = tuple(stakeholders), tuple(after_default)
    left_out = {metric.name for metric in DEFAULT_METRICS if not is_reported(metric.name, outcomes)}
    left_out |= {*LOST_BY_ALL, *(() if failures else OF_FAILURES)}

    def of_each(pattern: str, names: Iterable[str]) -> list[Metric]:
        own = [metric for metric in METRICS.values() if metric.name.startswith(pattern)]
        return [named(metric, pattern, name) for name in names for metric in own]

    def beginning(start: str) -> list[Metric]:
        own = [metric for metric in METRICS.values() if metric.name.startswith(start)]
        return [metric for metric in own if metric.name not in left_out]

    return (
        *beginning("lessee."),
        *beginning("equity."),
        *of_each(CLASS, classes),
        *(VENDOR_METRICS if vendor else ()),
        *of_each(TRANCHE, tranches),
        *(beginning(f"{REFINANCING}.") if refinances else ()),
        *beginning("spv."),
        *of_each(COVENANT, (f"{COVENANT_PREFIX}{name}" for name in covenants)),
        *((METRICS[name] for name in LOST_BY_ALL) if bearers else ()),
        *of_each(STAKEHOLDER, bearers),
    )


def find_metric(name: str) -> Metric | None:
    """The metric of a reported name, such as ``senior.expected_loss``; None where there is none."""
    if name in METRICS:
        return METRICS[name]
    holder, _, rest = name.rpartition(".")
    patterns = []
    if holder.startswith(COVENANT_PREFIX):
        patterns.append(COVENANT)
    elif holder and holder != "spv":
        patterns.append(STAKEHOLDER)
    if holder and holder not in RESERVED - FOR_CLASSES:
        patterns.append(CLASS)
    if holder and holder not in RESERVED:
        patterns.append(TRANCHE)
    found = next((pattern for pattern in patterns if f"{pattern}.{rest}" in METRICS), None)
    return None if found is None else named(METRICS[f"{found}.{rest}"], found, holder)
