"""What a reader of scenarios gets: places for later faults, origins, published terms, the shipped files."""

from __future__ import annotations

import math

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read, read_text, resolved
from spv_sim.scenario.starter import STARTER
from tests.scenario.base import ROOT, faults, place_of, sound, spoil

BASE = ROOT / "scenarios" / "vci-h100.toml"
PUBLISHED = ROOT / "scenarios" / "vci-h100-published.toml"


def test_a_later_fault_gets_its_place() -> None:
    loaded = sound(STARTER)
    spot = loaded.locate("capital.debt_share")
    assert (spot.line, spot.column) == place_of(STARTER, '"70 %" #')
    assert spot.length == len('"70 %"')
    assert spot.source is not None
    assert spot.source.startswith("debt_share")
    problem = loaded.problem("infeasible", "capital.debt_share", "too much", help="lower it")
    assert str(problem).startswith(f"deal.toml:{spot.line}:14: error[infeasible] too much\n")


def test_a_silent_setting_is_placed_at_its_table() -> None:
    spot = sound(STARTER).locate("capital.tranche.senior.grace")
    assert (spot.line, spot.column) == place_of(STARTER, "[capital.tranche.senior]")
    assert sound(STARTER).locate("opex.per_month")[:3] == ("deal.toml", 1, 1)


def test_every_value_has_an_origin_and_the_order_is_the_models() -> None:
    loaded = sound(STARTER)
    settings = resolved(loaded)
    assert [setting.key for setting in settings] == list(loaded.origins)
    assert len({setting.key for setting in settings}) == len(settings)
    tables = list(dict.fromkeys(setting.key.split(".")[0] for setting in settings))
    names = "schema deal grid fleet lease gpu_price lease_rate credit workout opex accounts capital"
    assert tables == [*names.split(), "waterfall", "correlation", "monte_carlo"]
    for setting in settings:
        if setting.origin.kind == "file":
            line = STARTER.split("\n")[(setting.origin.line or 0) - 1]
            assert line.startswith(setting.key.split(".")[-1])


def test_a_default_shows_its_value_as_text() -> None:
    origin = sound(STARTER).origins["lease.escalation"]
    assert (origin.kind, origin.text) == ("default", "0 %/year")


def test_a_text_cannot_extend_a_file() -> None:
    with pytest.raises(UserError, match="a text without a file"):
        read_text('extends = "x.toml"\n')


PUBLISHED_TERM = """
[deal.published.cover]
metric = "base_case.spv.average_dscr"
expected = "1.375x"
tolerance = 0.005
source = "somewhere"
"""


def test_published_terms() -> None:
    text = STARTER + PUBLISHED_TERM + 'set = { lease.term = "6 years", "credit.hazard" = ["1 %"] }\n'
    term = sound(text).scenario.deal.published["cover"]
    assert (term.expected, term.tolerance) == (1.375, 0.005)
    assert term.set == {"lease.term": "6 years", "credit.hazard": ["1 %"]}
    assert sound(text).override(term.set).scenario.lease.term == 72


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ('{ "lease.ratte" = 1 }', "lease.ratte is not a setting"),
        ('{ "capital.tranche.senior.tenor" = "9 years" }', "outlast the lease"),
        ('{ "deal.published.cover.expected" = 1 }', "cannot change the checks"),
        ('{ "a..b" = 1 }', "key=value"),
    ],
)
def test_published_overrides_are_checked_while_reading(overrides: str, words: str) -> None:
    text = STARTER + PUBLISHED_TERM + f"set = {overrides}\n"
    (fault,) = faults(text)
    assert (fault.line, fault.column) == place_of(text, overrides)
    assert words in fault.message


def test_published_faults() -> None:
    text = STARTER + PUBLISHED_TERM + "set = 5\n"
    assert [fault.code for fault in faults(text)] == ["type"]
    (fault,) = faults(spoil("tolerance = 0.005", "tolerance = 0", STARTER + PUBLISHED_TERM))
    assert fault.code == "range"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('measure = "P"', 'measure = "Q"', "risk premium"),
        ("lease_rate = 0.6 }", "lease_rate = 0.6, power = 0.1 }", "power is not simulated in this version"),
        ("units = 1_000", 'deposit = "30 %"\ndeposit_lead = "3 months"\nunits = 1_000', "paid at closing"),
        (
            'kind = "exponential" # or "straight_line", "table" and others\ndecay = "25 %/year"',
            'kind = "table"\npoints = { "1 year" = "50 %", "2 years" = "60 %", "10 years" = "1 %" }',
            "rises between two points",
        ),
        (
            'kind = "exponential" # or "straight_line", "table" and others\ndecay = "25 %/year"',
            'kind = "table"\npoints = { "1 year" = "50 %" }',
            "the last point is at 12 months of 84",
        ),
    ],
)
def test_warnings(old: str, new: str, words: str) -> None:
    (warning,) = sound(spoil(old, new)).warnings
    assert words in warning


def test_a_correlation_without_a_market_warns() -> None:
    start, end = STARTER.index("[lease_rate]"), STARTER.index("[correlation]")
    text = spoil('mode = "remarket"', 'mode = "liquidate"', STARTER[:start] + STARTER[end:])
    assert "there is no table [lease_rate]" in sound(text).warnings[0]


def test_the_base_deal_says_what_was_published() -> None:
    scenario = read(BASE).scenario
    batch = scenario.fleet.batch["first"]
    cost = batch.units * batch.unit_cost
    assert cost == 5.4e9
    assert scenario.lease.rate is not None
    quarter = 3 * 730 * batch.units * scenario.lease.rate
    assert math.isclose(quarter, 305.05e6, rel_tol=1e-9)
    total = scenario.lease.first_payment.amount(cost) + 20 * quarter
    # S-1: aggregate lease payments of 6,986 m USD, printed to the million.
    assert abs(total - 6_986e6) < 0.5e6
    assert scenario.capital.advance_rate is not None
    # 3.5 / 5.4, written to 11 digits.
    assert math.isclose(scenario.capital.advance_rate * cost, 3.5e9, rel_tol=1e-10)
    assert scenario.credit.measure == "P"
    assert read(BASE).warnings == ()


def test_every_number_of_the_base_deal_has_a_tag() -> None:
    tagged = 0
    lines = BASE.read_text().split("\n")
    for number, line in enumerate(lines):
        name, equals, rest = line.partition(" = ")
        if (
            equals
            and not line.startswith("#")
            and name not in {"schema", "name", "description", "kind", "paths", "seed"}
        ):
            context = rest + "".join(
                before for before in lines[max(0, number - 3) : number] if before.startswith("#")
            )
            assert any(f"[{tag}]" in context for tag in "FRDEA"), line
            tagged += 1
    assert tagged > 40


def test_the_published_variant() -> None:
    scenario = read(PUBLISHED).scenario
    senior = scenario.capital.tranche["senior"]
    assert (senior.upfront_fee, senior.oid, senior.dsra, senior.lock_up_dscr) == (0, 0, 0, None)
    assert scenario.credit.hazard == (0.0,)
    assert scenario.gpu_price.sell_cost == 1
    assert set(scenario.deal.published) == {"dscr", "irr_distributed", "irr_held"}
    assert (
        read(PUBLISHED).override(scenario.deal.published["irr_held"].set).scenario.lease.first_payment_to
        == "trap"
    )
    assert read(BASE).scenario.lease == scenario.lease


def test_reading_imports_neither_numba_nor_matplotlib_nor_numpy() -> None:
    import subprocess
    import sys

    program = (
        f"import sys; from spv_sim.scenario.read import read; read({str(BASE)!r});"
        "print(sorted({'numpy', 'numba', 'matplotlib', 'scipy', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
