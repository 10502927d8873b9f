"""The covenants of a deal in kernel terms: those of their own, then the lock-up levels of the tranches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spv_sim.scenario.covenant import interval_of, rank_of, usual_window
from spv_sim.scenario.covenant_collateral import BorrowingBaseCovenant, CollateralCovenant, LtvCovenant
from spv_sim.scenario.covenant_contract import ContractCoverCovenant, RealisationCovenant
from spv_sim.scenario.covenant_dscr import DscrCovenant
from spv_sim.scenario.covenant_liquidity import LiquidityCovenant
from spv_sim.spv.book import (
    CURES_LEFT,
    DATES_PASSED,
    FIRST_BREACH,
    N_CLASS_CELLS,
    N_COVENANT_CELLS,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
)
from spv_sim.spv.covenant_terms import (
    COLLATERAL,
    CONTRACT_COVER,
    FORWARD_DSCR,
    HISTORIC_DSCR,
    LIQUIDITY,
    REALISATION,
    CovenantTerms,
)

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


def behind(flow: Array, months: int) -> Array:
    """Sum of the flow of the last `months` months, the one it is seen from included, as of `ahead` [USD]."""
    summed = np.concatenate((np.zeros(months), np.cumsum(flow)))
    return np.asarray(summed[months:] - summed[: len(flow)])


def by_year(values: Sequence[float], completion: int, last_month: int) -> Array:
    """A value for each year from COD, the last of which continues, (last_month + 1,) float64."""
    year = np.maximum(np.arange(last_month + 1) - completion - 1, 0) // 12
    return np.asarray(np.array(values)[np.minimum(year, len(values) - 1)])


def with_window(covenant: AnyCovenant, capital: Capital) -> AnyCovenant:
    """The covenant with the window that it looks back on where it is silent."""
    if not isinstance(covenant, DscrCovenant) or covenant.basis != "historic" or covenant.window is not None:
        return covenant
    return covenant.model_copy(update={"window": usual_window(covenant, capital.tranche)})


def window_of(covenant: AnyCovenant, every: int) -> int:
    """Payment dates on which a test looks back, or months that it looks ahead."""
    if isinstance(covenant, DscrCovenant) and covenant.basis == "forward":
        return covenant.window or MONTHS_AHEAD
    if isinstance(covenant, DscrCovenant | RealisationCovenant):
        return (covenant.window or every) // every
    if isinstance(covenant, LiquidityCovenant):
        return covenant.debt_service or 0
    return 1


def kind_of(covenant: AnyCovenant) -> int:
    """The kernel's kind."""
    if isinstance(covenant, DscrCovenant):
        return FORWARD_DSCR if covenant.basis == "forward" else HISTORIC_DSCR
    if isinstance(covenant, RealisationCovenant):
        return REALISATION
    if isinstance(covenant, ContractCoverCovenant):
        return CONTRACT_COVER
    return LIQUIDITY if isinstance(covenant, LiquidityCovenant) else COLLATERAL


def ring_of(covenant: AnyCovenant, every: int) -> int:
    """Cells behind its own for the dates that a covenant looks back on: cash, of cover debt service too."""
    window, of_date = window_of(covenant, every), {HISTORIC_DSCR: 2, REALISATION: 1}.get(kind_of(covenant), 0)
    return window * of_date if window > 1 else 0


def level_of(covenant: AnyCovenant, completion: int, last_month: int) -> Array:
    """Cover that must be reached, or debt over value that must not be exceeded, (last_month + 1,) [x]."""
    if isinstance(covenant, LtvCovenant):
        return by_year(covenant.level, completion, last_month)
    if isinstance(covenant, BorrowingBaseCovenant):
        return by_year(covenant.advance_rate, completion, last_month)
    return np.full(last_month + 1, 1.0 if isinstance(covenant, LiquidityCovenant) else covenant.level)


def amount_of(covenant: AnyCovenant, cash_flow: Array, rent: Array, every: int, completion: int) -> Array:
    """What is known at closing of what a test compares, as of `CovenantTerms.amount` [USD]."""
    last_month = len(cash_flow) - 1
    if isinstance(covenant, DscrCovenant):
        return ahead(cash_flow, window_of(covenant, every))
    if isinstance(covenant, RealisationCovenant):
        return behind(rent, every * window_of(covenant, every))
    if isinstance(covenant, ContractCoverCovenant):
        return ahead(rent, last_month)
    if isinstance(covenant, LiquidityCovenant):
        return by_year(covenant.minimum or (0.0,), completion, last_month)
    return np.zeros(last_month + 1)


def price_share(covenant: AnyCovenant) -> float:
    """Share of a unit's market price that counts as its value [1]."""
    if not isinstance(covenant, CollateralCovenant) or covenant.appraisal != "market":
        return 0.0
    return 1 - covenant.haircut


def unit_value(covenant: AnyCovenant, unit_cost: float, completion: int, last_month: int) -> Array:
    """Value of a unit by its depreciated cost, (last_month + 1,); zero if appraised by the market [USD]."""
    if not isinstance(covenant, CollateralCovenant) or covenant.appraisal == "market":
        return np.zeros(last_month + 1)
    return unit_cost * by_year(covenant.depreciated_cost or (1.0,), completion, last_month)


def covenant_terms(
    capital: Capital, cash_flow: Array, rent: Array, unit_cost: float, completion: int
) -> tuple[CovenantTerms, Array]:
    """Kernel terms, and the covenants' cells of the book after completion.

    Parameters
    ----------
    cash_flow : (months + 1,) float64, of the contract as expected at closing, less opex [USD].
    rent : (months + 1,) float64, of the contract as expected at closing, after completion [USD].
    unit_cost : average cost of a unit [USD].
    """
    tests = [with_window(test, capital) for test in covenants_of(capital).values()]
    every = interval_of(capital.tranche)
    last_month = len(cash_flow) - 1

    def each(value: Callable[[AnyCovenant], Any], kind: Any = np.float64) -> Any:
        return np.array([value(test) for test in tests], dtype=kind)

    def by_month(value: Callable[[AnyCovenant], Array]) -> Array:
        return np.array([value(test) for test in tests]).reshape(len(tests), last_month + 1)

    begins = np.cumsum([0, *(N_COVENANT_CELLS + ring_of(test, every) for test in tests)])
    before = N_DEAL_CELLS + len(capital.tranche) * N_TRANCHE_CELLS + len(capital.equity) * N_CLASS_CELLS
    terms = CovenantTerms(
        named=len(capital.covenant),
        on_market=any(price_share(test) > 0 for test in tests),
        collects=any(isinstance(test, RealisationCovenant) for test in tests),
        retains=any(isinstance(test, LiquidityCovenant) for test in tests),
        cell=before + begins[:-1],
        kind=each(kind_of, np.int64),
        rank=each(lambda test: rank_of(test, capital.tranche), np.int64),
        window=each(lambda test: window_of(test, every), np.int64),
        first_test=each(lambda test: test.first_test, np.int64),
        level=by_month(lambda test: level_of(test, completion, last_month)),
        locks=each(lambda test: test.consequence not in ("sweep", "retain"), np.bool_),
        release_after=each(lambda test: float(test.release_after)),
        grace=each(lambda test: float(test.grace) if test.consequence == "default" else math.inf),
        amount=by_month(lambda test: amount_of(test, cash_flow, rent, every, completion)),
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
