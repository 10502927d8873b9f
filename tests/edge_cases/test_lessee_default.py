"""Edge cases 4, 6, 20 and 26 of model §19, and deal X by hand for each outcome of a default in month 20."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.scenario.read import read
from spv_sim.spv.lessee_default import ASSUMED, REINSTATED, REJECTED, RENEGOTIATED
from tests.edge_cases.deal_x import HOURS, LAST, RENT, UNITS, at, fault, market_rate, replay
from tests.test_metamorphic import DEAL_X, simulate_scenario

DEFAULT = "credit.default_month=20 months"
OUTCOME = "credit.outcome"
REINSTATE, ASSUME, RENEGOTIATE = (
    f"{OUTCOME}.{name}=100 %" for name in ("reinstate", "assume", "renegotiate")
)


def paid(name: str, *sets: str) -> dict[int, float]:
    """Month -> amount of a cash flow that deal X with a default in month 20 has [USD]."""
    path = replay(DEFAULT, *sets)
    assert path.columns["spv.breach"] <= 1e-9
    months = zip(path.months["k"].tolist(), path.months[name].tolist(), strict=True)
    return {int(month): amount for month, amount in months if amount != 0}


def all_but(*unpaid: int) -> dict[int, float]:
    """The contract's rent but for some months."""
    return {month: RENT for month in range(5, LAST + 1) if month not in unpaid}


def test_a_lease_reinstated_pays_its_arrears_with_interest() -> None:
    """Rents of 20, 21 and 22 at 1 % a month, for three, two and one months, in month 23."""
    terms = (REINSTATE, f"{OUTCOME}.cure_months=3 months", f"{OUTCOME}.default_interest=12 %")
    assert paid("rent", *terms) == pytest.approx(all_but(20, 21, 22), rel=1e-12)
    assert paid("arrears", *terms) == pytest.approx({23: RENT * (1.01**3 + 1.01**2 + 1.01)}, rel=1e-12)
    path = replay(DEFAULT, *terms)
    assert path.columns["lessee.outcome"] == REINSTATED
    assert path.columns["lessee.recovery"] == pytest.approx(1, rel=1e-12)
    assert [at(path, "lease_phase", month) for month in (19, 20, 22, 23, 64)] == [0, 1, 1, 0, 0]
    assert at(path, "cfads", 23) == pytest.approx(
        at(path, "rent", 23) + at(path, "arrears", 23) + at(path, "account_interest", 23) - 7e6, rel=1e-12
    )


@pytest.mark.parametrize(("grace", "event"), [(3, math.inf), (2, 22)])
def test_a_default_cured_within_the_grace_is_none_of_the_debt(grace: int, event: float) -> None:
    """Cured in month 23: at 20 + 3 it is over, at 20 + 2 it is not."""
    sets = (REINSTATE, f"{OUTCOME}.cure_months=3 months", "capital.tranche.senior.dsra=6 months")
    path = replay(DEFAULT, *sets, f"capital.tranche.senior.grace={grace}")
    assert path.columns["senior.event_of_default_month"] == event
    assert path.columns["senior.loss"] == 0


def test_a_lease_assumed_pays_administrative_rent_and_at_last_the_arrears() -> None:
    terms = (ASSUME, f"{OUTCOME}.stay_months=9 months")
    assert paid("rent", *terms) == pytest.approx(all_but(20, 21), rel=1e-12)
    assert paid("arrears", *terms) == pytest.approx({29: 2 * RENT}, rel=1e-12)
    path = replay(DEFAULT, *terms)
    assert path.columns["lessee.outcome"] == ASSUMED
    assert [at(path, "lease_phase", month) for month in (20, 28, 29)] == [2, 2, 0]
    late = paid("rent", *terms, f"{OUTCOME}.administrative_rent_after=12 months")
    assert late == pytest.approx(all_but(*range(20, 29)), rel=1e-12)


@pytest.mark.parametrize("triple_net", [False, True])
def test_a_renegotiated_rent_is_the_market_s_if_that_is_less(triple_net: bool) -> None:
    """Of month 22, plus 10 %, against 1.30 USD; a triple-net lessee bears 0.35 USD of hosting itself."""
    net = market_rate(22) - (0.35 if triple_net else 0.0)
    terms = (
        *(RENEGOTIATE, f"{OUTCOME}.negotiation_months=2 months", f"{OUTCOME}.market_premium=-10 %"),
        f"lease.triple_net={str(triple_net).lower()}",
    )
    rate = min(1.30, 0.9 * net)
    assert rate < 1.30
    new = UNITS * HOURS * rate
    rents = all_but(20, 21) | dict.fromkeys(range(22, LAST + 1), new)
    assert paid("rent", *terms) == pytest.approx(rents, rel=1e-9)
    assert paid("arrears", *terms) == pytest.approx({22: 2 * new}, rel=1e-9)
    path = replay(DEFAULT, *terms)
    assert path.columns["lessee.outcome"] == RENEGOTIATED
    assert path.columns["lessee.recovery"] == pytest.approx(rate / 1.30, rel=1e-9)


def test_a_renegotiated_rent_never_exceeds_the_contract_s() -> None:
    """Rents step down below the new rate in the fourth year, and are then what the contract says."""
    terms = (RENEGOTIATE, f"{OUTCOME}.negotiation_months=0 months", 'lease.steps={ "36 months" = "0.5x" }')
    rate = 1.10 * market_rate(20)
    assert rate > 1.30
    assert paid("rent", *terms) == pytest.approx(paid("rent_due", *terms), rel=1e-12)
    lower = (*terms, f"{OUTCOME}.market_premium=-50 %")
    new = UNITS * HOURS * 0.5 * market_rate(20)
    rents = {
        month: min(RENT if month <= 40 else RENT / 2, new if month >= 20 else RENT) for month in all_but()
    }
    assert paid("rent", *lower) == pytest.approx(rents, rel=1e-9)


@pytest.mark.parametrize(("essentiality", "outcome"), [("-35 %", ASSUMED), ("-36 %", REJECTED)])
def test_a_lessee_assumes_a_lease_that_is_worth_its_rent(essentiality: str, outcome: int) -> None:
    """The market asks 2.20 exp(-0.28 20/12) = 1.3796 USD in month 20; hosting of 0.35 leaves 1.0296."""
    by_rent = (f"{OUTCOME}.decided_by=rent", f"{OUTCOME}.essentiality={essentiality}")
    assert market_rate(20) == pytest.approx(1.3796, abs=1e-3)
    rate = f"lease.rate={market_rate(20) * 0.645} USD/GPU-hour"
    path = replay(DEFAULT, *by_rent, rate)
    assert path.columns["lessee.outcome"] == outcome
    net = replay(DEFAULT, *by_rent, "lease.triple_net=true", f"lease.rate={1.0296 * 0.645} USD/GPU-hour")
    assert net.columns["lessee.outcome"] == outcome


def test_deposit_then_guarantor_pay_what_a_lessee_in_its_stay_does_not() -> None:
    terms = (
        ASSUME,
        "lease.deposit.kind=cash",
        "lease.deposit.months=1 month",
        "credit.guarantor.cap=300 m USD",
    )
    assert paid("deposit", *terms) == pytest.approx({20: RENT}, rel=1e-12)
    assert paid("support", *terms) == pytest.approx({21: 3e8}, rel=1e-12)
    assert paid("arrears", *terms) == pytest.approx({32: RENT - 3e8}, rel=1e-12)
    assert replay(DEFAULT, *terms).columns["lessee.guarantor_paid"] == 3e8


def test_the_guarantor_of_a_rejected_lease_pays_before_the_estate() -> None:
    """Contract rent month by month up to the cap; the estate pays its 20 % of what is left of the claim."""
    claim = sum(RENT * (1 + 0.105 / 12) ** -(month - 20) for month in range(20, LAST + 1))
    capped = "credit.guarantor.cap=1 bn USD"
    given = paid("support", capped)
    assert given == pytest.approx({20: RENT, 21: RENT, 22: 1e9 - 2 * RENT}, rel=1e-12)
    assert paid("claim", capped) == pytest.approx({38: 0.2 * (claim - 1e9)}, rel=1e-12)
    whole = ("credit.guarantor.hazard=0 %/year", "workout.claim_recovery=100 %")
    assert paid("claim", *whole)[38] == pytest.approx(claim - 19 * RENT, rel=1e-12)
    assert sum(paid("support", *whole).values()) == pytest.approx(19 * RENT, rel=1e-12)


@pytest.mark.parametrize("tail", [0, 3])
def test_edge_04_default_at_the_last_month_cured_in_the_tail(tail: int) -> None:
    """The last rent is 64's: cured in month 66 of a tail, lost where the deal ends before."""
    sets = ("credit.default_month=64 months", REINSTATE, f"grid.tail={tail} months")
    path = replay(*sets)
    assert at(path, "rent", LAST) == 0
    assert path.columns["spv.breach"] <= 1e-9
    if tail:
        assert at(path, "arrears", 66) == RENT
        assert path.columns["lessee.recovery"] == 1
    else:
        assert not path.months["arrears"].any()
        assert path.columns["lessee.recovery"] == 0
    assert at(path, "sale", LAST) > 0


@pytest.mark.parametrize(("tail", "month"), [(0, None), (2, 66), (9, 72)])
def test_edge_06_a_cure_after_the_end(tail: int, month: int | None) -> None:
    """The stay of a default in month 60 ends in 72: lost, paid in the last month of a short tail, or then."""
    path = replay("credit.default_month=60 months", ASSUME, f"grid.tail={tail} months")
    assert path.columns["spv.breach"] <= 1e-9
    assert float(path.months["arrears"].sum()) == pytest.approx(2 * RENT if month else 0.0, rel=1e-12)
    if month:
        assert at(path, "arrears", month) == pytest.approx(2 * RENT, rel=1e-12)


def test_edge_20_a_certain_default_has_each_outcome_for_certain() -> None:
    """Every path defaults in its first month; one outcome of 100 % is that of every path."""
    sure = ["credit.hazard=10000 %/year", "credit.clock=closing", "credit.draw_stop=false"]
    for name, code in (("reinstate", REINSTATED), ("assume", ASSUMED), ("reject", REJECTED)):
        columns = simulate_scenario(read(DEAL_X, [*sure, f"{OUTCOME}.{name}=100 %"]).scenario)
        assert (columns["lessee.default_month"] == 5).all()
        assert (columns["lessee.outcome"] == code).all()


@pytest.mark.parametrize("hazard", [0, 10_000])
def test_edge_26_guarantors_that_have_failed_pay_nothing(hazard: int) -> None:
    """Of the rent and of the residual value alike."""
    promise = "lease.residual_value_guarantee"
    sets = (f"credit.guarantor.hazard={hazard} %/year", f"{promise}.hazard={hazard} %/year")
    columns = replay(DEFAULT, *sets, f"{promise}.amount=9_000 USD")
    assert (columns.columns["lessee.guarantor_paid"] > 0) == (hazard == 0)
    assert (float(columns.months["guarantee"].sum()) > 0) == (hazard == 0)


def test_a_rejection_for_certain_is_what_there_was_before() -> None:
    """To the bit, and so are the paths with a rejection among paths with other outcomes."""
    hazard = "credit.hazard=25 %/year"
    plain = simulate_scenario(read(DEAL_X, [hazard]).scenario)
    mixed = simulate_scenario(
        read(DEAL_X, [hazard, f"{OUTCOME}.reinstate=30 %", f"{OUTCOME}.assume=30 %"]).scenario
    )
    kept = np.isin(mixed["lessee.outcome"], (REINSTATED, ASSUMED))
    assert kept.any()
    assert (mixed["lessee.outcome"] == REJECTED).any()
    for name in plain.keys() - {"lessee.outcome", "lessee.recovery", "lessee.guarantor_paid"}:
        np.testing.assert_array_equal(plain[name][~kept], mixed[name][~kept], err_msg=name)
    np.testing.assert_array_equal(plain["lessee.default_month"], mixed["lessee.default_month"])


def test_probabilities_that_do_not_add_up_are_refused() -> None:
    (problem,) = fault(f"{OUTCOME}.reinstate=30 %", f"{OUTCOME}.reject=60 %").problems
    assert problem.key == OUTCOME
    assert "add to 0.9" in problem.message
