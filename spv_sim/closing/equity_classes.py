"""Classes of equity at closing: who pays which part of each call, and who is paid in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.spv.book import CLASS_CAPITAL, CLASS_RETURN_DUE, HURDLE_BALANCE, INVESTORS_PROFIT
from spv_sim.spv.equity import ClassTerms

if TYPE_CHECKING:
    from spv_sim.scenario.equity import EquityClass, Promote

Array = NDArray[np.float64]

ONLY_CLASS = "equity"
"""Name of the one class of common equity where the scenario names none."""


@dataclass(frozen=True)
class EquityClosing:
    """A class of equity.

    share : of every call [1].  kind : "common" or "preferred".  rate : preferred return [1/year].
    pik : whether unpaid return earns the rate.  vendor : whether the hardware's seller holds it.
    calls : (completion + 1,) float64 [USD].
    """

    name: str
    share: float
    kind: str
    rate: float
    pik: bool
    vendor: bool
    calls: Array


def close_equity(classes: dict[str, EquityClass], calls: Array) -> tuple[EquityClosing, ...]:
    """Each class pays its share of every call."""
    if not classes:
        return (EquityClosing(ONLY_CLASS, 1.0, "common", 0.0, False, False, calls),)
    return tuple(
        EquityClosing(
            name, held.share, held.kind, held.rate or 0.0, held.pik, held.vendor, held.share * calls
        )
        for name, held in classes.items()
    )


def monthly(rate: float) -> float:
    """Rate of one month of an effective annual one [1]."""
    return float((1 + rate) ** (1 / 12) - 1)


def owed_at_completion(calls: Array, rate: float, pik: bool) -> tuple[float, float]:
    """Capital paid in by completion, and the return due on it by then, before any distribution [USD]."""
    growth = monthly(rate)
    capital = due = 0.0
    for call in calls:
        due += growth * (capital + (due if pik else 0.0))
        capital += float(call)
    return capital, due


def class_terms(
    held: Sequence[EquityClosing], promote: Promote | None, pays: NDArray[np.bool_], dust: float
) -> ClassTerms:
    """Kernel terms of the classes and of the promote between them.

    Parameters
    ----------
    held : the classes; none where there is one only.
    pays : (months + 1,) bool, the payment dates; on them the return since the one before falls due.
    dust : calls up to this count as nothing [USD].

    Source: model 8.1, 8.3.
    """
    count, months = len(held), len(pays)
    since, dates = np.zeros(months), np.flatnonzero(pays)
    since[dates] = np.diff(dates, prepend=len(held[0].calls) - 1 if held else 0)
    preferred = np.array([of.kind == "preferred" for of in held], dtype=np.bool_)
    accrual, compounding, flow = (np.zeros((count, months)) for _ in range(3))
    for row, of in enumerate(held):
        flow[row, : len(of.calls)] = np.where(of.calls <= dust, 0.0, -of.calls)
        if preferred[row]:
            accrual[row] = (1 + of.rate) ** (since / 12) - 1 if of.pik else since * monthly(of.rate)
            compounding[row] = accrual[row] if of.pik else 0.0
    rest = np.where(preferred, 0.0, np.array([of.share for of in held]))
    return ClassTerms(
        preferred=preferred,
        share_of_rest=rest / rest.sum() if count else rest,
        accrual=accrual,
        compounding=compounding,
        flow=flow,
        contributed=np.array([float(of.calls.sum()) for of in held]),
        carry=promote.carry if promote else 0.0,
        catch_up=promote.catch_up if promote else 0.0,
        carried=np.array([1.0 if promote and of.name == promote.to else 0.0 for of in held]),
        hurdle_growth=(1 + (promote.hurdle if promote else 0.0)) ** (since / 12) - 1,
    )


def opening_claims(
    held: Sequence[EquityClosing], promote: Promote | None
) -> tuple[dict[int, float], dict[int, Array]]:
    """What promote and classes begin with in the book at completion, before any distribution [USD]."""
    owed = np.array(
        [
            owed_at_completion(of.calls, of.rate, of.pik) if of.kind == "preferred" else (0.0, 0.0)
            for of in held
        ]
    ).reshape(len(held), 2)
    classes = {CLASS_CAPITAL: owed[:, 0], CLASS_RETURN_DUE: owed[:, 1]}
    if promote is None:
        return {}, classes
    calls = np.sum([of.calls for of in held if of.kind == "common"], axis=0)
    lacking = sum(owed_at_completion(calls, promote.hurdle, True))
    return {HURDLE_BALANCE: lacking, INVESTORS_PROFIT: -float(calls.sum())}, classes
