"""Rules of what follows a default: each broken alone, with its key and the words of its fault."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, sound, spoil

MEASURE = 'measure = "P"'

FAULTS = [
    ('outcome = { reinstate = "60 %", assume = "50 %" }', "credit.outcome", "add to 1.1, not to 1"),
    ('outcome = { reinstate = "60 %", reject = "30 %" }', "credit.outcome", "add to 0.9, not to 1"),
    ('outcome = { reject = "90 %" }', "credit.outcome", "add to 0.9, not to 1"),
    ('outcome = { reinstate = "-5 %" }', "credit.outcome.reinstate", "is below 0"),
    ('outcome = { cure_months = "0 months", reinstate = "5 %" }', "cure_months", "is below 1"),
    ('outcome = { decided_by = "rent", assume = "20 %" }', "assume", "no effect where decided_by"),
    ('outcome = { decided_by = "rent", reject = "20 %" }', "reject", "no effect where decided_by"),
    ('outcome = { essentiality = "20 %" }', "essentiality", "no effect where decided_by"),
    ('outcome = { otherwise = "renegotiate" }', "otherwise", "no effect where decided_by"),
    ('guarantor = { cap = "-1 m USD" }', "credit.guarantor.cap", "is not above 0"),
    ('guarantor = { hazard = "-1 %" }', "hazard", "is below 0"),
    ("guarantor = { correlation = 1.5 }", "credit.guarantor.correlation", "is above 1"),
    ('guarantor = { limit = "1 m USD" }', "limit", "is not a setting"),
]

WARNINGS = [
    (
        'outcome = { reinstate = "5 %", cure_months = "6 months" }',
        "credit.outcome.cure_months: 6 months exceed",
    ),
    ('outcome = { assume = "5 %" }', "credit.outcome.stay_months: 12 months exceed the grace"),
    (
        'outcome = { assume = "5 %", stay_months = "1 month" }',
        "administrative_rent_after: no rent is paid before",
    ),
    ('outcome = { default_interest = "5 %" }', "default_interest: has no effect"),
    ("guarantor = { correlation = 0.5 }", "has no effect on a guarantor that cannot fail"),
]


def with_credit(line: str) -> str:
    """The starter with a line added to its credit."""
    return spoil(MEASURE, f"{line}\n{MEASURE}")


@pytest.mark.parametrize(("line", "key", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_faults_of_the_outcome(line: str, key: str, words: str) -> None:
    (found,) = faults(with_credit(line))
    assert found.key is not None
    assert found.key.endswith(key)
    assert words in found.message
    assert found.line == STARTER[: STARTER.index(MEASURE)].count("\n") + 1


@pytest.mark.parametrize(("line", "words"), WARNINGS, ids=[row[0] for row in WARNINGS])
def test_warnings_of_the_outcome(line: str, words: str) -> None:
    assert any(words in str(warning) for warning in sound(with_credit(line)).warnings)


@pytest.mark.parametrize("line", ['renegotiate = "50 %"', 'decided_by = "rent"'])
def test_a_rent_is_measured_by_a_market(line: str) -> None:
    text = spoil('mode = "remarket"', 'mode = "liquidate"', with_credit(f"outcome = {{ {line} }}"))
    start = text.index("[lease_rate]")
    text = text[:start] + text[text.index("[", start + 1) :]
    (found,) = faults(text)
    assert "needs a table [lease_rate]" in found.message


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('choice_rate = "8 %"', "workout.choice_rate", "nothing is chosen"),
        ('claim_recovery_sd = "50 %"', "workout.claim_recovery_sd", "is above 0.461"),
        ('claim_recovery_sd = "-1 %"', "workout.claim_recovery_sd", "is below 0"),
    ],
)
def test_faults_of_the_workout(line: str, key: str, words: str) -> None:
    (found,) = faults(spoil("[workout] # after a default", f"[workout]\n{line}"))
    assert found.key == key
    assert words in found.message


def test_a_choice_of_the_workout_needs_a_market() -> None:
    text = spoil('mode = "remarket"', 'mode = "best"\nchoice_rate = "8 %"')
    assert not faults(text)
    start = text.index("[lease_rate]")
    found = faults(text[:start] + text[text.index("[", start + 1) :])
    assert "needs a table [lease_rate]" in found[0].message
