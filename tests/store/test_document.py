"""Result documents are strict JSON, equal for equal values."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spv_sim.store.document import content_key, document

JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Pair:
    name: str
    amount: float


@given(JSON_LIKE)
def test_finite_values_come_back(value: object) -> None:
    assert json.loads(document(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan"), np.array([np.inf, 1.0])])
def test_no_bare_token_that_is_not_json(value: object) -> None:
    text = document({"value": value}).decode()
    assert "NaN" not in text
    assert "Infinity" not in text
    json.loads(text, parse_constant=lambda token: pytest.fail(token))


def test_arrays_scalars_dates_and_dataclasses() -> None:
    value = {
        "a": np.arange(3),
        "b": np.float64(2.5),
        "c": Pair("x", 1.0),
        "d": date(2026, 10, 31),
        "e": np.bool_(True),
    }
    told = json.loads(document(value))
    assert told == {"a": [0, 1, 2], "b": 2.5, "c": {"name": "x", "amount": 1.0}, "d": "2026-10-31", "e": True}


def test_control_codes_are_escaped() -> None:
    assert b"\x1b" not in document({"name": "\x1b]0;title\x07"})


def test_key_ignores_the_order_of_keys_and_tells_values_apart() -> None:
    assert content_key({"a": 1, "b": 2.0}) == content_key({"b": 2.0, "a": 1})
    assert content_key({"a": 1}) != content_key({"a": 2})


def test_an_object_has_no_place() -> None:
    with pytest.raises(TypeError, match="object"):
        document({"a": object()})
