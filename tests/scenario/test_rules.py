"""Rules between settings: each broken alone, with the place and the words of its fault."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, place_of, spoil

RULES = [
    ('tenor = "5 years"', 'tenor = "6 years"', '"6 years"', "72 months outlast the lease of 60 months"),
    (
        'tenor = "5 years"',
        'tenor = "58 months"\npayment_every = "3 months"',
        '"58 months"',
        "not a whole number of debt periods of 3",
    ),
    (
        'term = "5 years"',
        'payment_every = "3 months"\nterm = "61 months"',
        '"61 months"',
        "not a whole number of rent periods of 3",
    ),
    (
        'tail = "24 months"',
        'tail = "25 months"\n[capital.tranche.senior]\npayment_every = "3 months"',
        '"25 months"',
        "debt periods",
    ),
    (
        'term = "5 years"',
        'payment_every = "2 months"\nterm = "5 years"',
        '"2 months"',
        "2 months; 1 or 3 are allowed",
    ),
    (
        "units = 1_000",
        'delivery = "3 months"\nunits = 1_000',
        '"3 months"\nunits',
        "month 3 lies after the end of construction, month 0",
    ),
    ('dsra = "3 months"', 'dsra = "61 months"', '"61 months"', "exceed the tenor"),
    (
        'hazard = "5 %/year"',
        'default_month = "61 months"',
        '"61 months"',
        "outside the lease, months 1 to 60",
    ),
    (
        'hazard = "5 %/year"',
        'default_month = "3 months"\nhazard = "5 %"',
        "default_month",
        "exclude each other",
    ),
    (
        'rate = "1.60 USD/GPU-hour"',
        'rate = "2 USD/GPU-hour"\nrate_factor = "2 %/month"',
        'rate_factor = "2 %/month" ',
        "exclude each other",
    ),
    (
        'rate = "1.60 USD/GPU-hour" # or',
        "# or",
        "[lease]",
        "lease needs one of rate, rate_factor, implicit_rate, filed",
    ),
    (
        'debt_share = "70 %"',
        'debt_share = "70 %"\nadvance_rate = 0.5',
        "advance_rate =",
        "exclude each other",
    ),
    ('debt_share = "70 %" # of', "# of", "[capital]", "capital needs one of debt_share, advance_rate"),
    (
        'term = "5 years"',
        'term = "5 years"\nimplicit_residual = "5 %"',
        "implicit_residual",
        "only with lease.implicit_rate",
    ),
    (
        "[gpu_price] #",
        '[lease.holiday.a]\nstart = "9 months"\nend = "8 months"\npaid = 0\n[gpu_price] #',
        '"8 months"',
        "before the start",
    ),
    (
        "[gpu_price] #",
        '[lease.holiday.a]\nstart = "9 months"\nend = "61 months"\npaid = 0\n[gpu_price] #',
        '"61 months"',
        "months 0 to 60",
    ),
    (
        "[gpu_price] #",
        "[lease.holiday]\n"
        'a = { start = "9 months", end = "11 months", paid = 0 }\n'
        'b = { start = "11 months", end = "12 months", paid = 0 }\n[gpu_price] #',
        '"11 months", end = "12',
        "overlap with those of lease.holiday.a",
    ),
    (
        "[monte_carlo]",
        '[capital.tranche.junior]\ncoupon = "14 %"\ntenor = "5 years"\namortisation = "level"\n[monte_carlo]',
        "debt_share =",
        "capital.debt_share sizes one tranche and there are 2",
    ),
    ("[capital.tranche.senior]", "[capital.tranche.sponsor]", "sponsor", "already use the name sponsor"),
    ("[capital.tranche.senior]", '[capital.tranche." Lessee"]', '" Lessee"', "already use the name lessee"),
    ("[capital.tranche.senior]", '[capital.tranche."  "]', '"  "', "a tranche needs a name"),
    ('term = "5 years"', 'term = "240 months"\n[x]', "x]", "is not a setting"),
    (
        "lease_rate = 0.6 }",
        "lease_rate = 0.6 }\nlease_rate = { gpu_price = 0.6 }",
        "gpu_price = 0.6",
        "the pair is already given",
    ),
    ("lease_rate = 0.6 }", "gpu_price = 0.6 }", "gpu_price = 0.6", "with itself is always 1"),
    (
        "lease_rate = 0.6 }",
        "lease_rate = 0.9, power = 0.9 }\nlease_rate = { power = -0.9 }",
        "[correlation]",
        "the smallest eigenvalue of the matrix is -0.8",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), RULES, ids=[row[3][:40] for row in RULES])
def test_rules_between_settings(old: str, new: str, at: str, words: str) -> None:
    if "\n[capital.tranche.senior]" in new:
        text = spoil('dsra = "3 months"', 'dsra = "3 months"\npayment_every = "3 months"')
        new = new.split("\n")[0]
        text = spoil(old, new, text)
    else:
        text = spoil(old, new)
    found = faults(text)
    assert len(found) == 1, found
    assert (found[0].line, found[0].column) == place_of(text, at)
    assert words in found[0].message


def test_the_pair_that_contradicts_is_named() -> None:
    text = spoil("lease_rate = 0.6 }", "lease_rate = 0.9, power = 0.9 }\nlease_rate = { power = -0.9 }")
    (fault,) = faults(text)
    assert fault.code == "not-psd"
    assert fault.help is not None
    assert "gpu_price, lease_rate, power" in fault.help


def test_a_market_is_needed_where_the_fleet_is_let_again() -> None:
    start, end = STARTER.index("[lease_rate]"), STARTER.index("[correlation]")
    found = faults(STARTER[:start] + STARTER[end:])
    assert [fault.code for fault in found] == ["missing-table"]
    assert not faults(spoil('mode = "remarket"', 'mode = "liquidate"', STARTER[:start] + STARTER[end:]))


def test_missing_tables_are_all_named() -> None:
    found = faults("schema = 1\n")
    assert [fault.code for fault in found] == ["missing-key"] * 7
    assert {fault.key for fault in found} == {
        "deal",
        "fleet",
        "lease",
        "gpu_price",
        "credit",
        "workout",
        "capital",
    }
    assert {(fault.line, fault.column) for fault in found} == {(1, 1)}
