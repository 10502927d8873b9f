"""Sources and uses: the given circular case, the identities of the table, and debt that does not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spv_sim.closing.amortisation import level
from spv_sim.closing.sources_and_uses import (
    DebtTerms,
    SourcesAndUses,
    Spending,
    close_by_commitment,
    close_by_debt_share,
)
from spv_sim.errors import UserError
from tests.given import agrees, given


def given_case() -> tuple[Spending, DebtTerms, float]:
    inputs, _, _ = given("circular_sources_uses_given")
    months = len(inputs["capex"])
    other = np.zeros(months)
    other[0] = inputs["other"]
    service = level(inputs["rate"] / 12, inputs["nrep"]).debt_service
    debt = DebtTerms(
        monthly_rate=inputs["rate"] / 12,
        commitment_fee=inputs["cfee"] / 12,
        upfront_fee=inputs["uf"],
        oid=inputs["oid"],
        reserve=float(service[: inputs["dsra_n"]].sum()),
    )
    return Spending(np.array(inputs["capex"]), other, np.zeros(months)), debt, inputs["gear"]


def balances(table: SourcesAndUses) -> bool:
    return bool(np.all(np.abs(table.uses - table.net_proceeds - table.equity) <= 1e-9 * table.uses.sum()))


def test_circular_sources_uses_given() -> None:
    _, expected, tolerance = given("circular_sources_uses_given")
    table = close_by_debt_share(*given_case())
    got = {
        "C": table.commitment,
        "sum_draws": table.draws.sum(),
        "total_uses": table.uses.sum(),
        "equity": table.equity.sum(),
        "dsra": table.reserve.sum(),
    }
    for name, value in got.items():
        assert agrees(float(value), expected[name], tolerance), name
    for name, values in (("uses", table.uses), ("draws", table.draws)):
        for ours, theirs in zip(values, expected[name], strict=True):
            assert agrees(float(ours), theirs, tolerance), name
    assert balances(table)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.625, 0.9])
def test_sizing_by_commitment_finds_the_share_again(share: float) -> None:
    spending, debt, _ = given_case()
    by_share = close_by_debt_share(spending, debt, share)
    by_commitment = close_by_commitment(spending, debt, by_share.commitment, "capital.advance_rate")
    # The root is bracketed to 1e-16 of the gearing; the draws repeat it some five times.
    assert by_commitment.gearing == pytest.approx(share, rel=1e-12, abs=1e-15)
    assert by_commitment.draws.sum() == pytest.approx(by_commitment.commitment, rel=1e-12)
    assert balances(by_commitment)


def test_debt_above_the_uses_does_not_fit() -> None:
    spending, debt, _ = given_case()
    with pytest.raises(UserError, match="tranche-does-not-fit") as caught:
        close_by_commitment(spending, debt, 30e9, "capital.advance_rate")
    assert caught.value.problems[0].key == "capital.advance_rate"
    assert caught.value.exit_code == 2


def test_debt_that_feeds_on_itself_has_no_closing() -> None:
    spending, debt, _ = given_case()
    dear = replace(debt, upfront_fee=0.9, reserve=0.5)
    with pytest.raises(UserError, match="infeasible-closing"):
        close_by_debt_share(spending, dear, 0.99)
