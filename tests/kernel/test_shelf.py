"""Terms on a shelf, and records in an array, are what was put there."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.lanes import like, store
from spv_sim.kernel.records import read_record, record_length, write_record
from spv_sim.kernel.shelf import Shelf, at


class Inner(NamedTuple):
    values: Any
    count: int


class Deal(NamedTuple):
    rate: float
    inner: Inner
    applies: bool


class Part(NamedTuple):
    low: Any
    high: Any


class Record(NamedTuple):
    first: Any
    part: Part


def deals() -> list[Deal]:
    return [
        Deal(1.5, Inner(np.array([1.0, 2.0]), 3), True),
        Deal(2.5, Inner(np.array([10.0, 20.0, 30.0]), 40), False),
    ]


@kernel
def read_deal(shelf: Any, number: int, out: Any) -> None:
    deal = at(shelf, number)
    out[0], out[1], out[2] = deal.rate, deal.inner.values[len(deal.inner.values) - 1], deal.inner.count
    out[3] = 1.0 if deal.applies else 0.0


def test_terms_are_found_by_number() -> None:
    shelf, out = Shelf(deals()), np.empty(4)
    read_deal(shelf, 0, out)
    assert out.tolist() == [1.5, 2.0, 3.0, 1.0]
    read_deal(shelf, 1, out)
    assert out.tolist() == [2.5, 30.0, 40.0, 0.0]


@pytest.mark.skipif(PLAIN, reason="plain Python has no types")
def test_terms_of_two_types_do_not_fit_on_a_shelf() -> None:
    with pytest.raises(ValueError, match="one type, not of 2"):
        Shelf([deals()[0], Part(1.0, 2.0)])


@kernel
def turn(width: Any, array: Any) -> None:
    """Read a record behind the first place, and write it at the end with its parts changed over."""
    lanes = len(width)
    template = Record(like(array[0], 0.0), Part(like(array[0], 0.0), like(array[0], 0.0)))
    record = read_record(array, lanes, template)
    write_record(array, 4 * lanes, Record(record.part.high, Part(record.part.low, record.first)))
    store(array, 0, record.first + record.part.high)


def test_a_record_comes_back_leaf_by_leaf() -> None:
    array = np.array([0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0])
    turn((0,), array)
    assert array.tolist() == [4.0, 1.0, 2.0, 3.0, 3.0, 2.0, 1.0]
    assert record_length(Record(0.0, Part(0.0, 0.0))) == 3
