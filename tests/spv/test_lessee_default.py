"""What a default leaves on random paths: every dollar of rent is paid, waived, owed or claimed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.kernel.jit import PLAIN
from spv_sim.spv.lease_phase import is_legal
from spv_sim.spv.lessee_default import ASSUMED, REINSTATED, REJECTED, RENEGOTIATED
from tests.closing.deals import base
from tests.identities_lease import holds
from tests.months import months_of
from tests.paths import run_paths

PATHS = 16 if PLAIN else 512
WIDTH = 1 if PLAIN else LANES
CAP, USD = 8e8, 20.0
OUTCOME = "credit.outcome"
SETS = (
    *("gpu_price.volatility=35 %/sqrt(year)", "lease_rate.volatility=40 %/sqrt(year)"),
    *("credit.hazard=25 %/year", "grid.tail=24 months", "capital.debt_share=30 %"),
    *("lease.deposit.kind=cash", "lease.deposit.months=1 month", "workout.claim_recovery=40 %"),
    *(f"credit.guarantor.cap={CAP:.0f} USD", "credit.guarantor.hazard=10 %/year"),
    *("credit.guarantor.correlation=0.5", f"{OUTCOME}.market_premium=-30 %"),
    *(f"{OUTCOME}.reinstate=25 %", f"{OUTCOME}.assume=25 %", f"{OUTCOME}.renegotiate=25 %"),
)
PAID = ("rent", "arrears", "deposit", "support")


@pytest.fixture(scope="module")
def closed() -> Closed:
    return close(base("x-base", *SETS))


@pytest.fixture(scope="module")
def columns(closed: Closed) -> dict[str, NDArray[np.float64]]:
    found = run_chunk(closed.terms, 5, 0, PATHS, WIDTH).columns
    return dict(zip(column_names(closed.tranches), found, strict=True))


@pytest.fixture(scope="module")
def ledger(closed: Closed) -> dict[str, NDArray[np.float64]]:
    return months_of(closed, 5, 0, PATHS, WIDTH)


def since_default(rows: NDArray[np.float64], month: float, path: int) -> float:
    return float(np.nansum(rows[int(month) :, path]))


def test_rent_is_paid_waived_or_claimed(
    closed: Closed, columns: dict[str, NDArray[np.float64]], ledger: dict[str, NDArray[np.float64]]
) -> None:
    """Model I9, from the months of the ledger; what a cure leaves unpaid only a new rate may waive."""
    assert columns["spv.breach"].max() <= 1e-9
    met = dict.fromkeys((0, REINSTATED, ASSUMED, RENEGOTIATED, REJECTED), 0)
    claims = closed.terms.deal.assets.workout.claim_gross
    for path, (month, outcome) in enumerate(
        zip(columns["lessee.default_month"], columns["lessee.outcome"], strict=True)
    ):
        met[int(outcome)] += 1
        if not outcome:
            assert math.isinf(month)
            continue
        due = since_default(ledger["rent_due"], month, path)
        paid = {name: since_default(ledger[name], month, path) for name in (*PAID, "claim")}
        assert paid["support"] <= CAP * (1 + 1e-12)
        assert columns["lessee.guarantor_paid"][path] == pytest.approx(paid["support"], rel=1e-12)
        assert columns["lessee.recovery"][path] == pytest.approx(sum(paid.values()) / due, rel=1e-9)
        if outcome == REJECTED:
            assert paid["rent"] == paid["arrears"] == 0
            assert paid["deposit"] + paid["support"] + paid["claim"] <= claims[int(month)] + USD
        elif outcome == RENEGOTIATED:
            assert sum(paid.values()) <= due + USD
        else:
            assert sum(paid.values()) == pytest.approx(due, rel=1e-9)
    assert min(met.values()) > 0


def test_months_that_paths_share_are_those_of_each_path_alone(
    closed: Closed, columns: dict[str, NDArray[np.float64]]
) -> None:
    """Ten paths by themselves, at another width."""
    for path in range(0, PATHS, PATHS // 10):
        alone = run_chunk(closed.terms, 5, path, 1, 1 if PLAIN else 8).columns[:, 0]
        for name, value in zip(column_names(closed.tranches), alone, strict=True):
            np.testing.assert_array_equal(value, columns[name][path], err_msg=f"{path} {name}")


def test_only_the_model_s_ways_lead_from_phase_to_phase() -> None:
    """Model 9.5: a default once, a cure back, and from a rejection on to the sale."""
    ways = {
        (before, after, defaults, cures)
        for before in range(7)
        for after in range(7)
        for defaults in (False, True)
        for cures in (False, True)
        if is_legal(float(before), float(after), defaults, cures)
    }
    moves = {(before, after) for before, after, _, _ in ways if before != after}
    assert moves == {
        *((0, after) for after in range(1, 7)),
        *((1, 0), (2, 0)),
        *((3, 4), (3, 5), (3, 6), (4, 6), (5, 6)),
    }
    assert all(defaults for before, after, defaults, _ in ways if before == 0 != after)
    assert all(cures for before, after, _, cures in ways if after == 0 != before)


@pytest.mark.parametrize("tail", [24, 2])
def test_talks_that_outlast_the_units_end_at_the_market_of_their_month(tail: int) -> None:
    """Of a renewal that ends in month 70 the rate is agreed on later, at last in the deal's last month.

    The run without a ledger takes no price from the market but where something settles on it.
    """
    hazard = [*["0 %/year"] * 5, "500 %/year"]
    sets = (
        *(f"credit.hazard={hazard}", f"grid.tail={tail} months", "capital.debt_share=30 %"),
        *(f"{OUTCOME}.renegotiate=100 %", f"{OUTCOME}.negotiation_months=6 months"),
        *("lease.end_of_term.renewal_months=6 months", "lease_rate.volatility=60 %/sqrt(year)"),
    )
    paths = run_paths(close(base("x-base", *sets)), PATHS, WIDTH)
    default, arrears = paths.ledger["default_month"][-1], paths.ledger["arrears"]
    late = (default > 65) & (default <= 70)
    assert late.any()
    agreed = np.minimum(default[late] + 6, paths.months[-1, 0])
    assert (paths.months[arrears[:, late].argmax(axis=0), 0] == agreed).all()
    assert len(np.unique(arrears[:, late].max(axis=0))) == late.sum()
    holds(paths)
