"""Rules of the capital structure: each broken alone, with the place and the words of its fault or warning."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, sound, spoil

TENOR, LEVEL = 'tenor = "5 years"', 'amortisation = "level" # or "straight_line"'
COUPON, DSRA = 'coupon = "9.5 %"', 'dsra = "3 months"'
SHARE = 'debt_share = "70 %" # of total uses; or advance_rate, of the hardware cost'
MEZZ = '\n[capital.tranche.mezz]\nrank = 2\ncoupon = "14 %"\ntenor = "4 years"\namortisation = "bullet"\n'
SENIOR = "[capital.tranche.senior]"
TWO = """
[capital.equity.a]
share = 0.6
[capital.equity.b]
share = 0.4
kind = "preferred"
rate = "9 %"
[capital.promote]
hurdle = "8 %"
carry = "20 %"
"""

# old piece, new piece, code, the piece at whose start the caret stands, words of the message
FAULTS = [
    (LEVEL, 'amortisation = "linear"', "choice", '"linear"', "is not one of level, straight_line, sculpted"),
    (
        LEVEL,
        'amortisation = "sculpted"',
        "missing-key",
        SENIOR,
        "target_dscr is required",
    ),
    (LEVEL, 'amortisation = "custom"', "missing-key", SENIOR, "repayment is required"),
    (
        LEVEL,
        'amortisation = "scheduled_share"',
        "missing-key",
        SENIOR,
        "scheduled_share is required",
    ),
    (LEVEL, 'amortisation = "bullet"\nballoon = "10 %"', "rule", "balloon", "only with amortisation = level"),
    (
        LEVEL,
        'amortisation = "level"\nscheduled_share = "1 %/month"',
        "rule",
        "scheduled_share",
        "only with amortisation = scheduled_share",
    ),
    (
        LEVEL,
        'amortisation = "level"\nnegative_amortisation = "allow"',
        "rule",
        "negative_amortisation",
        "only with amortisation = sculpted",
    ),
    (
        LEVEL,
        'amortisation = "custom"\nrepayment = ["50 %", "50 %"]',
        "rule",
        '["50 %", "50 %"]',
        "2 shares for 60 debt dates",
    ),
    (
        f"{TENOR}\n{LEVEL}",
        'tenor = "3 months"\namortisation = "custom"\nrepayment = ["50 %", "30 %", "10 %"]',
        "rule",
        '["50 %", "30 %"',
        "the shares sum to 90.0000% and not to 100 %",
    ),
    (LEVEL, 'amortisation = "level"\nballoon = "100 %"', "range", '"100 %"\nup', "is not below 100 %"),
    (COUPON, "# none", "missing-key", SENIOR, "needs one of coupon, base_rate"),
    (COUPON, f'{COUPON}\nfloor = "1 %"', "rule", "floor =", "only with a floating base_rate"),
    (COUPON, f'{COUPON}\nhedge_share = "50 %"', "rule", "hedge_share", "only with a floating base_rate"),
    (COUPON, f'{COUPON}\nmargin = "2 %"', "rule", "margin", "only with a floating base_rate"),
    (COUPON, 'base_rate = "libor"\nmargin = "2 %"', "choice", '"libor"', "not one of term_1m, term_3m"),
    (DSRA, f'{DSRA}\nletter_of_credit_fee = "1 %"', "rule", "letter_of_credit_fee", "only with dsra_kind"),
    (
        DSRA,
        f'{DSRA}\nletter_of_credit_margin = "1 %"',
        "rule",
        "letter_of_credit_margin",
        "only with dsra_kind",
    ),
    (DSRA, 'dsra_kind = "sweep"', "rule", "dsra_kind", "only with dsra"),
    (DSRA, f'{DSRA}\ndsra_kind = "bond"', "choice", '"bond"', "not one of cash, letter_of_credit, sweep"),
    (TENOR, f'{TENOR}\navailability = "1 month"', "range", '"1 month"', "month 1 lies after COD, month 0"),
    (
        TENOR,
        f'{TENOR}\navailability = "61 months"',
        "range",
        '"61 months"',
        "month 61 lies after its maturity, month 60",
    ),
    (
        SHARE,
        f'{SHARE}\nfunding = "debt_first"\n[capital.tranche.senior]\navailability = "0 months"',
        "rule",
        "availability",
        "goes with pro-rata funding only",
    ),
    (SHARE, f'{SHARE}\nfunding = "both"', "choice", '"both"', "is not one of pro_rata, equity_first"),
    (SHARE, f"{SHARE}{MEZZ}", "rule", "debt_share =", "capital.debt_share sizes one tranche and there are 2"),
    (
        TENOR,
        f'{TENOR}\ndebt_share = "60 %"',
        "exactly-one",
        'debt_share = "60 %"',
        "and capital.debt_share exclude each other",
    ),
    (SHARE, "# none", "missing-key", "[capital]\n", "or its tranche a size"),
    (
        SHARE,
        f'# none{MEZZ}debt_share = "10 %"',
        "missing-key",
        SENIOR,
        "capital.tranche.senior needs a size",
    ),
    (
        SHARE,
        f'min_equity = "10 %"{MEZZ}debt_share = "30 %"\n[capital.tranche.senior]\ndebt_share = "65 %"',
        "rule",
        '"65 %"',
        "the debt shares sum to 95.0000% of the uses and 90.0000% is left",
    ),
    (
        SHARE,
        f"# none{MEZZ.replace('2', '1', 1)}target_dscr = 1.5\n[capital.tranche.senior]\ntarget_dscr = 1.4",
        "rule",
        "1.4\n",
        "tranches of one rank share target and case",
    ),
    (
        SHARE,
        f'{SHARE}\n[capital.equity.a]\nshare = "60 %"\n[capital.equity.b]\nshare = "30 %"',
        "rule",
        '"30 %"',
        "the shares sum to 90.0000% and not to 100 %",
    ),
    (
        SHARE,
        f'{SHARE}\n[capital.equity.b]\nshare = 0.5\n[capital.equity.a]\nshare = 0.5\nkind = "preferred"',
        "missing-key",
        "[capital.equity.a]",
        "rate is required",
    ),
    (
        SHARE,
        f'{SHARE}\n[capital.equity.a]\nshare = 1\nrate = "10 %"',
        "rule",
        'rate = "10 %"',
        "only with kind",
    ),
    (SHARE, f"{SHARE}\n[capital.equity.a]\nshare = 2", "range", "2\n", "is above 1"),
    (SHARE, f"{SHARE}\n[capital.equity.a]\nshare = 1\npik = false", "rule", "pik", "only with kind"),
    (
        SHARE,
        f'{SHARE}\n[capital.equity.a]\nshare = 1\nkind = "preferred"\nrate = "10 %"',
        "rule",
        '"preferred"',
        "one class at least is common",
    ),
    (
        SHARE,
        f"{SHARE}\n[capital.equity.Senior]\nshare = 1",
        "reserved-name",
        "Senior]",
        "a tranche",
    ),
    (
        SHARE,
        f"{SHARE}\n[capital.equity.lessee]\nshare = 1",
        "reserved-name",
        "lessee]",
        "name lessee",
    ),
    (
        SHARE,
        f"{SHARE}\n[capital.equity.vendor]\nshare = 1",
        "reserved-name",
        "vendor]",
        "vendor = true",
    ),
    (SHARE, f'{SHARE}{TWO}to = "gp"', "rule", '"gp"', '"gp" is not a class of common equity'),
    (SHARE, f'{SHARE}{TWO}to = "b"', "rule", '"b"\n', "is not a class of common equity"),
    (SHARE, f'{SHARE}{TWO}to = "a"\ncatch_up = "15 %"', "rule", '"15 %"', "does not catch up"),
    (
        SHARE,
        f'{SHARE}\npromote = {{ hurdle = "8 %", carry = "20 %", to = "a" }}',
        "rule",
        '"a"',
        "is not a class",
    ),
    (TENOR, f'{TENOR}\ncommitment = "-1 USD"', "range", '"-1 USD"', "is below 0 USD"),
    (TENOR, f"{TENOR}\ntarget_dscr = 0", "range", "0\n", "is not above 0x"),
    (TENOR, f'{TENOR}\nprepayment_premium = ["3 %", "x"]', "unit", '"x"', "is not a share"),
    (TENOR, f"{TENOR}\nmax_ltv = []", "range", "[]\n", "0 shares; 1 to 50 are allowed"),
]


def write(old: str, new: str) -> str:
    """The starter with one piece replaced; lines after a header of the senior tranche move to its table."""
    body, split, own = new.partition(f"\n{SENIOR}")
    text = spoil(old, body)
    return spoil(SENIOR, SENIOR + own, text) if split else text


@pytest.mark.parametrize(("old", "new", "code", "at", "words"), FAULTS, ids=[row[4][:40] for row in FAULTS])
def test_a_fault_of_the_capital_structure(old: str, new: str, code: str, at: str, words: str) -> None:
    text = write(old, new)
    found = faults(text)
    assert [fault.code for fault in found] == [code], found
    assert words in found[0].message
    line, column = (found[0].line or 0, found[0].column or 0)
    assert "\n".join(text.split("\n")[line - 1 :])[column - 1 :].startswith(at)


WARNINGS = [
    (TENOR, f"{TENOR}\ntarget_dscr = 1.1", "lies above the target of 1.1x"),
    (LEVEL, 'amortisation = "bullet"', "in its last 3 months the reserve covers what is due at maturity"),
    (
        LEVEL,
        'amortisation = "scheduled_share"\nscheduled_share = "4 %/month"',
        "the tranche is repaid in month 25 of 60",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), WARNINGS, ids=[row[2][:40] for row in WARNINGS])
def test_a_warning_of_the_capital_structure(old: str, new: str, words: str) -> None:
    assert any(words in warning for warning in sound(spoil(old, new)).warnings)
    assert not sound(STARTER).warnings


SOUND = [
    (LEVEL, 'amortisation = "sculpted"\ntarget_dscr = "1.40x"'),
    (LEVEL, f'{LEVEL}\nballoon = 0.2\ncommitment = "30 m USD"'),
    (TENOR, f'{TENOR}\nmax_ltv = ["70 %", "60 %"]\nprepayment_premium = ["3 %", "1 %"]\ncash_sweep = "35 %"'),
    (SHARE, f'funding = "equity_first"{MEZZ}debt_share = "10 %"\n[capital.tranche.senior]\ndebt_share = 0.6'),
    (
        DSRA,
        f'{DSRA}\ndsra_kind = "letter_of_credit"\nletter_of_credit_fee = "2 %"\nagency_fee = "90 k USD/year"',
    ),
    (
        SHARE,
        f"{SHARE}\n[capital.equity]\n"
        'a = { share = 0.4, kind = "preferred", rate = "8 %" }\nb = { share = 0.6, vendor = true }',
    ),
]


@pytest.mark.parametrize(("old", "new"), SOUND)
def test_sound_capital_structures(old: str, new: str) -> None:
    assert not faults(write(old, new))
