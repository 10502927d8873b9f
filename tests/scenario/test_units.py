"""Quantities: what parses, what is refused and how, and that printing and parsing are inverse."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spv_sim.scenario import units
from spv_sim.scenario.units import Kind, UnitError

KINDS = {name: kind for name, kind in vars(units).items() if isinstance(kind, Kind)}
EXACT = [
    (units.MONEY, "5.4 bn USD", 5.4e9),
    (units.MONEY, "885 m USD", 885e6),
    (units.MONEY, "885m USD", 885e6),
    (units.MONEY, "885 mn usd", 885e6),
    (units.MONEY, "50,000 USD", 50_000),
    (units.MONEY, "50_000 USD", 50_000),
    (units.MONEY, "$50,000", 50_000),
    (units.MONEY, "$885m", 885e6),
    (units.MONEY, "USD 50 k", 50_000),
    (units.MONEY, "US$ 3", 3),
    (units.MONEY, "  1.5e3 USD ", 1500),
    (units.MONEY, "-5 USD", -5),
    (units.MONEY_PER_MONTH, "5 m USD/month", 5e6),
    (units.MONEY_PER_MONTH, "60,000 USD / year", 5_000),
    (units.MONEY_PER_MONTH, "$5m/month", 5e6),
    (units.HOURLY, "2.81 USD/GPU-hour", 2.81),
    (units.HOURLY, "$2.10/GPU-hour", 2.10),
    (units.HOURLY, "1,533 USD/GPU-month", 2.1),
    (units.RATE, "9.5 %", 0.095),
    (units.RATE, "9.5%/year", 0.095),
    (units.RATE, "225 bps", 0.0225),
    (units.RATE, "-2 % / year", -0.02),
    (units.SHARE, "64.8 %", 0.648),
    (units.SHARE, 0.7, 0.7),
    (units.SHARE, 1, 1.0),
    (units.MONTHLY_SHARE, "2.1 %/month", 0.021),
    (units.MONTHS, "5 years", 60),
    (units.MONTHS, "60 months", 60),
    (units.MONTHS, "1.5 years", 18),
    (units.MONTHS, "1 month", 1),
    (units.DURATION, "4.5 months", 4.5),
    (units.DURATION, "1.25 years", 15.0),
    (units.VOLATILITY, "17.7 %/sqrt(year)", 0.177),
    (units.VOLATILITY, "17.7 %/√year", 0.177),
    (units.INTENSITY, "0.6 /year", 0.6),
    (units.RATIO, "1.20x", 1.2),
    (units.RATIO, 1.2, 1.2),
    (units.RATIO, "1.20", 1.2),
    (units.NUMBER, -0.22, -0.22),
    (units.COUNT, 108_000, 108_000),
    (units.COUNT, 1e6, 1_000_000),
    (units.COUNT, "108,000", 108_000),
    (units.METRIC, "22.7 %", 0.227),
    (units.METRIC, 1.375, 1.375),
    (units.METRIC, "1.2 bn USD", 1.2e9),
]
REFUSED = [
    (units.MONEY, "3,2 USD", "grouped"),
    (units.MONEY, "3,200,00 USD", "grouped"),
    (units.MONEY, "1,2345 USD", "grouped"),
    (units.MONEY, "1.2.3 USD", "grouped"),
    (units.MONEY, "32 EUR", '"EUR" is not a unit'),
    (units.MONEY, "50000", "has no unit"),
    (units.MONEY, 50_000, "has no unit"),
    (units.MONEY, "USD 5 USD", "is not a unit"),
    (units.MONEY, "5 USD/month", "is not a unit"),
    (units.MONEY, "", "is not an amount of money"),
    (units.MONEY, "USD", "is not an amount of money"),
    (units.MONEY, True, "is not an amount of money"),
    (units.MONEY, None, "is not an amount of money"),
    (units.MONEY, [], "is not an amount of money"),
    (units.MONEY, "nan USD", "is not an amount of money"),
    (units.MONEY, "inf USD", "is not an amount of money"),
    (units.MONEY, "٣ USD", "is not an amount of money"),
    (units.MONEY, "1e999 USD", "is not a unit"),
    (units.MONEY, "1" * 100 + " USD", "is not an amount of money"),
    (units.MONTHS, "5", "has no unit"),
    (units.MONTHS, 5, "has no unit"),
    (units.MONTHS, "five years", "is not a duration"),
    (units.MONTHS, "1.3 years", "15.6 months, which is not whole"),
    (units.MONTHS, "5 days", '"days" is not a unit'),
    (units.RATE, "70", "has no unit"),
    (units.RATE, 0.095, "has no unit"),
    (units.RATE, "9.5 %/month", "is not a unit"),
    (units.MONTHLY_SHARE, "2.1 %", "is not a unit"),
    (units.VOLATILITY, "17.7 %", "is not a unit"),
    (units.INTENSITY, 0.6, "has no unit"),
    (units.HOURLY, "2.81 USD", "is not a unit"),
    (units.RATIO, "1.2 times", "is not a unit"),
    (units.COUNT, 1.5, "is not whole"),
    (units.NUMBER, "0.1 %", "is not a unit"),
]


@pytest.mark.parametrize(("kind", "written", "value"), EXACT)
def test_reads(kind: Kind, written: object, value: float) -> None:
    assert kind.parse(written) == value


@pytest.mark.parametrize(("kind", "written", "words"), REFUSED)
def test_refuses_with_the_allowed_spelling(kind: Kind, written: object, words: str) -> None:
    with pytest.raises(UnitError, match=re.escape(words)) as fault:
        kind.parse(written)
    assert fault.value.code == "unit"
    if "grouped" not in words:
        assert any(example in str(fault.value) for example in kind.examples)


@pytest.mark.parametrize("name", KINDS)
def test_examples_read_and_match_the_pattern_for_editors(name: str) -> None:
    kind = KINDS[name]
    for example in kind.examples:
        kind.parse(example)
        assert re.search(kind.pattern, example), example


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.whole])
@given(value=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e80, max_value=1e80))
@settings(max_examples=100)
def test_printing_then_reading_gives_the_value_back(name: str, value: float) -> None:
    kind = KINDS[name]
    # Python prints the shortest decimal of a float and reading rounds once, so equality is exact;
    # values below 1e-80 would need more digits of exponent than a scenario may write.
    if value and abs(value) < 1e-80:
        value = math.copysign(1e-80, value)
    text = kind.format(value)
    assert kind.parse(text) == value
    assert re.search(kind.pattern, text), text


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.whole])
@given(value=st.integers(min_value=0, max_value=2**64 - 1))
@settings(max_examples=100)
def test_whole_numbers_come_back(name: str, value: int) -> None:
    kind = KINDS[name]
    text = kind.format(value)
    assert kind.parse(text) == value
    assert re.search(kind.pattern, text), text


@given(text=st.text(max_size=70), kind=st.sampled_from(list(KINDS.values())))
@settings(max_examples=500)
def test_any_text_is_a_number_or_a_refusal(text: str, kind: Kind) -> None:
    try:
        value = kind.parse(text)
    except UnitError as fault:
        said = str(fault)
    else:
        said, finite = "", math.isfinite(value)
        assert finite
    assert len(said) < 400


def test_amounts_are_printed_as_people_write_them() -> None:
    assert units.MONEY.format(5.4e9) == "5.4 bn USD"
    assert units.MONEY.format(305.05e6) == "305.05 m USD"
    assert units.MONEY.format(50_000.0) == "50,000 USD"
    assert units.MONEY.format(1_234_567.8) == "1,234,567.8 USD"
    assert units.MONEY_PER_MONTH.format(5e6) == "5 m USD/month"
    assert units.MONTHS.format(60) == "5 years"
    assert units.MONTHS.format(12) == "1 year"
    assert units.MONTHS.format(1) == "1 month"
    assert units.MONTHS.format(0) == "0 months"
    assert units.SHARE.format(0.648) == "64.8 %"
    assert units.RATIO.format(1.2) == "1.2x"
