"""Rules of the lease: each broken alone, with its key and the words of its fault."""

from __future__ import annotations

import pytest

from spv_sim.closing.close import close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, sound, spoil

TERM = 'term = "5 years"'
RATE = 'rate = "1.60 USD/GPU-hour" # or'
USE = '[utilisation]\ninitial = "80 %"\nmean_level = "70 %"\nhalf_life = "6 months"\n'

RULES = [
    ('steps = { "12 months" = "0.9x" }\nescalation = "2 %"', "lease.steps", "exclude each other"),
    ('steps = { "60 months" = "0.9x" }', "lease.steps", "outside the lease of 60 months"),
    (
        'index = { weight = "40 %", floor = "2 USD/GPU-hour", cap = "1 USD/GPU-hour" }',
        "cap",
        "below the floor",
    ),
    (
        'payment_every = "3 months"\nindex = { weight = "40 %", reset_every = "4 months" }',
        "reset_every",
        "not a whole number of rent periods",
    ),
    ("index = {}", "lease.rate", "all of them pay lease.index"),
    ('billing = "used"', "lease.billing", "need a table [utilisation]"),
    (
        'residual_value_guarantee = { amount = "1 k USD", guarantor = "lessee", on_default = true }',
        "on_default",
        "after its own default",
    ),
    (
        'residual_value_guarantee = { amount = "1 k USD", guarantor = "lessee", hazard = "1 %" }',
        "hazard",
        "that of [credit]",
    ),
    ('end_of_term = { option = "fixed_price" }', "price", "needs a price"),
    ('end_of_term = { option = "bargain", price = "5 USD" }', "price", "has no meaning"),
    ('end_of_term = { exercise = "behavioural" }', "exercise", "by a curve"),
    ('end_of_term = { probability = "50 %" }', "probability", "fair_market_value"),
    (
        'end_of_term = { option = "bargain" }\nresidual_value_guarantee = { amount = "1 k USD" }',
        "option",
        "no residual value",
    ),
    ('end_of_term = { re_let = "4 months", re_let_after = "4 months" }', "re_let_after", "leave nothing"),
    ("end_of_term = { renewals = 2 }", "renewals", "no meaning without"),
    ("early_termination = {}", "lease.early_termination", "one of month, hazard"),
    (
        'early_termination = { month = "5 months", hazard = "1 %" }',
        "lease.early_termination",
        "one of month, hazard",
    ),
    (
        'early_termination = { month = "5 months", first_month = "3 months" }',
        "first_month",
        "belongs to a hazard",
    ),
    ('early_termination = { month = "60 months" }', "month", "outside months 1 to 59"),
    (
        'early_termination = { month = "6 months", residual = "5 %", '
        'stipulated_loss = { "0 months" = "90 %" } }',
        "stipulated_loss",
        "nothing is left to discount",
    ),
    ('deposit = { kind = "cash", months = "61 months" }', "months", "exceed the lease"),
    (
        'payment_every = "3 months"\ndeposit = { kind = "prepaid_last", months = "2 months" }',
        "months",
        "rent periods",
    ),
    (
        'deposit = { kind = "prepaid_last", months = "3 months" }\nindex = { weight = "10 %" }',
        "kind",
        "only fixed rent",
    ),
    ('commitment = "0 %"', "lease.commitment", "only used ones"),
]


def with_lease(lines: str) -> str:
    """The starter with lines added to its lease."""
    text = spoil('commitment = "100 %"', 'note = ""') if lines.startswith("commitment") else STARTER
    text = text.replace('note = ""       # take-or-pay share of all hours\n', "")
    return spoil(TERM, f"{TERM}\n{lines}", text)


@pytest.mark.parametrize(("lines", "key", "words"), RULES, ids=[row[2] for row in RULES])
def test_rules_of_the_lease(lines: str, key: str, words: str) -> None:
    (found,) = faults(with_lease(lines))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in found.message


def test_each_lease_outlasts_completion() -> None:
    """Units that come back before the deal runs would be sold by nobody."""
    text = with_lease('rent_start = "per_batch"')
    for months, keys in ((59, ["capital.tranche.senior.tenor"]), (60, ["lease.term"])):
        found = faults(spoil('construction = "0 months"', f'construction = "{months} months"', text))
        assert [one.key for one in found][: len(keys)] == keys
    assert "fleet.batch.first ends in month 60" in found[0].message


def test_use_needs_arrears_a_rate_and_its_bounds() -> None:
    text = spoil("[credit]", f"{USE}[credit]", with_lease('billing = "used"'))
    assert not faults(text)
    (late,) = faults(spoil('timing = "arrears"', 'timing = "advance"', text))
    assert "known in arrears" in late.message
    (cost,) = faults(spoil(RATE, 'rate_factor = "2 %/month" #', text))
    assert "not on cost" in cost.message
    (bound,) = faults(spoil('initial = "80 %"', 'initial = "100 %"', text))
    assert "outside the bounds" in bound.message


def test_a_lag_needs_rent_by_batch() -> None:
    text = spoil("units = 1_000", 'units = 1_000\nacceptance_lag = "2 months"')
    (found,) = faults(text)
    assert "per_batch" in found.message
    later = with_lease('rent_start = "per_batch"')
    assert not faults(spoil("units = 1_000", 'units = 1_000\nacceptance_lag = "2 months"', later))


def test_batches_that_end_apart_cannot_be_let_again_together() -> None:
    second = '\n[fleet.batch.second]\nunits = 1_000\nunit_cost = "50,000 USD"\nacceptance_lag = "1 month"\n'
    text = with_lease('rent_start = "per_batch"\nend_of_term = { re_let = "6 months" }')
    (found,) = faults(spoil("\n[lease]\n", f"{second}\n[lease]\n", text))
    assert found.code == "unsupported"


def test_letting_again_carries_debt_beyond_the_lease() -> None:
    longer = spoil(
        'tenor = "5 years"', 'tenor = "66 months"', with_lease('end_of_term = { re_let = "6 months" }')
    )
    assert not faults(longer)
    (found,) = faults(spoil('"66 months"', '"67 months"', longer))
    assert "outlast the lease of 60 months and the re-letting of 6" in found.message


def test_a_lease_may_be_all_index_and_then_says_no_rate() -> None:
    text = spoil(RATE, "#", with_lease('index = { of_market = "0.9x", floor = "1 USD/GPU-hour" }'))
    scenario = sound(text).scenario
    contract = lay_out_contract(scenario)
    assert not contract.payable.any()
    assert contract.index.hours[1:61].tolist() == [730_000.0] * 60
    assert contract.expected[1] == pytest.approx(730_000 * 0.9 * 2.80)
    assert close(scenario).terms.deal.assets.lease.first_market_month == 1
    (found,) = faults(spoil("index = {", 'index = { weight = "50 %",', text))
    assert "the other hours need a fixed rent" in found.message
    start, end = text.index("[lease_rate]"), text.index("[correlation]")
    found_all = faults(spoil('mode = "remarket"', 'mode = "liquidate"', text[:start] + text[end:]))
    assert "missing-table" in {fault.code for fault in found_all}
