"""Each fault of a scenario: its code, its place to the column, what is said and what is offered."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, place_of, spoil

# old piece, new piece, code, the piece at whose start the caret stands, words of the message or help
ONE_FAULT = [
    (
        'commitment = "100 %"',
        'utilisaton = "95 %"',
        "unknown-key",
        "utilisaton",
        "did you mean `commitment`?",
    ),
    (
        'tenor = "5 years"',
        'tenor = "5 years"\nmaturty = 3',
        "unknown-key",
        "maturty",
        "did you mean `tenor`?",
    ),
    (
        "units = 1_000",
        "units = 1_000\ncoupon = 3",
        "unknown-key",
        "coupon = 3",
        "did you mean `capital.tranche.<name>.coupon`?",
    ),
    (
        "sd_log = 0.10",
        "sd_log = 0.10\nqqq = 3",
        "unknown-key",
        "qqq",
        "allowed here: intensity, mean_log, sd_log",
    ),
    ("[accounts]", "[acounts]", "unknown-key", "acounts", "did you mean `accounts`?"),
    ("schema = 1", 'schema = 1\nwurst = "x"', "unknown-key", "wurst", "allowed here: schema, extends"),
    ("schema = 1", "schema = 2", "choice", "2\n\n[deal]", "2 is not one of 1"),
    ('term = "5 years"', "term = 60", "unit", "60\ntiming", 'a duration is written "5 years" or "60 months"'),
    ('term = "5 years"', 'term = "five years"', "unit", '"five years"', "is not a duration"),
    (
        'rate = "1.60 USD/GPU-hour"',
        'rate = "2.00 EUR"',
        "unit",
        '"2.00 EUR"',
        '"EUR" is not a unit of price per GPU-hour',
    ),
    ('unit_cost = "50,000 USD"', 'unit_cost = "3,2 USD"', "unit", '"3,2 USD"', "not grouped clearly"),
    ('coupon = "9.5 %"', 'coupon = "70"', "unit", '"70"', '"70" has no unit'),
    ('debt_share = "70 %"', "debt_share = 70", "range", "70 #", '70 is above 1 (write "70 %" or 0.70)'),
    ('debt_share = "70 %"', 'debt_share = "125 %"', "range", '"125 %"', '"125 %" is above 100 %'),
    ('sell_cost = "4 %"', 'sell_cost = "-4 %"', "range", '"-4 %"', "is below 0 %"),
    ("units = 1_000", "units = 0", "range", "0\nunit_cost", "0 is below 1"),
    ("units = 1_000", "units = 1.5", "unit", "1.5\n", "1.5 is not whole"),
    ("units = 1_000", "units = true", "unit", "true\n", "true is not a whole number"),
    ('timing = "arrears"', 'timing = "arears"', "choice", '"arears"', 'did you mean "arrears"?'),
    ('measure = "P"', "measure = 3", "choice", "3       # freq", "3 is not one of P, Q"),
    ('curve_is = "mean"', 'curve_is = ["mean"]', "choice", '["mean"]', "a list is not one of mean, median"),
    ("closing = 2026-10-31", 'closing = "2026-10-31"', "type", '"2026-10-31"', "write it without quotes"),
    ("closing = 2026-10-31", "closing = 2026-10-31T10:00:00", "type", "2026-10-31T", "is not a date"),
    ('name = "First deal"', "name = 5", "type", "5\n", "5 is not a text"),
    ("triple_net = true", 'triple_net = "yes"', "type", '"yes"', "write it without quotes"),
    ('kind = "exponential"', 'kind = "exponental"', "choice", '"exponental"', 'did you mean "exponential"?'),
    (
        'kind = "exponential"',
        "kind = 5",
        "choice",
        "5 #",
        "5 is not one of exponential, straight_line, table",
    ),
    ('kind = "exponential" #', "#", "missing-key", "[gpu_price.curve]", 'add `kind = "exponential"`'),
    ('decay = "25 %/year"', "", "missing-key", "[gpu_price.curve]", 'add `decay = "24.5 %/year"`'),
    (
        'decay = "25 %/year"',
        'decay = "25 %/year"\nlife = "3 years"',
        "unknown-key",
        'life = "3',
        'goes with kind = "straight_line"',
    ),
    ('tenor = "5 years"\n', "", "missing-key", "[capital.tranche.senior]", 'add `tenor = "5 years"`'),
    (
        "sd_log = 0.10",
        "",
        "missing-key",
        "[gpu_price.jump]",
        "sd_log is required: standard deviation of the log jump",
    ),
    ('hazard = "5 %/year"', 'hazard = ["5 %", "x"]', "unit", '"x"', 'credit.hazard.1: "x" is not a rate'),
    ('hazard = "5 %/year"', "hazard = []", "range", "[] #", "0 rates; 1 to 50 are allowed"),
    ('hazard = "5 %/year"', 'hazard = "-5 %"', "range", '"-5 %"', "is below 0 %/year"),
    ("lease_rate = 0.6", "lease_rat = 0.6", "choice", "lease_rat =", 'did you mean "lease_rate"?'),
    ("lease_rate = 0.6", "lease_rate = 1.6", "range", "1.6 }", "1.6 is above 1"),
    ("lease_rate = 0.6", 'lease_rate = "60 %"', "unit", '"60 %"', "not a unit of number"),
    (
        "paths = 100_000",
        "paths = 1_000_000_000_000",
        "range",
        "1_000_000_000_000",
        "above the cap of 1,000,000,000",
    ),
    ("paths = 100_000", "paths = 0", "range", "0\nseed", "0 is below 1"),
    ("seed = 0", "seed = -1", "range", "-1\n", "-1 is below 0"),
    ("seed = 0", "seed = 18446744073709551616", "range", "18446744073709551616", "more than 19 digits"),
    ("mean_log = -0.22", "mean_log = nan", "range", "nan\n", "nan is not a finite number"),
    ("mean_log = -0.22", "mean_log = inf", "range", "inf\n", "inf is not a finite number"),
    ("[fleet.batch.first]", '[fleet.batch."a\\u001b]0;x"]', "name", '"a\\u001b', "unprintable"),
    ("[fleet.batch.first]", f"[fleet.batch.{'n' * 121}]", "name", "n" * 121, "121 characters"),
    ("[grid]", "[[grid]]", "type", "[[grid]]", "is not a table"),
    ('[accounts]\ninterest_rate = "3.5 %"', "", None, "", ""),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "words"), ONE_FAULT, ids=[row[1][:30] or row[0][:30] for row in ONE_FAULT]
)
def test_one_fault(old: str, new: str, code: str | None, at: str, words: str) -> None:
    text = spoil(old, new)
    found = faults(text)
    if code is None:
        assert not found
        return
    assert [fault.code for fault in found] == [code]
    (fault,) = found
    assert fault.file == "deal.toml"
    assert (fault.line, fault.column) == place_of(text, at)
    assert words in f"{fault.message} {fault.help}"
    assert fault.source == text.split("\n")[(fault.line or 0) - 1]


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
        "lease needs one of rate, rate_factor, implicit_rate",
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
        "junior",
        "models one tranche",
    ),
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
    if "[capital.tranche.senior]" in new:
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


def test_faults_and_broken_rules_are_shown_together_in_file_order() -> None:
    text = spoil('tenor = "5 years"', 'tenor = "6 years"')
    text = spoil("units = 1_000", "units = 0", text)
    text = spoil("[grid]", "[grid]\nxyz = 1", text)
    text = spoil('rate = "1.60 USD/GPU-hour"', 'rate = "2 USD/GPU-hour"\nrate_factor = "2 %/month"', text)
    text = spoil("seed = 0", "seed = 0.5", text)
    found = faults(text)
    assert [fault.code for fault in found] == ["unknown-key", "range", "exactly-one", "rule", "unit"]
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)


def test_a_long_list_of_faults_is_cut_and_counted() -> None:
    text = STARTER + "\n" + "\n".join(f"k{number} = 1" for number in range(500))
    found = faults(text)
    assert len(found) == 51
    assert found[-1].code == "more"


def test_the_printed_form() -> None:
    text = spoil('commitment = "100 %"', 'utilisaton = "95 %"')
    (fault,) = faults(text)
    line = text[: text.index("utilisaton")].count("\n") + 1
    assert str(fault).split("\n") == [
        f"deal.toml:{line}:1: error[unknown-key] lease.utilisaton is not a setting",
        "   |",
        f'{line} | utilisaton = "95 %"       # take-or-pay share of all hours',
        "   | ^^^^^^^^^^ did you mean `commitment`?",
    ]


def test_control_characters_never_reach_the_terminal() -> None:
    text = spoil('name = "First deal"', "name = 5 # \u202e\u0085 \u009b31m")
    (fault,) = faults(text)
    assert all(line.isprintable() for line in str(fault).split("\n"))


def test_a_very_long_line_is_cut_around_the_caret() -> None:
    text = spoil('name = "First deal"', f"name = 5 # {'x' * 5000}")
    (fault,) = faults(text)
    assert max(map(len, str(fault).split("\n"))) < 300
