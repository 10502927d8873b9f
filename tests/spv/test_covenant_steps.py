"""What failing tests do to the steps of the waterfall: sweeps in bands, and payments that they block."""

from __future__ import annotations

import numpy as np
import pytest

from tests.closing.deals import GOLDEN
from tests.edge_cases.deal_x import replay

Y = GOLDEN / "y1.toml"
SHOCK = "lease.holiday.shock={start = '9 months', end = '14 months', paid = '75 %'}"
OFF = "capital.tranche.senior.lock_up_dscr=0.01"
SWEEP = "capital.tranche.senior.cash_sweep={}"


def band(name: str, level: float, share: str) -> str:
    """A sweep while cover of the date is below the level."""
    then = f"consequence = 'sweep', sweep = '{share}'"
    return f"capital.covenant.{name}={{ kind = 'dscr', level = {level}, {then} }}"


def test_a_sweep_follows_its_bands() -> None:
    """Of the cash behind the mezzanine: 20 % always, 60 % below 1.5x, all of it below 1.2x."""
    less = "lease.holiday.less={start = '15 months', end = '18 months', paid = '85 %'}"
    sets = (OFF, SHOCK, less, SWEEP.format("20 %"), band("low", 1.5, "60 %"), band("lower", 1.2, "100 %"))
    months = replay(*sets, file=Y).months
    dscr, paid = months["dscr"], months["senior.prepaid"]
    share = np.where(dscr < 1.2, 1.0, np.where(dscr < 1.5, 0.6, 0.2))
    cash = paid + months["dist"] - np.concatenate(([0.0], months["trap"][:-1]))
    swept = (months["D"] > 0) & (np.arange(len(dscr)) > 0) & (months["k"] < months["k"][-1])
    assert {0.2, 0.6, 1.0} == set(share[swept].tolist())
    np.testing.assert_allclose(paid[swept], (share * cash)[swept], rtol=1e-9, atol=21.0)


def test_a_sweep_locks_nothing_up() -> None:
    months = replay(OFF, SHOCK, band("low", 1.5, "50 %"), file=Y).months
    failing = months["covenant.low.fails"] > 0
    assert failing.any()
    assert not months["locked"].any()
    assert (months["dist"][failing] > 0).all()


def test_a_sweep_may_look_at_the_collateral() -> None:
    """All cash repays the debt while it is above 55 % of the price of the units."""
    sweep = "capital.covenant.cash={ kind = 'ltv', level = '55 %', consequence = 'sweep' }"
    path = replay(OFF, SWEEP.format("0 %"), sweep, file=Y)
    months = path.months
    failing = months["covenant.cash.fails"] > 0
    assert failing.any()
    assert not failing.all()
    held = np.concatenate(([0.0], months["trap"][:-1]))  # of the month of completion
    np.testing.assert_allclose(months["dist"][failing], held[failing], atol=21.0)
    assert (months["senior.prepaid"][failing] > 0).all()
    assert path.columns["spv.breach"] <= 1e-9


def test_mezzanine_waits_while_the_senior_test_fails() -> None:
    """Its interest becomes arrears, which are paid once the test passes; until then equity gets nothing."""
    block = "capital.covenant.block={ kind = 'dscr', level = 1.3, blocks_junior = true }"
    path, plain = (replay(OFF, SHOCK, *sets, file=Y) for sets in ((block,), ()))
    months = path.months
    failing = months["covenant.block.fails"] > 0
    assert failing.sum() == 6
    assert not months["mezz.interest_paid"][failing].any()
    assert plain.months["mezz.interest_paid"][failing].all()
    assert not months["dist"][failing].any()
    # What waits in the trap is not the mezzanine's, whose arrears are paid out of cash (model R7).
    first = int(np.flatnonzero(failing)[-1]) + 1
    assert months["mezz.interest_arrears"][first - 1] > 0
    owed = sum(months[f"mezz.{part}"][first] for part in ("interest_due", "principal_due"))
    paid = sum(months[f"mezz.{part}"][first] for part in ("interest_paid", "principal_paid"))
    assert 0 < paid <= owed
    assert path.columns["mezz.loss"] == plain.columns["mezz.loss"] == 0
    assert path.columns["spv.breach"] <= 1e-9


def test_a_block_lets_the_senior_sweep_take_the_cash() -> None:
    block = "capital.covenant.block={ kind = 'dscr', level = 1.3, blocks_junior = true }"
    path = replay(OFF, SHOCK, SWEEP.format("100 %"), block, file=Y)
    months = path.months
    failing = months["covenant.block.fails"] > 0
    assert (months["senior.prepaid"][failing] > 0).all()
    assert path.columns["spv.breach"] <= 1e-9


@pytest.mark.parametrize("name", ["senior", "mezz"])
def test_an_excess_of_the_whole_debt_repays_the_first_rank_first(name: str) -> None:
    """Tested down to the mezzanine, the senior tranche is repaid before the mezzanine is touched."""
    value = "capital.covenant.value={ kind = 'ltv', level = ['85 %', '60 %'], equity_cures = 9, "
    value += f"tranche = '{name}' }}"
    path = replay(OFF, SWEEP.format("0 %"), value, file=Y)
    months = path.months
    parts = [months[f"covenant.value.cured_{part}"] for part in ("from_trap", "from_cash", "by_equity")]
    cured = np.nan_to_num(sum(parts))
    assert (cured > 0).any()
    np.testing.assert_allclose(months["senior.prepaid"] + months["mezz.prepaid"], cured, atol=21.0)
    touched = months["mezz.prepaid"] > 0
    assert (months["D"][touched] == 0).all()
    if name == "senior":
        assert not touched.any()
    after = months["covenant.value.measured"][(cured > 0) & (months["D"] > 0)]
    level = months["covenant.value.level"][(cured > 0) & (months["D"] > 0)]
    np.testing.assert_allclose(after, level, rtol=1e-9)
    assert path.columns["spv.breach"] <= 1e-9


def test_nothing_is_held_back_from_mezzanine_on_the_last_date() -> None:
    """A test that always fails keeps all cash behind the senior debt until then, and no longer."""
    block = "capital.covenant.block={ kind = 'dscr', level = 9, blocks_junior = true }"
    to_the_end = ("capital.tranche.senior.tenor=54 months", "lease.timing=arrears")
    path = replay(OFF, SWEEP.format("0 %"), block, *to_the_end, file=Y)
    months = path.months
    owed = months["mezz.interest_due"][-1] + months["mezz.principal_due"][-1]
    assert not months["mezz.interest_paid"][:-1].any()
    assert months["covenant.block.fails"][-1] == 1
    assert months["mezz.interest_paid"][-1] + months["mezz.principal_paid"][-1] == pytest.approx(owed)
    assert months["dist"][-1] > 0
    assert months["trap"][-1] == 0
    assert path.columns["mezz.loss"] == 0
    assert path.columns["spv.breach"] <= 1e-9
