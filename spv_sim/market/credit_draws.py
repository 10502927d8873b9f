"""The lessee's own draws of a month: the normal of its credit and a uniform beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import (
    BRIDGE_BLOCK,
    CREDIT_BLOCK,
    four_uniforms,
    next_four_uniforms,
    next_two_normals,
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
    return CreditDraws(
        normals=next_two_normals(draws.normals, seed, path, month, CREDIT_BLOCK),
        words=next_four_uniforms(draws.words, seed, path, month, BRIDGE_BLOCK),
    )


@jit
def open_credit_normals(wanted: bool, seed: Any, path: Any) -> Any:
    """The pair of normals at closing, for other drivers to load on; nothing is drawn where none does."""
    pair = (like(path, 0.0), like(path, 0.0))
    if wanted:
        pair = two_normals(seed, path, 0, CREDIT_BLOCK)
    return pair


@jit
def draw_credit_normals(month: int, seed: Any, path: Any, pair: Any) -> Any:
    """The pair of the month; a new one where that at hand has served its steps."""
    return next_two_normals(pair, seed, path, month, CREDIT_BLOCK)
