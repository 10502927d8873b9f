"""What a solver aims at: a value of the base case, an exact expectation or a Monte Carlo estimate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.base_case import LABEL, run_base_case, unit_of
from spv_sim.analysis.default_case import rent_months, run_default_case, worst_month
from spv_sim.analysis.enumerate_defaults import Outcome, enumerate_defaults, is_certain, run_alone
from spv_sim.analysis.expectations import expectations, mean_flow
from spv_sim.analysis.simulation import deal_facts, run_simulation
from spv_sim.closing.close import Closed
from spv_sim.closing.market_terms import base_case_market
from spv_sim.errors import Problem, UserError
from spv_sim.results.collect import FlowSums
from spv_sim.results.metrics import find_metric
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.units import METRIC, UnitError

Array = NDArray[np.float64]

NPV = "npv"
BASE_CASE, DEFAULT_CASE, ENUMERATION, SIMULATION = "base_case", "default_case", "enumeration", "simulation"
PREFIXES = {"base.": BASE_CASE, "base_case.": BASE_CASE, "default.": DEFAULT_CASE}
FURTHER = ("spv.plcr", "wal_from_draws")
"""Ratios that only the base case without a default has."""

METHODS = {
    BASE_CASE: f"{LABEL}: one path, no sampling error",
    DEFAULT_CASE: "base case with a default: one path, no sampling error",
    ENUMERATION: "every month of default, weighted: no sampling error",
    SIMULATION: "Monte Carlo, the same draws for every value",
}


@dataclass(frozen=True)
class Target:
    """A metric and the value that it should have.

    Parameters
    ----------
    name : as results name it, `base.` before it for the base case, `default.` for that with a default.
    value : wanted.  unit : of it.
    method : BASE_CASE, DEFAULT_CASE, ENUMERATION or SIMULATION.
    discount_rate : of a tranche's net present value [1/year, continuously compounded].
    default_month : of the case with a default; None for the month that costs a tranche the most.
    """

    name: str
    value: float
    unit: str
    method: str
    discount_rate: float = 0.0
    default_month: int | None = None

    @property
    def metric(self) -> str:
        """The name without its prefix."""
        return split_prefix(self.name)[1]


@dataclass(frozen=True)
class Measured:
    """The metric of one closed scenario, with its standard error, zero where it is exact."""

    value: float
    error: float


@dataclass(frozen=True)
class Sampling:
    """How to simulate. `report` hears of the number of paths done."""

    paths: int
    seed: int
    keep: int
    workers: int | None = None
    report: Callable[[int], None] = lambda paths: None


def split_prefix(name: str) -> tuple[str, str]:
    """The case that a name asks for, empty for the whole distribution, and the metric."""
    prefix = next((prefix for prefix in PREFIXES if name.startswith(prefix)), "")
    return prefix, name.removeprefix(prefix)


def parse_target(text: str, place: str) -> tuple[str, float]:
    """Read `metric=value`.

    Raises
    ------
    UserError : no `=`, or not a number with or without a unit.
    """
    name, equals, written = text.partition("=")
    if not equals or not name.strip():
        message = "a target is written metric=value, as in equity.irr_of_mean_cash_flow=12%"
        raise UserError(Problem("usage", message, file=place))
    return name.strip(), parse_value(written, place)


def parse_value(written: str, place: str) -> float:
    """Read a number, share or amount.

    Raises
    ------
    UserError : located at `place`.
    """
    try:
        return float(METRIC.parse(written.strip()))
    except UnitError as fault:
        raise UserError(Problem(fault.code, str(fault), file=place)) from fault


def aim(
    closed: Closed,
    name: str,
    value: float,
    place: str,
    *,
    discount_rate: float = 0.0,
    default_month: int | None = None,
    simulate: bool = False,
) -> Target:
    """The target of a name, and how it will be measured.

    Parameters
    ----------
    place : the words of the command line, where a fault is shown.
    simulate : whether to draw paths even where an exact expectation is at hand.

    Raises
    ------
    UserError : for a metric that the deal does not have, or a default that it cannot have.
    """
    prefix, metric = split_prefix(name)
    tranches = tuple(closed.scenario.capital.tranche)
    present = [f"{tranche}.{NPV}" for tranche in tranches]
    base = run_base_case(closed).values
    listed = base if prefix else [own.name for own in deal_facts(closed, base).metrics]
    known = [own for own in (*listed, *present) if prefix != "default." or not own.endswith(FURTHER)]
    if metric not in known:
        near = suggest(metric, known)
        help = (
            f"did you mean `{prefix}{near}`?" if near else f"known: {', '.join(map(prefix.__add__, known))}"
        )
        raise UserError(Problem("unknown-metric", f"there is no metric {name}", file=place, help=help))
    found = find_metric(metric)
    unit = "USD" if metric in present else unit_of(metric) if prefix else found.unit if found else ""
    exact = is_certain(closed.terms.market) and not simulate
    method = PREFIXES.get(prefix, ENUMERATION if exact else SIMULATION)
    if method == DEFAULT_CASE:
        default_month = month_of_default(closed, metric, default_month, place)
    return Target(name, value, unit, method, discount_rate, default_month)


def month_of_default(closed: Closed, metric: str, wanted: int | None, place: str) -> int | None:
    """The month of the default: as wanted, else as scheduled in the scenario; None for the worst.

    Raises
    ------
    UserError : outside the lease, or none for a metric of which no month is the worst.
    """
    month = wanted if wanted is not None else closed.scenario.credit.default_month
    months = rent_months(closed)
    if month is None and not metric.endswith(".loss"):
        message = f"default.{metric} needs a month: give --default-month"
        raise UserError(Problem("usage", message, file=place))
    if month is not None and not months[0] <= month <= months[-1]:
        message = f"month {month} is outside the lease, months {months[0]} to {months[-1]}"
        raise UserError(Problem("range", message, file=place))
    return month


def measure(closed: Closed, target: Target, sampling: Sampling) -> Measured:
    """The metric of a closed scenario.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold.
    """
    stakeholder, _, what = target.metric.rpartition(".")
    is_value = what == NPV and stakeholder in closed.scenario.capital.tranche
    if target.method == BASE_CASE and not is_value:
        return Measured(run_base_case(closed).values[target.metric], 0.0)
    if target.method in (BASE_CASE, DEFAULT_CASE):
        alone = run_case(closed, target)
        value = present_value(alone.flows[stakeholder], target.discount_rate) if is_value else math.nan
        return Measured(alone.values.get(target.metric, value), 0.0)
    if target.method == ENUMERATION:
        enumeration = enumerate_defaults(closed)
        if is_value:
            return Measured(present_value(mean_flow(enumeration, stakeholder), target.discount_rate), 0.0)
        return Measured(expectations(enumeration)[target.metric], 0.0)
    done = run_simulation(
        closed,
        sampling.paths,
        sampling.seed,
        sampling.keep,
        sampling.workers,
        sampling.report,
        base=run_base_case(closed).values,
    )
    if is_value:
        return mean_value(done.collected.flows[stakeholder], target.discount_rate)
    estimate = done.estimates[target.metric]
    return Measured(estimate.value, estimate.standard_error)


def run_case(closed: Closed, target: Target) -> Outcome:
    """The one path of a base case, with or without a default."""
    if target.method == BASE_CASE:
        return run_alone(closed, base_case_market(closed.scenario, closed.terms.deal.last_month))
    month = target.default_month
    return run_default_case(
        closed, worst_month(closed, target.metric.rpartition(".")[0]) if month is None else month
    )


def discount_factors(months: int, rate: float) -> Array:
    """e^{−rt} at the months from closing, (months,) float64 [1]."""
    return np.exp(-rate * np.arange(months) / 12)


def present_value(flows: Array, rate: float) -> float:
    """Value at closing of monthly flows at a flat, continuously compounded rate [USD]."""
    return float(discount_factors(len(flows), rate) @ flows)


def mean_value(flows: FlowSums, rate: float) -> Measured:
    """Mean present value over the paths; its error from the batches, of independent paths each.

    With m_b paths of mean value v_b in batch b: s² = Σ m_b (v_b − v)² / (B − 1), se = s/√n.
    """
    discount = discount_factors(len(flows.sums), rate)
    filled = flows.batch_paths > 0
    paths, batches = flows.batch_paths[filled], int(np.count_nonzero(filled))
    value = float(discount @ flows.mean)
    if batches < 2:
        return Measured(value, math.nan)
    values = (discount @ flows.sums[:, filled]) / paths
    spread = float(paths @ np.square(values - value)) / (batches - 1)
    return Measured(value, math.sqrt(spread / float(paths.sum())))
