"""A simulation of several vehicles on the same paths: each by itself, and what they are together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.breach import of_vehicle
from spv_sim.analysis.replay import Replay, tell
from spv_sim.analysis.simulation import FAN_PATHS, Follower, Simulation, with_resale_value
from spv_sim.analysis.until import Until
from spv_sim.closing.programme import ClosedProgramme
from spv_sim.engine.cpu import programme_ledgers, run_chunk, simulate
from spv_sim.engine.layout import lay_out
from spv_sim.engine.ties import PROGRAMME_COLUMNS
from spv_sim.results.collect import Collected, Collector
from spv_sim.results.estimate import Estimate
from spv_sim.results.programme import ProgrammeFacts, estimate_programme, programme_variables
from spv_sim.results.programme_shares import VehicleLoss, vehicle_shares
from spv_sim.spv.book import EQUITY_PAID_IN
from spv_sim.spv.deal import DealTerms

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ProgrammeSimulation:
    """What the paths of a programme leave: of each vehicle by name, and of all together.

    shares : of the vehicles in the losses of shareholders and lenders, see `vehicle_shares`; empty where the
        base cases are not known.
    """

    vehicles: Mapping[str, Simulation]
    collected: Collected
    estimates: dict[str, Estimate]
    shares: dict[str, dict[str, dict[str, Estimate]]]


def programme_facts(programme: ClosedProgramme) -> ProgrammeFacts:
    """What the estimators must know of all vehicles together."""
    deals = programme.terms.deals
    return ProgrammeFacts(
        vehicles=tuple(programme.vehicles),
        commitment=sum(of.commitment for each in programme.vehicles.values() for of in each.capital.tranches),
        total_uses=sum(deal.total_uses for deal in deals),
        hurdle=next(iter(programme.vehicles.values())).scenario.deal.hurdle,
    )


def run_programme(
    programme: ClosedProgramme,
    paths: int,
    seed: int,
    keep: int,
    workers: int | None = None,
    report: Callable[[int], None] = lambda paths: None,
    bases: Mapping[str, Mapping[str, float]] | None = None,
    until: Until | None = None,
) -> ProgrammeSimulation:
    """Run all vehicles on the same paths and estimate; with `until` up to where that is satisfied.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on a path of a vehicle.
    """
    layout, facts = lay_out(programme.terms.deals), programme_facts(programme)
    known_paths = None if until else paths
    followers = {
        name: Follower(closed, known_paths, keep, (bases or {}).get(name))
        for name, closed in programme.vehicles.items()
    }
    together = Collector(programme_variables(facts), keep=keep, paths=known_paths)

    def so_far(names: Collection[str]) -> dict[str, Estimate]:
        return estimates_of(followers, names) | estimate_programme(together.so_far(), facts, names)

    with closing(simulate(programme.terms, paths, seed, workers)) as chunks:
        for chunk in chunks:
            columns = []
            for d, (name, follower) in enumerate(followers.items()):
                own = chunk.columns[layout.columns[d] : layout.columns[d + 1]]
                months = programme.terms.deals[d].last_month + 1
                sums = chunk.flow_sums[:, layout.investors[d] : layout.investors[d + 1], :months]
                with of_vehicle(name):
                    follower.take(chunk.first_path, own, sums)
                columns.append(dict(zip(follower.names, own, strict=True)))
            whole = dict(zip(PROGRAMME_COLUMNS, chunk.columns[layout.columns[-1] :], strict=True))
            equity = chunk.flow_sums[:, layout.investors[:-1]].sum(axis=1)
            together.add(
                chunk.first_path, whole | join(programme, columns), {"programme.equity": np.asarray(equity)}
            )
            report(together.paths)
            if until is not None and until.is_enough(together.paths, so_far):
                break
    collected = together.finish()
    done = {name: follower.finish() for name, follower in followers.items()}
    known = bases or {}
    losses = {
        name: VehicleLoss(each.collected, known[name], programme.vehicles[name].tranches)
        for name, each in done.items()
        if name in known
    }
    shares = vehicle_shares(losses) if len(losses) == len(done) else {}
    return ProgrammeSimulation(done, collected, estimate_programme(collected, facts), shares)


def estimates_of(followers: Mapping[str, Follower], names: Collection[str]) -> dict[str, Estimate]:
    """Metrics of single vehicles, named `<vehicle>.<metric>`, over the paths so far."""
    found: dict[str, Estimate] = {}
    for vehicle, follower in followers.items():
        start = f"{vehicle}."
        own = [name.removeprefix(start) for name in names if name.startswith(start)]
        found |= {f"{start}{name}": estimate for name, estimate in follower.so_far(own).items()}
    return found


def join(programme: ClosedProgramme, columns: list[dict[str, Array]]) -> dict[str, Array]:
    """Columns of all vehicles together: what adds up, and how many are in default."""
    deals = programme.terms.deals
    paid_in = [paid_in_by(deal, own) for own, deal in zip(columns, deals, strict=True)]
    received = np.sum([own["equity.moic"] * paid for own, paid in zip(columns, paid_in, strict=True)], axis=0)
    whole = np.sum(paid_in, axis=0)
    lost, defaults = np.zeros_like(received), np.zeros_like(received)
    for own, closed in zip(columns, programme.vehicles.values(), strict=True):
        lost = lost + sum(own[f"{name}.loss"] for name in closed.loans)
        defaults = defaults + np.isfinite(own[f"{closed.tranches[0]}.event_of_default_month"])
    return {
        "programme.equity_moic": np.divide(
            received, whole, out=np.full_like(received, np.nan), where=whole > 0
        ),
        "programme.equity_npv": np.sum([own["equity.npv"] for own in columns], axis=0),
        "programme.loss": lost,
        "programme.defaults": defaults,
    }


def paid_in_by(deal: DealTerms, own: Mapping[str, Array]) -> Array:
    """What the shareholders of a vehicle paid in on each path, cures and all [USD]."""
    calls = np.full_like(own["equity.cures"], deal.equity.contributed)
    if deal.stop.in_use:
        month = own["lessee.default_month"]
        stopped = month <= deal.completion
        calls[stopped] = deal.stop.book[month[stopped].astype(int), EQUITY_PAID_IN]
    return calls + own["equity.cures"]


def programme_fans(programme: ClosedProgramme, paths: int, seed: int) -> dict[str, dict[str, Array]]:
    """The ledger of each vehicle on the first paths: (months + 1, at most FAN_PATHS) float64 by name."""
    names = [each.ledger_rows for each in programme.vehicles.values()]
    rows = programme_ledgers(programme.terms, names, seed, 0, min(paths, FAN_PATHS))
    return {
        name: with_resale_value(closed, own)
        for (name, closed), own in zip(programme.vehicles.items(), rows, strict=True)
    }


def replay_vehicle(programme: ClosedProgramme, name: str, path: int, seed: int) -> Replay:
    """Run one path of a programme again and tell what happened to one of its vehicles."""
    d, layout = list(programme.vehicles).index(name), lay_out(programme.terms.deals)
    names = [each.ledger_rows for each in programme.vehicles.values()]
    rows = programme_ledgers(programme.terms, names, seed, path, 1)[d]
    chunk = run_chunk(programme.terms, seed, path, 1)
    columns = chunk.columns[layout.columns[d] : layout.columns[d + 1]]
    months = programme.terms.deals[d].last_month + 1
    sums = chunk.flow_sums[0, layout.investors[d] : layout.investors[d + 1], :months]
    replay = tell(programme.vehicles[name], path, seed, columns, sums, rows)
    if not len(programme.terms.ties.cross_collateral):
        return replay
    since = replay.months["k"].astype(int)
    shared = {row: np.nan_to_num(rows[row][since, 0]) for row in ("shared_out", "shared_in")}
    return replace(replay, months=replay.months | shared)
