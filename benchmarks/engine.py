"""The engine on one thread against numpy's SFC64 drawing the same number of normals."""

from __future__ import annotations

from benchmarks.draws import NORMALS, count_normals
from benchmarks.row import Row, at_most, compare
from benchmarks.scenario import base_terms
from benchmarks.sfc64 import draw, make
from benchmarks.timing import interleave
from spv_sim.engine.columns import DealColumns
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.engine.summing import BLOCK

SEED = 0
NANO = 1e9


def measure(quick: bool) -> list[Row]:
    """Time per path-month, all months from closing to the grid's end counted, also those that are skipped.

    The engine's time holds everything of `run_chunk`: draws, market, deal, waterfall, identities, IRRs, sums.
    Processor time of the one thread (`thread_time`).
    """
    terms = base_terms()
    paths = BLOCK if quick else 4 * BLOCK
    months = terms.deal.last_month
    defaults = run_chunk(terms, SEED, 0, paths).columns[DealColumns._fields.index("lessee_default_month")]
    drawn = count_normals(terms, defaults, LANES)
    plain = paths * months * NORMALS
    generator, buffer = make()
    ours, theirs = interleave(
        lambda: run_chunk(terms, SEED, 0, paths),
        lambda: draw(generator, buffer, drawn),
        repetitions=3 if quick else 25,
    )
    ours = [NANO * seconds / (paths * months) for seconds in ours]
    theirs = [NANO * seconds / (paths * months) for seconds in theirs]
    all_months = [figure * plain / drawn for figure in theirs]
    told = f"the {drawn / paths:.1f} normals a path that it draws until the units are sold"
    model = f"the model's {plain // paths} normals a path; theirs scaled from the row above"
    return [
        compare("engine / SFC64 drawing the same normals", "ns/path-month", ours, theirs, at_most(0.6), told),
        compare(f"engine / SFC64 drawing {NORMALS} × months", "ns/path-month", ours, all_months, note=model),
    ]
