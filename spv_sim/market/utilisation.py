"""Utilisation: share of the hours in use, between two bounds, mean-reverting in its logit."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import UTILISATION_BLOCK, next_two_normals, normal_of_step, two_normals
from spv_sim.kernel.vmath import exp


class UtilisationTerms(NamedTuple):
    """The process in kernel units: lowest + span x logistic(Y), Y an exact Ornstein-Uhlenbeck step.

    active : whether there is one; else every hour is in use.
    initial : Y at closing [1].  decay : share of a deviation that survives a month [1].
    drift : (months + 1,) float64, what the step adds in each month [1].
    step_volatility : standard deviation of the noise of one month [1].

    Limits: independent of prices, rates and credit.
    Source: model 3.5.
    """

    active: bool
    lowest: float
    span: float
    initial: float
    decay: float
    drift: Any
    step_volatility: float


class UtilisationState(NamedTuple):
    """Y of the month, and the pair of normals that the coming months draw on."""

    logit: Any
    normals: Any


@jit
def open_utilisation(terms: UtilisationTerms, seed: Any, path: Any) -> UtilisationState:
    """The state at closing; nothing is drawn where nothing is random."""
    logit = like(path, terms.initial)
    pair = (like(path, 0.0), like(path, 0.0))
    if terms.step_volatility > 0.0:
        pair = two_normals(seed, path, 0, UTILISATION_BLOCK)
    return UtilisationState(logit, pair)


@jit
def move_utilisation(
    terms: UtilisationTerms, month: int, seed: Any, path: Any, state: UtilisationState
) -> UtilisationState:
    """The state one month later."""
    if not terms.active:
        return state
    moved = terms.decay * state.logit + terms.drift[month]
    if terms.step_volatility == 0.0:
        return UtilisationState(moved, state.normals)
    pair = next_two_normals(state.normals, seed, path, month, UTILISATION_BLOCK)
    return UtilisationState(moved + terms.step_volatility * normal_of_step(pair, month), pair)


@jit
def utilisation(terms: UtilisationTerms, logit: Any) -> Any:
    """Share of the hours in use [1]."""
    if not terms.active:
        return like(logit, 1.0)
    return terms.lowest + terms.span / (1.0 + exp(-logit))
