"""Several vehicles on one market: each is what it is alone, but for what ties it to the others."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from spv_sim.analysis.breach import IdentityError
from spv_sim.analysis.programme import paid_in_by, replay_vehicle, run_programme
from spv_sim.closing.close import close
from spv_sim.closing.programme import ClosedProgramme, close_programme
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.engine.layout import lay_out
from spv_sim.errors import UserError
from spv_sim.kernel.jit import PLAIN
from spv_sim.scenario.read import Loaded, read_text
from tests.cli.invoke import Shell

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASE = (SCENARIOS / "vci-h100.toml").read_text()
PATHS = 32 if PLAIN else 4096 + 100
SEED = 7

TWO = """
[spv.early]
{tie}
lease.payment_every = "1 month"
capital.tranche.senior.payment_every = "1 month"

[spv.late]
{tie}
grid.construction = "5 months"
fleet.batch.first.delivery = "5 months"
fleet.batch.first.unit_cost = "60,000 USD"
workout.mode = "liquidate"
"""


def loaded(tie: str = "", more: str = TWO) -> Loaded:
    return read_text(BASE + more.format(tie=tie))


def programme(of: Loaded) -> ClosedProgramme:
    return close_programme(of.scenario, {name: each.scenario for name, each in of.vehicles.items()})


def column(closed: ClosedProgramme, columns: np.ndarray, vehicle: str, name: str) -> np.ndarray:
    d = list(closed.vehicles).index(vehicle)
    first = lay_out(closed.terms.deals).columns[d]
    return columns[first + closed.vehicles[vehicle].columns.index(name)]


REFINANCED = """
[spv.late.capital.tranche.senior.refinance]
month = "23 months"
coupon = "8 %"
max_ltv = "100 %"
"""


@pytest.mark.parametrize("more", ["", REFINANCED], ids=["plain", "refinanced"])
def test_vehicles_without_ties_are_the_deals_alone_bit_for_bit(more: str) -> None:
    """Also one whose prices are scaled, that meets the default at its own rent dates, and is refinanced."""
    of = loaded(more=TWO + more)
    closed = programme(of)
    together, layout = run_chunk(closed.terms, SEED, 0, PATHS), lay_out(closed.terms.deals)
    for d, (name, each) in enumerate(closed.vehicles.items()):
        alone = run_chunk(close(of.vehicles[name].scenario).terms, SEED, 0, PATHS)
        own = together.columns[layout.columns[d] : layout.columns[d + 1]]
        scaled = closed.terms.deals[d].price_scale
        if scaled == 1.0:
            assert np.array_equal(own, alone.columns, equal_nan=True)
        else:  # the price is a product, not the exponential of a sum
            assert np.allclose(own, alone.columns, rtol=1e-9, atol=1e-9, equal_nan=True)
        months = each.terms.deal.last_month + 1
        sums = together.flow_sums[:, layout.investors[d] : layout.investors[d + 1], :months]
        assert np.allclose(sums, alone.flow_sums, rtol=1e-9, atol=each.terms.deal.tolerance)


@pytest.mark.skipif(PLAIN, reason="plain Python knows one lane")
def test_a_programme_does_not_depend_on_the_lanes() -> None:
    closed = programme(loaded("cross_default = true"))
    wide = run_chunk(closed.terms, SEED, 0, 600, LANES)
    narrow = run_chunk(closed.terms, SEED, 0, 600, 8 if LANES != 8 else 1)
    assert np.array_equal(wide.columns, narrow.columns, equal_nan=True)
    assert np.array_equal(wide.flow_sums, narrow.flow_sums)


def test_27_an_event_of_default_is_one_of_all_tied_vehicles_a_month_later() -> None:
    """Edge case 27: flags raised in a month act in the next, whatever the order of the vehicles."""
    tied, free = programme(loaded("cross_default = true")), programme(loaded())
    with_ties, without = run_chunk(tied.terms, SEED, 0, PATHS), run_chunk(free.terms, SEED, 0, PATHS)
    name = "senior.event_of_default_month"
    own = np.stack([column(free, without.columns, each, name) for each in free.vehicles])
    first = own.min(axis=0)
    checked = 0
    for row, vehicle in enumerate(tied.vehicles):
        found = column(tied, with_ties.columns, vehicle, name)
        hit = np.isfinite(first)
        assert np.isinf(found[~hit]).all()
        # It begins when the vehicle's own does, or on the first payment date from the month after the first.
        assert (found[hit] <= own[row][hit]).all()
        assert (found[hit] >= np.minimum(own[row], first + 1)[hit]).all()
        every = tied.terms.deals[row].payment_every
        assert (
            found[hit] <= np.maximum(first + 1, tied.terms.deals[row].completion + 1)[hit] + every - 1
        ).all()
        checked += int((found < own[row])[hit].sum())
    assert checked > 0


def test_equity_of_all_vehicles_is_one_holding() -> None:
    waits = BASE.replace('clock = "closing"', 'clock = "closing"\ndraw_stop = false')
    closed = programme(read_text(waits + TWO.format(tie="")))
    done = run_programme(closed, PATHS, SEED, 10**6)
    npv = sum(each.estimates["equity.npv"].value for each in done.vehicles.values())
    assert done.estimates["programme.equity.npv"].value == pytest.approx(npv, rel=1e-9)
    paid = [deal.equity.contributed for deal in closed.terms.deals]
    moic = [each.estimates["equity.moic"].value for each in done.vehicles.values()]
    expected = float(np.dot(paid, moic)) / sum(paid)
    assert done.estimates["programme.equity.moic"].value == pytest.approx(expected, rel=1e-9)
    rates = done.collected.columns["programme.equity_irr"]
    parts = np.stack([each.collected.columns["equity.irr"] for each in done.vehicles.values()])
    inside = (rates >= parts.min(axis=0) - 1e-9) & (rates <= parts.max(axis=0) + 1e-9)
    one_rate = done.collected.columns["programme.equity_irr_flag"] == 0.0
    assert inside[one_rate].all()
    assert one_rate.mean() > 0.9


def test_a_replay_of_a_vehicle_is_its_path_of_the_run() -> None:
    closed = programme(loaded("cross_default = true"))
    ran = run_chunk(closed.terms, SEED, 0, 64)
    name = "senior.loss"
    for path in (0, 17, 63):
        replay = replay_vehicle(closed, "late", path, SEED)
        assert replay.columns[name] == column(closed, ran.columns, "late", name)[path]
        deal = closed.terms.deals[1]
        own = {key: np.array([replay.columns[key]]) for key in ("equity.cures", "lessee.default_month")}
        stopped = replay.columns["lessee.default_month"] <= deal.completion
        first = 0.0 if stopped else deal.equity.distributed_at_completion
        multiple = (replay.months["dist"].sum() + first) / paid_in_by(deal, own)[0]
        assert replay.columns["equity.moic"] == pytest.approx(multiple, rel=1e-12)


@pytest.mark.parametrize(
    ("own", "place", "message"),
    [
        ('fleet.batch.first.unit = "1"', "unit", "unit"),
        ('capital.tranche.senior.coupon = "-1 %"', "coupon", "spv.odd: capital.tranche.senior.coupon"),
        ('gpu_price.scrap_value = "1 USD"', "gpu_price", "gpu_price"),
    ],
)
def test_faults_of_a_vehicle_are_told_with_their_place(own: str, place: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as fault:
        loaded(more=f"\n[spv.odd]\n{own}\n")
    problem = fault.value.problems[0]
    assert place in (problem.source or "")


def test_one_lessee_has_one_clock() -> None:
    of = read_text(BASE.replace('clock = "closing"', 'clock = "cod"') + TWO.format(tie=""))
    with pytest.raises(UserError, match=r"spv.late.grid.construction: the default curve counts from COD"):
        programme(of)


def test_a_default_stops_the_draws_of_the_vehicle_that_is_not_complete() -> None:
    """The late vehicle meets it in its own month; the early one at its next rent, as it would alone."""
    closed = programme(loaded())
    assert [deal.stop.in_use for deal in closed.terms.deals] == [False, True]
    ran = run_chunk(closed.terms, SEED, 0, PATHS)
    late, early = (column(closed, ran.columns, name, "lessee.default_month") for name in ("late", "early"))
    stopped = late <= 5
    assert set(late[stopped]) <= {1, 2, 3, 4, 5}
    assert stopped.any()
    np.testing.assert_array_equal(early[stopped], late[stopped])
    assert max(column(closed, ran.columns, name, "spv.breach").max() for name in closed.vehicles) <= 1e-9
    own = {
        name: column(closed, ran.columns, "late", name) for name in ("equity.cures", "lessee.default_month")
    }
    paid = paid_in_by(closed.terms.deals[1], own)
    assert (paid[stopped] < closed.terms.deals[1].equity.contributed).any()
    path = int(np.flatnonzero(stopped)[0])
    replay = replay_vehicle(closed, "late", path, SEED)
    month = int(late[path])
    assert (replay.series["equity_cf"][month:6] == 0).all()
    back = replay.series["equity_cf"][6:].sum() / paid[path]
    assert column(closed, ran.columns, "late", "equity.moic")[path] == pytest.approx(back, rel=1e-12)


@pytest.mark.parametrize(
    ("early", "late", "sound"),
    [
        ('fleet.casualty = {{rate = "0.1 /year", loss = "20 %"}}', "", True),
        ("", 'fleet.casualty = {{rate = "0.1 /year", loss = "20 %"}}', False),
        ("", 'fleet.failures.annual_rate = "5 %"', False),
    ],
)
def test_units_of_all_vehicles_fail_alike(early: str, late: str, sound: bool) -> None:
    """Failures and casualties are those of the vehicle that is complete first, for all that have any."""
    more = TWO.replace("[spv.early]", f"[spv.early]\n{early}").replace("[spv.late]", f"[spv.late]\n{late}")
    of = loaded(more=more)
    if sound:
        assert [deal.assets.fleet.suffers for deal in programme(of).terms.deals] == [True, False]
        return
    with pytest.raises(UserError, match=r"spv.late.fleet: failures and casualties come from one market"):
        programme(of)


def test_the_command_writes_a_folder_of_each_vehicle(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "two.toml"
    file.write_text(BASE + TWO.format(tie="cross_default = true"))
    out = tmp_path / "out"
    done = Shell(capsys)("run", file, "--paths", 64, "--no-report", "-o", out)
    assert done.status == 0, done.err
    document = json.loads((out / "run.json").read_text())
    assert list(document["vehicles"]) == ["early", "late"]
    for of in document["vehicles"].values():
        own = json.loads((out / of["folder"] / "run.json").read_text())
        assert own["metrics"]["equity.moic"] == of["metrics"]["equity.moic"]
    assert "together" in done.out
    assert "P(all vehicles in default)" in done.out
    replayed = Shell(capsys)("replay", file, 3, "--spv", "late")
    assert replayed.status == 0, replayed.err
    assert "late" in replayed.out
    assert Shell(capsys)("replay", file, 3).status == 2
    assert Shell(capsys)("solve", file, "--vary", "lease.rate", "--target", "equity.irr=10%").status == 2


def test_the_page_of_all_links_to_that_of_each(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(BASE + TWO.format(tie="cross_default = true"))
    out = tmp_path / "out"
    done = Shell(capsys)("run", file, "--paths", 32, "-o", out)
    assert done.status == 0, done.err
    assert "with report.html and a folder of each vehicle" in done.out
    text = (out / "report.html").read_text()
    links = re.findall(r'href="([^"#]+)"', text)
    assert links == ["1-early/report.html", "2-late/report.html"]
    assert all((out / link).is_file() for link in links)
    shares = json.loads((out / "run.json").read_text())["shares"]
    assert list(shares) == ["equity", "debt"]
    assert all(list(of) == ["early", "late"] for of in shares.values())
    told = [of["variance_share"]["value"] for of in shares["equity"].values()]
    assert sum(told) == pytest.approx(1.0, abs=1e-9)
    assert sorted(each.name for each in (out / "charts").iterdir())[0] == "01-vehicle-returns.svg"


def test_a_broken_identity_names_the_vehicle_and_the_command_that_shows_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(violations: np.ndarray, first_path: int | None) -> None:
        if first_path is not None:
            raise IdentityError(first_path + 5, 1e-3)

    monkeypatch.setattr("spv_sim.analysis.simulation.refuse_breach", refuse)
    file = tmp_path / "two.toml"
    file.write_text(BASE + TWO.format(tie=""))
    done = Shell(capsys)("run", file, "--paths", 16, "--no-report", "-o", tmp_path / "out")
    assert done.status == 70
    assert "path 5 --spv early" in done.err.replace(f"{file} 5", "path 5")


def test_a_vehicle_shows_what_its_lessee_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    file = tmp_path / "scenarios" / "two.toml"
    (tmp_path / "pyproject.toml").touch()
    file.write_text('extends = "valor-2.toml"\n[spv.one]\n[spv.two]\naccounts.interest_rate = "1 %"\n')
    done = Shell(capsys)("run", file, "--paths", 16, "--no-report", "-o", tmp_path / "out")
    assert done.status == 0, done.err
    own = json.loads((tmp_path / "out" / "1-one" / "run.json").read_text())
    assert own["filed"]["rate"] > 0
    assert "deal.published is of one deal" in done.err
