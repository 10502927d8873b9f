"""The answers of a run as digests, so that a fast but wrong engine is found out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spv_sim.results.estimate import as_record
from spv_sim.store.document import content_key

if TYPE_CHECKING:
    from spv_sim.results.estimate import Estimate

DIGITS = 9
"""Digits of the largest number of an estimate down to which all its numbers count.

numpy's exponentials differ in the last of 16 digits from processor to processor, so that the columns of a run
do too, and a standard error that should be zero is any small number.
"""

LEAST = 1e-12
"""What is smaller counts as zero, in whatever unit."""

LENGTH = 16
"""Hexadecimal digits of a digest that are kept."""


def digests(estimates: Mapping[str, Estimate]) -> dict[str, str]:
    """Metric -> digest of its value, error, interval, quantiles, count and note."""
    return {name: digest_of(as_record(estimate)) for name, estimate in estimates.items()}


def digest_of(record: Mapping[str, Any]) -> str:
    """Digest of plain values, whose floats count as far as `DIGITS` of the largest of them reaches."""
    largest = max((abs(number) for number in _floats(record)), default=0.0)
    if largest < LEAST:
        return content_key(_on_grid(record, math.inf))[:LENGTH]
    # A hair more, so that a last bit does not decide how many digits a power of ten has.
    power = math.floor(math.log10(largest * (1.0 + 1e-9)))
    return content_key(_on_grid(record, 10.0 ** (power + 1 - DIGITS)))[:LENGTH]


def _floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, Mapping | list):
        for entry in value.values() if isinstance(value, Mapping) else value:
            yield from _floats(entry)


def _on_grid(value: Any, step: float) -> Any:
    if isinstance(value, float):
        return f"{round(value / step)} × {step:.0e}"
    if isinstance(value, Mapping):
        return {key: _on_grid(entry, step) for key, entry in value.items()}
    if isinstance(value, list):
        return [_on_grid(entry, step) for entry in value]
    return value
