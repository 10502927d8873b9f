"""Rules of the correlation table: each pair once, and a matrix that random drivers can have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.correlation import DRIVERS, SIMULATED, Correlation
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.locate import Path
from spv_sim.scenario.nearest_correlation import nearest_correlation
from spv_sim.scenario.rates import Rates

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WALKS = ("first_passage", "black_cox")
"""Credit engines with a normal each month."""

ROUNDING = 1e-12
"""A smallest eigenvalue above minus this counts as zero."""


def check_correlation(tables: Tables) -> Iterator[Breach]:
    """Pairs are given once, name what is simulated, and make a positive semidefinite matrix."""
    correlation = tables.take("correlation", Correlation)
    if correlation is None:
        return
    faults = list(_check_pairs(correlation))
    yield from faults
    if not faults:
        yield from _check_effect(correlation, tables)
        yield from _check_semidefinite(correlation)


def _check_pairs(correlation: Correlation) -> Iterator[Breach]:
    seen: set[frozenset[str]] = set()
    for driver, other, _ in correlation.pairs():
        at: Path = ("correlation", driver, other)
        if driver == other:
            yield Breach(at, f"correlation.{driver}.{other}: a driver with itself is always 1", key=True)
        elif frozenset((driver, other)) in seen:
            yield Breach(at, f"correlation.{driver}.{other}: the pair is already given", key=True)
        seen.add(frozenset((driver, other)))


def _check_effect(correlation: Correlation, tables: Tables) -> Iterator[Breach]:
    credit = tables.take("credit", Credit)
    for driver, other, coefficient in correlation.pairs():
        at = f"correlation.{driver}.{other}"
        idle = sorted({driver, other} - set(SIMULATED))
        if not coefficient:
            continue
        if idle:
            why = f"{' and '.join(idle)} is not simulated in this version"
        elif "lessee_credit" in (driver, other) and credit and credit.default_month is not None:
            why = "the default is scheduled"
        elif "lessee_credit" in (driver, other) and credit and credit.engine not in WALKS:
            message = f'{at}: credit.engine "{credit.engine}" has no normal to correlate'
            advice = 'write credit.engine = "first_passage", which keeps the default curve'
            yield Breach(("correlation", driver, other), message, help=advice)
            continue
        elif "lease_rate" in (driver, other) and tables.lacks("lease_rate"):
            why = "there is no table [lease_rate]"
        elif "short_rate" in (driver, other) and not _short_rate_moves(tables):
            why = "the short rate does not move (rates.model)"
        else:
            continue
        message = f"{at}: {why}; the value is checked and has no effect"
        yield Breach(("correlation", driver, other), message, None)


def _short_rate_moves(tables: Tables) -> bool:
    rates = tables.take("rates", Rates)
    return rates is not None and rates.model != "none"


def _check_semidefinite(correlation: Correlation) -> Iterator[Breach]:
    if sum(1 for _, _, coefficient in correlation.pairs() if coefficient) < 2:
        return  # one pair within [-1, 1] is always possible, and numpy need not be loaded
    matrix = correlation.matrix()
    smallest = _smallest_eigenvalue(matrix)
    if smallest < -ROUNDING:
        message = (
            "correlation: no drivers can move together so; the smallest eigenvalue of the matrix is "
            f"{smallest:.6g}, below 0"
        )
        help = f"{_worst_three(matrix)}; {_nearest(matrix)}"
        yield Breach(("correlation",), message, "not-psd", help=help)


def _worst_three(matrix: NDArray[np.float64]) -> str:
    import numpy as np

    threes = itertools.combinations(range(len(DRIVERS)), 3)
    low, three = min((_smallest_eigenvalue(matrix[np.ix_(rows, rows)]), rows) for rows in threes)
    names = ", ".join(DRIVERS[row] for row in three)
    if low >= -ROUNDING:
        return "weaken the largest coefficients"
    return f"the pairs among {names} contradict each other (eigenvalue {low:.6g})"


def _nearest(matrix: NDArray[np.float64]) -> str:
    import numpy as np

    nearest = nearest_correlation(matrix)
    pairs = [
        f"{DRIVERS[row]}.{DRIVERS[column]} = {nearest[row, column]:.4f}"
        for row, column in itertools.combinations(range(len(DRIVERS)), 2)
        if abs(nearest[row, column]) >= 5e-5 or matrix[row, column]
    ]
    change = float(np.abs(nearest - matrix).max())
    return f"the nearest possible matrix has {', '.join(pairs)}, a change of at most {change:.4f}"


def _smallest_eigenvalue(matrix: NDArray[np.float64]) -> float:
    import numpy as np

    return float(np.linalg.eigvalsh(matrix)[0])
