"""Facts of each tranche, whether the closed terms have an axis of tranches or not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.closing.sheet import closing_sheet
from spv_sim.closing.tranche_facts import by_tranche, lock_up_levels, tranche_facts
from tests.closing.deals import base


class Two(Closed):
    """A closed deal whose debt is told as two tranches, three quarters and one quarter of it."""

    @property
    def tranches(self) -> tuple[str, ...]:
        return ("senior", "mezzanine")


@pytest.fixture(scope="module")
def one() -> Closed:
    return close(base("vci-h100"))


@pytest.fixture(scope="module")
def two(one: Closed) -> Closed:
    parts = np.array([0.75, 0.25])
    deal, table, debt = one.terms.deal, one.table, one.debt
    tranche = deal.tranche._replace(commitment=deal.tranche.commitment * parts, maturity=np.array([60, 48]))
    capital = one.scenario.capital
    senior = capital.tranche["senior"]
    scenario = one.scenario.model_copy(
        update={"capital": capital.model_copy(update={"tranche": {"senior": senior, "mezzanine": senior}})}
    )
    rows = {name: np.outer(parts, getattr(table, name)) for name in ("draws", "net_proceeds")}
    return Two(
        scenario,
        one.terms._replace(deal=deal._replace(tranche=tranche)),
        dataclasses.replace(table, gearing=table.gearing * parts, **rows),  # type: ignore[arg-type]
        dataclasses.replace(
            debt, interest=np.outer(parts, debt.interest), principal=np.outer(parts, debt.principal)
        ),
        "senior",
    )


def test_one_tranche_is_the_whole_debt(one: Closed) -> None:
    (facts,) = tranche_facts(one)
    assert facts.name == "senior"
    assert facts.commitment == one.table.commitment
    assert facts.draws.sum() == pytest.approx(facts.commitment, rel=1e-12)
    np.testing.assert_array_equal(facts.debt_service, one.debt.debt_service)
    assert lock_up_levels(one) == (one.scenario.capital.tranche["senior"].lock_up_dscr,)


def test_two_tranches_have_their_own(one: Closed, two: Closed) -> None:
    (whole,), (senior, mezzanine) = tranche_facts(one), tranche_facts(two)
    assert (senior.maturity, mezzanine.maturity) == (60, 48)
    assert senior.commitment == 3.0 * mezzanine.commitment
    np.testing.assert_allclose(senior.debt_service + mezzanine.debt_service, whole.debt_service, rtol=1e-14)
    np.testing.assert_array_equal(senior.discount, whole.discount)


def test_the_sheet_tells_each_tranche_and_the_sources_in_order_of_rank(one: Closed, two: Closed) -> None:
    sheet, whole = closing_sheet(two), closing_sheet(one)
    assert [entry["name"] for entry in sheet["sources"]] == ["senior", "mezzanine", "equity"]
    assert sum(entry["amount"] for entry in sheet["sources"]) == pytest.approx(sheet["total_uses"], rel=1e-12)
    assert list(sheet["tranche"]) == ["senior", "mezzanine"]
    assert sheet["months"]["maturity"] == 60
    for name in ("commitment", "net_proceeds", "debt_share", "advance_rate", "debt_service_first"):
        parts = [sheet["tranche"][tranche][name] for tranche in two.tranches]
        assert sum(parts) == pytest.approx(whole["tranche"]["senior"][name], rel=1e-12), name


def test_values_spread_over_tranches() -> None:
    np.testing.assert_array_equal(by_tranche(3, 2), [3.0, 3.0])
    np.testing.assert_array_equal(by_tranche([1.0, 2.0], 2), [1.0, 2.0])
    np.testing.assert_array_equal(by_tranche([1.0, 2.0, 3.0], 2, monthly=True), [[1.0, 2.0, 3.0]] * 2)
    with pytest.raises(ValueError, match="broadcast"):
        by_tranche([1.0, 2.0], 3)
