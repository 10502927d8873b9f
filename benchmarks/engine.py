"""The engine on one thread against numpy's SFC64 drawing the same number of normals."""

from __future__ import annotations

from benchmarks.draws import count_normals, normals_of
from benchmarks.row import Row, at_most, compare
from benchmarks.scenario import base_deal, core_deal
from benchmarks.sfc64 import draw, make
from spv_sim.bench.timing import interleave
from spv_sim.engine.columns import DealColumns
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.engine.summing import BLOCK
from spv_sim.engine.terms import Terms

SEED = 0
NANO = 1e9
UNIT = "ns/path-month"


def measure(quick: bool) -> list[Row]:
    """Time per path-month, all months from closing to the grid's end counted, also those that are skipped.

    The engine's time holds everything of `run_chunk`: draws, market, deal, waterfall, identities, IRRs, sums.
    Processor time of the one thread (`thread_time`).
    """
    base = rows_of(base_deal().terms, "engine", quick, with_all=True)
    return base + rows_of(core_deal().terms, "engine, core model", quick, with_all=False)


def rows_of(terms: Terms, name: str, quick: bool, with_all: bool) -> list[Row]:
    """Of one scenario, against the normals that it draws; and, if asked for, against those of all months."""
    paths = BLOCK if quick else 4 * BLOCK
    months, normals = terms.deal.last_month, normals_of(terms)
    defaults = run_chunk(terms, SEED, 0, paths).columns[DealColumns._fields.index("lessee_default_month")]
    drawn = count_normals(terms, defaults, LANES)
    plain = paths * months * normals
    generator, buffer = make()
    ours, theirs = interleave(
        lambda: run_chunk(terms, SEED, 0, paths),
        lambda: draw(generator, buffer, drawn),
        repetitions=3 if quick else 25,
    )
    ours = [NANO * seconds / (paths * months) for seconds in ours]
    theirs = [NANO * seconds / (paths * months) for seconds in theirs]
    all_months = [figure * plain / drawn for figure in theirs]
    told = (
        f"the {drawn / paths:.1f} normals a path, {normals} a month, that it draws until the units are sold"
    )
    model = f"the model's {plain // paths} normals a path; theirs scaled from the row above"
    rows = [compare(f"{name} / SFC64 drawing the same normals", UNIT, ours, theirs, at_most(0.6), told)]
    if with_all:
        rows.append(compare(f"{name} / SFC64 drawing {normals} × months", UNIT, ours, all_months, note=model))
    return rows
