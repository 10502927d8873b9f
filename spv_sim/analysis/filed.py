"""The lessee's liability beside the figures that the lessee filed, with every difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from spv_sim.closing.filed_rent import lessee_liability, solve_maturity
from spv_sim.closing.lessee_liability import LesseeLiability
from spv_sim.errors import UserError
from spv_sim.scenario.filed_lease import FiledFigure, FiledLease
from spv_sim.scenario.read import Loaded, read

GROUP = "lease.filed.group"


@dataclass(frozen=True)
class FiledComparison:
    """A filed figure beside the model's [USD]; `start` None is closing, of the first lease of a group."""

    name: str
    kind: str
    of: str
    start: date | None
    end: date
    filed: float
    model: float
    difference: float
    source: str


def modelled(figure: FiledFigure, liabilities: list[LesseeLiability]) -> float:
    """The model's amount of a figure, over the leases that it counts [USD]."""
    total = 0.0
    for liability in liabilities:
        start = figure.start or liability.eve
        period = {
            "paid": liability.paid,
            "interest": liability.interest,
            "principal": liability.principal,
        }.get(figure.kind)
        total += period(start, figure.end) if period else liability.balance(figure.end)
    return total


def rest_of_group(loaded: Loaded, filed: FiledLease) -> list[LesseeLiability]:
    """The other leases of the group, from their scenario files.

    Raises
    ------
    UserError : where a file cannot be read or tells no filed lease.
    """
    found = []
    for name in filed.group:
        folder = Path(loaded.locate(GROUP).file or ".").parent
        try:
            other = lessee_liability(read(folder / name).scenario)
        except UserError as fault:
            message = f"{GROUP}: {name} cannot be read: {fault.problems[0].message}"
            raise UserError(loaded.problem("group", GROUP, message)) from fault
        if other is None:
            message = f"{GROUP}: {name} has no table [lease.filed]"
            raise UserError(loaded.problem("group", GROUP, message))
        found.append(other)
    return found


def compare_filed(loaded: Loaded, filed: FiledLease, liability: LesseeLiability) -> list[FiledComparison]:
    """Every filed figure beside the model's.

    Raises
    ------
    UserError : where the group's other leases cannot be had.
    """
    group = [liability, *rest_of_group(loaded, filed)]
    rows = []
    for name, figure in filed.figure.items():
        model = modelled(figure, group if figure.of == "group" else [liability])
        of_figure = (name, figure.kind, figure.of, figure.start, figure.end)
        rows.append(FiledComparison(*of_figure, figure.amount, model, model - figure.amount, figure.source))
    return rows


def filed_record(loaded: Loaded, liability: LesseeLiability | None) -> dict[str, Any]:
    """The `filed` part of a run document: rates per year, amounts in USD; empty without filed figures."""
    filed = loaded.scenario.lease.filed
    if filed is None or liability is None:
        return {}
    table = filed.maturity
    maturity = None if table is None else solve_maturity(table, liability.every)
    return {
        "rate": liability.rate,
        "opening": liability.opening,
        "total": filed.total.amount,
        "first_payment": liability.first,
        "payments": liability.payments.tolist(),
        "payment_every": liability.every,
        "rents": filed.rents,
        "maturity_rate": maturity.rate if maturity else None,
        "sources": {
            "total": filed.total.source,
            "opening": filed.opening.source,
            **({"maturity": table.source} if table else {}),
        },
        "figures": [vars(row) for row in compare_filed(loaded, filed, liability)],
    }
