"""What each tranche of a closed deal is, and the sheet that tells it."""

from __future__ import annotations

import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.closing.sheet import closing_sheet
from tests.closing.deals import base


@pytest.fixture(scope="module")
def one() -> Closed:
    return close(base("vci-h100"))


@pytest.fixture(scope="module")
def two() -> Closed:
    return close(base("y1"))


def test_one_tranche_is_the_whole_debt(one: Closed) -> None:
    (facts,) = one.capital.tranches
    assert facts.name == "senior"
    assert facts.commitment == one.table.commitment
    assert facts.draws.sum() == pytest.approx(facts.commitment, rel=1e-12)
    assert one.lock_up_levels == (one.scenario.capital.tranche["senior"].lock_up_dscr,)


def test_two_tranches_have_their_own(two: Closed) -> None:
    senior, mezzanine = two.capital.tranches
    assert (senior.name, mezzanine.name) == two.tranches
    assert senior.commitment + mezzanine.commitment == pytest.approx(two.table.commitment, rel=1e-12)
    for facts in (senior, mezzanine):
        assert facts.draws.sum() == pytest.approx(facts.commitment, rel=1e-12)
        assert facts.scheduled_principal.sum() == pytest.approx(facts.commitment, rel=1e-9)
    assert two.lock_up_levels == (1.2, None)


def test_the_sheet_tells_each_tranche_and_the_sources_in_order_of_rank(two: Closed) -> None:
    sheet = closing_sheet(two)
    assert [entry["name"] for entry in sheet["sources"]] == [*two.tranches, "equity"]
    assert sum(entry["amount"] for entry in sheet["sources"]) == pytest.approx(sheet["total_uses"], rel=1e-12)
    assert list(sheet["tranche"]) == list(two.tranches)
    held = sum(part["net_proceeds"] for part in sheet["tranche"].values())
    assert held + sheet["equity"] == pytest.approx(sheet["total_uses"], rel=1e-12)
