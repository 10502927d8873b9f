"""The yardstick: a compiled loop that no change to the model touches."""

from __future__ import annotations

import math

import numpy as np

from spv_sim.kernel.jit import kernel

STEPS_PER_PATH = 256
"""Steps for each path of the engine's, which is about as much work."""

SHIFTS = (np.uint64(13), np.uint64(7), np.uint64(17))
TOP = np.uint64(11)
UNIT = 2.0**-53


@kernel
def step_on(state: np.uint64, steps: int) -> float:
    """Sum of exp(−u) over `steps` uniform numbers u of a xorshift generator in state `state`, not zero.

    Its mean is (1 − 1/e) · steps. The exponential is the compiler's own, not that of the engine's lanes, so
    that a slower one of theirs shows.

    Source
    ------
    Marsaglia, Journal of Statistical Software 8 (2003) no. 14: xorshift64 with shifts 13, 7, 17.
    """
    total = 0.0
    for _ in range(steps):
        state ^= state << SHIFTS[0]
        state ^= state >> SHIFTS[1]
        state ^= state << SHIFTS[2]
        total += math.exp(-UNIT * (state >> TOP))
    return total
