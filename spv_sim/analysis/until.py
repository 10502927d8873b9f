"""When a run has paths enough: at fixed numbers of paths its errors are held against those asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from spv_sim.analysis.precision import Precision
from spv_sim.engine.summing import BLOCK
from spv_sim.errors import Problem, UserError
from spv_sim.results.estimate import Estimate
from spv_sim.results.metric import (
    BREAK_EVEN,
    QUANTILE,
    SHORTFALL,
    TAIL_LOSS,
    TAIL_LOSS_SHARE,
    VARIANCE_SHARE,
)

STEP = 4 * BLOCK
"""Paths at which the errors are looked at first; a multiple of the engine's chunks."""

OF_KEPT_PATHS = (QUANTILE, SHORTFALL, TAIL_LOSS, TAIL_LOSS_SHARE, VARIANCE_SHARE, BREAK_EVEN)
"""Estimators whose error falls no further, or not below a bin, where not every path's values are kept."""

REACHED, MOST, KEPT = "reached", "most_paths", "kept_paths"
"""Why a run stopped: every error is small enough, or there may be no more paths, or no more are kept."""


@dataclass(frozen=True)
class Standing:
    """What has been reached after a number of paths.

    found : half-width of each metric asked for, as its `Precision.width` is meant.
    most : paths after which the run stops in any case.
    """

    paths: int
    goals: tuple[Precision, ...]
    found: tuple[float, ...]
    most: int

    @property
    def reached(self) -> tuple[bool, ...]:
        """Of each metric, whether its error is small enough."""
        return tuple(found <= goal.width for found, goal in zip(self.found, self.goals, strict=True))

    def record(self, number: int) -> dict[str, Any]:
        """What was asked of one metric and what is reached, for JSON."""
        goal, found = self.goals[number], self.found[number]
        return {
            "asked": goal.written,
            "metric": goal.metric.name,
            "unit": goal.metric.unit,
            "relative": goal.relative,
            "half_width_asked": goal.width,
            "half_width": found if math.isfinite(found) else None,
            "reached": self.reached[number],
        }

    @property
    def needed(self) -> float:
        """Paths that all errors need, as far as these tell: they fall with the root; infinite if one is."""
        ratios = (found / goal.width for found, goal in zip(self.found, self.goals, strict=True))
        return max(self.paths * max(ratio, 1.0) ** 2 for ratio in ratios)


def is_checkpoint(paths: int) -> bool:
    """Whether errors are looked at after so many paths: twice a doubling, at 1, 2, 3, 4, 6, 8, 12 … steps."""
    steps, rest = divmod(paths, STEP)
    while steps and steps % 2 == 0:
        steps //= 2
    return rest == 0 and steps in (1, 3)


class Until:
    """Follows a run and tells when it has paths enough.

    Whether it has is asked at fixed numbers of paths and answered by the values of those paths alone, so the
    same scenario and seed stop at the same number on any machine with any threads.

    Parameters
    ----------
    goals : what is asked, at least one.
    most : paths after which the run stops whatever the errors are.
    keep : paths whose values are kept.
    tell : hears of each checkpoint.
    """

    def __init__(
        self, goals: Sequence[Precision], most: int, keep: int, tell: Callable[[Standing], None]
    ) -> None:
        self.goals = tuple(goals)
        bound = any(goal.metric.estimator in OF_KEPT_PATHS for goal in goals) and 0 < keep < most
        self.most = keep if bound else most
        self.limit = KEPT if bound else MOST
        self.tell = tell
        self.last: Standing | None = None

    def is_enough(self, paths: int, estimate: Callable[[Collection[str]], dict[str, Estimate]]) -> bool:
        """Whether the run may stop after so many paths; `estimate` makes metrics of them by name.

        Raises
        ------
        UserError : an error is not defined, so that none can be reached.
        """
        if not is_checkpoint(paths) and paths < self.most:
            return False
        estimates = estimate([goal.metric.name for goal in self.goals])
        found = tuple(goal.of(estimates[goal.metric.name]) for goal in self.goals)
        refuse_undefined(self.goals, found, estimates, paths)
        self.last = Standing(paths, self.goals, found, self.most)
        self.tell(self.last)
        return all(self.last.reached)

    def record(self) -> dict[str, Any]:
        """What was asked, what was reached and why the run stopped, for JSON.

        Raises
        ------
        ValueError : no path has run.
        """
        if self.last is None:
            raise ValueError("no checkpoint was passed")
        met = all(self.last.reached)
        return {
            "stopped": REACHED if met else self.limit,
            "paths": self.last.paths,
            "most_paths": self.most,
            "goals": [self.last.record(number) for number in range(len(self.goals))],
        }


def refuse_undefined(
    goals: Sequence[Precision], found: Sequence[float], estimates: dict[str, Estimate], paths: int
) -> None:
    """Refuse errors that are not defined.

    Raises
    ------
    UserError : with each of them.
    """
    problems = []
    for goal, width in zip(goals, found, strict=True):
        if math.isnan(width):
            estimate = estimates[goal.metric.name]
            after = f"after {paths:,} path{'s' if paths > 1 else ''}"
            if estimate.value == 0.0 and not math.isnan(sum(estimate.ci95)):
                message = f"{goal.metric.name} is 0 {after}, and its error is no share of that"
                help = "ask for an error in the metric's own unit, as in ± 1 bps"
            else:
                note = f": {estimate.note}" if estimate.note else ""
                message = f"the error of {goal.metric.name} is not defined {after}{note}"
                help = "ask for another metric, or give a number of paths alone, with --paths"
            problems.append(Problem("until", message, file=f"--until {goal.text}", help=help))
    if problems:
        raise UserError(*problems)
