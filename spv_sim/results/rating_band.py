"""The band of a tranche: where its expected loss lies in a table of idealised losses. Not a rating."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # explaining a band must not wait for numpy
    from spv_sim.results.estimate import Estimate

EL_BAND = "el_band"
LABEL = "indicative idealised-EL band, not a rating"
BELOW = "below Caa3"
DEFINITION = (
    "Best band whose idealised cumulative expected loss at the mean weighted average life is no less than "
    "the expected present-value loss: an indication, not a rating, and only of losses to be expected in fact."
)


@dataclass(frozen=True)
class IdealisedLoss:
    """Idealised cumulative expected losses.

    bands : from the best to the worst.
    losses : (bands, years) cumulative expected loss at the end of each year from 1 on [share of par].
    """

    bands: tuple[str, ...]
    losses: tuple[tuple[float, ...], ...]
    source: str

    def at(self, wal: float) -> list[float]:
        """(bands,) losses at a life, linear between whole years, within the table [share of par]."""
        years = len(self.losses[0])
        life = min(max(wal, 1.0), float(years))
        first = min(int(life), years - 1)
        weight = life - first
        return [row[first - 1] * (1.0 - weight) + row[first] * weight for row in self.losses]


@cache
def idealised_loss() -> IdealisedLoss:
    """The table that comes with the program.

    Source
    ------
    Moody's MILAN methodology (2015), Appendix 5; year 10 agrees with the public WARF rating factors.

    Limits
    ------
    Years 1 to 9 were not compared with the document cell by cell.
    """
    told = json.loads((files("spv_sim.results") / "idealised_loss.json").read_text("utf-8"))
    rows = tuple(tuple(cell / 100.0 for cell in row) for row in told["table"].values())
    return IdealisedLoss(tuple(told["table"]), rows, told["source"])


def band(expected_loss_pv: float, wal_years: float) -> str | None:
    """Best band whose idealised loss is at least the expected loss; None where that cannot be told.

    Parameters
    ----------
    expected_loss_pv : mean present-value loss [share of the draws]; none or a gain is in the best band.
    wal_years : weighted average life from completion [years]; NaN where nothing is ever repaid, which leaves
        the band open unless it is the same at every life.
    """
    if math.isnan(expected_loss_pv):
        return None
    table = idealised_loss()
    if math.isnan(wal_years):
        ends = {band(expected_loss_pv, life) for life in (1.0, math.inf)}
        return ends.pop() if len(ends) == 1 else None
    place = bisect_left(table.at(wal_years), expected_loss_pv)
    return table.bands[place] if place < len(table.bands) else BELOW


def room_note(losses: Estimate, wal: float) -> str:
    """What a simulation without a loss leaves open: that all is lost where it has not looked yet."""
    if losses.value != 0.0:
        return ""
    unseen = losses.ci95[1]
    room = f"room for the loss of all on {100.0 * unseen:.2g} % of paths, which would be {band(unseen, wal)}"
    return f"no loss on {losses.count:,} paths leaves {room}"


def band_record(loss: Estimate, wal: Estimate, losses: Estimate, warning: str) -> dict[str, Any]:
    """A band with those at the ends of the 95 % interval of the expected loss.

    Parameters
    ----------
    loss, wal, losses : expected present-value loss, weighted average life and probability of loss.
    """
    value = band(loss.value, wal.value)
    low, high = (band(end, wal.value) for end in loss.ci95)
    return {
        "value": value,
        "ci95": [low, high],
        "label": LABEL,
        "source": idealised_loss().source,
        "expected_loss_pv": loss.value,
        "wal": wal.value,
        "note": "undefined" if value is None else room_note(losses, wal.value),
        "warning": warning,
    }


def warn_of_measure(measure: str, is_stress: bool) -> str:
    """Why a band is not what it seems; empty where it is."""
    if measure != "P":
        return (
            f'credit.measure = "{measure}": {EL_BAND} sets losses that include a risk premium against '
            "a table of losses to be expected in fact, so that it looks worse than it is"
        )
    if is_stress:
        return f"credit.default_month: {EL_BAND} is of a default on every path, whatever its probability"
    return ""


def rating_bands(
    estimates: Mapping[str, Estimate], tranches: Sequence[str], measure: str, is_stress: bool
) -> dict[str, dict[str, Any]]:
    """The `bands` part of a run document: ``<tranche>.el_band`` of each tranche.

    Parameters
    ----------
    measure : of the credit parameters; the table is of losses under P.
    is_stress : whether the default is scheduled instead of drawn.

    Source
    ------
    Model 13.5.
    """
    warning = warn_of_measure(measure, is_stress)
    return {
        f"{tranche}.{EL_BAND}": band_record(
            estimates[f"{tranche}.expected_loss_pv"],
            estimates[f"{tranche}.wal"],
            estimates[f"{tranche}.probability_of_loss"],
            warning,
        )
        for tranche in tranches
    }
