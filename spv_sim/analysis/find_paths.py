"""Finds paths worth a replay: the worst by a column, or the one at a quantile of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.analysis.breach import refuse_breach
from spv_sim.closing.close import Closed
from spv_sim.engine.cpu import simulate
from spv_sim.errors import Problem, UserError
from spv_sim.results.intervals import order_rank
from spv_sim.results.metrics import metrics_of
from spv_sim.scenario.faults import suggest

Array = NDArray[np.float64]
Report = Callable[[int], None]

BY = "equity.npv"
HIGHEST_IS_WORST = frozenset(
    (
        "loss",
        "loss_pv",
        "wal",
        "lock_up_months",
        "payback",
        "claim",
        "pv_paid",
        "cures",
        "guarantor_paid",
        "breach",
        "irr_flag",
        "yield_flag",
        "units_lost",
        "shortfall",
        "equity_paid",
    )
)
"""Columns, without their stakeholder, of which more is worse; a claim is there after a default only."""

KEY_COLUMNS = ("npv", "irr", "moic", "min_dscr", "default_month", "event_of_default_month", "loss")
"""Columns, without their stakeholder, shown beside the one that ranks."""

UNITS = {
    "USD": (
        *("npv", "pv", "pv_paid", "pv_outside", "loss", "claim", "sale", "cures", "guarantor_paid"),
        *("face", "shortfall", "equity_paid", "premium", "fee"),
    ),
    "1/year": ("irr", "yield", "coupon"),
    "x": ("moic", "min_dscr", "average_dscr", "llcr"),
    "share": ("loss_pv", "recovery", "availability"),
    "units": ("units_lost",),
    "months": ("default_month", "event_of_default_month", "payback", "lock_up_months"),
    "years": ("wal",),
}
"""Units of columns, without their stakeholder."""


def column_unit(name: str) -> str:
    """Unit of a column; empty where it has none."""
    return next((unit for unit, columns in UNITS.items() if name.rpartition(".")[2] in columns), "")


@dataclass(frozen=True)
class FoundPath:
    """A path and what it left, by column name."""

    path: int
    columns: dict[str, float]


@dataclass(frozen=True)
class WorstPaths:
    """The worst paths, worst first.

    by : column that ranks them, the highest value first or the lowest; NaN last, equals by number.
    simulated, undefined : number of paths run, and of those on which the column is NaN.
    """

    by: str
    highest_first: bool
    simulated: int
    undefined: int
    found: tuple[FoundPath, ...]

    @property
    def order(self) -> str:
        """The order in words."""
        return "highest first" if self.highest_first else "lowest first"

    @property
    def shown(self) -> list[str]:
        """Columns to show, the ranking one first."""
        names = self.found[0].columns
        return [
            self.by,
            *(name for name in names if name.rpartition(".")[2] in KEY_COLUMNS and name != self.by),
        ]


@dataclass(frozen=True)
class QuantilePath:
    """The path at the order statistic x₍⌈nα⌉₎ of a column.

    level : α [share].
    rank, count : ⌈nα⌉ and n, the number of paths on which the column is defined.
    """

    by: str
    level: float
    path: int
    value: float
    rank: int
    count: int
    simulated: int


class Worst:
    """Keeps the `count` worst of the paths shown to it, whatever their number, in memory for that many.

    Parameters
    ----------
    row : row of the columns that ranks.
    highest_first : whether the highest value is the worst.
    """

    def __init__(self, row: int, highest_first: bool, count: int) -> None:
        self.row, self.sign, self.count = row, -1.0 if highest_first else 1.0, count
        self.undefined = 0
        self.numbers = np.empty(0, np.int64)
        self.columns: Array | None = None

    def add(self, first_path: int, columns: Array) -> None:
        """Take (n_columns, n_paths) float64 of the next paths."""
        key = self.sign * columns[self.row]
        self.undefined += int(np.count_nonzero(np.isnan(key)))
        if self.columns is None:
            self.columns = np.empty((len(columns), 0))
        better = np.ones(len(key), bool)
        if len(self.numbers) == self.count:
            limit = self.sign * self.columns[self.row, -1]
            # A later path that only equals the last one kept stands behind it.
            better = ~np.isnan(key) if np.isnan(limit) else key < limit
            if not better.any():
                return
        numbers = np.concatenate((self.numbers, first_path + np.flatnonzero(better)))
        merged = np.concatenate((self.columns, columns[:, better]), axis=1)
        order = ranked(self.sign * merged[self.row], numbers)[: self.count]
        self.numbers, self.columns = numbers[order], merged[:, order]


def ranked(key: Array, numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Order by key, NaN last, equals by number."""
    return np.lexsort((numbers, key, np.isnan(key)))


def known_column(closed: Closed, by: str) -> list[str]:
    """Names of the columns, `by` among them.

    Raises
    ------
    UserError : `by` is not one of them; a metric made of a column leads to it.
    """
    names = closed.columns
    if by in names:
        return names
    metrics = metrics_of(
        closed.tranches,
        classes=closed.classes,
        covenants=closed.scenario.capital.covenant,
        failures=True,
        refinances=closed.terms.deal.refinance.in_use,
    )
    behind = {m.name: m.variable for m in metrics if m.variable in names}
    near = behind.get(by) or suggest(by, names, behind)
    help = f"did you mean `{near}`?" if near else f"the columns are {', '.join(names)}"
    raise UserError(Problem("unknown-column", f"{by} is not a column of a path", help=help))


def run_columns(
    closed: Closed, paths: int, seed: int, workers: int | None, breach: int, report: Report
) -> Iterator[tuple[int, Array]]:
    """First path and (n_columns, n) float64 of each chunk, in path order.

    Raises
    ------
    IdentityError : where an identity of the cash does not hold on a path.
    """
    for chunk in simulate(closed.terms, paths, seed, workers):
        refuse_breach(chunk.columns[breach], chunk.first_path)
        yield chunk.first_path, chunk.columns
        report(chunk.first_path + chunk.columns.shape[1])


def worst_paths(
    closed: Closed,
    by: str,
    count: int,
    paths: int,
    seed: int,
    workers: int | None = None,
    report: Report = lambda paths: None,
) -> WorstPaths:
    """Run paths and keep the worst; all of them where there are no more than `count`.

    Parameters
    ----------
    by : name of a column, such as ``equity.npv`` or ``senior.loss``.
    report : hears of the number of paths done.

    Raises
    ------
    UserError : `by` is not a column.
    IdentityError : where an identity of the cash does not hold on a path.
    """
    names = known_column(closed, by)
    highest_first = by.rpartition(".")[2] in HIGHEST_IS_WORST
    worst = Worst(names.index(by), highest_first, count)
    for first_path, columns in run_columns(closed, paths, seed, workers, names.index("spv.breach"), report):
        worst.add(first_path, columns)
    found = tuple(_found(worst, names))
    return WorstPaths(by, highest_first, paths, worst.undefined, found)


def _found(worst: Worst, names: Sequence[str]) -> Iterator[FoundPath]:
    assert worst.columns is not None  # noqa: S101 - a run has at least one path
    for place, number in enumerate(worst.numbers):
        values = (float(value) for value in worst.columns[:, place])
        yield FoundPath(int(number), dict(zip(names, values, strict=True)))


def quantile_path(
    closed: Closed,
    by: str,
    level: float,
    paths: int,
    seed: int,
    keep: int,
    workers: int | None = None,
    report: Report = lambda paths: None,
) -> QuantilePath:
    """Run paths and find the one at a quantile, the same order statistic that a run reports.

    Parameters
    ----------
    level : α in [0, 1]; 0 is the lowest value, 1 the highest [share].
    keep : largest number of paths whose values may be held at a time, 8 bytes each.

    Raises
    ------
    UserError : `by` is not a column or not defined on any path, or there are more than `keep` paths.
    IdentityError : where an identity of the cash does not hold on a path.
    """
    names = known_column(closed, by)
    if paths > keep:
        message = f"a quantile needs the values of all {paths:,} paths, and monte_carlo.keep is {keep:,}"
        help = f"--keep {paths} holds them (8 bytes a path), or run fewer --paths"
        raise UserError(Problem("keep", message, help=help))
    row, breach = names.index(by), names.index("spv.breach")
    values = np.empty(paths)
    for first_path, columns in run_columns(closed, paths, seed, workers, breach, report):
        values[first_path : first_path + columns.shape[1]] = columns[row]
    count = paths - int(np.count_nonzero(np.isnan(values)))
    if count == 0:
        message = f"{by} is not defined on any of the {paths:,} paths, so that it has no quantile"
        raise UserError(Problem("undefined", message))
    rank = order_rank(count, level)
    path = int(ranked(values, np.arange(paths))[rank - 1])
    return QuantilePath(by, level, path, float(values[path]), rank, count, paths)
