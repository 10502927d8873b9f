"""Writes values with their units and no more digits than their errors allow."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:  # the terminal summary must not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

MISSING = "–"
_LARGE = 1e10  # USD from here on are shown in bn
_DIGITS = {"share": 1, "1/year": 1, "x": 2, "months": 1, "years": 2, "units": 0}
_SUFFIX = {"share": " %", "1/year": " %/year", "x": "x", "months": " months", "years": " years"}
_FACTOR = {"share": 100.0, "1/year": 100.0}
CONFIDENCE = 1.959963984540054  # two-sided 95 % of a normal


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value of a result document is a finite number."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _scale(unit: str, size: float) -> tuple[float, str, int]:
    """Factor, suffix and usual decimals of a unit at a size."""
    if unit == "USD":
        if size >= _LARGE:
            return 1e-9, " bn USD", 2
        if size >= 1e6:
            return 1e-6, " m USD", 1
        return 1.0, " USD", 0
    suffix = _SUFFIX.get(unit, f" {unit}" if unit else "")
    return _FACTOR.get(unit, 1.0), suffix, _DIGITS.get(unit, 3)


def decimals(error: float, usual: int) -> int:
    """Decimals to show beside an error in the same unit: its first digit, and one more when that is 1 or 2.

    Parameters
    ----------
    error : half-width or standard error, in the unit shown; 0 or NaN gives `usual`.
    usual : decimals when there is no error; never more than two further ones are shown.
    """
    if not math.isfinite(error) or error <= 0.0:
        return usual
    power = math.floor(math.log10(error))
    first = error / 10.0**power
    return min(max(0, -power + (1 if first < 2.95 else 0)), usual + 2)


def _fixed(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    if text.startswith("-"):
        return text[1:] if not text.strip("-0.,") else "−" + text[1:]
    return text


def plain_number(value: object, unit: str, *, error: float = math.nan, size: float | None = None) -> str:
    """A value without its unit, in the scale that `suffix` names for the same unit and size."""
    if not is_number(value):
        return "never" if unit == "months" and value == math.inf else MISSING
    number = float(value)
    factor, _, usual = _scale(unit, abs(number) if size is None else size)
    if unit == "months" and number == round(number):
        usual = 0
    if not math.isfinite(number * factor):
        return MISSING
    return _fixed(number * factor, decimals(abs(error) * factor, usual))


def suffix(unit: str, size: float = 0.0) -> str:
    """The unit as written after a number of this size, with the space that belongs before it."""
    return _scale(unit, abs(size))[1]


def scaled(values: NDArray[np.float64], unit: str, size: float) -> NDArray[np.float64]:
    """Values in the scale that `suffix` names for this unit and size."""
    return values * _scale(unit, abs(size))[0]


def show(value: object, unit: str) -> str:
    """A value with its unit: `35.2 %`, `1.38x`, `3,500.0 m USD`, `22.7 %/year`; a dash when undefined."""
    text = plain_number(value, unit)
    return text + suffix(unit, float(value)) if is_number(value) and text != MISSING else text


def show_error(value: object, half_width: object, unit: str) -> str:
    """A value with the half-width of its interval: `10.9 ± 0.4 %`; without one, the value alone."""
    if not is_number(value) or not is_number(half_width):
        return show(value, unit)
    if float(half_width) <= 0.0:
        return f"{plain_number(value, unit)} ± 0{suffix(unit, float(value))}"
    number, error = float(value), float(half_width)
    size = max(abs(number), error)
    left = plain_number(number, unit, error=error, size=size)
    return f"{left} ± {plain_number(error, unit, error=error, size=size)}{suffix(unit, size)}"


def show_width(error: float, unit: str) -> str:
    """An error or half-width alone, with one or two digits and its unit."""
    return plain_number(error, unit, error=error) + suffix(unit, error)


def show_interval(low: object, high: object, unit: str) -> str:
    """An interval `10.5 to 11.3 %` with digits fitted to its width."""
    if not is_number(low) or not is_number(high):
        return MISSING
    least, most = float(low), float(high)
    size, error = max(abs(least), abs(most)), (most - least) / 2.0
    left = plain_number(least, unit, error=error, size=size)
    return f"{left} to {plain_number(most, unit, error=error, size=size)}{suffix(unit, size)}"


def half_width(metric: object) -> float:
    """Half-width of a metric's 95 % interval, from its ends, else from its standard error; NaN if neither."""
    if not isinstance(metric, dict):
        return math.nan
    ends = metric.get("ci95") or (None, None)
    if is_number(ends[0]) and is_number(ends[1]):
        return float(ends[1] - ends[0]) / 2.0
    error = metric.get("standard_error")
    return CONFIDENCE * float(error) if is_number(error) else math.nan
