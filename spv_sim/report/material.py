"""Holds the arrays that a report is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Material:
    """Arrays behind the figures; a figure whose arrays are absent is left out.

    Parameters
    ----------
    columns : name -> (n_kept,) value per kept path.
    fan : name -> (months, n_fan) ledger of the first paths: cfads, dscr, residual and, of each tranche,
        `<tranche>.debt`, `<tranche>.interest_current`, `<tranche>.principal_due` [USD, x].
    fan_months : (months,) months from closing of the ledger's rows.
    lessee_default_month : (n_fan,) month of the lessee's default, inf = none.
    base : name -> (months,) the same ledger in the base case without default.
    survival : months, closed_form, simulated, standard_error, each (n,).
    convergence : metric -> paths, value, low, high, each (n,).
    lost : stakeholder -> (n_kept,) loss against the base case, of the whole deal under `spv` [USD].
    tranches : names of the tranches in order of rank.
    lock_up_levels : level of the distribution test on the DSCR down to each tranche [x], None without one.
    payment_every : months between payments of the debt.
    construction : month of commercial operation, from closing.
    lease_end : last month of the lease, from closing; 0 if unknown.
    """

    columns: Mapping[str, Floats] = field(default_factory=dict)
    fan: Mapping[str, Floats] = field(default_factory=dict)
    fan_months: Floats = field(default_factory=lambda: np.zeros(0))
    lessee_default_month: Floats = field(default_factory=lambda: np.zeros(0))
    base: Mapping[str, Floats] = field(default_factory=dict)
    survival: Mapping[str, Floats] = field(default_factory=dict)
    convergence: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    lost: Mapping[str, Floats] = field(default_factory=dict)
    tranches: tuple[str, ...] = ("senior",)
    lock_up_levels: tuple[float | None, ...] = (None,)
    payment_every: int = 1
    construction: int = 0
    lease_end: int = 0

    @property
    def lock_up_dscr(self) -> float | None:
        """Level of the test on the DSCR of the tranche paid first [x]."""
        return self.lock_up_levels[0] if self.lock_up_levels else None

    @property
    def survivors(self) -> NDArray[np.bool_]:
        """(n_fan,) paths on which the lessee never defaults."""
        return ~np.isfinite(self.lessee_default_month)

    def has(self, *names: str) -> bool:
        """Whether the ledger holds these names both for the paths and for the base case."""
        return all(name in self.fan and name in self.base for name in names) and self.fan_months.size > 0

    def has_of_tranches(self, *names: str) -> bool:
        """Whether the ledger holds these names of every tranche, and there is a tranche."""
        wanted = (f"{tranche}.{name}" for tranche in self.tranches for name in names)
        return bool(self.tranches) and self.has(*wanted)


def traced_metrics(tranches: Sequence[str]) -> tuple[str, ...]:
    """Metrics whose convergence is drawn: of the shareholders, of the first lender and of the last."""
    if len(tranches) < 2:
        return (
            "equity.irr",
            *(f"{of}.{name}" for of in tranches for name in ("probability_of_loss", "expected_loss")),
        )
    return ("equity.irr", f"{tranches[0]}.expected_loss", f"{tranches[-1]}.expected_loss")


def summed(rows: Mapping[str, Floats], tranches: Sequence[str], *names: str) -> Floats:
    """Rows of a ledger summed over tranches, such as the `debt` of all; what is unknown counts as nothing."""
    told = [np.nan_to_num(rows[f"{tranche}.{name}"]) for tranche in tranches for name in names]
    return np.asarray(sum(told))


def debt_service(rows: Mapping[str, Floats], tranches: Sequence[str]) -> Floats:
    """What some tranches ask for by month: interest, net of what hedges bring, and principal [USD]."""
    hedged = [tranche for tranche in tranches if f"{tranche}.hedge_cost" in rows]
    asked = summed(rows, tranches, "interest_current", "principal_due")
    return asked + summed(rows, hedged, "hedge_cost") if hedged else asked


def scheduled_service(material: Material, tranches: Sequence[str]) -> Floats:
    """(payment dates,) debt service of some tranches as the base case has it [USD]."""
    return per_period(debt_service(material.base, tranches), material)


def payment_dates(material: Material) -> tuple[Floats, NDArray[np.intp]]:
    """Months (n,) of the payment dates and the ledger row (n,) of each."""
    since = np.round(material.fan_months - material.construction).astype(np.int64)
    rows = np.flatnonzero((since > 0) & (since % material.payment_every == 0))
    return material.fan_months[rows], rows


def per_period(series: Floats, material: Material) -> Floats:
    """Sum a monthly flow, (months,) or (months, paths), over the months since the previous payment date."""
    dates, rows = payment_dates(material)
    known = np.where(np.isfinite(series), series, 0.0)
    running = np.concatenate([np.zeros((1, *series.shape[1:])), np.cumsum(known, axis=0)])
    opening = np.searchsorted(material.fan_months, dates - material.payment_every, side="right")
    return np.asarray(running[rows + 1] - running[opening])


def quantiles(values: Floats, levels: tuple[float, ...]) -> Floats:
    """Interpolated quantiles (levels, rows) along the last axis of what is not NaN; NaN where all is."""
    ordered = np.sort(values, axis=-1)  # NaN sort to the end
    count = np.sum(~np.isnan(ordered), axis=-1)
    found = np.empty((len(levels), *values.shape[:-1]))
    for index, level in enumerate(levels):
        place = np.maximum(count - 1, 0) * level
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(count - 1, 0))
        low = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
        high = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
        weight = place - below
        found[index] = np.where(weight > 0.0, low + weight * (high - low), low)
    return found
