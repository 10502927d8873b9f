"""Writes the figures and the page of a run into its folder."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spv_sim.report.chart import Chart
from spv_sim.report.figures.capital import sources_and_uses
from spv_sim.report.figures.cash_flow import cash_flow_fan
from spv_sim.report.figures.checks import convergence, lessee_survival
from spv_sim.report.figures.collateral import collateral_fan
from spv_sim.report.figures.cover import cover_fan
from spv_sim.report.figures.joint_defaults import joint_defaults
from spv_sim.report.figures.lender_loss import lender_loss
from spv_sim.report.figures.loss_shares import loss_shares
from spv_sim.report.figures.returns import equity_returns
from spv_sim.report.figures.stakes import stakes
from spv_sim.report.figures.tranche_losses import tranche_losses
from spv_sim.report.figures.vehicle_returns import vehicle_returns
from spv_sim.report.figures.vehicle_shares import vehicle_shares
from spv_sim.report.material import Material
from spv_sim.report.page import page
from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.programme_page import programme_page
from spv_sim.report.sweep_page import draw_sweep, sweep_page
from spv_sim.store.files import write_file

FIGURES = (
    sources_and_uses,
    cash_flow_fan,
    cover_fan,
    equity_returns,
    lender_loss,
    tranche_losses,
    collateral_fan,
    loss_shares,
    stakes,
    lessee_survival,
    convergence,
)
OF_PROGRAMME = (vehicle_returns, vehicle_shares, joint_defaults)
"""Figures of a programme, in the order of its page."""

PAGE = "report.html"
CHARTS = "charts"


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Hold back the garbage collector: the library's many small cycles cost it a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def draw(run: dict[str, Any], material: Material) -> list[Chart]:
    """Every figure that the run has the numbers for, in the order of the report."""
    return [chart for figure in FIGURES if (chart := figure(run, material)) is not None]


def write_programme(run: dict[str, Any], material: ProgrammeMaterial, folder: Path) -> list[Path]:
    """Write the figures and the page of a programme as new files, as `write` does those of a deal.

    Parameters
    ----------
    run : the programme's document, schema `spv-sim/programme@1`.
    material : the arrays behind the figures.
    """
    target = folder / CHARTS
    target.mkdir()
    with _no_collection():
        charts = [chart for figure in OF_PROGRAMME if (chart := figure(run, material)) is not None]
    return _publish(charts, target, folder / PAGE, programme_page(run, charts))


def write_sweep(document: dict[str, Any], folder: Path) -> list[Path]:
    """Write the figures and the page of a sweep as new files, as `write` does those of a deal.

    Parameters
    ----------
    document : schema `spv-sim/sweep@1`.
    """
    target = folder / CHARTS
    target.mkdir()
    with _no_collection():
        charts = draw_sweep(document)
    return _publish(charts, target, folder / PAGE, sweep_page(document, charts))


def write(run: dict[str, Any], material: Material, folder: Path) -> list[Path]:
    """Write `charts/NN-name.svg` and `report.html` as new files, and return their paths.

    Parameters
    ----------
    run : the run document, schema `spv-sim/run@1`.
    material : the arrays behind the figures.
    folder : an existing folder without these files, usually one that is being staged.

    Raises
    ------
    OSError : a file exists already or cannot be written.
    """
    target = folder / CHARTS
    target.mkdir()  # first, so that a folder in use is found before any drawing
    with _no_collection():
        charts = draw(run, material)
    return _publish(charts, target, folder / PAGE, page(run, charts, material.tranches))


def _publish(charts: Sequence[Chart], target: Path, whole: Path, text: str) -> list[Path]:
    files = [target / f"{number:02d}-{chart.name}.svg" for number, chart in enumerate(charts, 1)]
    for path, chart in zip(files, charts, strict=True):
        write_file(path, chart.svg)
    write_file(whole, text)
    return [*files, whole]
