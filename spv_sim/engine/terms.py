"""What a run needs beside its addresses: a market, the deals that live in it, and what ties them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from spv_sim.kernel.jit import jit
from spv_sim.market.market import MarketTerms
from spv_sim.spv.deal import DealTerms


class Terms(NamedTuple):
    """One deal on its market; `hurdle` is the monthly rate that settles which of several IRRs is meant."""

    market: MarketTerms
    deal: DealTerms
    hurdle: float


class Ties(NamedTuple):
    """What ties deals together.

    cross_default : (n,) bool, an event of default of one such deal is one of all of them a month later.
    cross_collateral : (n,) bool, what such deals would pay their shareholders cures the senior shortfalls of
        the others first; empty where fewer than two do.

    Source: model 9.6.
    """

    cross_default: Any
    cross_collateral: Any


class Programme(NamedTuple):
    """Several deals of one lessee on one market."""

    market: MarketTerms
    deals: tuple[DealTerms, ...]
    ties: Ties
    hurdle: float


class Common(NamedTuple):
    """What all deals of a run share."""

    market: MarketTerms
    ties: Ties
    hurdle: float


def untied(n: int) -> Ties:
    """Deals that do not touch each other."""
    return Ties(np.zeros(n, dtype=np.bool_), np.zeros(0, dtype=np.bool_))


def deals_of(terms: Terms | Programme) -> Sequence[DealTerms]:
    """The deals of a run."""
    return (terms.deal,) if isinstance(terms, Terms) else terms.deals


def common_of(terms: Terms | Programme) -> Common:
    """What they share."""
    ties = untied(1) if isinstance(terms, Terms) else terms.ties
    return Common(terms.market, ties, terms.hurdle)


@jit
def count_investors(deal: DealTerms) -> int:
    """Rows of a deal's flows: the whole equity, each tranche, each class of equity."""
    return 1 + len(deal.tranche.rank) + len(deal.classes.preferred)
