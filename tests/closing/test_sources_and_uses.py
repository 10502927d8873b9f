"""Sources and uses: the given circular case, the identities of the table, and debt that does not fit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from spv_sim.closing.amortisation import level
from spv_sim.closing.commitments import Size, Sized, Structure, close_debt
from spv_sim.closing.sources_and_uses import DebtTerms, Spending, add_up
from spv_sim.errors import UserError
from tests.given import agrees, given

SHARE, FACE = "capital.debt_share", "capital.advance_rate"


def size(
    share: float | None = None, face: float = math.inf, *, gives_way: bool = False, rank: int = 1
) -> Size:
    return Size(share, face, SHARE, FACE, gives_way, rank)


def given_case() -> tuple[Spending, DebtTerms, float]:
    inputs, _, _ = given("circular_sources_uses_given")
    months = len(inputs["capex"])
    other = np.zeros(months)
    other[0] = inputs["other"]
    rate = inputs["rate"] / 12
    service = level(np.full(inputs["nrep"], rate)).debt_service
    debt = DebtTerms(
        monthly_rate=(rate,) * months,
        commitment_fee=inputs["cfee"] / 12,
        upfront_fee=inputs["uf"],
        oid=inputs["oid"],
        reserve=float(service[: inputs["dsra_n"]].sum()),
        availability=months - 1,
    )
    return Spending(np.array(inputs["capex"]), other, np.zeros(months)), debt, inputs["gear"]


def structure(*sizes: Size, **changes: object) -> Structure:
    spent, debt, _ = given_case()
    return replace(Structure(spent, [debt] * len(sizes), sizes), **changes)  # type: ignore[arg-type]


def net(deal: Structure, sized: Sized) -> np.ndarray:
    return np.array([1 - debt.oid for debt in deal.debts]) * sized.commitments


def test_circular_sources_uses_given() -> None:
    inputs, expected, tolerance = given("circular_sources_uses_given")
    deal = structure(size(inputs["gear"]))
    sized = close_debt(deal)
    table = add_up(deal.spent, deal.debts, sized.commitments, sized.run)
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
    assert np.all(np.abs(table.uses - table.net_proceeds - table.equity) <= 1e-9 * table.uses.sum())


@pytest.mark.parametrize("share", [0.0, 0.2, 0.625, 0.9])
def test_sizing_by_an_amount_finds_the_share_again(share: float) -> None:
    by_share = close_debt(structure(size(share)))
    by_amount = close_debt(structure(size(face=by_share.commitments[0])))
    # The root is found to 1e-14 of the uses and Newton squares what is left.
    assert by_amount.shares[0] == pytest.approx(share, rel=1e-12, abs=1e-15)
    assert by_amount.run.draws.sum() == pytest.approx(by_amount.commitments[0], rel=1e-12)
    assert by_amount.binding == (FACE,)


def test_the_smaller_of_share_and_amount_binds() -> None:
    amount = close_debt(structure(size(0.5))).commitments[0]
    for share, binding, held in ((0.4, SHARE, 0.4), (0.6, FACE, 0.5)):
        sized = close_debt(structure(size(share, amount)))
        assert sized.binding == (binding,)
        assert sized.shares[0] == pytest.approx(held, rel=1e-12)


def test_two_tranches_close_where_the_matrix_says() -> None:
    """Against C = (I - M)^-1 a with the map written out by hand for a month without construction."""
    spent = Spending(np.array([1000.0]), np.array([20.0]), np.zeros(1))
    senior = DebtTerms((0.0,), 0.0, 0.02, 0.01, 0.06, 0)
    mezz = DebtTerms((0.0,), 0.0, 0.03, 0.04, 0.10, 0)
    sized = close_debt(Structure(spent, [senior, mezz], [size(0.6), size(0.2, rank=2)]))
    draw = np.array([0.6 / 0.99, 0.2 / 0.96])
    exact = np.linalg.solve(np.eye(2) - np.outer(draw, [0.08, 0.13]), draw * 1020.0)
    np.testing.assert_allclose(sized.commitments, exact, rtol=1e-14)


@pytest.mark.parametrize("funding", ["pro_rata", "equity_first", "debt_first"])
def test_every_order_of_funding_draws_the_whole_commitment(funding: str) -> None:
    deal = structure(size(0.5), size(face=1.5e9, rank=2), funding=funding)
    sized = close_debt(deal)
    np.testing.assert_allclose(sized.run.draws.sum(axis=1), sized.commitments, rtol=1e-12)
    equity = sized.run.uses - (sized.run.draws * 0.99).sum(axis=0)
    called = np.flatnonzero(equity > 1.0)
    drawn = np.flatnonzero(sized.run.draws.sum(axis=0) > 1.0)
    if funding == "equity_first":
        assert called[-1] <= drawn[0]
    if funding == "debt_first":
        assert drawn[-1] <= called[0]


def test_equity_first_pays_less_interest_than_pro_rata_and_debt_first_more() -> None:
    interest = {
        funding: close_debt(structure(size(0.6), funding=funding)).run.interest.sum()
        for funding in ("equity_first", "pro_rata", "debt_first")
    }
    assert interest["equity_first"] < interest["pro_rata"] < interest["debt_first"]


def test_a_tranche_that_cannot_be_drawn_later_is_drawn_before() -> None:
    spent, debt, _ = given_case()
    delayed = replace(debt, availability=2)
    deal = Structure(spent, [debt, delayed], [size(0.4), size(face=2e9, rank=2)])
    sized = close_debt(deal)
    np.testing.assert_allclose(sized.run.draws.sum(axis=1), sized.commitments, rtol=1e-12)
    assert not sized.run.draws[1, 3:].any()
    assert not sized.run.commitment_fee[1, 3:].any()
    assert sized.shares[1] == pytest.approx(0.99 * 2e9 / sized.run.uses.sum(), rel=1e-12)


def test_debt_out_of_cash_flow_gives_way_to_equity() -> None:
    deal = structure(size(face=1e12, gives_way=True), min_equity=0.1)
    sized = close_debt(deal)
    assert sized.binding == ("capital.min_equity",)
    assert net(deal, sized).sum() == pytest.approx(0.9 * sized.run.uses.sum(), rel=1e-12)


def test_the_junior_tranche_gives_way_first_and_those_beside_it_alike() -> None:
    sizes = (
        size(face=10e9, gives_way=True),
        size(face=20e9, gives_way=True, rank=2),
        size(face=30e9, gives_way=True, rank=2),
    )
    deal = structure(*sizes)
    sized = close_debt(deal)
    assert sized.binding == (FACE, "capital.min_equity", "capital.min_equity")
    assert sized.commitments[0] == pytest.approx(10e9, rel=1e-12)
    assert sized.commitments[2] == pytest.approx(1.5 * sized.commitments[1], rel=1e-12)
    assert net(deal, sized).sum() == pytest.approx(sized.run.uses.sum(), rel=1e-12)


def test_all_equity_has_no_debt() -> None:
    for only in (size(0.0), size(face=0.0), size(face=0.0, gives_way=True)):
        sized = close_debt(structure(only))
        assert sized.commitments == (0.0,)
        assert sized.shares == (0.0,)
        assert not sized.run.draws.any()


@pytest.mark.parametrize("funding", ["pro_rata", "equity_first", "debt_first"])
def test_debt_above_the_uses_does_not_fit(funding: str) -> None:
    with pytest.raises(UserError, match="tranche-does-not-fit") as caught:
        close_debt(structure(size(face=30e9), funding=funding))
    assert caught.value.problems[0].key == FACE
    assert caught.value.exit_code == 2


def test_debt_that_leaves_less_than_the_least_equity_does_not_fit() -> None:
    with pytest.raises(UserError, match=r"of which equity pays 40\.0% \(capital.min_equity\)"):
        close_debt(structure(size(0.5), size(0.2, rank=2), min_equity=0.4))


def test_draws_before_there_are_uses_do_not_fit() -> None:
    spent, debt, _ = given_case()
    early = replace(debt, availability=1)
    with pytest.raises(UserError, match="the draws of month 0 exceed its uses"):
        close_debt(Structure(spent, [debt, early], [size(0.5), size(face=6e9)]))
    empty = replace(spent, hardware=np.array([0.0, 0, 0, 0, 2e10]), other=np.zeros(5))
    free = replace(early, upfront_fee=0.0, availability=0)
    with pytest.raises(UserError, match="there are no uses up to month 0"):
        close_debt(Structure(empty, [free], [size(face=6e9)]))


@pytest.mark.parametrize("funding", ["pro_rata", "debt_first"])
def test_debt_that_feeds_on_itself_has_no_closing(funding: str) -> None:
    spent, debt, _ = given_case()
    dear = replace(debt, upfront_fee=0.9, reserve=0.5)
    with pytest.raises(UserError, match="infeasible-closing") as caught:
        close_debt(Structure(spent, [dear], [size(0.99)], funding))
    assert caught.value.problems[0].key == SHARE


@pytest.mark.parametrize(("paid", "where"), [(9e9, "month 4"), (5e10, "all months")])
def test_a_first_payment_above_the_uses_is_refused(paid: float, where: str) -> None:
    spent, debt, _ = given_case()
    rich = replace(spent, prepaid_rent=np.array([0.0, 0, 0, 0, paid]))
    with pytest.raises(UserError, match=f"negative-uses.*{where}") as caught:
        close_debt(Structure(rich, [debt], [size(0.5)]))
    assert caught.value.problems[0].key == "lease.first_payment"


def test_a_first_payment_above_the_hardware_of_its_month_may_pay_for_the_reserve() -> None:
    spent, debt, _ = given_case()
    rich = replace(spent, prepaid_rent=np.array([0.0, 0, 0, 0, 4.1e9]))
    sized = close_debt(Structure(rich, [debt], [size(0.5)]))
    assert 0 < sized.run.uses[4] < sized.run.reserve[0, 4] + sized.run.interest[0, 4]
