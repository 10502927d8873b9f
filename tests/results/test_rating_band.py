"""The band: the given cases, the table against public numbers, its ends, and what paths leave open."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from spv_sim.results.estimate import Estimate, probability, undefined_estimate
from spv_sim.results.rating_band import BELOW, LABEL, band, idealised_loss, rating_bands
from tests.given import FOLDER, given


@pytest.fixture(scope="module")
def public() -> dict[str, Any]:
    """The given table with the WARF factors."""
    table: dict[str, Any] = json.loads((FOLDER / "moodys_idealised_el.json").read_text())
    return table


def test_el_rating_given() -> None:
    inputs, expected, tolerance = given("el_rating_given")
    assert tolerance == 0
    assert [band(loss, wal) for loss, wal in inputs["cases"]] == expected


def test_the_table_is_the_given_one(public: dict[str, Any]) -> None:
    """Cell by cell, in percent; a hundredth of a percent is rounded once."""
    table = idealised_loss()
    assert list(table.bands) == list(public["table"])
    for row, cells in zip(table.losses, public["table"].values(), strict=True):
        assert row == tuple(cell / 100 for cell in cells)
    assert "MILAN" in table.source


def test_year_ten_is_the_public_rating_factor(public: dict[str, Any]) -> None:
    """Idealised loss of ten years = WARF factor × 0.55 %, the factor in hundredths of a percent."""
    table = idealised_loss()
    for name, row in zip(table.bands, table.losses, strict=True):
        assert row[9] == pytest.approx(public["warf"][name] * 1e-4 * 0.55, rel=1e-9), name


def test_losses_rise_with_time_and_band() -> None:
    table = idealised_loss()
    assert all(earlier < later for row in table.losses for earlier, later in pairwise(row))
    assert all(a < b for better, worse in pairwise(table.losses) for a, b in zip(better, worse, strict=True))


@pytest.mark.parametrize("year", range(1, 11))
def test_a_loss_of_the_table_is_in_its_own_band(year: int) -> None:
    """At a whole year the cell itself is in its band, and the next number above it in the next."""
    table = idealised_loss()
    for place, name in enumerate(table.bands):
        cell = table.losses[place][year - 1]
        assert band(cell, float(year)) == name
        worse = (*table.bands, BELOW)[place + 1]
        assert band(math.nextafter(cell, 1.0), float(year)) == worse


def test_between_years_by_hand() -> None:
    """B1 at 2.5 years lies half-way between its second and third year."""
    table = idealised_loss()
    second, third = (table.losses[table.bands.index("B1")][year - 1] for year in (2, 3))
    middle = 0.5 * second + 0.5 * third
    assert band(middle * (1 - 1e-12), 2.5) == "B1"
    assert band(middle * (1 + 1e-12), 2.5) == "B2"


def test_a_life_outside_the_table_counts_as_its_end() -> None:
    for loss in (1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.3):
        assert band(loss, 0.2) == band(loss, 1.0)
        assert band(loss, 30.0) == band(loss, math.inf) == band(loss, 10.0)


def test_ends_and_what_cannot_be_told() -> None:
    assert band(0.0, 3.0) == band(-1e-4, 3.0) == band(0.0, math.nan) == "Aaa"
    assert band(0.9, 3.0) == band(0.9, math.nan) == BELOW
    assert band(0.01, math.nan) is None
    assert band(math.nan, 3.0) is None


def estimates(loss: float, half: float, wal: float, lost: int, paths: int) -> dict[str, Estimate]:
    return {
        "senior.expected_loss_pv": Estimate(loss, half / 2, (loss - half, loss + half), paths),
        "senior.wal": Estimate(wal, 0.01, (wal - 0.02, wal + 0.02), paths),
        "senior.probability_of_loss": probability(lost, paths),
    }


def test_the_interval_of_the_loss_gives_that_of_the_band() -> None:
    """At three years Baa3 ends at 0.9405 % and Ba1 at 1.7215 %: 0.92 ± 0.04 % reaches into both."""
    (found,) = rating_bands(estimates(0.0092, 0.0004, 3.0, 60, 1000), ["senior"], "P", False).values()
    assert (found["value"], found["ci95"]) == ("Baa3", ["Baa3", "Ba1"])
    assert (found["label"], found["warning"], found["note"]) == (LABEL, "", "")
    assert (found["expected_loss_pv"], found["wal"]) == (0.0092, 3.0)


def test_no_loss_is_the_best_band_and_what_it_leaves_open_is_said() -> None:
    """Wilson's bound of 0 in 1,000 is z²/(n + z²) = 0.383 %, Baa2 at four years."""
    (found,) = rating_bands(estimates(0.0, 0.0, 4.0, 0, 1000), ["senior"], "P", False).values()
    assert (found["value"], found["ci95"]) == ("Aaa", ["Aaa", "Aaa"])
    bound = 1.959964**2 / (1000 + 1.959964**2)
    assert found["note"].startswith(
        "no loss on 1,000 paths leaves room for the loss of all on 0.38 % of paths"
    )
    assert found["note"].endswith(f"would be {band(bound, 4.0)}")


def test_one_path_has_a_band_without_interval() -> None:
    one = estimates(0.009, math.nan, 3.0, 1, 1)
    (found,) = rating_bands(one, ["senior"], "P", False).values()
    assert (found["value"], found["ci95"]) == ("Baa3", [None, None])


def test_nothing_lent_has_no_band() -> None:
    none = estimates(0.0, 0.0, 3.0, 0, 100) | {
        "senior.expected_loss_pv": undefined_estimate("share", ""),
        "senior.wal": undefined_estimate("years", ""),
    }
    (found,) = rating_bands(none, ["senior"], "P", False).values()
    assert (found["value"], found["ci95"], found["note"]) == (None, [None, None], "undefined")


def test_another_measure_and_a_stress_are_warned_of() -> None:
    of = estimates(0.009, 0.001, 3.0, 60, 1000)
    (found,) = rating_bands(of, ["senior"], "Q", False).values()
    assert 'credit.measure = "Q"' in found["warning"]
    assert found["value"] == "Baa3"
    (found,) = rating_bands(of, ["senior"], "P", True).values()
    assert "credit.default_month" in found["warning"]


def test_each_tranche_has_its_own() -> None:
    junior = {
        name.replace("senior", "mezz"): value for name, value in estimates(0.2, 0.01, 4.0, 9, 10).items()
    }
    found = rating_bands(estimates(0.0, 0.0, 4.0, 0, 10) | junior, ["senior", "mezz"], "P", False)
    assert {name: told["value"] for name, told in found.items()} == {
        "senior.el_band": "Aaa",
        "mezz.el_band": "Caa2",
    }


def test_explaining_a_band_imports_nothing_heavy() -> None:
    code = (
        "import sys, spv_sim.results.rating_band\n"
        "print(sorted({'numpy', 'numba', 'scipy', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
