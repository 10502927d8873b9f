"""Rules of the credit table: an engine with what it needs, quotes under their measure, warnings in words."""

from __future__ import annotations

import pytest

from spv_sim.scenario.read import Loaded
from tests.scenario.base import faults, place_of, read_text, spoil

HAZARD = 'hazard = "5 %/year"'
MEASURE = 'measure = "P" '
LOG = '[credit.black_cox]\ndistance = 0.8\ndistance_drift = "-2 %"\nvolatility = "35 %/sqrt(year)"\n'
ASSETS = (
    '[credit.black_cox]\nasset_value = "100 bn USD"\nbarrier = "45 bn USD"\nasset_growth = "6 %"\n'
    'barrier_growth = "3 %"\nvolatility = "35 %/sqrt(year)"\n'
)
CIR = (
    '[credit.cir]\ninitial = "2 %"\nlevel = "4 %"\nhalf_life = "17 months"\nvolatility = "12 %/sqrt(year)"\n'
)
SHOCKS = '[credit.regulatory]\nevents = "0.4 /year"\nseverity = "6 %"\nhalf_life = "17 months"\n'
CDS = (
    '[credit.quotes]\nkind = "cds"\nspreads = { "1 year" = "350 bps" }\n'
    'recovery = "40 %"\nflat_rate = "4 %"\n'
)
AGENCY = '[credit.quotes]\nkind = "cumulative_default"\ndefaults = { "1 year" = "3 %" }\n'
BOND = (
    '[credit.quotes]\nkind = "bond"\ncoupon_rate = "12.5 %"\nmaturity = "60 months"\nprice = "97 %"\n'
    'recovery = "40 %"\nflat_rate = "4 %"\n'
)
RATING = (
    '[credit.quotes]\nkind = "rating"\ninitial = "BB"\n[credit.quotes.transitions]\n'
    'BB = { BB = "85 %", B = "13 %", default = "2 %" }\nB = { B = "92 %", default = "8 %" }\n'
)


def with_table(table: str, keys: str = HAZARD) -> str:
    return spoil("[workout] #", table + "\n[workout] #", spoil(HAZARD, keys))


FAULTS = [
    (with_table("", f'engine = "black_cox"\n{HAZARD}'), '"black_cox"', "needs a table [credit.black_cox]"),
    (with_table("", f'engine = "cir"\n{HAZARD}'), '"cir"', "needs a table [credit.cir]"),
    (with_table(LOG, 'engine = "black_cox"\n' + HAZARD), "black_cox]", "exclude each other"),
    (with_table(LOG, "#"), "black_cox]", 'no effect with the engine "hazard"'),
    (
        with_table(LOG.replace("distance_drift", 'barrier = "1 USD"\n#'), 'engine = "black_cox" #'),
        "distance = 0.8",
        "exclude each other",
    ),
    (
        with_table(LOG.replace("distance_drift", "#"), 'engine = "black_cox" #'),
        "[credit.black_cox]",
        "needs distance_drift",
    ),
    (
        with_table(ASSETS.replace("barrier_growth", "#"), 'engine = "black_cox" #'),
        "[credit.black_cox]",
        "needs barrier_growth",
    ),
    (
        with_table(ASSETS.replace("45 bn", "101 bn"), 'engine = "black_cox" #'),
        '"101 bn USD"',
        "not below the asset value",
    ),
    (
        with_table(SHOCKS, f'engine = "first_passage"\n{HAZARD}'),
        "regulatory]",
        "which the engine",
    ),
    (with_table(CDS, "#"), '"P"       #', 'quotes of kind "cds" speak under Q'),
    (with_table(AGENCY, HAZARD), "quotes]", "exclude each other"),
    (
        spoil(MEASURE, 'measure = "Q" ', with_table(AGENCY, "#")),
        '"Q"       #',
        'quotes of kind "cumulative_default" speak under P',
    ),
    (
        spoil(MEASURE, 'measure = "Q" ', with_table(BOND.replace("60 m", "62 m"), "#")),
        '"62 months"',
        "not whole half-years",
    ),
    (
        spoil(
            MEASURE,
            'measure = "Q" ',
            with_table(CDS.replace('"350 bps"', '"350 bps", "12 months" = "360 bps"'), "#"),
        ),
        "spreads",
        "a tenor is given twice",
    ),
    (
        with_table(RATING.replace('initial = "BB"', 'initial = "A"'), "#"),
        '"A"',
        "A is not a row of the matrix",
    ),
    (with_table(RATING.replace('B = "13 %"', 'CCC = "13 %"'), "#"), "BB = {", "leads to CCC"),
    (with_table(RATING.replace('"13 %"', '"12 %"'), "#"), "{ BB", "adds to 99.0000%"),
    (
        with_table(RATING + "default = { default = 1 }\n", "#"),
        "default = { default = 1",
        "is final and has no row",
    ),
    (with_table("", f'use_measure = "Q"\n{HAZARD}'), '"Q"\n', "P to Q needs credit.risk_premium"),
    (
        with_table(LOG, 'engine = "black_cox"\nuse_measure = "Q"\nrisk_premium = 2 #'),
        '"Q"\nrisk',
        "a risk premium converts a hazard",
    ),
    (
        spoil("lease_rate = 0.6 }", "lease_rate = 0.6, lessee_credit = 0.4 }"),
        "0.4 }",
        'credit.engine "hazard" has no normal to correlate',
    ),
]


@pytest.mark.parametrize(("text", "at", "words"), FAULTS, ids=[row[2][:40] for row in FAULTS])
def test_a_broken_rule_has_a_place(text: str, at: str, words: str) -> None:
    (fault,) = faults(text)
    assert words in fault.message
    assert (fault.line, fault.column) == place_of(text, at)


def test_a_correlation_without_a_normal_says_what_to_write() -> None:
    (fault,) = faults(spoil("lease_rate = 0.6 }", "lease_rate = 0.6, lessee_credit = 0.4 }"))
    assert fault.help is not None
    assert 'credit.engine = "first_passage"' in fault.help


def warnings_of(text: str) -> str:
    loaded: Loaded = read_text(text)
    return "\n".join(loaded.warnings)


def test_sound_tables_are_accepted() -> None:
    q = 'measure = "Q" '
    for text in (
        with_table(LOG, 'engine = "black_cox" #'),
        with_table(ASSETS, 'engine = "black_cox" #'),
        with_table(CIR, f'engine = "cir"\n{HAZARD}'),
        with_table(CIR + SHOCKS, f'engine = "cir"\n{HAZARD}'),
        with_table(SHOCKS),
        with_table(AGENCY, "#"),
        with_table(RATING, "#"),
    ):
        assert not warnings_of(text)
    for text in (with_table(CDS, "#"), with_table(BOND, "#")):
        assert "includes a risk premium" in warnings_of(spoil(MEASURE, q, text))


def test_what_has_no_effect_or_converts_is_told() -> None:
    assert 'so that "first_passage" has no effect' in warnings_of(
        with_table("", 'engine = "first_passage"\ndefault_month = "24 months"')
    )
    assert "credit.cir: has no effect" in warnings_of(with_table(CIR))
    wild = CIR.replace('"12 %/sqrt', '"50 %/sqrt')
    assert "Feller" in warnings_of(with_table(wild, f'engine = "cir"\n{HAZARD}'))
    told = warnings_of(
        spoil(MEASURE, 'measure = "Q" ', with_table("", f'use_measure = "P"\nrisk_premium = 2.5\n{HAZARD}'))
    )
    assert "divided by the risk premium of 2.5 and used under P" in told
    assert "includes a risk premium" not in told
    told = warnings_of(with_table("", f'use_measure = "Q"\nrisk_premium = 2.5\n{HAZARD}'))
    assert "multiplied by the risk premium of 2.5" in told
    assert "includes a risk premium" in told
    assert "it has no effect" in warnings_of(with_table("", f"risk_premium = 2\n{HAZARD}"))
    scheduled = spoil("lease_rate = 0.6 }", "lease_rate = 0.6, lessee_credit = 0.4 }")
    assert "the default is scheduled" in warnings_of(spoil(HAZARD, 'default_month = "24 months"', scheduled))
