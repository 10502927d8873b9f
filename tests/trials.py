"""Proves the identities of the model on many random deals: `python -m tests.trials --count 10000 --seed 1`.

Deals and programmes are drawn over the whole schema in slices that depend on the seed alone. With a journal
each finished slice is a line of it, so that a trial that was cut off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from spv_sim.closing.close import Closed, close
from spv_sim.closing.programme import ClosedProgramme, close_programme
from spv_sim.engine.block import run_block
from spv_sim.errors import UserError
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import Loaded, read_text
from tests.early_defaults import as_planned
from tests.identities import EXACT
from tests.identities_lease import IDENTITIES
from tests.identities_programme import ACROSS
from tests.paths import Paths, run_paths, run_vehicles
from tests.strategies import Document, write_toml
from tests.strategies.programmes import programmes
from tests.strategies.whole import documents

SLICE = 100
"""Documents drawn for one slice; those that cannot close do not count."""

PROGRAMMES = 8
"""The last of so many slices is of programmes."""

OF_FLOWS = "flows"
"""The identity of the sums over all paths."""

JUDGED_BY_ENGINE = "engine"
"""What the engine says of itself, beside the identities that are told from outside."""


@dataclass
class Slice:
    """What a slice of a trial found.

    refused : scenarios that cannot close, by the code of the first fault.
    worst : largest residual of each identity, as a share of the total uses.
    failures : identity -> the file of a scenario that breaks it.
    """

    seed: int
    number: int
    paths: int = 0
    scenarios: int = 0
    path_months: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    worst: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def judge(ran: Paths) -> dict[str, float]:
    """Largest residual of each identity on some paths of a deal.

    Of paths that default before completion what holds of their flows, and what the engine says itself.
    """
    planned = as_planned(ran)
    found = {name: 0.0 if planned is None else identity(planned) for name, identity in IDENTITIES.items()}
    found |= {OF_FLOWS: IDENTITIES[OF_FLOWS](ran)}
    return found | {JUDGED_BY_ENGINE: float(ran.columns["spv.breach"].max())}


def residuals(closed: Closed, paths: int) -> tuple[dict[str, float], int]:
    """Largest residual of each identity on the first paths of a deal, and months run on all of them."""
    ran = run_paths(closed, paths)
    return judge(ran), ran.ledger["rent"].size


def residuals_of_all(
    programme: Scenario, closed: ClosedProgramme, paths: int
) -> tuple[dict[str, float], int]:
    """The same of a programme: the worst vehicle, and what holds between vehicles."""
    ran = run_vehicles(closed, programme.monte_carlo.seed, paths)
    each = [judge(vehicle) for vehicle in ran.values()]
    found = {name: max(own[name] for own in each) for name in each[0]}
    found |= {name: identity(programme, ran) for name, identity in ACROSS.items()}
    return found, sum(vehicle.ledger["rent"].size for vehicle in ran.values())


def close_loaded(loaded: Loaded) -> Closed | ClosedProgramme:
    """The closed deal or programme of a scenario."""
    if not loaded.vehicles:
        return close(loaded.scenario)
    return close_programme(loaded.scenario, {name: own.scenario for name, own in loaded.vehicles.items()})


def try_deal(document: Document, found: Slice) -> Iterator[str]:
    """Close and run one deal into the slice; names of what fails."""
    loaded = read_text("\n".join(write_toml(document)))
    try:
        closed = close_loaded(loaded)
    except UserError as fault:
        code = fault.problems[0].code
        found.refused[code] = found.refused.get(code, 0) + 1
        if not all(problem.key for problem in fault.problems):
            yield "refused without a key"
        return
    found.scenarios += 1
    if isinstance(closed, ClosedProgramme):
        values, months = residuals_of_all(loaded.scenario, closed, found.paths)
    else:
        values, months = residuals(closed, found.paths)
    found.path_months += months
    for name, value in values.items():
        found.worst[name] = max(found.worst.get(name, 0.0), value)
        if not value <= EXACT:
            yield name


def run_slice(seed: int, number: int, paths: int, draws: int, folder: Path | None = None) -> Slice:
    """One slice of a trial; scenarios that fail are written into the folder."""
    found = Slice(seed, number, paths)

    @seeded(seed * 1_000_003 + number)
    @settings(
        max_examples=draws,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents() if (number + 1) % PROGRAMMES else programmes())
    def try_one(document: Document) -> None:
        try:
            failed = list(try_deal(document, found))
        except Exception as fault:
            failed = [f"raises {type(fault).__name__}"]
        for name in failed:
            file = ""
            if folder is not None:
                path = folder / f"{name.replace(' ', '-')}-{seed}-{number}-{found.scenarios}.toml"
                path.write_text("\n".join(write_toml(document)) + "\n")
                file = str(path)
            found.failures.setdefault(name, file)

    try_one()
    return found


def read_journal(journal: Path | None, seed: int, paths: int) -> list[Slice]:
    """Slices of the same trial that are done already."""
    if journal is None or not journal.exists():
        return []
    done = [Slice(**json.loads(line)) for line in journal.read_text().splitlines()]
    return [found for found in done if found.seed == seed and found.paths == paths]


def run_trial(
    count: int, seed: int, paths: int, journal: Path | None = None, draws: int = SLICE
) -> list[Slice]:
    """Slices until so many scenarios have closed and run."""
    done = read_journal(journal, seed, paths)
    while sum(found.scenarios for found in done) < count:
        number = max((found.number for found in done), default=-1) + 1
        done.append(run_slice(seed, number, paths, draws, journal.parent if journal else None))
        if journal is not None:
            with journal.open("a") as file:
                file.write(json.dumps(asdict(done[-1])) + "\n")
        total = sum(found.scenarios for found in done)
        print(f"{total} of {count} scenarios", file=sys.stderr, flush=True)
    return done


def report(done: list[Slice], before: int = 0) -> tuple[list[str], bool]:
    """The outcome in lines, and whether all holds; `before`: compilations that the process had already."""
    compilations = len(run_block.signatures) - before
    refused: Counter[str] = sum((Counter(found.refused) for found in done), Counter())
    lines = [
        f"{sum(found.scenarios for found in done)} scenarios closed and ran, "
        f"{sum(found.scenarios * found.paths for found in done)} paths, "
        f"{sum(found.path_months for found in done)} path-months",
        f"{refused.total()} scenarios cannot close: "
        + (", ".join(f"{code} {n}" for code, n in refused.most_common()) or "-"),
        f"{compilations} compilation of the kernel for them in this process",
        "",
        f"{'identity':<10} {'worst residual':>15}  share of total uses, allowed {EXACT:.0e}",
    ]
    for name in (*IDENTITIES, JUDGED_BY_ENGINE, *ACROSS):
        worst = max(found.worst.get(name, 0.0) for found in done)
        lines.append(f"{name:<10} {worst:>15.1e}  {'holds' if worst <= EXACT else 'FAILS'}")
    failures: dict[str, Any] = {}
    for found in done:
        for name, file in found.failures.items():
            failures.setdefault(name, []).append(file)
    for name, files in failures.items():
        lines.append(f"{name}: {len(files)} slices, such as {files[0]}")
    return lines, not failures and compilations <= 1


def main() -> int:
    """Run a trial as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="scenarios that close and run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--paths", type=int, default=32, help="paths of each scenario")
    parser.add_argument("--journal", type=Path, help="file of finished slices, for going on later")
    words = parser.parse_args()
    warnings.simplefilter("error")
    lines, holds = report(run_trial(words.count, words.seed, words.paths, words.journal))
    print("\n".join(lines))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
