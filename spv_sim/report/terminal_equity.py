"""Writes the terminal's lines on the classes of equity and on the hardware's seller."""

from __future__ import annotations

import textwrap
from typing import Any

from spv_sim.report.equity_classes import classes_of
from spv_sim.report.headline import metric, with_error
from spv_sim.report.numbers import half_width, is_number, plain_number, suffix
from spv_sim.report.text import line

NAME, WIDE_CELL = 20, 17
"""Widths of a name and of a value with its error [columns]."""

_MOST = 8


def class_rows(run: dict[str, Any]) -> list[str]:
    """A row for each class of equity: IRR, multiple and present value with their errors."""
    classes = classes_of(run)
    if not classes:
        return []
    cells = ("irr", "moic", "npv")
    heads = [f"{'equity class':<{NAME}}"]
    rows = [f"{line(name, NAME):<{NAME}}" for name in classes[:_MOST]]
    for name in cells:
        found = [metric(run, f"{of}.{name}") for of in classes[:_MOST]]
        unit = str(found[0].get("unit", ""))
        values = [abs(float(of["value"])) for of in found if is_number(of.get("value"))]
        size = max(values, default=0.0)
        heads.append(f"{name.upper() + ', ' + suffix(unit, size).strip():>{WIDE_CELL}}")
        for row, of in enumerate(found):
            error = half_width(of)
            text = plain_number(of.get("value"), unit, error=error, size=size)
            if is_number(error) and error > 0.0:
                text += f" ± {plain_number(error, unit, error=error, size=size)}"
            rows[row] += f"{text:>{WIDE_CELL}}"
    more = len(classes) - _MOST
    return ["".join(heads), *rows, *([f"  and {more} more in report.html"] if more > 0 else []), ""]


def seller_rows(run: dict[str, Any], width: int) -> list[str]:
    """What the deal is worth to the hardware's seller, its margin included."""
    if not is_number(metric(run, "vendor.adjusted_npv").get("value")):
        return []
    words = f"{with_error(run, 'vendor.adjusted_npv')} with its margin on the hardware"
    if is_number(metric(run, name := "vendor.break_even_default_probability").get("value")):
        words += f"; nothing is left at a default probability of {with_error(run, name)}"
    return textwrap.wrap(words, width, initial_indent="Vendor    ", subsequent_indent=" " * 10)
