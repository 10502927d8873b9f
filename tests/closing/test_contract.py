"""The contract at closing: expected index rent, claim, stipulated loss, early rent, prepaid rent, use."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.lease_rate_terms import log_moments
from spv_sim.closing.termination import implicit_rate, stipulated_loss
from spv_sim.closing.utilisation_terms import logit_moments, mean_billed, mean_utilisation
from spv_sim.errors import UserError
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.utilisation import Utilisation
from spv_sim.spv.book import TRAP
from tests.closing.deals import base
from tests.identities_lease import holds
from tests.months import months_of
from tests.paths import run_paths

NOISE = "lease_rate.volatility=40 %/sqrt(year)"
COLLAR = (
    "lease.index.weight=60 %",
    "lease.index.of_market=0.9x",
    "lease.index.floor=0.80 USD/GPU-hour",
    "lease.index.cap=1.60 USD/GPU-hour",
)
STAGGERED = ("lease.rent_start=per_batch", "lease.early_rent_to=reduces_uses")
USE = Utilisation.model_construct(
    lowest=0.1, highest=0.95, initial=0.9, mean_level=0.6, half_life=6.0, volatility=0.8
)


@pytest.mark.parametrize(("timing", "lag"), [("arrears", 1), ("advance", 0)])
def test_indexed_rent_is_expected_at_the_mean_of_the_collared_rate(timing: str, lag: int) -> None:
    scenario = base("x-base", NOISE, *COLLAR, "lease.index.reset_every=12 months", f"lease.timing={timing}")
    contract = lay_out_contract(scenario)
    assert scenario.lease_rate is not None
    month = 4 + 24 + 3 + lag
    mean, variance = (float(part[0]) for part in log_moments(scenario.lease_rate, np.array([28 / 12])))

    def density(z: float) -> float:
        rate = math.exp(mean + math.sqrt(variance) * z)
        return min(max(0.9 * rate, 0.8), 1.6) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    edges = [(math.log(edge / 0.9) - mean) / math.sqrt(variance) for edge in (0.8, 1.6)]
    rate = quad(density, -9, 9, points=edges, limit=400)[0]
    assert contract.expected[month] == pytest.approx(500_000 * 730 * (0.4 * 1.30 + 0.6 * rate), rel=1e-10)
    first = min(0.9 * 2.20, 1.60)
    assert contract.expected[4 + lag] == pytest.approx(500_000 * 730 * (0.4 * 1.30 + 0.6 * first), rel=1e-12)


def test_rent_for_used_hours_before_completion_is_for_the_mean_use() -> None:
    used = ("lease.billing=used", "lease.commitment=50 %", *STAGGERED[:1])
    use = [f"utilisation.{name}={value}" for name, value in (("initial", "60 %"), ("mean_level", "60 %"))]
    contract = lay_out_contract(base("x-base", *used, *use, "utilisation.half_life=6 months"))
    assert contract.early_rent[1] == pytest.approx(0.6 * 100_000 * 730 * 1.30, rel=1e-12)


@pytest.mark.parametrize(("renewal", "last"), [(0, 13), (1, 16), (3, 16), (4, 19)])
def test_the_last_month_is_a_debt_date(renewal: int, last: int) -> None:
    """Whatever the leases and renewals add up to, the cash of the last months is paid out."""
    every = ("capital.tranche.senior.payment_every=3 months", "capital.tranche.senior.tenor=6 months")
    renewals = (f"lease.end_of_term.renewal_months={renewal} months",) if renewal else ()
    scenario = base("x-base", *every, *renewals, "lease.term=9 months", "grid.tail=0 months")
    closed = close(scenario)
    assert closed.terms.deal.last_month == last
    assert closed.terms.deal.pays[closed.terms.deal.last_month]


def test_the_claim_counts_the_expected_contract_rent() -> None:
    scenario = base("x-base", NOISE, *COLLAR)
    contract, terms = lay_out_contract(scenario), close(scenario).terms.deal.assets
    later = sum(contract.expected[q] * (1 + 0.105 / 12) ** -(q - 30) for q in range(30, 65))
    assert terms.workout.claim_gross[30] == pytest.approx(later, rel=1e-12)


def test_the_base_case_collars_the_mean_rate() -> None:
    """Model 13.9: every factor at its mean, and the contract applied to that."""
    scenario = base("x-base", NOISE, *COLLAR)
    assert scenario.lease_rate is not None
    ledger = run_base_case(close(scenario)).ledger
    mean, variance = log_moments(scenario.lease_rate, np.array([39 / 12]))
    rate = min(max(0.9 * float(np.exp(mean + variance / 2)[0]), 0.8), 1.6)
    assert ledger["rent"][40] == pytest.approx(500_000 * 730 * (0.4 * 1.30 + 0.6 * rate), rel=1e-12)


def test_rent_up_to_completion_reduces_the_uses_or_is_trapped() -> None:
    """Batches of months 0 to 4 owe 4 + 3 + 2 + 1 + 0 rents in arrears by month 4."""
    rent = 100_000 * 730 * 1.30
    uses, trap = close(base("x-base", *STAGGERED)), close(base("x-base", STAGGERED[0]))
    assert uses.table.prepaid_rent.tolist() == pytest.approx([0, rent, 2 * rent, 3 * rent, 4 * rent])
    assert not trap.table.prepaid_rent.any()
    assert trap.terms.deal.opening[TRAP] - uses.terms.deal.opening[TRAP] == pytest.approx(10 * rent)
    lease = trap.terms.deal.assets.lease
    assert np.flatnonzero(lease.returned).tolist() == [60, 61, 62, 63, 64]
    assert lease.units[[59, 60, 61, 64, 65 - 1]].tolist() == [500_000, 500_000, 400_000, 100_000, 100_000]


def test_early_rent_above_the_months_uses_is_refused() -> None:
    sets = [f"fleet.batch.{name}.delivery=0 months" for name in ("second", "third", "fourth", "fifth")]
    with pytest.raises(UserError, match="exceeds what is spent"):
        close(base("x-base", *STAGGERED, *sets, "capital.tranche.senior.tenor=48 months"))


def test_the_last_months_rent_is_paid_at_completion() -> None:
    plain = lay_out_contract(base("x-base"))
    paid = lay_out_contract(
        base("x-base", "lease.deposit.kind=prepaid_last", "lease.deposit.months=3 months")
    )
    assert not paid.expected[62:65].any()
    assert paid.early_rent[4] == pytest.approx(plain.expected[62:65].sum())
    assert paid.expected.sum() == pytest.approx(plain.expected.sum(), rel=1e-14)


@pytest.mark.parametrize("timing", ["arrears", "advance"])
def test_last_months_without_rent_move_no_earlier_ones(timing: str) -> None:
    """The rent of the last months is paid ahead, be it nothing: none is taken from months before them."""
    deposit = ("lease.deposit.kind=prepaid_last", "lease.deposit.months=3 months")
    free = (f"lease.timing={timing}", "lease.steps={'50 months' = '0x'}")
    scenario = base("x-base", *free)
    plain, paid = lay_out_contract(scenario), lay_out_contract(base("x-base", *free, *deposit))
    assert plain.expected.tolist() == paid.expected.tolist()
    assert paid.early_rent.tolist() == plain.early_rent.tolist()
    holds(run_paths(close(base("x-base", *free, *deposit)), 1))


@pytest.mark.parametrize("kind", ["cash", "letter_of_credit"])
def test_a_deposit_comes_off_the_claim(kind: str) -> None:
    default = "credit.default_month=29 months"
    secured = (f"lease.deposit.kind={kind}", "lease.deposit.months=6 months")
    with_it, without = (run_claim(base("x-base", default, *sets)) for sets in (secured, ()))
    size = 6 * 500_000 * 730 * 1.30
    assert with_it["deposit"] == pytest.approx(size)
    assert without["deposit"] == 0
    assert without["claim"] - with_it["claim"] == pytest.approx(0.20 * size)
    assert run_claim(base("x-base", *secured))["deposit"] == 0


def run_claim(scenario: Scenario) -> dict[str, float]:
    """Sums of a deal without noise."""
    rows = months_of(close(scenario), 0, 0, 1)
    return {name: float(np.nansum(rows[name])) for name in ("claim", "deposit", "rent")}


def test_the_implicit_rate_repays_the_hardware() -> None:
    months = np.arange(65)
    rents = np.where((months > 4) & (months <= 64), 100.0, 0.0)
    growth = 1 + 0.104 / 12
    cost = float(rents @ growth ** -(months - 4.0)) + 700.0 * growth**-60
    assert implicit_rate(rents, 4, cost, 700.0, 64) == pytest.approx(0.104, rel=1e-10)


def test_stipulated_loss_falls_from_the_cost_to_the_residual() -> None:
    scenario = base(
        "x-base",
        "lease.early_termination.month=30 months",
        "lease.early_termination.residual=15 %",
        "lease.implicit_rate=10.4 %",
        "lease.implicit_residual=15 %",
    )
    contract = lay_out_contract(scenario)
    values = stipulated_loss(scenario, contract.expected, 4, 64)
    assert values[4] == pytest.approx(20e9, rel=1e-12)
    assert values[64] == pytest.approx(3e9, rel=1e-12)
    ahead = values[4:64] * (1 + 0.104 / 12) - contract.expected[5:65]
    np.testing.assert_allclose(values[5:65], ahead, rtol=1e-11)


def test_mean_use_is_an_integral_of_the_logistic() -> None:
    for months in (1, 9, 60):
        mean, deviation = (float(part[0]) for part in logit_moments(USE, np.array([float(months)])))

        def used(z: float, least: float, at: tuple[float, float] = (mean, deviation)) -> float:
            level = 0.1 + 0.85 / (1 + math.exp(-(at[0] + at[1] * z)))
            return max(level, least) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

        for least, got in ((0.0, mean_utilisation(USE, 60)), (0.7, mean_billed(USE, 0.7, 60))):
            kink = [(math.log(0.6 / 0.25) - mean) / deviation]
            exact = quad(used, -9, 9, args=(least,), points=kink, limit=400)[0]
            assert got[months] == pytest.approx(exact, abs=1e-9)
    assert mean_billed(USE, 1.0, 3).tolist() == [1.0] * 4
    assert mean_utilisation(None, 2).tolist() == [1.0] * 3
