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
        "5 is not one of exponential, straight_line, declining_balance, sum_of_years, table, hedonic",
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
