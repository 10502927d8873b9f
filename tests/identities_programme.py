"""The identities between the vehicles of a programme, told from the ledgers of some paths (model 9.6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spv_sim.scenario.model import Scenario
from tests.identities import EXACT, largest
from tests.paths import Array, Paths


def by_month(vehicles: Mapping[str, Paths], name: str) -> dict[str, Array]:
    """A row of every vehicle by month from closing, nothing where it does not run: (months, paths) each."""
    last = max(paths.months[-1, 0] for paths in vehicles.values())
    found = {}
    for vehicle, paths in vehicles.items():
        found[vehicle] = np.zeros((last + 1, paths.ledger[name].shape[1]))
        found[vehicle][paths.months[:, 0]] = paths.ledger[name]
    return found


def what_is_given_is_taken(programme: Scenario, vehicles: Mapping[str, Paths]) -> float:
    """I2 across vehicles: what some give others take, those with the mark alone, as a share of all uses."""
    given, taken = by_month(vehicles, "shared_out"), by_month(vehicles, "shared_in")
    free = [name for name in vehicles if not programme.spv[name].cross_collateral]
    apart = [largest(np.abs(rows[name])) for rows in (given, taken) for name in free]
    gap = largest(np.abs(sum(given.values()) - sum(taken.values())))
    least = min(largest(-rows[name]) for rows in (given, taken) for name in vehicles)
    return max(gap, least, *apart) / sum(paths.uses for paths in vehicles.values())


def shareholders_wait_for_each_other(programme: Scenario, vehicles: Mapping[str, Paths]) -> float:
    """I8 across vehicles: none with the mark distributes while senior debt of another that pays is short."""
    worst = 0.0
    marked = [name for name in vehicles if programme.spv[name].cross_collateral]
    dist = by_month(vehicles, "dist")
    for name in marked:
        short, paths = np.zeros_like(dist[name]), vehicles[name]
        tranches = paths.closed.scenario.capital.tranche
        senior = min(tranche.rank for tranche in tranches.values())
        for tranche in paths.tranches:
            if tranche.rank == senior:
                owed = paths.of(tranche.name, "principal_due") - paths.of(tranche.name, "principal_paid")
                owed = np.minimum(owed, paths.of(tranche.name, "debt"))
                if not tranches[tranche.name].pik:
                    owed = (
                        owed
                        + paths.of(tranche.name, "interest_due")
                        - paths.of(tranche.name, "interest_paid")
                    )
                short[paths.months[:, 0]] += np.where(paths.on_date, owed, 0.0)
        room = 2 * len(paths.tranches) * EXACT * paths.uses
        for other in (other for other in marked if other != name):
            jumped = np.minimum(np.where(short > room, short, 0.0), dist[other])
            worst = max(worst, largest(jumped) / vehicles[other].uses)
    return worst


def defaults_spread(programme: Scenario, vehicles: Mapping[str, Paths]) -> float:
    """A default of one vehicle with the mark is one of each the month after, as that vehicle's month allows.

    Returns the most months by which an event of default comes too late, and infinity where one never comes.
    """
    marked = [name for name in vehicles if programme.spv[name].cross_default]
    if not marked:
        return 0.0
    began = {
        name: vehicles[name].columns[f"{vehicles[name].tranches[0].name}.event_of_default_month"]
        for name in marked
    }
    first = np.min([*began.values()], axis=0)
    late = 0.0
    for name in marked:
        paths = vehicles[name]
        every = paths.closed.terms.deal.payment_every
        at = np.maximum(first + 1, paths.months[0, 0]) + every
        missed = (began[name] > at) & (at <= paths.months[-1, 0])
        late = max(late, largest(began[name][missed] - at[missed]))
    return late


ACROSS = {
    "I2 across": what_is_given_is_taken,
    "I8 across": shareholders_wait_for_each_other,
    "defaults": defaults_spread,
}
"""Identities between the vehicles of a programme, by name."""
