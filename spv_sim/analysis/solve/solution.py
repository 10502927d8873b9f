"""Solves a scenario for one number: reads it anew with each value, closes it and measures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spv_sim.analysis.breach import IdentityError
from spv_sim.analysis.solve.knob import Knob
from spv_sim.analysis.solve.root import Crossing, Search, search
from spv_sim.analysis.solve.target import BASE_CASE, SIMULATION, Measured, Sampling, Target, measure
from spv_sim.closing.close import close
from spv_sim.errors import BUG, Problem, UserError
from spv_sim.results.intervals import Z95
from spv_sim.scenario.read import Loaded

RELATIVE = {BASE_CASE: 1e-10}
RELATIVE_OTHERWISE = 1e-8

SOLVED, SEVERAL, NO_SOLUTION = "solved", "several", "no_solution"


@dataclass(frozen=True)
class Answer:
    """A value that meets the target.

    Parameters
    ----------
    value : of the setting [stored unit].  reached, error : the metric there and its standard error.
    half_width : of the 95 % interval of the value; 0 where nothing was sampled, NaN where it cannot be told
        or the metric jumps.
    jump : the metric to the left and right where it jumps across the target; else None.
    flat : ends of the range in which the target was found met throughout; else None.
    """

    value: float
    reached: float
    error: float
    half_width: float
    jump: tuple[float, float] | None
    flat: tuple[float, float] | None


@dataclass(frozen=True)
class Solution:
    """What the search for a value found.

    Parameters
    ----------
    now : the metric of the scenario as it stands.
    best : value and metric nearest to the target, where the metric is defined anywhere.
    looked_at : (value, metric, standard error) in order; NaN where it is not defined.
    """

    knob: Knob
    target: Target
    sampling: Sampling
    status: str
    answers: tuple[Answer, ...]
    now: Measured
    best: tuple[float, float] | None
    looked_at: tuple[tuple[float, float, float], ...]
    direction: int

    def record(self) -> dict[str, Any]:
        """The solution as plain data, in stored units."""
        sampled = self.target.method == SIMULATION
        return {
            "vary": {
                "key": self.knob.key,
                "title": self.knob.title,
                "unit": self.knob.kind.stored,
                "now": self.knob.start if self.knob.is_set else None,
            },
            "target": {
                "metric": self.target.name,
                "unit": self.target.unit,
                "wanted": self.target.value,
                "now": self.now.value,
                "method": self.target.method,
                "discount_rate": self.target.discount_rate if self.target.metric.endswith(".npv") else None,
                "default_month": self.target.default_month,
                "paths": self.sampling.paths if sampled else None,
                "seed": self.sampling.seed if sampled else None,
            },
            "status": self.status,
            "answers": [self.answer_record(answer) for answer in self.answers],
            "best": {"value": self.best[0], "metric": self.best[1]} if self.best else None,
            "monotone": {1: "increasing", -1: "decreasing"}.get(self.direction),
            "looked_at": [{"value": at, "metric": m, "standard_error": e} for at, m, e in self.looked_at],
        }

    def answer_record(self, answer: Answer) -> dict[str, Any]:
        """One answer as plain data."""
        value, half = answer.value, answer.half_width
        return {
            "value": value,
            "written": self.knob.kind.format(value),
            "settings": dict(self.knob.overrides(value)),
            "ci95": [value - half, value + half],
            "metric": answer.reached,
            "standard_error": answer.error,
            "jump": list(answer.jump) if answer.jump else None,
            "flat": list(answer.flat) if answer.flat else None,
        }


def evaluate(loaded: Loaded, knob: Knob, value: float, target: Target, sampling: Sampling) -> Measured:
    """The metric of the scenario with a value in place of its own.

    Raises
    ------
    UserError : where it cannot be read or closed; exit code 70 where an identity of the cash does not hold.
    """
    try:
        return measure(close(loaded.override(knob.overrides(value)).scenario), target, sampling)
    except IdentityError as breach:
        message = f"{knob.key} = {knob.kind.format(value)}: {breach}; this is a fault of spv-sim"
        raise UserError(Problem("identity", message), exit_code=BUG) from breach


def solve(
    loaded: Loaded,
    knob: Knob,
    target: Target,
    sampling: Sampling,
    tell: Callable[[float, Measured], None] = lambda value, measured: None,
) -> Solution:
    """Find every value of a number at which a metric meets its target, as far as one looks.

    Parameters
    ----------
    tell : hears of each value and what the metric is there.

    Raises
    ------
    UserError : where the scenario can be closed at no value; exit code 70 where an identity of the cash
        does not hold.

    Limits
    ------
    A value at which the scenario cannot be read or closed counts as one at which the metric is not defined.
    """
    faults: list[UserError] = []
    seen: dict[float, Measured] = {}

    def measured(value: float) -> Measured:
        try:
            found = evaluate(loaded, knob, value, target, sampling)
        except UserError as fault:
            if fault.exit_code == BUG:
                raise
            faults.append(fault)
            found = Measured(math.nan, math.nan)
        seen[value] = found
        tell(value, found)
        return found

    def distance(value: float) -> tuple[float, float]:
        found = measured(value)
        return found.value - target.value, found.error

    relative = RELATIVE.get(target.method, RELATIVE_OTHERWISE)
    found = search(distance, knob.domain, knob.start, relative, with_slope=target.method == SIMULATION)
    if len(faults) == len(seen):
        raise faults[0]
    return conclude(knob, target, sampling, found, seen)


def conclude(
    knob: Knob, target: Target, sampling: Sampling, found: Search, seen: dict[float, Measured]
) -> Solution:
    """What a search says in the words of the scenario."""
    answers = tuple(answer(target, crossing) for crossing in found.crossings)
    status = NO_SOLUTION if not answers else SOLVED if len(answers) == 1 else SEVERAL
    return Solution(
        knob=knob,
        target=target,
        sampling=sampling,
        status=status,
        answers=answers,
        now=seen[knob.start],
        best=(found.best.at, found.best.value + target.value) if found.best else None,
        looked_at=tuple((p.at, p.value + target.value, p.error) for p in found.points),
        direction=found.direction,
    )


def answer(target: Target, crossing: Crossing) -> Answer:
    """A crossing as a value that meets the target, with the interval θ ± z SE(g)/|g'(θ)|.

    Source: model 14.2.
    """
    half = 0.0
    if target.method == SIMULATION:
        known = crossing.slope != 0.0 and crossing.jump is None
        half = Z95 * crossing.error / abs(crossing.slope) if known else math.nan
    jump = None
    if crossing.jump:
        jump = (crossing.jump[0] + target.value, crossing.jump[1] + target.value)
    return Answer(crossing.at, crossing.value + target.value, crossing.error, half, jump, crossing.flat)
