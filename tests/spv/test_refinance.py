"""A refinancing by hand: what is owed, what is lent, who pays the rest, and how the new loan is repaid.

Deal X by its level loan: commitment C at 10.5 % over the months 5 to 64, rent less opex of 467.5 m USD a
month, no noise. It is refinanced in month 28 after the 24th payment, unless a test says otherwise.
"""

from __future__ import annotations

import math

import pytest

from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import LAST, UNITS, price, replay
from tests.identities import EXACT
from tests.identities_lease import holds
from tests.paths import run_paths
from tests.spv.refinanced import (
    CFADS,
    LEFT,
    MONTH,
    OLD_RATE,
    OWED,
    TABLE,
    amounts,
    annuity,
    balance,
    commitment,
    row,
    terms,
)
from tests.test_metamorphic import DEAL_X


def test_a_new_loan_repays_the_old_one_its_premium_and_the_fee() -> None:
    """Premium 2 % in the second year; the face is grown so that 99 % of it pay for both."""
    path = replay(*terms(coupon="8 %", fee="1 %"), TABLE)
    face = 1.02 * OWED / 0.99
    expected = [1.0, face, 0.08, 0.0, 0.0, 0.02 * OWED, 0.01 * face]
    found = amounts(path, "outcome", "face", "coupon", "shortfall", "equity_paid", "premium", "fee")
    assert found == pytest.approx(expected, rel=1e-12)
    assert row(path, "D") == 0.0
    scheduled = balance(commitment(), 23) - OWED
    assert row(path, "prin_paid") == pytest.approx(scheduled + OWED, rel=1e-12)
    assert row(path, "premium_paid") == pytest.approx(0.02 * OWED, rel=1e-12)
    assert path.columns["senior.loss"] == path.columns["refinancing.loss"] == 0.0
    assert abs(path.columns["refinancing.loss_pv"]) <= 1e-12
    assert path.columns["spv.breach"] <= EXACT


def test_the_new_loan_is_level_to_the_end_of_the_lease() -> None:
    """Every date pays the annuity; its yield is that of 99 % of the face."""
    path = replay(*terms(coupon="8 %", fee="1 %"), TABLE)
    rate, face = 0.08 / 12, 1.02 * OWED / 0.99
    for month in (MONTH + 1, 40, LAST):
        service = row(path, "refinancing.interest_paid", month) + row(
            path, "refinancing.principal_paid", month
        )
        assert service == pytest.approx(face / annuity(rate, LEFT), rel=1e-11)
        left = face * annuity(rate, LAST - month) / annuity(rate, LEFT) if month < LAST else 0.0
        assert row(path, "refinancing.debt", month) == pytest.approx(left, rel=1e-10, abs=20)
        cover = CFADS * annuity(rate, LEFT) / face
        assert row(path, "dscr", month) == pytest.approx(cover, rel=1e-9)
    monthly = (1 + path.columns["refinancing.yield"]) ** (1 / 12) - 1
    assert annuity(monthly, LEFT) / annuity(rate, LEFT) == pytest.approx(0.99, rel=1e-9)


@pytest.mark.parametrize(
    ("profile", "first", "last"), [("straight_line", 1 / LEFT, 1 / LEFT), ("bullet", 0.0, 1.0)]
)
def test_other_profiles(profile: str, first: float, last: float) -> None:
    path = replay(*terms(coupon="8 %", amortisation=profile))
    (face,) = amounts(path, "face")
    assert face == pytest.approx(OWED, rel=1e-12)
    assert row(path, "refinancing.principal_paid", MONTH + 1) == pytest.approx(first * face, rel=1e-11)
    assert row(path, "refinancing.principal_due", LAST) == pytest.approx(last * face, rel=1e-9)


def test_a_loan_of_its_own_tenor_leaves_the_last_months_to_the_shareholders() -> None:
    path = replay(*terms(coupon="8 %", tenor="12 months", max_ltv="50 %"))
    assert row(path, "refinancing.debt", MONTH + 11) > 0
    assert row(path, "refinancing.debt", MONTH + 12) == 0.0
    assert row(path, "dist", MONTH + 13) == pytest.approx(CFADS, rel=1e-12)


def test_the_appraisal_on_the_path_limits_the_loan_and_the_shareholders_pay_the_rest() -> None:
    """80 % of the price of all units less a tenth; what is lacking is paid in on the date itself."""
    path = replay(*terms(coupon="8 %", max_ltv="80 %", haircut="10 %"), TABLE)
    face = 0.8 * 0.9 * UNITS * price(MONTH)
    lacking = 1.02 * OWED - face
    assert lacking > 0
    expected = [2.0, face, lacking, lacking]
    assert amounts(path, "outcome", "face", "shortfall", "equity_paid") == pytest.approx(expected, rel=1e-12)
    assert row(path, "equity_cure") == pytest.approx(lacking, rel=1e-12)
    assert path.columns["equity.cures"] == pytest.approx(lacking, rel=1e-12)
    assert path.columns["spv.breach"] <= EXACT


def test_the_expected_cash_flow_limits_the_loan() -> None:
    """A level loan on level cash has the cover that it is lent on, on every date."""
    path = replay(*terms(coupon="8 %", min_dscr="1.7x"), TABLE)
    assert amounts(path, "face") == pytest.approx([CFADS * annuity(0.08 / 12, LEFT) / 1.7], rel=1e-12)
    for month in (MONTH + 1, LAST):
        assert row(path, "dscr", month) == pytest.approx(1.7, rel=1e-10)


def test_cash_out_lends_what_the_cash_flow_carries_and_the_rest_joins_the_cash() -> None:
    sets = terms(coupon="8 %", min_dscr="1.3x", fee="1 %")
    plain, path = replay(*sets), replay(*sets, *terms(cash_out="true"))
    face = CFADS * annuity(0.08 / 12, LEFT) / 1.3
    assert amounts(path, "outcome", "face") == pytest.approx([1.0, face], rel=1e-12)
    more = 0.99 * face - OWED
    assert row(path, "dist") - row(plain, "dist") == pytest.approx(more, rel=1e-10)


def test_a_refinancing_that_costs_more_than_to_go_on_is_left() -> None:
    """At 10 % the saving of half a percent over 36 months is less than the premium of 2 %, at 8 % more."""
    dear = replay(*terms(coupon="10 %", exercise="if_cheaper"), TABLE)
    cheap = replay(*terms(coupon="8 %", exercise="if_cheaper"), TABLE)
    worth = [annuity(rate / 12, LEFT) / annuity(OLD_RATE, LEFT) for rate in (0.10, 0.08)]
    assert worth[0] < 1.02 < worth[1]
    assert amounts(dear, "outcome", "face", "equity_paid") == [4.0, 0.0, 0.0]
    assert amounts(cheap, "outcome") == [1.0]
    assert row(dear, "D") == pytest.approx(OWED, rel=1e-12)
    assert math.isnan(dear.columns["refinancing.coupon"])


def test_make_whole_is_what_the_payments_are_worth_at_a_safe_rate() -> None:
    """Check make_whole_given: a loan at 10.5 % after 24 of 60 payments, at 3.8 % and half a percent."""
    path = replay(*terms(coupon="8 %", premium="make_whole", base_rate="3.8 %"))
    worth = OWED * annuity((0.038 + 0.005) / 12, LEFT) / annuity(OLD_RATE, LEFT)
    assert amounts(path, "premium") == pytest.approx([worth - OWED], rel=1e-11)
    dear = replay(*terms(coupon="8 %", premium="make_whole", base_rate="3.8 %", make_whole_spread="9 %"))
    assert amounts(dear, "premium") == [0.0]


def test_at_maturity_the_balloon_is_refinanced_and_cover_counts_none_of_it() -> None:
    sets = ("capital.tranche.senior.tenor=24 months", "capital.tranche.senior.amortisation=bullet")
    path = replay(*terms(coupon="8 %", max_ltv="100 %", premium="make_whole", base_rate="4 %"), *sets)
    face, owed = UNITS * price(MONTH), commitment(*sets)
    expected = [2.0, face, owed - face, 0.0]
    assert amounts(path, "outcome", "face", "equity_paid", "premium") == pytest.approx(expected, rel=1e-12)
    assert row(path, "prin_due") == 0.0
    assert row(path, "dscr") == pytest.approx(row(path, "cfads") / row(path, "int_due"), rel=1e-12)
    assert path.columns["senior.event_of_default_month"] == math.inf


def test_the_reserve_of_the_old_loan_is_handed_on_and_released_with_the_new_one() -> None:
    """Three months of the new debt service; without a reserve of its own all of it joins the cash."""
    kept, freed = replay(*terms(coupon="8 %", dsra="3 months")), replay(*terms(coupon="8 %"))
    service = OWED / annuity(0.08 / 12, LEFT)
    assert row(kept, "dsra") == pytest.approx(3 * service, rel=1e-11)
    assert row(kept, "dsra", LAST - 2) == pytest.approx(2 * service, rel=1e-10)
    assert [row(freed, "dsra"), row(kept, "dsra", LAST)] == [0.0, 0.0]
    assert row(freed, "dist") - row(kept, "dist") == pytest.approx(3 * service, rel=1e-11)


def test_months_that_reach_no_further_date_reserve_nothing_for_it() -> None:
    """Of five months ahead a quarterly loan has one date, as the reserve of any tranche counts them."""
    quarterly = ("capital.tranche.senior.payment_every=3 months",)
    some, more = (replay(*quarterly, *terms(coupon="8 %", dsra=f"{n} months")) for n in (3, 5))
    assert row(some, "dsra") > 0
    assert row(more, "dsra") == row(some, "dsra")
    holds(run_paths(close(read(DEAL_X, [*quarterly, *terms(coupon="8 %", dsra="5 months")]).scenario), 1))


def test_a_reserve_covers_whole_dates_and_of_a_year_its_part() -> None:
    """Of quarters, one month covers none; on a grid of years half a year covers half of the next date."""
    quarters = ("capital.tranche.senior.payment_every=3 months", "lease.payment_every=3 months")
    by_quarter = replay(*quarters, *terms(coupon="8 %", dsra="2 months"))
    assert amounts(by_quarter, "outcome") == [1.0]
    assert row(by_quarter, "dsra") == 0.0
    yearly = [part.replace(f"{MONTH} months", "36 months") for part in terms(coupon="5 %", dsra="6 months")]
    by_year = replay(*yearly, file=DEAL_X.parents[1] / "pysam" / "sam-2.toml")
    (face,) = amounts(by_year, "face")
    assert row(by_year, "dsra", 36) == pytest.approx(face / annuity(0.05, 2) / 2, rel=1e-12)
    assert row(by_year, "refinancing.debt", 60) == 0.0


def test_a_sweep_may_repay_the_new_loan_on_the_date_itself() -> None:
    """A loan of a hundredth of the price is gone with the cash of the date, its reserve a date later."""
    sweep = "capital.tranche.senior.cash_sweep=100 %"
    path = replay(sweep, *terms(coupon="8 %", max_ltv="1 %", dsra="3 months"))
    (face,) = amounts(path, "face")
    assert face == pytest.approx(0.01 * UNITS * price(MONTH), rel=1e-12)
    assert row(path, "refinancing.debt") == 0.0
    assert row(path, "refinancing.prepaid") == pytest.approx(0.0, abs=1e-3)
    assert row(path, "dsra") == pytest.approx(3 * face / annuity(0.08 / 12, LEFT), rel=1e-9)
    assert row(path, "dsra", MONTH + 1) == 0.0
    assert path.columns["spv.breach"] <= EXACT


BESIDE = DEAL_X.parents[1] / "spv" / "x-beside.toml"
"""The old loan with a commitment of 12 bn USD, and a bullet of 1 bn USD at 12 % in the same rank."""


def test_debt_beside_the_new_loan_comes_off_both_limits() -> None:
    rate, value = 0.08 / 12, UNITS * price(MONTH)
    by_value = replay(*terms(coupon="8 %", max_ltv="90 %"), file=BESIDE)
    assert amounts(by_value, "face") == pytest.approx([0.9 * value - 1e9], rel=1e-12)
    by_cover = replay(*terms(coupon="8 %", min_dscr="2.2x"), file=BESIDE)
    service = 1e9 * (0.01 * annuity(rate, LEFT) + (1 + rate) ** -LEFT)
    face = CFADS * annuity(rate, LEFT) / 2.2 - service
    assert amounts(by_cover, "face") == pytest.approx([face], rel=1e-11)
    for path in (by_value, by_cover):
        assert path.columns["other.loss"] == path.columns["senior.loss"] == 0.0
        assert path.columns["spv.breach"] <= EXACT


def test_a_junior_tranche_is_refinanced_behind_the_senior_one() -> None:
    """Its loan is paid in its place; the senior debt and its service come off the limits first."""
    sets = [
        part.replace("senior.refinance", "other.refinance") for part in terms(coupon="13 %", min_dscr="1.2x")
    ]
    path = replay("capital.tranche.other.rank=2", *sets, file=BESIDE)
    assert amounts(path, "outcome", "face") == pytest.approx([1.0, 1e9], rel=1e-12)
    assert row(path, "Q") == 0.0
    assert row(path, "D") == pytest.approx(12e9 / commitment() * OWED, rel=1e-9)
    assert path.columns["refinancing.yield"] == pytest.approx((1 + 0.13 / 12) ** 12 - 1, rel=1e-9)
