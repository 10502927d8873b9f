"""Computes the cover ratios that are drawn: of the debt paid first, and of all debt together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spv_sim.report.material import (
    Floats,
    Material,
    debt_service,
    payment_dates,
    per_period,
    scheduled_service,
    summed,
)

_OWED = 1.0  # USD below which no debt counts as outstanding


def _unpaid_as_zero(
    cover: Floats, material: Material, tranches: tuple[str, ...], rows: NDArray[np.intp]
) -> Floats:
    """An event of default stops the recording; while its debt is unpaid the cover counts as 0."""
    known = all(f"{tranche}.debt" in material.fan for tranche in tranches)
    before = np.maximum(rows - 1, 0)
    owed = summed(material.fan, tranches, "debt")[before] if known and tranches else np.zeros_like(cover)
    return np.where(np.isnan(cover) & (owed > _OWED), 0.0, cover)


def cover_on_dates(material: Material) -> tuple[Floats, Floats]:
    """Months (n,) at which service of the first tranche was scheduled, and its DSCR (n, paths) there.

    After an event of default the cover counts as 0 while debt is unpaid, so that the worst paths do not drop
    out of the percentiles.
    """
    months, rows = payment_dates(material)
    scheduled = np.isfinite(material.base["dscr"][rows])
    months, rows = months[scheduled], rows[scheduled]
    cover = np.where(np.isfinite(material.fan["dscr"][rows]), material.fan["dscr"][rows], np.nan)
    return months, _unpaid_as_zero(cover, material, material.tranches[:1], rows)


def combined_cover_on_dates(material: Material) -> tuple[Floats, Floats]:
    """Months (n,) at which debt service was scheduled, and CFADS over what all tranches ask for, (n, paths).

    Interest net of hedges and principal of the period, principal arrears included; after an event of default
    as above.
    Source: model 13.3, combined DSCR.
    """
    months, rows = payment_dates(material)
    scheduled = scheduled_service(material, material.tranches) > 0.0
    asked = per_period(debt_service(material.fan, material.tranches), material)[scheduled]
    cash = per_period(material.fan["cfads"], material)[scheduled]
    months, rows = months[scheduled], rows[scheduled]
    if "event_of_default_month" in material.fan:
        stopped = material.fan["event_of_default_month"][rows] <= months[:, None]
    else:
        stopped = ~np.isfinite(material.fan["dscr"][rows])
    cover = np.where((asked > 0.0) & ~stopped, cash / np.where(asked > 0.0, asked, 1.0), np.nan)
    return months, _unpaid_as_zero(cover, material, material.tranches, rows)
