"""Letters of credit, and the reserves for maintenance and for operating cost, in kernel terms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.tranche_closing import TrancheClosing, service_ahead
from spv_sim.scenario.covenant import interval_of
from spv_sim.spv.letter_of_credit import LetterTerms
from spv_sim.spv.reserves import ReserveTerms

if TYPE_CHECKING:
    from spv_sim.scenario.accounts import Accounts
    from spv_sim.scenario.capital import Capital
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]


def letter_terms(capital: Capital, closed: Sequence[TrancheClosing]) -> LetterTerms:
    """The letters of credit in place of a reserve, one for each tranche in its order.

    Source: model 7.5.
    """
    said = [capital.tranche[tranche.name] for tranche in closed]
    stands = np.array([tranche.dsra_kind == "letter_of_credit" for tranche in said])
    return LetterTerms(
        in_use=bool(stands.any()),
        face=np.array([tranche.dsra_target for tranche in closed]) * stands[:, np.newaxis],
        margin=np.array([tranche.letter_of_credit_margin * tranche.payment_every / 12 for tranche in said]),
    )


def working_capital(scenario: Scenario, opex: Array) -> Array:
    """Operating cost of the months ahead, from each payment date to the next: (months + 1,) float64 [USD].

    Parameters
    ----------
    opex : (months + 1,) float64, by month while the units are owned [USD].

    Source: model 2.1; Annex P for years.
    """
    target, months = np.zeros(len(opex)), scenario.accounts.working_capital
    period, completion = scenario.grid.period, scenario.grid.construction
    every = interval_of(scenario.capital.tranche)
    for date in range(completion, len(opex), every) if months else ():
        target[date : date + every] = service_ahead(opex[date + period :: period], months, period)
    return target


def reserve_terms(accounts: Accounts, payment_every: int, costs_ahead: Array) -> ReserveTerms:
    """What the reserves for maintenance and for operating cost hold; nothing where the deal has none."""
    said, target, contribution = accounts.maintenance, 0.0, 0.0
    if said is not None:
        target = math.inf if said.target is None else said.target
        contribution = math.inf if said.contribution is None else said.contribution * payment_every
    return ReserveTerms(
        in_use=said is not None or accounts.working_capital > 0,
        maintenance=target,
        contribution=contribution,
        working_capital=costs_ahead,
    )
