"""Rules of the covenants: each broken alone, with the place and the words of its fault."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, sound

DSCR = '\n[capital.covenant.cover]\nkind = "dscr"\nlevel = "1.10x"\n'

# settings added to the table, code, the piece at whose start the caret stands, words of the message
FAULTS = [
    ('tranche = "senor"\n', "unknown-name", '"senor"', "there is no tranche senor"),
    ('window = "0 months"\n', "range", '"0 months"', "is below 1 month"),
    ('basis = "past"\n', "choice", '"past"', "is not one of historic, forward"),
    ('consequence = "stop"\n', "choice", '"stop"', "is not one of lock_up, default"),
    ("release_after = 0\n", "range", "0\n", "is below 1"),
    ("grace = 3\n", "rule", "grace", 'only with consequence = "default"'),
    (
        'consequence = "default"\nrelease_after = 3\n',
        "rule",
        "release_after",
        'only with consequence = "lock_up"',
    ),
    ("thresh = 3\n", "unknown-key", "thresh", "thresh is not a setting"),
]


@pytest.mark.parametrize(("more", "code", "at", "words"), FAULTS, ids=[row[3][:40] for row in FAULTS])
def test_a_fault_of_a_dscr_covenant(more: str, code: str, at: str, words: str) -> None:
    is_at(f"{STARTER}{DSCR}{more}", code, at, words)


def is_at(text: str, code: str, at: str, words: str) -> None:
    """The text has this one fault, and the caret stands at the start of the piece."""
    found = faults(text)
    assert [fault.code for fault in found] == [code], found
    assert words in found[0].message
    line, column = (found[0].line or 0, found[0].column or 0)
    assert "\n".join(text.split("\n")[line - 1 :])[column - 1 :].startswith(at)


@pytest.mark.parametrize(
    ("table", "code", "at", "words"),
    [
        ('kind = "dsrc"\nlevel = 1.1', "choice", '"dsrc"', '"dsrc" is not one of'),
        ("level = 1.1", "missing-key", "[capital.covenant.cover]", "kind is required"),
        ('kind = "dscr"', "missing-key", "[capital.covenant.cover]", "level is required"),
        ('kind = "dscr"\nlevel = "-1.1x"', "range", '"-1.1x"', "is not above 0x"),
        ('kind = "dscr"\nlevel = "70 %"', "unit", '"70 %"', '"%" is not a unit of ratio'),
    ],
)
def test_a_covenant_says_its_kind_and_its_level(table: str, code: str, at: str, words: str) -> None:
    is_at(f"{STARTER}\n[capital.covenant.cover]\n{table}\n", code, at, words)


def test_windows_are_whole_debt_periods() -> None:
    text = STARTER.replace('tenor = "5 years"', 'tenor = "5 years"\npayment_every = "3 months"')
    is_at(f'{text}{DSCR}window = "4 months"\n', "rule", '"4 months"', "periods of 3")
    assert not faults(f'{text}{DSCR}window = "6 months"\n')


def test_a_default_comes_after_the_lock_up_on_the_same_measure() -> None:
    """The starter locks up at 1.20x on the debt date."""
    default = '\n[capital.covenant.stop]\nkind = "dscr"\nconsequence = "default"\nlevel = "{}"\n'
    is_at(STARTER + default.format("1.25x"), "rule", '"1.25x"', "a default at 1.25x comes before the lock-up")
    assert not faults(STARTER + default.format("1.15x"))
    trailing = DSCR + 'window = "12 months"\n'
    assert not faults(
        STARTER + trailing + default.format("1.15x") + 'window = "12 months"\n'.replace("12", "3")
    )
    found = faults(STARTER + trailing + default.format("1.15x") + 'window = "12 months"\n')
    assert "capital.covenant.cover" in found[0].message


def test_a_covenant_needs_a_name() -> None:
    (found,) = faults(STARTER + DSCR.replace("covenant.cover", 'covenant." "'))
    assert found.code == "reserved-name"


def test_sound_covenants() -> None:
    text = STARTER + DSCR + 'tranche = "senior"\nwindow = "12 months"\nrelease_after = 3\n'
    assert not sound(text).warnings


MEZZ = '\n[capital.tranche.mezz]\nrank = 2\ncoupon = "14 %"\ntenor = "4 years"\namortisation = "bullet"\n'
LTV = 'kind = "ltv"\nlevel = "70 %"\n'
COST = 'kind = "ltv"\nappraisal = "depreciated_cost"\n'
BASE = 'kind = "borrowing_base"\nadvance_rate = "60 %"\n'

COLLATERAL = [
    (LTV + 'level2 = "60 %"', "unknown-key", "level2", "level2 is not a setting"),
    ('kind = "ltv"\nlevel = "-5 %"', "range", '"-5 %"', "is below 0 %"),
    ('kind = "ltv"\nlevel = ["70 %", "170 %"]', "range", '"170 %"', "is above 100 %"),
    ('kind = "ltv"\nlevel = 70', "range", "70", 'write "70 %" or 0.70'),
    ('kind = "ltv"', "missing-key", "[capital.covenant.value]", "level is required"),
    ('kind = "borrowing_base"', "missing-key", "[capital.covenant.value]", "advance_rate is required"),
    (BASE + 'consequence = "lock_up"', "choice", '"lock_up"', "is not one of prepay, default"),
    (BASE + 'appraisal = "book"', "choice", '"book"', "is not one of market, depreciated_cost"),
    (LTV + 'haircut = "100 %"', "range", '"100 %"', "is not below 100 %"),
    (
        LTV + 'depreciated_cost = "50 %"',
        "rule",
        "depreciated_cost",
        'only with appraisal = "depreciated_cost"',
    ),
    (COST + 'level = "70 %"', "missing-key", "[capital.covenant.value]", "depreciated_cost is required"),
    (
        COST + 'level = "70 %"\ndepreciated_cost = "80 %"\nhaircut = "5 %"',
        "rule",
        "haircut",
        'only with appraisal = "market"',
    ),
    (LTV + 'consequence = "lock_up"\nequity_cures = 2', "rule", "equity_cures", 'consequence = "prepay" or'),
    (LTV + 'sweep = "50 %"', "rule", "sweep", 'only with consequence = "sweep"'),
    (LTV + 'consequence = "sweep"\nsweep = "0 %"', "range", '"0 %"', "is not above 0 %"),
    (LTV + "equity_cures = -1", "range", "-1", "is below 0"),
    (LTV + 'consequence = "prepay"\ngrace = 2', "rule", "grace", 'only with consequence = "default"'),
    (LTV + "blocks_junior = true", "rule", "true", "no tranche ranks behind"),
]


@pytest.mark.parametrize(
    ("table", "code", "at", "words"), COLLATERAL, ids=[row[3][:40] for row in COLLATERAL]
)
def test_a_fault_of_a_covenant_on_the_collateral(table: str, code: str, at: str, words: str) -> None:
    is_at(f"{STARTER}\n[capital.covenant.value]\n{table}\n", code, at, words)


def test_a_default_comes_after_what_is_milder() -> None:
    """In every year from COD, on one appraisal of one debt."""
    early = f'{STARTER}\n[capital.covenant.early]\nkind = "ltv"\nlevel = ["70 %", "60 %"]\n'
    early += 'consequence = "prepay"\n'
    stop = '[capital.covenant.stop]\nkind = "ltv"\nlevel = ["75 %", "55 %"]\n'
    is_at(early + stop, "rule", '["75 %"', "a default at 0.55 comes before the prepay at 0.6")
    assert not faults(early + stop.replace("55 %", "65 %"))
    assert not faults(early + stop + 'haircut = "5 %"\n')


def test_cures_are_those_of_one_class_of_equity() -> None:
    classes = '[capital.equity.sponsor]\nshare = "60 %"\n[capital.equity.fund]\nshare = "40 %"\n'
    cures = f"{STARTER}\n{classes}[capital.covenant.value]\n{LTV}equity_cures = 2\n"
    is_at(cures, "unsupported", "2\n", "cures by several classes of equity are not simulated")


def test_a_sweep_says_which_of_two_tranches_it_repays() -> None:
    two = STARTER.replace('debt_share = "70 %"', "# none #")
    two = two.replace("[capital.tranche.senior]", '[capital.tranche.senior]\ndebt_share = "50 %"')
    two += MEZZ.replace("rank = 2", 'rank = 1\ndebt_share = "10 %"')
    sweep = '\n[capital.covenant.cash]\nkind = "dscr"\nlevel = 1.3\nconsequence = "sweep"\n'
    is_at(two + sweep, "missing-key", "[capital.covenant.cash]", "say which of senior, mezz")
    assert not faults(f'{two}{sweep}tranche = "mezz"\n')


REAL = 'kind = "contract_realisation"\nlevel = "0.85x"\n'
AHEAD = 'kind = "contract_cover"\nlevel = "1.40x"\n'
KEPT = 'kind = "liquidity"\nminimum = "50 m USD"\n'

CONTRACT = [
    ('kind = "contract_realisation"', "missing-key", "[capital.covenant.value]", "level is required"),
    (REAL.replace("0.85x", "1.05x"), "range", '"1.05x"', "is above 1x"),
    (REAL + 'basis = "forward"', "unknown-key", "basis", "basis is not a setting"),
    (REAL + 'consequence = "prepay"', "choice", '"prepay"', "is not one of lock_up, default, sweep"),
    (REAL + "grace = 3", "rule", "grace", 'only with consequence = "default"'),
    (AHEAD + 'window = "3 months"', "unknown-key", "window", "window is not a setting"),
    (AHEAD.replace("1.40x", "0x"), "range", '"0x"', "is not above 0x"),
    (AHEAD + 'sweep = "50 %"', "rule", "sweep", 'only with consequence = "sweep"'),
    ('kind = "liquidity"', "missing-key", "[capital.covenant.value]", "by minimum or debt_service"),
    (KEPT.replace("50 m USD", "-1 USD"), "range", '"-1 USD"', "is below 0 USD"),
    (KEPT.replace('"50 m USD"', "[]"), "range", "[]", "0 amounts; 1 to 50 are allowed"),
    (KEPT.replace('"50 m USD"', '["50 m USD", "3 x"]'), "unit", '"3 x"', '"x" is not a unit'),
    (KEPT + 'debt_service = "0 months"', "range", '"0 months"', "is below 1 month"),
    (KEPT + 'consequence = "lock_up"', "choice", '"lock_up"', "is not one of retain, default"),
    (KEPT + "release_after = 2", "rule", "release_after", 'only with consequence = "lock_up"'),
    (KEPT + 'first_test = "-1 months"', "range", '"-1 months"', "is below 0 months"),
    (AHEAD + 'first_test = "30 years"', "rule", '"30 years"', "is not before month"),
]


@pytest.mark.parametrize(("table", "code", "at", "words"), CONTRACT, ids=[row[3][:40] for row in CONTRACT])
def test_a_fault_of_a_covenant_on_contract_or_liquidity(table: str, code: str, at: str, words: str) -> None:
    is_at(f"{STARTER}\n[capital.covenant.value]\n{table}\n", code, at, words)


def test_sound_covenants_on_contract_and_liquidity() -> None:
    for table in (
        REAL + 'window = "3 months"',
        AHEAD,
        KEPT + 'debt_service = "3 months"\nfirst_test = "1 year"',
    ):
        assert not sound(f"{STARTER}\n[capital.covenant.value]\n{table}\n").warnings
