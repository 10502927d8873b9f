"""The lessee's own draws of a month: the normal of its credit and a uniform beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.rng import (
    BRIDGE_BLOCK,
    CREDIT_BLOCK,
    STEPS_OF_FOUR,
    STEPS_OF_TWO,
    four_uniforms,
    normal_of_step,
    two_normals,
)


class CreditDraws(NamedTuple):
    """What the coming months' draws are made of: a pair of normals, the words of the uniforms."""

    normals: Any
    words: Any


@jit
def open_credit_draws(month: int, seed: Any, path: Any) -> CreditDraws:
    """The draws at hand in the month."""
    return CreditDraws(
        normals=two_normals(seed, path, month, CREDIT_BLOCK),
        words=four_uniforms(seed, path, month, BRIDGE_BLOCK),
    )


@jit
def draw_credit(month: int, seed: Any, path: Any, draws: CreditDraws) -> CreditDraws:
    """The draws of the month; new ones where those at hand have served their steps."""
    normals, words = draws.normals, draws.words
    if month % STEPS_OF_TWO == 0:
        normals = two_normals(seed, path, month, CREDIT_BLOCK)
    if month % STEPS_OF_FOUR == 0:
        words = four_uniforms(seed, path, month, BRIDGE_BLOCK)
    return CreditDraws(normals, words)


@jit
def credit_normal(month: int, seed: Any, path: Any) -> Any:
    """The month's normal of the lessee's credit by itself, as the other drivers see it."""
    return normal_of_step(two_normals(seed, path, month, CREDIT_BLOCK), month)
