"""A letter of credit in place of deal X's reserve: drawn, reimbursed and left unpaid, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay, replay_path
from spv_sim.closing.close import close
from spv_sim.closing.sheet import closing_sheet
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.read import read
from tests.closing.deals import base
from tests.edge_cases.deal_x import OPEX, RENT, at, replay
from tests.test_metamorphic import DEAL_X

LETTER = "capital.tranche.senior.dsra_kind=letter_of_credit"
MARGIN = "capital.tranche.senior.letter_of_credit_margin=2 %"
PERIOD = (0.105 + 0.02) / 12
"""Coupon and margin of a month."""

POOR = (
    "lease.holiday.poor.start=10 months",
    "lease.holiday.poor.end=11 months",
    "lease.holiday.poor.paid=50 %",
)


def service(path: Replay, month: int = 7) -> float:
    """Level debt service of a month [USD]."""
    return at(path, "int_paid", month) + at(path, "prin_paid", month)


def test_a_draw_meets_the_shortfall_and_is_paid_back_with_interest_before_equity() -> None:
    path = replay(LETTER, MARGIN, *POOR)
    due = service(path)
    face, short = 3 * due, due - (RENT / 2 - OPEX)
    assert at(path, "letter_of_credit", 9) == pytest.approx(face, rel=1e-12)
    loan = 0.0
    for month in (10, 11):
        assert service(path, month) == pytest.approx(due, rel=1e-12)
        loan = loan * (1 + PERIOD) + short
        assert at(path, "letter_drawn", month) == pytest.approx(short, rel=1e-9)
        assert at(path, "letter_loan", month) == pytest.approx(loan, rel=1e-9)
        assert at(path, "letter_of_credit", month) == pytest.approx(face - loan, rel=1e-9)
        assert at(path, "dist", month) == 0.0
    owed = loan * (1 + PERIOD)
    assert at(path, "letter_repaid", 12) == pytest.approx(owed, rel=1e-9)
    assert at(path, "letter_loan", 12) == 0.0
    assert at(path, "letter_of_credit", 12) == pytest.approx(face, rel=1e-12)
    assert at(path, "dist", 12) == pytest.approx(RENT - OPEX - due - owed, rel=1e-9)
    assert path.columns["spv.breach"] <= 1e-9


def test_a_letter_of_credit_costs_no_cash_at_closing_and_its_face_follows_the_debt_service() -> None:
    closed = close(read(DEAL_X, [LETTER]).scenario)
    sheet = closing_sheet(closed)["tranche"]["senior"]
    due = closed.capital.tranches[0].scheduled_debt_service
    assert sheet["reserve"] == 0.0
    assert sheet["letter_of_credit"] == pytest.approx(due[5:8].sum(), rel=1e-12)
    path = replay(LETTER)
    left = [at(path, "letter_of_credit", month) for month in (61, 62, 63, 64)]
    assert left == pytest.approx([due[62:65].sum(), due[63:65].sum(), due[64], 0.0], rel=1e-12)


def test_a_letter_of_credit_that_is_never_drawn_is_no_reserve_at_all() -> None:
    """Model 17.3: without its fee it changes nothing."""
    noise = ("gpu_price.volatility=35 %/sqrt(year)",)
    stands, none = (
        run_chunk(close(read(DEAL_X, [*noise, *sets]).scenario).terms, 0, 0, 64).columns
        for sets in ((LETTER, MARGIN), ("capital.tranche.senior.dsra=0 months",))
    )
    assert np.array_equal(stands, none, equal_nan=True)


def test_the_bank_bears_what_the_cash_never_covers() -> None:
    """Without rent from month 29 it pays its face, and ranks behind the senior debt then."""
    path = replay(LETTER, MARGIN, "credit.default_month=29 months", "capital.tranche.senior.grace=4")
    costs, due = OPEX + 15e6, service(path)
    first = due + costs
    assert at(path, "letter_drawn", 29) == pytest.approx(first, rel=1e-12)
    second = min(3 * due - first, due + costs)
    assert at(path, "letter_drawn", 30) == pytest.approx(second, rel=1e-12)
    loan = first * (1 + PERIOD) + second
    assert at(path, "letter_loan", 30) == pytest.approx(loan, rel=1e-12)
    assert at(path, "letter_drawn", 31) == pytest.approx(3 * due - loan, rel=1e-9)
    assert at(path, "letter_drawn", 32) == 0.0
    assert path.months["letter_repaid"].sum() == 0.0
    assert path.columns["senior.loss"] > 0.0
    assert path.months["letter_loan"][-1] > 3 * due
    assert path.columns["spv.breach"] <= 1e-9


RISKS = ("credit.hazard=20 %/year", "gpu_price.volatility=35 %/sqrt(year)", LETTER, MARGIN)


@pytest.mark.parametrize(
    "sets",
    [
        (),
        ("lease.payment_every=3 months",),
        ("capital.tranche.senior.grace=6", *POOR),
        ("capital.tranche.senior.cash_sweep=50 %", "workout.mode=liquidate"),
    ],
)
def test_letters_of_credit_keep_every_identity_on_random_paths(sets: tuple[str, ...]) -> None:
    closed = close(read(DEAL_X, [*RISKS, *sets]).scenario)
    columns = run_chunk(closed.terms, 0, 0, 512).columns
    assert columns[column_names(closed.tranches).index("spv.breach")].max() <= 1e-9


def test_the_letters_of_two_tranches_are_drawn_one_after_the_other() -> None:
    """Deal Y: the senior tranche's first, that of the mezzanine for the rest, both for senior debt."""
    both = [f"capital.tranche.{name}.dsra_kind=letter_of_credit" for name in ("senior", "mezz")]
    default = ("credit.default_month=19 months", "capital.tranche.senior.grace=4")
    sizes = ("capital.tranche.senior.dsra=1 month", "capital.tranche.mezz.dsra=2 months")
    scenario = base("y1", *both, *sizes, *default)
    path = replay_path(close(scenario), 0, 0)
    months = path.months
    drawn, left = months["letter_drawn"], months["mezz.letter_of_credit"]
    row = months["k"].tolist().index(19)
    stands = months["senior.letter_of_credit"][row - 1]
    assert months["senior.letter_loan"][row] == pytest.approx(min(drawn[row], stands), rel=1e-12)
    assert months["mezz.letter_loan"][row] == pytest.approx(max(drawn[row] - stands, 0.0), rel=1e-12)
    assert months["mezz.letter_loan"].max() > 0.0
    assert left[row - 1] > 0.0
    assert path.columns["spv.breach"] <= 1e-9


def test_a_run_names_the_bank_among_those_who_bear_the_loss(run: Any) -> None:
    """Its share has an error, and on every path the shares add up to what the deal gets less from outside."""
    document, page, _ = run(*RISKS, "capital.tranche.senior.grace=4", paths=400)
    share = document["metrics"]["bank.loss_share"]
    assert share["value"] > 0.0
    assert share["standard_error"] > 0.0
    assert all(check["passed"] for check in document["checks"])
    assert "bank" in page


def test_the_fee_is_due_on_the_face_before_the_debt_is_served() -> None:
    """2 % a year on three months of debt service, which the cash behind the debt pays for."""
    plain, dear = replay(LETTER), replay(LETTER, "capital.tranche.senior.letter_of_credit_fee=2 %")
    fee = 0.02 / 12 * 3 * service(plain)
    for month in (5, 6, 40):
        assert at(plain, "dist", month) - at(dear, "dist", month) == pytest.approx(fee, rel=1e-9)
    assert service(dear) == pytest.approx(service(plain), rel=1e-12)
    assert dear.columns["spv.breach"] <= 1e-9
