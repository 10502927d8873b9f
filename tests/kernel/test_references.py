"""What a kernel reads through a reference is what the terms say."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.errors import TypingError

from spv_sim.kernel.jit import PLAIN, jit, kernel
from spv_sim.kernel.references import refer


class Inner(NamedTuple):
    rates: Any
    every: int
    applies: bool


class Outer(NamedTuple):
    before: float
    pair: Any
    inner: Inner


class Pair(NamedTuple):
    first: Inner
    second: Inner


@jit
def chosen(pair: Pair, second: bool) -> Inner:
    inner = pair.first
    if second:
        inner = pair.second
    return inner


@kernel
def read_all(terms: Outer, second: bool) -> tuple[float, float, int, bool, float]:
    terms = refer(terms)
    inner = chosen(terms.pair, second)
    rates = inner.rates
    return terms.before, rates[len(rates) - 1], inner.every + len(rates), inner.applies, terms.inner.rates[0]


def outer() -> Outer:
    first = Inner(np.array([0.25, 0.5]), 3, False)
    second = Inner(np.array([0.125, 2.0, 4.0]), 12, True)
    return Outer(7.0, Pair(first, second), Inner(np.array([9.0]), 1, True))


def test_fields_are_read_where_they_lie() -> None:
    assert read_all(outer(), False) == (7.0, 0.5, 5, False, 9.0)
    assert read_all(outer(), True) == (7.0, 4.0, 15, True, 9.0)


@kernel
def read_unknown(terms: Outer) -> float:
    return refer(terms).after  # type: ignore[no-any-return]


@pytest.mark.skipif(PLAIN, reason="numba types nothing in plain Python")
def test_an_unknown_field_does_not_compile() -> None:
    with pytest.raises(TypingError, match="after"):
        read_unknown(outer())
