"""Reads a scenario: a file, its parents and the overrides of the command line become one checked model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from pydantic import ValidationError

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.catalogue import settings_of, show
from spv_sim.scenario.chain import extended, stack_files
from spv_sim.scenario.checks import Breach, Tables, check_alternatives
from spv_sim.scenario.faults import explain_faults
from spv_sim.scenario.locate import Path
from spv_sim.scenario.merge import Merged, assign, merge, read_assignment
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.origins import Origin, Setting, resolve, trace
from spv_sim.scenario.rules_accounts import check_accounts
from spv_sim.scenario.rules_capital import check_contingent_equity, check_equity, check_promote, check_sizes
from spv_sim.scenario.rules_correlation import check_correlation
from spv_sim.scenario.rules_covenant import check_covenants
from spv_sim.scenario.rules_credit import check_credit
from spv_sim.scenario.rules_deal import (
    check_fleet,
    check_holidays,
    check_horizon,
    check_periods,
    check_workout,
)
from spv_sim.scenario.rules_default import check_outcome
from spv_sim.scenario.rules_fleet import FLEET_RULES
from spv_sim.scenario.rules_grid import check_grid
from spv_sim.scenario.rules_lease import LEASE_RULES
from spv_sim.scenario.rules_names import check_class_names, check_tranche_names
from spv_sim.scenario.rules_price import PRICE_RULES
from spv_sim.scenario.rules_rates import check_rates
from spv_sim.scenario.rules_refinancing import check_refinancing
from spv_sim.scenario.rules_sweep import check_sweep
from spv_sim.scenario.rules_tranche import check_tranches
from spv_sim.scenario.rules_waterfall import check_waterfall
from spv_sim.scenario.table import Table
from spv_sim.scenario.text import Layer, name_path, parse
from spv_sim.scenario.vehicles import other_market, vehicle_layers

MOST_PROBLEMS = 50
RULES = (
    check_waterfall,
    check_accounts,
    check_periods,
    check_grid,
    check_tranches,
    check_refinancing,
    check_tranche_names,
    check_class_names,
    check_sizes,
    check_contingent_equity,
    check_equity,
    check_promote,
    check_covenants,
    check_fleet,
    check_credit,
    check_outcome,
    check_holidays,
    check_workout,
    check_horizon,
    check_correlation,
    check_rates,
    check_sweep,
    *PRICE_RULES,
    *LEASE_RULES,
    *FLEET_RULES,
)


class Spot(NamedTuple):
    """Where a setting stands."""

    file: str | None
    line: int | None
    column: int | None
    source: str | None
    length: int


@dataclass(frozen=True)
class Loaded:
    """A checked scenario with the origin of every value.

    Parameters
    ----------
    scenario : the model.
    origins : key -> where its value came from, for every resolved value.
    warnings : what is allowed but deserves a look.
    text : the text of the file that was asked for.
    files : the files of the chain, that one last.
    """

    scenario: Scenario
    origins: dict[str, Origin]
    warnings: tuple[str, ...]
    text: str
    files: tuple[str, ...]
    merged: Merged = field(repr=False, compare=False)
    vehicles: dict[str, Loaded] = field(default_factory=dict, repr=False, compare=False)

    def override(self, values: Mapping[str, object]) -> Loaded:
        """The same scenario with some settings changed, as by `--set`.

        Raises
        ------
        UserError : as for `read`.
        """
        return load([*self.merged.layers, *_override_layers(values, self.merged)])

    def locate(self, key: str) -> Spot:
        """Where a setting stands: file, line, column, the line itself and the length of the value."""
        problem = self.problem("", key, "")
        return Spot(problem.file, problem.line, problem.column, problem.source, problem.length)

    def problem(self, code: str, key: str, message: str, *, help: str | None = None) -> Problem:
        """A fault of this scenario at a setting, for rooms that find faults later."""
        return self.merged.problem(code, tuple(key.split(".")), message, help=help)


def read(path: str | FilePath, sets: Sequence[str] = ()) -> Loaded:
    """Read and check a scenario file.

    Parameters
    ----------
    path : the file.
    sets : assignments `key=value` that overrule it.

    Raises
    ------
    UserError : with every fault that could be found at once, each at its place.
    """
    layers: list[Layer] = []
    problems: list[Problem] = []
    sources: list[Callable[[], list[Layer]]] = [partial(stack_files, FilePath(path), str(path))]
    sources += [partial(_read_assignment, assignment) for assignment in sets]
    for source in sources:
        try:
            layers += source()
        except UserError as fault:
            problems += fault.problems
    if problems:
        raise UserError(*problems)
    return load(layers)


def read_text(text: str, name: str = "scenario") -> Loaded:
    """Read and check a scenario that is already in memory; it may not extend another.

    Raises
    ------
    UserError : as for `read`.
    """
    layer = parse(text, name)
    paths: list[Path] = [("spv", name, "extends") for name in extended(layer.document)]
    if "extends" in layer.document:
        paths.append(("extends",))
    for at in paths:
        message = "a text without a file cannot extend one"
        raise UserError(layer.problem("extends", message, layer.places.values.get(at), key=name_path(at)))
    return load([layer])


def load(layers: Sequence[Layer], *, with_published: bool = True) -> Loaded:
    """Merge sources and check the outcome, and the outcome under the overrides of each published term.

    Raises
    ------
    UserError : with every fault.
    """
    merged, problems = merge(layers)
    breaches = list(check_alternatives(merged.document))
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(merged.document)
        tables = Tables({name: getattr(scenario, name) for name in Scenario.model_fields})
    except ValidationError as fault:
        problems += explain_faults(fault, merged)
        tables = _sound_tables(merged.document)
    breaches += (breach for rule in RULES for breach in rule(tables))
    problems += [_place(breach, merged) for breach in breaches if breach.code is not None]
    if scenario is not None and not problems and with_published:
        problems += _check_published(scenario, merged)
    vehicles: dict[str, Loaded] = {}
    if scenario is not None and not problems:
        vehicles, problems = _load_vehicles(scenario, merged)
    if problems or scenario is None:
        raise UserError(*_in_order(problems, merged))
    files = [layer for layer in merged.layers if not layer.assigned]
    return Loaded(
        scenario,
        trace(scenario, merged),
        tuple(breach.message for breach in breaches if breach.code is None),
        files[-1].text if files else "",
        tuple(layer.file for layer in files),
        merged,
        vehicles,
    )


def resolved(loaded: Loaded) -> list[Setting]:
    """Every value of a scenario in the order of the model, as one would write it, with its origin."""
    return resolve(loaded.scenario, loaded.origins)


def _read_assignment(assignment: str) -> list[Layer]:
    return [read_assignment(assignment)]


def _override_layers(values: Mapping[str, object], merged: Merged) -> list[Layer]:
    batch = 1 + max(layer.batch for layer in merged.layers)
    return [
        read_assignment(f"{key}={value}", batch=batch)
        if isinstance(value, str)
        else assign(key, value, f"--set {key}={show(value, None)}", batch)
        for key, value in values.items()
    ]


def _sound_tables(document: dict[str, Any]) -> Tables:
    tables: dict[str, Table | None] = {}
    for name, entry in settings_of(Scenario).items():
        if not entry.tables:
            continue
        if name not in document and not entry.required:
            tables[name] = entry.field.get_default(call_default_factory=True)
            continue
        try:
            tables[name] = entry.tables[0].model_validate(document.get(name))
        except ValidationError:
            continue
    return Tables(tables)


def _place(breach: Breach, merged: Merged) -> Problem:
    return merged.problem(breach.code or "", breach.path, breach.message, key=breach.key, help=breach.help)


def _check_published(scenario: Scenario, merged: Merged) -> list[Problem]:
    problems = []
    for name, term in scenario.deal.published.items():
        if not term.set:
            continue
        at: Path = ("deal", "published", name, "set")
        if any(key.split(".")[:2] == ["deal", "published"] for key in term.set):
            problems.append(merged.problem("rule", at, f"{name_path(at)}: a check cannot change the checks"))
            continue
        try:
            load([*merged.layers, *_override_layers(term.set, merged)], with_published=False)
        except UserError as fault:
            problems += [
                merged.problem(inner.code, at, f"{name_path(at)}: {inner.message}", help=inner.help)
                for inner in fault.problems
            ]
    return problems


def _load_vehicles(scenario: Scenario, merged: Merged) -> tuple[dict[str, Loaded], list[Problem]]:
    """The deal of every vehicle of a programme, and the faults of all of them."""
    loaded: dict[str, Loaded] = {}
    problems: list[Problem] = []
    for name in scenario.spv:
        try:
            own = load(vehicle_layers(merged.layers, name), with_published=False)
            other = other_market(merged.layers, name)
            loaded[name] = replace(own, warnings=(*own.warnings, other)) if other else own
        except UserError as fault:
            problems += [replace(each, message=f"spv.{name}: {each.message}") for each in fault.problems]
    return loaded, problems


def _in_order(problems: list[Problem], merged: Merged) -> list[Problem]:
    files = [layer.file for layer in merged.layers]
    order = {file: number for number, file in enumerate(files)}
    ordered = sorted(
        dict.fromkeys(problems),
        key=lambda fault: (order.get(fault.file or "", 0), fault.line or 0, fault.column or 0),
    )
    if len(ordered) > MOST_PROBLEMS:
        more = Problem("more", f"there are more than {MOST_PROBLEMS} faults; mend these first")
        ordered = [*ordered[:MOST_PROBLEMS], more]
    return ordered
