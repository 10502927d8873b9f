"""The Valor leases: what the filed figures imply, and how far the model is from each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.filed import FiledComparison, compare_filed, filed_record
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.scenario.read import Loaded, read
from tests.cli.process import BASE
from tests.closing.deals import SHIPPED


def compare(loaded: Loaded) -> dict[str, FiledComparison]:
    liability, filed = close(loaded.scenario).liability, loaded.scenario.lease.filed
    assert liability is not None
    assert filed is not None
    return {row.name: row for row in compare_filed(loaded, filed, liability)}


def shipped(name: str) -> Loaded:
    return read(SHIPPED / f"{name}.toml")


def test_one_rate_of_about_ten_per_cent_and_a_half() -> None:
    """Market note: 10.4 % nominal solves principal by year and payments left of both leases."""
    loaded = shipped("valor-2")
    record = filed_record(loaded, close(loaded.scenario).liability)
    assert record["maturity_rate"] == pytest.approx(0.104, abs=0.0005)
    assert record["first_payment"] + sum(record["payments"]) == pytest.approx(6_633e6, rel=1e-12)


def test_the_stepped_rents_meet_the_filing() -> None:
    """Principal by year within 31 m USD: the 91 m USD of other debt in it, over three of the five years.

    Balances within 11 m USD, the interest of some days: the filing tells the month of closing, not the day.
    """
    first, second = compare(shipped("valor-1")), compare(shipped("valor-2"))
    assert first["balance_2025"].difference == pytest.approx(0, abs=11e6)
    assert second["balance_first_quarter"].difference == pytest.approx(0, abs=11e6)
    assert second["interest_first_quarter"].difference == pytest.approx(0, abs=1e6)
    years = [row for name, row in second.items() if name.startswith("principal_2")]
    assert len(years) == 5
    assert all(abs(row.difference) <= 91e6 / 3 for row in years)
    assert sum(row.model for row in years) == pytest.approx(second["balance_first_quarter"].model, rel=1e-12)


def test_the_filing_pays_part_of_the_first_payment_later() -> None:
    """857 m USD were paid by the end of February, 1,017 m USD by that of March; here all at once."""
    rows = compare(shipped("valor-2"))
    assert rows["paid_to_february"].difference == pytest.approx(160e6, abs=0.5e6)
    assert rows["paid_first_quarter"].difference == pytest.approx(0, abs=0.5e6)


def test_level_rents_cost_the_filed_principal() -> None:
    """Level rents repay too much early: a fifth of a year's principal and more, in 2026 and 2029."""
    first, second = compare(shipped("valor-1-level")), compare(shipped("valor-2-level"))
    assert first["principal_2026"].difference > 0.4 * first["principal_2026"].filed
    assert second["principal_2026"].difference > 0.3 * second["principal_2026"].filed
    assert second["principal_2029"].difference < -0.1 * second["principal_2029"].filed


def test_reported_returns_of_the_second_vehicle_lie_between_residuals_of_nothing_and_a_tenth() -> None:
    """Investors were told a base return above 22 % and a downside of about 17 %."""
    loaded = shipped("valor-2")
    told = loaded.scenario.deal.published["base_return"].set
    returns = []
    for salvage in ("0 %", "10 %"):
        case = loaded.override({**told, "gpu_price.curve.salvage": salvage})
        returns.append(run_base_case(close(case.scenario)).values["equity.irr"])
    assert returns[0] < 0.17 < 0.22 < returns[1]


def copy_of(folder: Path, group: str) -> Path:
    text = (SHIPPED / "valor-2.toml").read_text().replace('"valor-1.toml"', f'"{group}"')
    (folder / "pyproject.toml").touch()
    (folder / "common").mkdir()
    (folder / "common" / "valor.toml").write_text((SHIPPED / "common" / "valor.toml").read_text())
    for name in ("vci-h100", "valor-1"):
        (folder / f"{name}.toml").write_text((SHIPPED / f"{name}.toml").read_text())
    (folder / "valor-2.toml").write_text(text)
    return folder / "valor-2.toml"


@pytest.mark.parametrize(
    ("group", "words"), [("gone.toml", "gone.toml cannot be read"), ("vci-h100.toml", "has no table")]
)
def test_a_group_that_cannot_be_had(tmp_path: Path, group: str, words: str) -> None:
    with pytest.raises(UserError) as fault:
        compare(read(copy_of(tmp_path, group)))
    (problem,) = fault.value.problems
    assert words in problem.message
    assert problem.line is not None


def test_nothing_filed_nothing_told() -> None:
    loaded = read(BASE)
    assert filed_record(loaded, close(loaded.scenario).liability) == {}
