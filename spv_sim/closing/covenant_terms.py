"""The covenants of a deal in kernel terms: those of their own, then the lock-up levels of the tranches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spv_sim.scenario.covenant import rank_of
from spv_sim.scenario.covenant_collateral import BorrowingBaseCovenant, LtvCovenant
from spv_sim.scenario.covenant_dscr import DscrCovenant
from spv_sim.spv.book import (
    CURES_LEFT,
    DATES_PASSED,
    FIRST_BREACH,
    N_CLASS_CELLS,
    N_COVENANT_CELLS,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
)
from spv_sim.spv.covenant import COLLATERAL, FORWARD_DSCR, HISTORIC_DSCR, CovenantTerms

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Capital
    from spv_sim.scenario.covenant import AnyCovenant

Array = NDArray[np.float64]

MONTHS_AHEAD = 12
"""Of forward cover, where the covenant does not say."""


def covenants_of(capital: Capital) -> dict[str, AnyCovenant]:
    """All covenants by name: a tranche's lock-up level is one on the DSCR of the date."""
    levels = {name: of.lock_up_dscr for name, of in capital.tranche.items() if of.lock_up_dscr is not None}
    short = {
        f"{name}.lock_up_dscr": DscrCovenant(kind="dscr", tranche=name, level=level)
        for name, level in levels.items()
    }
    return dict(capital.covenant) | short


def ahead(flow: Array, months: int) -> Array:
    """Sum of the flow of the next `months` months, seen from each: (last_month + 1,) float64 [USD]."""
    summed = np.concatenate((np.cumsum(flow), np.full(months, flow.sum())))
    return np.asarray(summed[months:] - summed[: len(flow)])


def by_year(shares: Sequence[float], completion: int, last_month: int) -> Array:
    """A share for each year from COD, the last of which continues, (last_month + 1,) float64 [1]."""
    year = np.maximum(np.arange(last_month + 1) - completion - 1, 0) // 12
    return np.asarray(np.array(shares)[np.minimum(year, len(shares) - 1)])


def window_of(covenant: AnyCovenant, every: int) -> int:
    """Payment dates on which historic cover looks back, or months that forward cover looks ahead."""
    if not isinstance(covenant, DscrCovenant):
        return 1
    if covenant.basis == "forward":
        return covenant.window or MONTHS_AHEAD
    return (covenant.window or every) // every


def kind_of(covenant: AnyCovenant) -> int:
    """The kernel's kind."""
    if not isinstance(covenant, DscrCovenant):
        return COLLATERAL
    return FORWARD_DSCR if covenant.basis == "forward" else HISTORIC_DSCR


def level_of(covenant: AnyCovenant, completion: int, last_month: int) -> Array:
    """Cover that must be reached, or debt over value that must not be exceeded, (last_month + 1,) [x]."""
    if isinstance(covenant, DscrCovenant):
        return np.full(last_month + 1, covenant.level)
    shares = covenant.level if isinstance(covenant, LtvCovenant) else covenant.advance_rate
    return by_year(shares, completion, last_month)


def price_share(covenant: AnyCovenant) -> float:
    """Share of a unit's market price that counts as its value [1]."""
    if isinstance(covenant, DscrCovenant) or covenant.appraisal != "market":
        return 0.0
    return 1 - covenant.haircut


def unit_value(covenant: AnyCovenant, unit_cost: float, completion: int, last_month: int) -> Array:
    """Value of a unit by its depreciated cost, (last_month + 1,); zero if appraised by the market [USD]."""
    if isinstance(covenant, DscrCovenant) or covenant.appraisal == "market":
        return np.zeros(last_month + 1)
    return unit_cost * by_year(covenant.depreciated_cost or (1.0,), completion, last_month)


def covenant_terms(
    capital: Capital, cash_flow: Array, unit_cost: float, completion: int
) -> tuple[CovenantTerms, Array]:
    """Kernel terms, and the covenants' cells of the book after completion.

    Parameters
    ----------
    cash_flow : (months + 1,) float64, of the contract as expected at closing, less opex [USD].
    unit_cost : average cost of a unit [USD].
    """
    tests = list(covenants_of(capital).values())
    every = next(iter(capital.tranche.values())).payment_every
    last_month = len(cash_flow) - 1

    def each(value: Callable[[AnyCovenant], Any], kind: Any = np.float64) -> Any:
        return np.array([value(test) for test in tests], dtype=kind)

    def by_month(value: Callable[[AnyCovenant], Array]) -> Array:
        return np.array([value(test) for test in tests]).reshape(len(tests), last_month + 1)

    windows = [window_of(test, every) for test in tests]
    rings = [
        2 * window if kind_of(test) == HISTORIC_DSCR and window > 1 else 0
        for test, window in zip(tests, windows, strict=True)
    ]
    begins = np.cumsum([0, *(N_COVENANT_CELLS + ring for ring in rings)])
    before = N_DEAL_CELLS + len(capital.tranche) * N_TRANCHE_CELLS + len(capital.equity) * N_CLASS_CELLS
    terms = CovenantTerms(
        named=len(capital.covenant),
        on_market=any(price_share(test) > 0 for test in tests),
        cell=before + begins[:-1],
        kind=each(kind_of, np.int64),
        rank=each(lambda test: rank_of(test, capital.tranche), np.int64),
        window=np.array(windows, dtype=np.int64),
        level=by_month(lambda test: level_of(test, completion, last_month)),
        locks=each(lambda test: test.consequence != "sweep", np.bool_),
        release_after=each(lambda test: float(test.release_after)),
        grace=each(lambda test: float(test.grace) if test.consequence == "default" else math.inf),
        cash_ahead=by_month(lambda test: ahead(cash_flow, window_of(test, every))),
        price_share=each(price_share),
        unit_value=by_month(lambda test: unit_value(test, unit_cost, completion, last_month)),
        blocks=each(lambda test: test.blocks_junior, np.bool_),
        sweeps=each(lambda test: test.sweep if test.consequence == "sweep" else 0.0),
    )
    cells = np.zeros(begins[-1])
    for test, begin in zip(tests, begins[:-1], strict=True):  # nothing is in breach, and nothing locked up
        cells[begin + DATES_PASSED] = test.release_after
        cells[begin + FIRST_BREACH] = math.inf
        if isinstance(test, LtvCovenant | BorrowingBaseCovenant):
            cells[begin + CURES_LEFT] = test.equity_cures
    return terms, cells
