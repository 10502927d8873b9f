"""Floating debt, its hedge and its curve: each rule broken alone, with the place and words of its fault."""

from __future__ import annotations

import pytest

from tests.scenario.base import faults, place_of, sound, spoil
from tests.scenario.test_rates import CURVE, MODEL, with_rates

COUPON = 'coupon = "9.5 %"'
FLOAT = 'base_rate = "term_1m"\nmargin = "225 bps"'
MEASURED = MODEL + 'measure = "Q"\n'


def floating(terms: str = "", rates: str = MEASURED + CURVE, base: str = FLOAT) -> str:
    """The starter with a floating senior loan and a rates table."""
    return spoil(COUPON, f"{base}\n{terms}", with_rates(rates))


def contingent(text: str, said: str = "true", construction: int = 3) -> str:
    """The text with the setting of contingent equity, and months of construction."""
    built = spoil('construction = "0 months"', f'construction = "{construction} months"', text)
    return spoil("[capital]\n", f"[capital]\ncontingent_equity = {said}\n", built)


# text, code, the piece at whose start the caret stands, words of the message
FAULTS = [
    (floating(rates=""), "missing-table", '"term_1m"', "needs a table [rates], the curve that it floats on"),
    (
        floating(base='base_rate = "term_3m"\nmargin = "2 %"'),
        "rule",
        '"term_3m"',
        "a term rate of 3 months goes",
    ),
    (floating('payment_every = "3 months"'), "rule", '"term_1m"', "goes with payments as often"),
    (floating('payment_every = "12 months"'), "rule", "base_rate", "the debt pays once a year"),
    (floating('hedge_share = "120 %"'), "range", '"120 %"', '"120 %" is above 100 %'),
    (floating('hedge_share = "-5 %"'), "range", '"-5 %"', "is below 0 %"),
    (floating('cap_rate = "4 %"'), "rule", "cap_rate", "has a meaning only with a hedge_share"),
    (floating('floor = "-100 %"'), "range", '"-100 %"', "is not above -100 %"),
    (floating(base='base_rate = "term_1m"\nmargin = "-1 %"'), "range", '"-1 %"', "is below 0 %/year"),
    (floating(base='base_rate = "term_1m"'), "missing-key", "[capital.tranche.senior]", "margin is required"),
    (
        spoil(COUPON, f'{COUPON}\ncap_rate = "4 %"', with_rates(MEASURED, CURVE)),
        "rule",
        "cap_rate",
        "only with a floating base_rate",
    ),
    (floating('hedge_share = "lots"'), "unit", '"lots"', "lots"),
    (
        floating(rates=MEASURED + "rate_risk = -0.2\n" + CURVE),
        "rule",
        "rate_risk",
        'only with rates.measure = "P"',
    ),
    (floating(rates='[rates]\nmeasure = "P"\n' + CURVE), "rule", '"P"\n[rates', "needs rates that move"),
    (floating(rates='[rates]\nmeasure = "R"\n' + CURVE), "choice", '"R"', "not one of P, Q"),
    (floating(rates=MODEL + 'measure = "P"\nrate_risk = 9\n' + CURVE), "range", "9\n", "above 5"),
    (
        floating()
        + '[capital.tranche.mezz]\nrank = 2\nmargin = "9 %"\ntenor = "4 years"\namortisation = "bullet"\n'
        'payment_every = "3 months"\ncommitment = "10 m USD"\nbase_rate = "compounded"\n',
        "unsupported",
        'base_rate = "compounded"',
        "goes with the payment dates of the first rank alone",
    ),
    (
        contingent(spoil(COUPON, COUPON, with_rates(MEASURED, CURVE)), "false"),
        "rule",
        "contingent",
        "a floating tranche",
    ),
    (contingent(floating(rates=CURVE), "false"), "rule", "contingent", 'rates.model = "hull_white" and grid'),
    (contingent(floating(), "false", construction=0), "rule", "contingent", "and grid.construction"),
    (contingent(floating(), "'maybe'"), "type", "'maybe'", "contingent_equity"),
]


@pytest.mark.parametrize(("text", "code", "at", "words"), FAULTS, ids=[row[3][:40] for row in FAULTS])
def test_a_fault_of_floating_debt(text: str, code: str, at: str, words: str) -> None:
    found = [problem for problem in faults(text) if words in problem.message]
    assert len(found) == 1, faults(text)
    assert found[0].code == code
    assert (found[0].line, found[0].column) == place_of(text, at)


WARNINGS = [
    (floating('floor = "6 %"'), "lies above the forward rates until maturity"),
    (floating(rates=MODEL + CURVE), 'rates are taken under "Q"'),
]


@pytest.mark.parametrize(("text", "words"), WARNINGS)
def test_a_warning_of_floating_debt(text: str, words: str) -> None:
    assert any(words in warning for warning in sound(text).warnings)


@pytest.mark.parametrize(
    "text",
    [
        floating('floor = "0 %"\nhedge_share = "95 %"'),
        floating('hedge_share = "100 %"\ncap_rate = "4.5 %"'),
        floating('payment_every = "3 months"', base='base_rate = "term_3m"\nmargin = "4.5 %"'),
        floating('payment_every = "3 months"', base='base_rate = "compounded"\nmargin = "4.5 %"'),
        floating(rates=MODEL + 'measure = "P"\nrate_risk = -0.2\n' + CURVE),
        floating(rates=CURVE),
        contingent(floating()),
        contingent(floating(), "false"),
    ],
)
def test_sound_floating_debt_is_read_without_a_warning(text: str) -> None:
    loaded = sound(text)
    assert loaded.scenario.capital.tranche["senior"].base_rate is not None
    assert not loaded.warnings
