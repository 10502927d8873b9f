"""Any capital structure either closes with every identity held or is refused with a key of the scenario."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from spv_sim.closing.capital import Base, CapitalClosing, close_capital
from spv_sim.closing.sources_and_uses import Spending
from spv_sim.errors import UserError
from spv_sim.scenario.capital import Capital
from tests.closing.capitals import capitals
from tests.strategies import examples

EXACT = 1e-9
"""Share of total uses up to which a difference counts as none (model 0.7)."""
REFUSALS = {"infeasible-closing", "infeasible-sculpt", "tranche-does-not-fit"}


def close_or_refuse(capital: Capital, spent: Spending, base: Base) -> CapitalClosing | None:
    try:
        return close_capital(capital, spent, base)
    except UserError as fault:
        for problem in fault.problems:
            assert problem.code in REFUSALS
            assert problem.key
            assert problem.key.startswith("capital.")
            assert problem.message.startswith(problem.key)
        return None


@examples(150)
@given(capitals())
def test_every_identity_of_the_closing(deal: tuple[Capital, Spending, Base]) -> None:
    capital, spent, _ = deal
    closing = close_or_refuse(*deal)
    if closing is None:
        return
    table = closing.table
    total = float(table.uses.sum())
    room = EXACT * total
    uses = spent.total + table.upfront_fee + table.interest + table.commitment_fee + table.reserve
    assert np.allclose(table.uses, uses, rtol=0, atol=room)
    assert np.allclose(table.uses, table.net_proceeds + table.equity, rtol=0, atol=room)
    assert np.all(table.equity >= -room)
    assert table.equity.sum() >= capital.min_equity * total - room
    assert np.allclose(sum(held.calls for held in closing.equity), table.equity, rtol=0, atol=room)
    assert [tranche.rank for tranche in closing.tranches] == sorted(
        tranche.rank for tranche in capital.tranche.values()
    )
    for tranche in closing.tranches:
        terms = capital.tranche[tranche.name]
        assert 0 <= tranche.gearing <= 1 + EXACT
        assert tranche.commitment >= 0
        assert abs(tranche.draws.sum() - tranche.commitment) <= room
        assert np.all(tranche.draws >= -room)
        assert abs(tranche.net_proceeds.sum() - tranche.gearing * total) <= room
        assert abs(tranche.scheduled_principal.sum() - tranche.commitment) <= room
        assert not tranche.scheduled_principal[~tranche.pays].any()
        assert not tranche.scheduled_debt_service[tranche.maturity + 1 :].any()
        opening = tranche.commitment - np.concatenate(([0.0], np.cumsum(tranche.scheduled_principal)[:-1]))
        interest = np.where(tranche.pays, tranche.coupon.by_month * opening, 0.0)
        assert np.allclose(tranche.scheduled_interest, interest, rtol=0, atol=room)
        after = slice(len(spent.total), len(spent.total) + terms.dsra)
        if terms.dsra_kind == "cash":
            service = tranche.scheduled_debt_service[after].sum()
            assert abs(tranche.reserve - service) <= room
            assert abs(tranche.dsra_target[len(spent.total) - 1] - service) <= room
        else:
            assert tranche.reserve == 0
        if terms.availability is not None:
            assert not tranche.draws[terms.availability + 1 :].any()
        for array in vars(tranche).values():
            assert not isinstance(array, np.ndarray) or np.all(np.isfinite(array))


@examples(150)
@given(capitals())
def test_every_limit_of_a_size_holds_and_one_of_them_binds(deal: tuple[Capital, Spending, Base]) -> None:
    capital, spent, _ = deal
    closing = close_or_refuse(*deal)
    if closing is None:
        return
    total = float(closing.table.uses.sum())
    room = EXACT * total
    for tranche in closing.tranches:
        terms, at = capital.tranche[tranche.name], f"capital.tranche.{tranche.name}"
        net, face = float(tranche.net_proceeds.sum()), tranche.commitment
        slack = {}
        if terms.debt_share is not None:
            slack[f"{at}.debt_share"] = terms.debt_share * total - net
        if terms.advance_rate is not None:
            slack[f"{at}.advance_rate"] = terms.advance_rate * spent.hardware.sum() - face
        if terms.commitment is not None:
            slack[f"{at}.commitment"] = terms.commitment - face
        assert all(left >= -room for left in slack.values()), slack
        binding = tranche.binding
        assert binding in {"capital.min_equity", f"{at}.target_dscr", f"{at}.max_ltv", *slack}
        if binding in slack:
            assert abs(slack[binding]) <= room
        if binding == "capital.min_equity":
            assert abs(closing.table.equity.sum() - capital.min_equity * total) <= room


@examples(150)
@given(capitals())
def test_the_base_case_covers_debt_sized_by_cover(deal: tuple[Capital, Spending, Base]) -> None:
    """Debt service of a rank with one target, and of all before it, stays within the cash flow over it."""
    capital, _, base = deal
    closing = close_or_refuse(*deal)
    if closing is None:
        return
    room = EXACT * float(closing.table.uses.sum())
    for tranche in closing.tranches:
        terms = capital.tranche[tranche.name]
        group = [other for other in capital.tranche.values() if other.rank == terms.rank]
        same = {(other.target_dscr, other.payment_every) for other in group}
        if terms.target_dscr is None or len(same) > 1 or tranche.commitment <= room:
            continue
        paid = sum(other.scheduled_debt_service for other in closing.tranches if other.rank <= terms.rank)
        dates = np.flatnonzero(tranche.scheduled_debt_service)
        for date in dates:
            since = slice(date - terms.payment_every + 1, date + 1)
            assert base.cash_flow[since].sum() >= terms.target_dscr * paid[since].sum() - room
