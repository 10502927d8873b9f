"""How fast a metric changes with a number of the scenario, from two values close by."""

from __future__ import annotations

from spv_sim.analysis.solve.knob import Knob
from spv_sim.analysis.solve.solution import evaluate
from spv_sim.analysis.solve.target import SIMULATION, Sampling, Target
from spv_sim.scenario.read import Loaded

BUMP = 1e-4


def derivative(loaded: Loaded, knob: Knob, target: Target, sampling: Sampling, bump: float = BUMP) -> float:
    """Central difference of a metric in a number, at the scenario's own value. Source: model 14.4.

    Of a hazard multiple it is the derivative in the log of the hazard; of a residual haircut, minus that in
    the log of the resale price.

    Parameters
    ----------
    bump : to either side, as a share of the value, or itself where that is zero.

    Raises
    ------
    ValueError : for a metric that is sampled: the error of a difference needs the paths of both values.
    """
    if target.method == SIMULATION:
        raise ValueError(f"{target.name} is sampled: its derivative would have no error beside it")
    step = bump * (abs(knob.start) or 1.0)
    low, high = (evaluate(loaded, knob, knob.start + side * step, target, sampling).value for side in (-1, 1))
    return (high - low) / (2 * step)
