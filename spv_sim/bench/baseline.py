"""Reads and writes the file that a benchmark is held to."""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spv_sim.bench.measurement import SCHEMA, Figure, Measurement
from spv_sim.bench.workload import Workload
from spv_sim.errors import CANNOT_WRITE, Problem, UserError
from spv_sim.store.document import document
from spv_sim.store.files import write_file

ADVICE = "`spv-sim bench --write FILE` writes a baseline"
MISSING = object()
NAMES: Mapping[type, str] = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


class WrongError(Exception):
    """What is wrong with a baseline: place, what was found, what is allowed."""


def read_baseline(path: Path) -> Measurement:
    """The measurement that a file holds.

    Raises
    ------
    UserError : it cannot be read, or is no baseline; exit code 2.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise _refusal(path, f"cannot read the baseline: {fault.strerror or fault}") from None
    try:
        return from_record(json.loads(content))
    except (ValueError, RecursionError) as fault:
        raise _refusal(path, f"the baseline is not JSON: {fault}") from None
    except WrongError as fault:
        raise _refusal(path, f"not a baseline of a benchmark: {fault}") from None


def check_same_work(path: Path, kept: Measurement, workload: Workload) -> None:
    """Refuse a baseline of something else.

    Raises
    ------
    UserError : exit code 2.
    """
    was = kept.workload
    for what, before, now in (("paths", was.paths, workload.paths), ("seed", was.seed, workload.seed)):
        if before != now:
            message = f"the baseline was measured with {what} {before:,}, this is a run with {what} {now:,}"
            raise _refusal(path, message)
    if was.settings != workload.settings:
        message = f"the baseline is of another scenario, or of {was.scenario!r} before it was changed"
        raise _refusal(path, message, f"it was measured of {was.scenario!r}; {ADVICE} of this one")


def check_place(path: Path) -> None:
    """Refuse a place for a baseline that is taken by something else, or cannot be written to.

    Raises
    ------
    UserError : exit code 2 where it is taken, 4 where it cannot be written.
    """
    if os.path.lexists(path):
        try:
            read_baseline(path)
        except UserError:
            message = "the file exists, is not a baseline, and is left as it is"
            raise UserError(Problem("exists", message, file=str(path), help="choose another name")) from None
    folder = path.parent
    if not folder.is_dir():
        raise _cannot_write(path, f"there is no folder {str(folder)!r}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _cannot_write(path, f"the folder {str(folder)!r} cannot be written to")


def write_baseline(path: Path, measured: Measurement) -> None:
    """Write a measurement; a baseline of that name is replaced whole or not at all.

    Raises
    ------
    UserError : exit code 4.
    """
    staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            write_file(staged, document(measured.record()))
            os.replace(staged, path)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as fault:
        raise _cannot_write(path, fault.strerror or str(fault)) from None


def from_record(value: Any) -> Measurement:
    """The measurement of plain values.

    Raises
    ------
    WrongError
    """
    if not isinstance(value, dict):
        raise WrongError(f"found {_told(value)}, allowed is an object")
    if (schema := value.get("schema")) != SCHEMA:
        raise WrongError(f"`schema` is {_told(schema)}, allowed is {SCHEMA!r}")
    work = _take(value, "workload", dict)
    figures = {
        name: _figure(figure, f"figures.{name}") for name, figure in _take(value, "figures", dict).items()
    }
    answers = _take(value, "answers", dict)
    for name in answers:
        _take(answers, name, str, "answers.")
    return Measurement(
        Workload(
            _take(work, "scenario", str, "workload."),
            _take(work, "settings", str, "workload."),
            _take(work, "paths", int, "workload."),
            _take(work, "seed", int, "workload."),
        ),
        figures,
        answers,
        _take(value, "machine", dict),
    )


def _figure(value: Any, place: str) -> Figure:
    if not isinstance(value, dict):
        raise WrongError(f"`{place}` is {_told(value)}, allowed is an object")
    values = _take(value, "processes", list, f"{place}.")
    if not values:
        raise WrongError(f"`{place}.processes` is empty, allowed is a number for each process")
    return Figure(
        _take(value, "title", str, f"{place}."),
        _take(value, "unit", str, f"{place}."),
        [_positive(each, f"{place}.processes") for each in values],
        _positive(value.get("low", MISSING), f"{place}.low"),
        _positive(value.get("high", MISSING), f"{place}.high"),
        _take(value, "note", str, f"{place}."),
    )


def _take(table: Mapping[str, Any], name: str, kind: type, at: str = "") -> Any:
    value = table.get(name, MISSING)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise WrongError(f"`{at}{name}` is {_told(value)}, allowed is {NAMES[kind]}")
    return value


def _positive(value: Any, place: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value < math.inf:
        raise WrongError(f"`{place}` is {_told(value)}, allowed is a number above zero")
    return float(value)


def _told(value: Any) -> str:
    return "missing" if value is MISSING else repr(value)[:60]


def _refusal(path: Path, message: str, help: str = ADVICE) -> UserError:
    return UserError(Problem("baseline", message, file=str(path), help=help))


def _cannot_write(path: Path, reason: str) -> UserError:
    problem = Problem("cannot-write", f"cannot write the baseline: {reason}", file=str(path))
    return UserError(problem, exit_code=CANNOT_WRITE)
