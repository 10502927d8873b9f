"""Which metrics a sweep tells, and the levels whose contours it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.simulation import deal_facts
from spv_sim.analysis.solve.target import parse_target
from spv_sim.closing.close import Closed
from spv_sim.errors import Problem, UserError
from spv_sim.results.metric import Metric
from spv_sim.scenario.faults import suggest

MAIN = (
    "equity.irr",
    "equity.irr_of_mean_cash_flow",
    "equity.moic",
    "equity.npv",
    "equity.probability_of_loss",
    "spv.min_dscr",
    "lessee.default_probability",
)
OF_TRANCHES = ("probability_of_loss", "expected_loss", "yield_of_mean_cash_flow")
RARE_LOSS = 0.01
"""Probability of loss of the first tranche whose contour is drawn unasked."""


@dataclass(frozen=True)
class Contour:
    """A metric and the level at which a deal breaks even."""

    metric: str
    level: float


def metrics_known(closed: Closed) -> tuple[Metric, ...]:
    """Every metric that a run of the deal reports."""
    return deal_facts(closed, run_base_case(closed).values).metrics


def reported(closed: Closed, more: Sequence[str], contours: Sequence[Contour]) -> tuple[Metric, ...]:
    """The metrics of a sweep: the main ones, those asked for, and those of the contours.

    Raises
    ------
    UserError : a metric that the deal does not have.
    """
    known = {own.name: own for own in metrics_known(closed)}
    main = [*MAIN, *(f"{name}.{what}" for name in closed.tranches for what in OF_TRANCHES)]
    asked = [(name, f"--metric {name}") for name in more]
    asked += [(own.metric, f"--contour {own.metric}") for own in contours]
    for name, place in asked:
        if name not in known:
            near = suggest(name, known)
            help = f"did you mean `{near}`?" if near else f"known: {', '.join(known)}"
            raise UserError(Problem("unknown-metric", f"there is no metric {name}", file=place, help=help))
    wanted = dict.fromkeys([*main, *(name for name, _ in asked)])
    return tuple(known[name] for name in wanted if name in known)


def contours_of(closed: Closed, asked: Sequence[str]) -> tuple[Contour, ...]:
    """The contours asked for; else equity at its hurdle rate and a loss of the first tranche in 100 paths.

    Raises
    ------
    UserError : not `metric=value`.
    """
    if asked:
        return tuple(Contour(*parse_target(text, f"--contour {text}")) for text in asked)
    return (
        Contour("equity.irr_of_mean_cash_flow", closed.scenario.deal.hurdle),
        Contour(f"{closed.tranches[0]}.probability_of_loss", RARE_LOSS),
    )
