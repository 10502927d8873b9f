"""What page, terminal and replay tell of the fleet: generations, spares, units month by month."""

from __future__ import annotations

import math

import pytest

from spv_sim.analysis.replay import replay_path
from spv_sim.cli.replay import table
from spv_sim.closing.close import close
from spv_sim.closing.fleet_sheet import fleet_sheet
from spv_sim.report.fleet import fleet_table, fleet_words, spares_words
from tests.closing.deals import base

MIXED = ("fleet.batch.second.generation=B200", "fleet.batch.third.generation=GB300")
FAILING = (
    "fleet.failures.annual_rate=9 %/year",
    "fleet.failures.spare_lag=3 months",
    "fleet.failures.spares=50",
)


def told(*sets: str) -> dict[str, object]:
    return {"closing": {"fleet": fleet_sheet(base("x-base", *sets))}}


def test_a_plain_fleet_needs_no_words() -> None:
    assert not fleet_words(told())
    assert not spares_words(told())
    assert fleet_table(told()).rows == (("H100", "500,000", "1", "500,000", "by definition (definition)"),)
    assert not fleet_table({"closing": {}}).rows


def test_generations_are_told_with_their_source_and_status() -> None:
    run = told(*MIXED, "fleet.generation.GB300.h100_equivalents=3")
    rows = fleet_table(run).rows
    assert [row[:4] for row in rows] == [
        ("H100", "300,000", "1", "300,000"),
        ("B200", "100,000", "2.53", "253,000"),
        ("GB300", "100,000", "3", "300,000"),
        ("all", "500,000", "", "853,000"),
    ]
    assert rows[1][4] == "8-bit dense arithmetic (Bandi & Su) (measured)"
    assert rows[2][4] == "the scenario's own (stated)"
    assert fleet_words(run) == "300,000 H100, 100,000 B200, 100,000 GB300 (853,000 H100e)"


def test_recommended_spares_stand_beside_the_stock() -> None:
    """Fifty times the fleet of the check of Poisson spares, which needs 271 of 234.85."""
    run = told(*FAILING)
    assert "50 in stock" in spares_words(run)
    assert "11,742.6 on average" in spares_words(run)
    assert fleet_words(run).startswith("500,000 H100; spares 50, for 99.0 % service 11,99")


def test_casualties_are_told_and_their_insurance_is_shown() -> None:
    strikes = ("fleet.casualty.rate=2 /year", "fleet.casualty.loss=30 %")
    assert fleet_words(told(*strikes)) == "500,000 H100; casualties 2 a year, of 30 % each"
    assert told(*strikes)["closing"]["fleet"]["casualty"]["expected_share_lost"] == -math.expm1(-0.6)
    short = ("lease.term=12 months", "capital.tranche.senior.tenor=12 months", "capital.debt_share=20 %")
    replay = replay_path(close(base("x-base", *strikes, *short)), 0, 3)
    assert replay.months["insurance"].sum() > 0
    lines = table("deal", replay)
    assert lines[1].split()[-5:] == ["units", "failed", "replaced", "lost", "destroyed"]
    assert lines[1].split()[2] == "insurance"


def test_replay_counts_the_units() -> None:
    short = ("lease.term=6 months", "capital.tranche.senior.tenor=6 months", "capital.debt_share=20 %")
    closed = close(base("x-base", *FAILING, *short))
    replay = replay_path(closed, 0, 3)
    assert replay.months["failed"].sum() == pytest.approx(
        replay.months["replaced"].sum() + replay.columns["spv.units_lost"]
    )
    lines = table("deal", replay)
    assert lines[1].split()[-4:] == ["units", "failed", "replaced", "lost"]
    counts = [f"{replay.months[name][0]:,.0f}" for name in ("units", "failed", "replaced", "lost")]
    assert " ".join(counts) in " ".join(lines[2].split())
    plain = replay_path(close(base("x-base", *short)), 0, 3)
    assert "units" not in plain.months
