"""The values of a varied setting: ranges and lists from a command line and a file, and their faults."""

from __future__ import annotations

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read_text
from spv_sim.scenario.starter import STARTER
from spv_sim.scenario.units import COUNT, HOURLY, MONEY, MONTHS, SHARE, Kind, UnitError
from spv_sim.scenario.vary import VaryError, flatten, parse_assignment, parse_values, steps_of


def numbers(text: str, kind: Kind) -> list[float | None]:
    return [step.number for step in steps_of(parse_values(text, kind), kind)]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("50%:90%:5", SHARE, [0.5, 0.6, 0.7, 0.8, 0.9]),
        ("90 % : 50 % : 3", SHARE, [0.9, 0.7, 0.5]),
        ("0.5:0.6:2", SHARE, [0.5, 0.6]),
        ("50:60:3 %", SHARE, [0.5, 0.55, 0.6]),
        ("50%,0.7,90%", SHARE, [0.5, 0.7, 0.9]),
        ("1.6,2.1,2.6 USD/GPU-hour", HOURLY, [1.6, 2.1, 2.6]),
        ("1.6:2.6:3 USD/GPU-hour", HOURLY, [1.6, 2.1, 2.6]),
        ("1.6 USD/GPU-hour:2.6:3", HOURLY, None),
        ("1.6 USD/GPU-hour,1460 USD/GPU-month", HOURLY, [1.6, 2.0]),
        ("4,6 years", MONTHS, [48.0, 72.0]),
        ("1 year:3 years:3", MONTHS, [12.0, 24.0, 36.0]),
        ("30_000, 32,000 USD", MONEY, None),
        ("100, 200", COUNT, [100.0, 200.0]),
        ("50_000,100_000", COUNT, [50_000.0, 100_000.0]),
        ("50_000,100", COUNT, [50_000.0, 100.0]),
    ],
)
def test_a_unit_behind_the_last_number_is_that_of_all(
    text: str, kind: Kind, expected: list[float] | None
) -> None:
    if expected is None:
        with pytest.raises((VaryError, UnitError)):
            numbers(text, kind)
    else:
        assert numbers(text, kind) == expected


def test_a_range_is_exact_and_written_as_one_would() -> None:
    steps = steps_of({"from": "50 %", "to": "90 %", "count": 9}, SHARE)
    assert [step.written for step in steps] == [f"{share} %" for share in range(50, 95, 5)]
    assert steps == steps_of({"from": "50 %", "to": "90 %", "step": "5 %"}, SHARE)
    assert all(SHARE.parse(step.setting) == step.number for step in steps)


def test_words_are_passed_on() -> None:
    steps = steps_of(parse_values("remarket, liquidate", None), None)
    assert [(step.written, step.setting, step.number) for step in steps] == [
        ("remarket", "remarket", None),
        ("liquidate", "liquidate", None),
    ]
    assert [step.written for step in steps_of([True, False], None)] == ["true", "false"]


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ({"from": "50 %", "to": "50 %", "count": 3}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "count": 1}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "count": -1}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "step": "-5 %"}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "step": "0 %"}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "step": "3 %"}, SHARE, "empty-range"),
        ({"from": "50 %", "to": "60 %", "count": 2.0}, SHARE, "type"),
        ({"from": "50 %", "to": "60 %", "count": True}, SHARE, "type"),
        ({"from": "50 %", "to": "60 %"}, SHARE, "usage"),
        ({"from": "50 %", "to": "60 %", "count": 2, "step": "10 %"}, SHARE, "usage"),
        ({"from": "50 %", "count": 2}, SHARE, "usage"),
        ({"from": "50 %", "to": "60 %", "count": 2, "by": 1}, SHARE, "usage"),
        ({"from": "a", "to": "b", "count": 2}, None, "not-a-number"),
        ({"from": "1 year", "to": "2 years", "count": 6}, MONTHS, "not-whole"),
        ({"from": "0 %", "to": "100 %", "count": 10**5 + 1}, SHARE, "too-many"),
        ({"from": "0 %", "to": "100 %", "step": "0.0001 %"}, SHARE, "too-many"),
        ([], SHARE, "empty-range"),
        ([""], None, "empty-range"),
        ([{"a": 1}], None, "type"),
        (["50 %", 0.5], SHARE, "twice"),
        (["a", "a"], None, "twice"),
        ("50 %", SHARE, "type"),
        (0.5, SHARE, "type"),
    ],
)
def test_what_is_no_range_or_list(said: object, kind: Kind | None, code: str) -> None:
    with pytest.raises(VaryError) as fault:
        steps_of(said, kind)
    assert fault.value.code == code


@pytest.mark.parametrize("text", ["50%:90%", "50%:90%:x", "50%:90%:9:9", "1,600 USD/GPU-hour", "50,100 %"])
def test_texts_that_may_be_read_in_two_ways_are_refused(text: str) -> None:
    with pytest.raises(VaryError, match=r"range|digits"):
        parse_values(text, SHARE)


@pytest.mark.parametrize("text", ["", "a", "=1", "a=", " = "])
def test_an_assignment_has_a_key_and_values(text: str) -> None:
    with pytest.raises(VaryError):
        parse_assignment(text)


def test_keys_may_be_quoted_or_nested() -> None:
    quoted = {"capital.debt_share": {"from": 0, "to": 1, "count": 2}, "lease.rate": [1]}
    nested = {"capital": {"debt_share": {"from": 0, "to": 1, "count": 2}}, "lease": {"rate": [1]}}
    assert flatten(nested) == flatten(quoted) == quoted


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('"lease.rat" = ["1 USD/GPU-hour"]', "unknown-key", "lease.rat is not a setting"),
        ('"capital" = [1, 2]', "unknown-key", "capital is a table"),
        ('"lease.rate" = ["1 year"]', "unit", "sweep.lease.rate"),
        ('"lease.rate" = []', "empty-range", "no value"),
        ('"lease.rate" = "1 USD/GPU-hour"', "type", "neither a range nor a list"),
        ('lease.rate = { from = "1 USD/GPU-hour", to = "2 USD/GPU-hour" }', "usage", "either count or step"),
    ],
)
def test_faults_of_the_table_have_their_place(line: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as fault:
        read_text(f"{STARTER}\n[sweep]\n{line}\n", "deal.toml")
    (problem,) = fault.value.problems
    assert (problem.code, problem.file) == (code, "deal.toml")
    assert problem.line is not None
    assert words in problem.message
