"""The formulas' vocabulary on plain Python numbers: what each name means, one value at a time."""

from __future__ import annotations

import math
import struct
from typing import Any

ALL_BITS = 0xFFFFFFFFFFFFFFFF


def where(mask: Any, chosen: Any, otherwise: Any) -> Any:
    """`chosen` where the mask holds, else `otherwise`; both are evaluated."""
    return chosen if mask else otherwise


def minimum(first: Any, second: Any) -> Any:
    """The smaller; `second` where either is nan."""
    return first if first < second else second


def maximum(first: Any, second: Any) -> Any:
    """The larger; `second` where either is nan."""
    return first if first > second else second


def absolute(value: Any) -> Any:
    """Magnitude of a float."""
    return math.fabs(value)


def sqrt(value: Any) -> Any:
    """Square root, correctly rounded; nan below zero."""
    return math.sqrt(value) if value >= 0.0 else math.nan


def floor(value: Any) -> Any:
    """Largest whole number not above a float, as a float."""
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


def nearest(value: Any) -> Any:
    """Nearest whole number as a float, halves to even."""
    return math.copysign(float(round(value)), value) if math.isfinite(value) else value


def divide(above: Any, below: Any) -> Any:
    """Quotient with IEEE answers at zero: inf or nan where Python's own `/` would raise."""
    if below != 0.0:
        return above / below
    if above == 0.0 or above != above:
        return math.nan
    return math.copysign(math.inf, above) * math.copysign(1.0, below)


def fma(first: Any, second: Any, added: Any) -> Any:
    """`first * second + added`, rounded once when compiled and twice in plain Python 3.11."""
    return first * second + added


def invert(mask: Any) -> Any:
    """True where the mask is not."""
    return not mask


def any_of(mask: Any) -> Any:
    """Whether the mask holds in at least one lane: a scalar, fit for `if`."""
    return bool(mask)


def all_of(mask: Any) -> Any:
    """Whether the mask holds in every lane: a scalar, fit for `if`."""
    return bool(mask)


def word(value: Any) -> Any:
    """A whole number as 64 unsigned bits; lanes stay lanes."""
    return int(value) & ALL_BITS


def bits(value: Any) -> Any:
    """The 64 bits of a float."""
    return int(struct.unpack("<Q", struct.pack("<d", value))[0])


def from_bits(value: Any) -> Any:
    """The float that has these 64 bits."""
    return float(struct.unpack("<d", struct.pack("<Q", value & ALL_BITS))[0])


def paths(width: tuple[int, ...], first: Any) -> Any:
    """Path numbers first, first + 1, …: as many lanes as `width` is long, a scalar word for one."""
    return int(first)


def like(template: Any, value: Any) -> Any:
    """A number as a float in the shape of `template`: repeated over its lanes, or itself."""
    return float(value)


def width_of(template: Any) -> Any:
    """How many lanes a value has; 1 for a scalar."""
    return 1


def lane(value: Any, index: Any) -> Any:
    """One lane of a value, as a scalar."""
    return value


def load(array: Any, position: Any, template: Any) -> Any:
    """The lanes that lie at array[position], array[position + 1], …; as many as `template` has."""
    return float(array[position])


def store(array: Any, position: Any, value: Any) -> None:
    """Writes the lanes of `value` to array[position], array[position + 1], …."""
    array[position] = value


def with_lane(value: Any, index: Any, scalar: Any) -> Any:
    """`value` with one lane replaced."""
    return scalar
