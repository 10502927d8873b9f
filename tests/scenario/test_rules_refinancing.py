"""Refinancing: each rule broken alone, with the place and words of its fault."""

from __future__ import annotations

import pytest

from tests.scenario.base import faults, place_of, sound, spoil
from tests.scenario.test_rates import CURVE
from tests.scenario.test_rules_floating import MEASURED, floating

COUPON = 'coupon = "9.5 %"'
TABLE = "[capital.tranche.senior.refinance]"
FIXED = 'month = "16 months"\ncoupon = "8 %"\n'
SPREAD = 'month = "16 months"\nliquidity_spread = "150 bps"\n'


def refinanced(terms: str = "", said: str = FIXED, more: str = "", text: str | None = None) -> str:
    """The starter with a refinancing of its senior loan, which pays each month from month 1 to 60."""
    whole = spoil(COUPON, COUPON) if text is None else text
    return f"{whole}\n{TABLE}\n{said}{terms}\n{more}"


SECOND = """[capital.tranche.mezz]
rank = 2
coupon = "14 %"
tenor = "4 years"
amortisation = "bullet"
commitment = "1 m USD"
"""

# text, code, the piece at whose start the caret stands, words of the message
FAULTS = [
    (
        refinanced(said='month = "16 months"\n'),
        "missing-key",
        "[capital.tranche.senior.refinance]",
        "needs one of",
    ),
    (
        refinanced('liquidity_spread = "150 bps"'),
        "exactly-one",
        'coupon = "8 %"',
        "liquidity_spread exclude each other",
    ),
    (
        refinanced('recovery_rate = "60 %"'),
        "rule",
        "recovery_rate",
        "has a meaning only with liquidity_spread",
    ),
    (refinanced(said=SPREAD), "missing-table", "[capital.tranche.senior.refinance]", "needs a table [rates]"),
    (
        refinanced('premium = "make_whole"'),
        "missing-table",
        "[capital.tranche.senior.refinance]",
        "needs a table [rates], or a base_rate",
    ),
    (refinanced('base_rate = "4 %"'), "rule", "base_rate", "has a meaning only with liquidity_spread or"),
    (
        refinanced(said='coupon = "8 %"\n'),
        "missing-key",
        "[capital.tranche.senior.refinance]",
        "month is required",
    ),
    (
        refinanced(said=FIXED.replace("16", "61")),
        "range",
        '"61 months"',
        "not one of the tranche's debt dates",
    ),
    (refinanced(said=FIXED.replace("16", "60")), "rule", '"60 months"', "no debt date of the lease"),
    (
        refinanced(said=FIXED.replace('"16 months"', '"0 months"')),
        "range",
        '"0 months"\ncoupon',
        "is below 1",
    ),
    (refinanced('tenor = "45 months"'), "rule", '"45 months"', "outlast the lease"),
    (refinanced("cash_out = true"), "rule", "true\n", "nothing limits the new loan"),
    (refinanced('haircut = "11 %"'), "rule", 'haircut = "11 %"', "has a meaning only with max_ltv"),
    (refinanced('max_ltv = "120 %"'), "range", '"120 %"', "is above 100 %"),
    (refinanced('min_dscr = "0x"'), "range", '"0x"', "is not above 0"),
    (refinanced('fee = "100.0 %"'), "range", '"100.0 %"', "is not below 100 %"),
    (
        refinanced('make_whole_spread = "1 %"'),
        "rule",
        "make_whole_spread",
        'only with premium = "make_whole"',
    ),
    (refinanced('premium = "both"'), "choice", '"both"', "not one of table, make_whole"),
    (refinanced('exercise = "never"'), "choice", '"never"', "not one of always, if_cheaper"),
    (refinanced('amortisation = "sculpted"'), "choice", '"sculpted"', "not one of level"),
    (refinanced('coupons = "8 %"'), "unknown-key", "coupons", "is not a setting"),
    (
        refinanced('premium = "make_whole"', text=floating()),
        "unsupported",
        '"make_whole"',
        "what a floating loan has left to pay is not known",
    ),
    (
        refinanced('exercise = "if_cheaper"', text=floating()),
        "unsupported",
        '"if_cheaper"',
        "what a floating loan has left to pay is not known",
    ),
    (
        refinanced(text=floating('hedge_share = "50 %"')),
        "unsupported",
        "refinance]",
        "closing out a hedge",
    ),
    (
        refinanced(text=spoil('dsra = "3 months"', 'dsra = "3 months"\ndsra_kind = "letter_of_credit"')),
        "unsupported",
        "refinance]",
        "a letter of credit is not handed on",
    ),
    (
        refinanced(more='[capital.equity.first]\nshare = "60 %"\n[capital.equity.second]\nshare = "40 %"\n'),
        "unsupported",
        "refinance]",
        "several classes of equity",
    ),
    (
        refinanced(more=SECOND + "[capital.tranche.mezz.refinance]\n" + FIXED.replace("8 %", "12 %")),
        "unsupported",
        'refinance]\nmonth = "16 months"\ncoupon = "12 %"',
        "capital.tranche.senior is refinanced already",
    ),
    (
        refinanced(
            said=FIXED.replace('"16', '"17'),
            text=spoil('tenor = "5 years"', 'tenor = "5 years"\npayment_every = "3 months"'),
        ),
        "rule",
        '"17 months"',
        "lies between the debt dates, every 3 months",
    ),
    (
        refinanced(
            'tenor = "16 months"',
            said=FIXED.replace('"16', '"15'),
            text=spoil('tenor = "5 years"', 'tenor = "5 years"\npayment_every = "3 months"'),
        ),
        "rule",
        '"16 months"',
        "are not a whole number of debt periods of 3",
    ),
    (
        refinanced(
            'recovery_rate = "60 %"\nbase_rate = "4 %"',
            said=SPREAD,
            text=spoil('hazard = "5 %/year" #', 'default_month = "20 months" #'),
        ),
        "rule",
        '"60 %"',
        "a scheduled default has no hazard",
    ),
]


@pytest.mark.parametrize(("text", "code", "at", "words"), FAULTS, ids=[row[3][:40] for row in FAULTS])
def test_a_fault_of_a_refinancing(text: str, code: str, at: str, words: str) -> None:
    found = [problem for problem in faults(text) if words in problem.message]
    assert len(found) == 1, faults(text)
    assert found[0].code == code
    assert (found[0].line, found[0].column) == place_of(text, at)


WARNINGS = [
    (
        refinanced('recovery_rate = "60 %"', said=SPREAD, more=f"{MEASURED}{CURVE}"),
        "the hazard is one under P, so that the spread holds no premium",
    ),
    (
        refinanced(
            'recovery_rate = "60 %"\nbase_rate = "4 %"',
            said=SPREAD,
            text=spoil('measure = "P"', 'measure = "P"\nengine = "first_passage"'),
        ),
        "average hazard of lessees that have survived",
    ),
]


@pytest.mark.parametrize(("text", "words"), WARNINGS, ids=["measure", "engine"])
def test_a_warning_of_a_refinancing(text: str, words: str) -> None:
    assert sum(words in warning for warning in sound(text).warnings) == 1


@pytest.mark.parametrize(
    "text",
    [
        refinanced(),
        refinanced('premium = "make_whole"\nbase_rate = "4 %"\nexercise = "if_cheaper"'),
        refinanced(
            'max_ltv = "70 %"\nhaircut = "10 %"\nmin_dscr = "1.3x"\ncash_out = true\ndsra = "3 months"'
        ),
        refinanced('tenor = "44 months"\namortisation = "bullet"\nfee = "1 %"'),
        refinanced(said=SPREAD, more=f"{MEASURED}{CURVE}"),
        refinanced(said=SPREAD, text=floating()),
    ],
)
def test_a_sound_refinancing_is_read_without_a_warning(text: str) -> None:
    loaded = sound(text)
    assert loaded.scenario.capital.tranche["senior"].refinance is not None
    assert not loaded.warnings
