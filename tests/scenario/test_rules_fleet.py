"""Rules of generations, failures and the ramp: each broken alone, with its key and the words of its fault."""

from __future__ import annotations

import pytest

from tests.scenario.base import faults, sound, spoil
from tests.scenario.test_rules_lease import with_lease

LEASE = "\n[lease]\n"
BATCH = "units = 1_000"

FAILURES = [
    ("", "fleet.failures", "one of annual_rate, bathtub"),
    (
        'annual_rate = "5 %"\nbathtub = { early_shape = 0.5, early_scale = "40 years", wear_shape = 3, '
        'wear_scale = "9 years" }',
        "fleet.failures",
        "one of annual_rate, bathtub",
    ),
    ('annual_rate = "100 %"', "annual_rate", "is not below"),
    ('annual_rate = "5"', "annual_rate", "a rate is written"),
    ('afr = "5 %"\nannual_rate = "5 %"', "afr", "is not a setting"),
    ('annual_rate = "5 %"\ncommon_variance = -1', "common_variance", "is below"),
    ('annual_rate = "5 %"\nspares = 10\nservice_level = "99 %"', "service_level", "exclude each other"),
    ('annual_rate = "5 %"\nservice_level = "100 %"', "service_level", "is not below"),
    ('annual_rate = "5 %"\nspare_lag = "3 months"', "spare_lag", "only with fleet.failures.spares"),
    ('annual_rate = "5 %"\nspare_cost = "3 k USD"', "spare_cost", "only with fleet.failures.spares"),
    ('annual_rate = "5 %"\nspares = 5\nspare_lag = "0 months"', "spare_lag", "is below"),
    (
        'annual_rate = "5 %"\nreplacement_lag = "2 months"',
        "replacement_lag",
        "nothing is replaced with a lag",
    ),
    ('annual_rate = "5 %"\nreturn_condition = "stipulated_loss"', "return_condition", "needs"),
    ('annual_rate = "5 %"\nreturn_condition = "as_is"', "return_condition", "contract_count"),
    ('annual_rate = "5 %"\nmissing_value = "20 k USD"', "missing_value", "only where return_condition"),
    (
        'bathtub = { early_shape = 1.5, early_scale = "40 years", wear_shape = 3, wear_scale = "9 years" }',
        "bathtub.early_shape",
        "is not below",
    ),
    (
        'bathtub = { early_shape = 0.5, early_scale = "40 years", wear_shape = 1, wear_scale = "9 years" }',
        "bathtub.wear_shape",
        "is not above",
    ),
]


@pytest.mark.parametrize(("lines", "key", "words"), FAILURES)
def test_failures_are_said_once_and_act(lines: str, key: str, words: str) -> None:
    (found,) = faults(spoil(LEASE, f"\n[fleet.failures]\n{lines}\n{LEASE}"))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in f"{found.message} {found.help}"
    assert found.line


CASUALTIES = [
    ('loss = "30 %"', "rate", "missing"),
    ('rate = "0.02 /year"', "loss", "missing"),
    ('rate = "-0.02 /year"\nloss = "30 %"', "rate", "is below"),
    ('rate = "13 /year"\nloss = "30 %"', "rate", "is above"),
    ('rate = "2 %/year"\nloss = "30 %"', "rate", "is not a unit of intensity"),
    ('rate = "0.02 /year"\nloss = "0 %"', "loss", "is not above"),
    ('rate = "0.02 /year"\nloss = "101 %"', "loss", "is above"),
    ('rate = "0.02 /year"\nloss = "30 %"\ndeductible = "-1 USD"', "deductible", "is below"),
    ('rate = "0.02 /year"\nloss = "30 %"\npayment_lag = "25 months"', "payment_lag", "is above"),
    ('rate = "0.02 /year"\nloss = "30 %"\nbook_life = "0 months"', "book_life", "is below"),
    ('rate = "0.02 /year"\nloss = "30 %"\nexcess = "1 USD"', "excess", "is not a setting"),
    *(
        (f'rate = "0.02 /year"\nloss = "30 %"\ninsured = false\n{key} = {value}', key, "insured is true")
        for key, value in (
            ("deductible", '"1 m USD"'),
            ("payment_lag", '"3 months"'),
            ("covers_replacement", "false"),
            ("book_life", '"72 months"'),
        )
    ),
]


@pytest.mark.parametrize(("lines", "key", "words"), CASUALTIES)
def test_casualties_are_said_once_and_act(lines: str, key: str, words: str) -> None:
    (found,) = faults(spoil(LEASE, f"\n[fleet.casualty]\n{lines}\n{LEASE}"))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in f"{found.code} {found.message} {found.help}"
    assert found.line


def test_stipulated_loss_values_leave_no_book_value_to_insure() -> None:
    lines = '\n[fleet.casualty]\nrate = "0.02 /year"\nloss = "30 %"\nbook_life = "72 months"\n'
    assert not faults(spoil(LEASE, f"{lines}{LEASE}"))
    early = f'{lines}\n[lease.early_termination]\nhazard = "3 %/year"\n{LEASE}'
    (found,) = faults(spoil(LEASE, early))
    assert found.key == "fleet.casualty.book_life"
    assert "stipulated loss values of lease.early_termination" in found.message


def test_only_the_lessee_of_a_triple_net_lease_owes_units() -> None:
    lines = 'annual_rate = "5 %"\nreturn_condition = "stipulated_loss"\nmissing_value = "20 k USD"'
    text = spoil(LEASE, f"\n[fleet.failures]\n{lines}\n{LEASE}")
    assert not faults(text)
    (found,) = faults(spoil("triple_net = true", "triple_net = false", text))
    assert "owes no units" in found.message


def test_rent_abates_by_failures_only() -> None:
    text = with_lease("hell_or_high_water = false")
    (found,) = faults(text)
    assert found.key == "lease.hell_or_high_water"
    assert "[fleet.failures]" in found.message
    assert "[fleet.casualty]" in found.message
    fails = f'\n[fleet.failures]\nannual_rate = "5 %"\nreplacement_lag = "2 months"\n{LEASE}'
    assert not faults(spoil(LEASE, fails, text))
    burns = f'\n[fleet.casualty]\nrate = "0.02 /year"\nloss = "30 %"\n{LEASE}'
    assert not faults(spoil(LEASE, burns, text))


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        ('deposit_forfeited = "50 %"', "deposit_forfeited", "only with a deposit"),
        (
            'deposit = "30 %"\ncancellable = false\ndeposit_forfeited = "50 %"',
            "deposit_forfeited",
            "only with cancellable = true",
        ),
        ('deposit = "30 %"\ndeposit_forfeited = "120 %"', "deposit_forfeited", "is above"),
        ('cancellable = "no"', "cancellable", "true or false"),
    ],
)
def test_what_becomes_of_a_deposit_is_said_where_it_matters(lines: str, key: str, words: str) -> None:
    (found,) = faults(spoil(BATCH, f"{BATCH}\n{lines}"))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in f"{found.message} {found.help}"


def test_generations_are_known_and_used() -> None:
    (found,) = faults(spoil(BATCH, f'{BATCH}\ngeneration = "B300"'))
    assert found.key is not None
    assert found.key.endswith("generation")
    assert "allowed: A100, B200, GB200, GB300, H100, H200" in found.message
    assert found.help is not None
    assert "[fleet.generation.B300]" in found.help
    own = f"\n[fleet.generation.B300]\nh100_equivalents = 3\n{LEASE}"
    assert not faults(spoil(LEASE, own, spoil(BATCH, f'{BATCH}\ngeneration = "B300"')))
    (unused,) = faults(spoil(LEASE, own))
    assert "no batch is of it" in unused.message
    (zero,) = faults(spoil(LEASE, own.replace("= 3", "= 0"), spoil(BATCH, f'{BATCH}\ngeneration = "B300"')))
    assert "is not above" in zero.message


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        ('ramp = ["120 %"]', "lease.ramp.0", "is above"),
        (f"ramp = [{', '.join(['1'] * 61)}]", "lease.ramp", "exceed the lease of 60 months"),
        ('rate_per = "gpu"', "rate_per", "h100_equivalent"),
    ],
)
def test_rules_of_the_ramp(lines: str, key: str, words: str) -> None:
    (found,) = faults(with_lease(lines))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in f"{found.message} {found.help}"


def test_level_rents_and_rents_on_cost_have_no_ramp_and_no_unit() -> None:
    assert not faults(with_lease('ramp = ["50 %"]'))
    assert sound(with_lease('ramp = ["50 %"]')).scenario.lease.ramp == [0.5]
    rate = 'rate = "1.60 USD/GPU-hour" # or'
    level = spoil(rate, 'implicit_rate = "10 %" #', with_lease('ramp = ["50 %"]'))
    assert "level rents" in faults(level)[0].message
    on_cost = spoil(rate, 'rate_factor = "2 %/month" #', with_lease('rate_per = "h100_equivalent"'))
    assert "only with lease.rate" in faults(on_cost)[0].message
