"""Filed figures of a lease: each rule broken alone, with its key and the words of its fault."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, place_of, sound, spoil

RATE = 'rate = "1.60 USD/GPU-hour" # or'
FILED = """[lease.filed]
total = { amount = "60 m USD", source = "s" }
opening = { amount = "50 m USD", source = "s" }

[lease.filed.maturity]
at = 2026-03-31
balance = "40 m USD"
payments_left = "48 m USD"
source = "s"
principal = { "2026-12-31" = "15 m USD", "2027-12-31" = "25 m USD" }

[lease.filed.figure.first]
kind = "balance"
end = 2026-12-31
amount = "33 m USD"
source = "s"

[gpu_price]"""


def filed_deal() -> str:
    """The starter with its rent told by filed figures."""
    text = spoil(RATE, "#", STARTER)
    text = spoil("closing = 2026-10-31", "closing = 2026-01-31", text)
    return spoil("[gpu_price]", FILED, spoil('construction = "0 months"', "#", text))


FAULTS = [
    ("closing = 2026-01-31", "", "lease.filed", "need the date of closing"),
    ('timing = "arrears"', 'timing = "advance"', "lease.timing", "at the end of each interval"),
    ('term = "5 years"', 'term = "5 years"\nescalation = "1 %"', "escalation", "tells all payments"),
    ('term = "5 years"', 'term = "5 years"\nsteps = { "12 months" = "2x" }', "steps", "tells all payments"),
    ('term = "5 years"', 'term = "5 years"\nrate = "1 USD/GPU-hour"', "filed", "exclude each other"),
    ('total = { amount = "60 m USD"', 'total = { amount = "50 m USD"', "amount", "do not exceed the opening"),
    ('payments_left = "48 m USD"', 'payments_left = "40 m USD"', "payments_left", "not more than the bal"),
    ('"2026-12-31" = "15 m USD"', '"2026-12-30" = "15 m USD"', "principal", "no whole rent periods"),
    ('"2026-12-31" = "15 m USD"', '"2026-12" = "15 m USD"', "principal.2026-12", "is not a date"),
    ('"2026-12-31" = "15 m USD"', '"2026-02-28" = "15 m USD"', "principal", "no whole rent periods"),
    ('kind = "balance"', 'kind = "balance"\nstart = 2026-05-31', "start", "has an end alone"),
    ('kind = "balance"', 'kind = "paid"\nstart = 2027-05-31', "start", "is not before the end"),
    ('kind = "balance"\nend = 2026-12-31', 'kind = "balance"\nend = 2026-01-30', "end", "is before closing"),
    ('kind = "balance"', 'kind = "balance"\nof = "group"', "of", "must be named in lease.filed.group"),
    ("[lease.filed]", '[lease.filed]\ngroup = ["../x.toml"]', "0", "not the name of a file beside"),
    ('term = "5 years"', 'term = "5 years"\npayment_every = "0 months"', "payment_every", "1 or 3 are"),
    ('kind = "balance"', 'kind = "rent"', "kind", "is not one of"),
    ('amount = "33 m USD"\nsource = "s"', 'amount = "33 m USD"', "source", "is required"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), FAULTS, ids=[row[3] for row in FAULTS])
def test_faults(old: str, new: str, key: str, words: str) -> None:
    text = filed_deal()
    (found,) = faults(spoil(old, new, text))
    assert found.key is not None
    assert found.key.endswith(key)
    assert found.line is not None
    assert words in found.message


def test_stepped_rents_need_the_table() -> None:
    text = filed_deal()
    start, end = text.index("[lease.filed.maturity]"), text.index("[lease.filed.figure.first]")
    without = text[:start] + text[end:]
    (found,) = faults(without)
    assert found.key == "lease.filed.rents"
    assert "need a table [lease.filed.maturity]" in found.message
    assert not faults(spoil("[lease.filed]", '[lease.filed]\nrents = "level"', without))


def test_a_table_far_from_its_balance_is_warned_about() -> None:
    assert sound(filed_deal()).warnings == ()
    loaded = sound(spoil('"15 m USD"', '"21 m USD"', filed_deal()))
    assert loaded.warnings == ("lease.filed.maturity.principal: differs from the balance by 15.0%",)


def test_the_place_of_a_fault_is_that_of_its_value() -> None:
    text = spoil('payments_left = "48 m USD"', 'payments_left = "39 m USD"', filed_deal())
    (found,) = faults(text)
    assert (found.line, found.column) == place_of(text, '"39 m USD"')
