"""Runs several deals on each simulated market: every one to the same bits as by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.breach import of_vehicle
from spv_sim.analysis.simulation import Follower
from spv_sim.closing.close import Closed
from spv_sim.engine.cpu import simulate
from spv_sim.engine.layout import lay_out
from spv_sim.engine.terms import Programme, untied
from spv_sim.results.collect import Collected
from spv_sim.results.estimate import Estimate
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.variables import DealFacts

Found = tuple[Collected, DealFacts]


def run_together(
    deals: Sequence[Closed],
    paths: int,
    seed: int,
    keep: int,
    workers: int | None = None,
    report: Callable[[int], None] = lambda paths: None,
) -> list[Found]:
    """Run deals that share a market, see `market_key`, without anything that ties them.

    Parameters
    ----------
    report : hears of the number of paths done, each with all deals.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold; its vehicle is the number of the deal.
    """
    followers = [Follower(closed, paths, keep, run_base_case(closed).values) for closed in deals]
    terms = [closed.terms.deal for closed in deals]
    first = deals[0].terms
    layout = lay_out(terms)
    programme = Programme(first.market, tuple(terms), untied(len(terms)), first.hurdle)
    for chunk in simulate(programme, paths, seed, workers, chunk_blocks=1):
        for d, follower in enumerate(followers):
            columns = chunk.columns[layout.columns[d] : layout.columns[d + 1]]
            sums = chunk.flow_sums[:, layout.investors[d] : layout.investors[d + 1]]
            with of_vehicle(str(d)):
                follower.take(chunk.first_path, columns, sums[:, :, : terms[d].last_month + 1])
        report(chunk.first_path + chunk.columns.shape[1])
    return [(follower.collector.finish(), follower.facts) for follower in followers]


def estimates_of(found: Found, names: Sequence[str]) -> Mapping[str, Estimate]:
    """The metrics of these names that the deal has."""
    return estimate_all(*found, names)
