"""Values carry their units and no digits that their errors deny."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spv_sim.report.numbers import (
    decimals,
    half_width,
    is_number,
    plain_number,
    scaled,
    show,
    show_error,
    show_interval,
    show_width,
    suffix,
)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.352, "share", "35.2 %"),
        (0.227, "1/year", "22.7 %/year"),
        (1.375, "x", "1.38x"),
        (3.5e9, "USD", "3,500.0 m USD"),
        (35.2e9, "USD", "35.20 bn USD"),
        (1234.0, "USD", "1,234 USD"),
        (-0.21, "share", "−21.0 %"),
        (-1e-9, "share", "0.0 %"),
        (2.5, "years", "2.50 years"),
        (31, "months", "31 months"),
        (np.int64(3), "months", "3 months"),
        (math.inf, "months", "never"),
        (math.nan, "x", "–"),
        (math.inf, "x", "–"),
        (None, "USD", "–"),
        (True, "x", "–"),
        ("1.3", "x", "–"),
    ],
)
def test_show(value: object, unit: str, expected: str) -> None:
    assert show(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "error", "unit", "expected"),
    [
        (0.1093, 0.0041, "share", "10.9 ± 0.4 %"),
        (0.1093, 0.00123, "share", "10.93 ± 0.12 %"),
        (1.7593, 0.0108, "x", "1.759 ± 0.011x"),
        (0.1, 0.13, "1/year", "10 ± 13 %/year"),
        (38.68e6, 2.04e6, "USD", "38.7 ± 2.0 m USD"),
        (0.5, 0.0, "share", "50.0 ± 0 %"),
        (0.5, None, "share", "50.0 %"),
        (None, 0.1, "share", "–"),
    ],
)
def test_show_error(value: object, error: object, unit: str, expected: str) -> None:
    assert show_error(value, error, unit) == expected


def test_interval_and_width() -> None:
    assert show_interval(0.105, 0.113, "share") == "10.5 to 11.3 %"
    assert show_interval(None, 0.1, "share") == "–"
    assert show_interval(-2e6, 3e6, "USD") == "−2.0 to 3.0 m USD"
    assert show_width(0.0006, "share") == "0.06 %"
    assert suffix("USD", 5e6) == " m USD"
    np.testing.assert_allclose(scaled(np.array([1e6]), "USD", 1e6), [1.0])


@given(st.floats(1e-6, 1e6), st.floats(0.0, 1e6))
def test_at_most_one_digit_beyond_the_error(error: float, value: float) -> None:
    places = decimals(error, 1)
    last = 10.0**-places  # worth of the last digit shown
    assert last >= min(10 ** (math.floor(math.log10(error)) - 1), 1.0) * (1 - 1e-9) or places == 0
    if places < 1 + 2:  # beyond two further digits none is shown
        assert last <= error * (1 + 1e-9) or places == 0
    text = plain_number(value, "", error=error)
    assert (
        abs(float(text.replace(",", "").replace("−", "-")) - value) <= 0.5 * last * (1 + 1e-6) + 1e-9 * value
    )


@example(1.7e308, "share")
@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["USD", "x", "share", "1/year", "months", ""]),
)
def test_every_float_shows_as_one_short_line(value: float, unit: str) -> None:
    text = show(value, unit)
    assert text
    assert not re.search(r"nan|inf|e[+-]|\n", text)


def test_half_width_prefers_the_interval() -> None:
    assert half_width({"ci95": [1.0, 2.0], "standard_error": 9.0}) == 0.5
    assert half_width({"ci95": [None, None], "standard_error": 1.0}) == pytest.approx(1.96, abs=1e-3)
    assert math.isnan(half_width({"ci95": None, "standard_error": None}))
    assert math.isnan(half_width(None))
    assert is_number(np.float64(1.0))
    assert not is_number(np.bool_(True))
