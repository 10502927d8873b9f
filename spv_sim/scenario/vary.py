"""How a sweep says the values of a setting: a range with a count or step, or a list, each with units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from spv_sim.scenario.units import RATIO, SHARE, Kind, quote

HAZARD_MULTIPLE = "hazard-multiple"
RESIDUAL_HAIRCUT = "residual-haircut"
SPECIAL: Mapping[str, Kind] = {HAZARD_MULTIPLE: RATIO, RESIDUAL_HAIRCUT: SHARE}
"""What may be varied beside settings: a factor on the lessee's hazard, a share off every resale price."""

MOST_VALUES = 10**5
RANGE = frozenset(("from", "to", "count", "step"))
ADVICE = 'write "50%:90%:9" (from:to:count) or "50%, 70%, 90%"'
IN_A_FILE = '{ from = "50 %", to = "90 %", count = 9 } or ["50 %", "70 %", "90 %"]'
_BARE = re.compile(r"[+-]?[\d_.,]+(?:[eE][+-]?\d+)?")
_COUNT = re.compile(r"(\d+)\s*(.*)")
_GROUPED = re.compile(r"(?<![\d_.])\d{1,3},\d{3}(?![\d_])")


class VaryError(ValueError):
    """Values that cannot be read; `code` is that of the fault, the text says what is allowed."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Step:
    """One value of a varied setting.

    written : as one would write it.  setting : what an assignment takes.
    number : in the stored unit; None where the setting is not a number.
    """

    written: str
    setting: object
    number: float | None


def parse_assignment(text: str) -> tuple[str, str]:
    """Read `key=values`.

    Raises
    ------
    VaryError : no `=`, nothing before or after it.
    """
    key, equals, values = text.partition("=")
    if not equals or not key.strip() or not values.strip():
        raise VaryError("usage", f"a varied setting is written key=values: {ADVICE}")
    return key.strip(), values.strip()


def parse_values(text: str, kind: Kind | None) -> Mapping[str, object] | Sequence[object]:
    """The values of a command line as a file would say them: a range as a table, else a list.

    A unit that stands behind the last number alone is that of all: `1.6,2.1,2.6 USD/GPU-hour`.

    Raises
    ------
    VaryError : a range without three parts, digits that may be grouped or be two values.
    """
    if kind is None:
        return [part.strip() for part in text.split(",")]
    if ":" in text:
        parts = [part.strip() for part in text.split(":")]
        found = _COUNT.fullmatch(parts[-1])
        if len(parts) != 3 or found is None:
            raise VaryError("usage", f"{quote(text)} is not a range; {ADVICE}")
        low, high = with_unit([*parts[:2]], found[2])
        return {"from": low, "to": high, "count": int(found[1])}
    if _GROUPED.search(text):
        message = f"{quote(text)}: a comma may part values or group digits here"
        raise VaryError("usage", f"{message}; write a blank after it, or 32_000 for 32,000")
    return with_unit([part.strip() for part in text.split(",")], "")


def with_unit(parts: list[str], unit: str) -> list[str]:
    """Numbers with the unit behind them all; without it, where only the last has one, with that."""
    if not unit and all(map(_BARE.fullmatch, parts[:-1])):
        found = _BARE.match(parts[-1])
        unit = parts[-1][found.end() :].strip() if found else ""
    return [f"{part} {unit}" if unit and _BARE.fullmatch(part) else part for part in parts]


def steps_of(said: object, kind: Kind | None) -> tuple[Step, ...]:
    """The values that a file's range or list names, in its order.

    Parameters
    ----------
    said : a table with `from`, `to` and `count` or `step`, or a list.
    kind : of the setting; None where it is not a number.

    Raises
    ------
    VaryError : neither, an empty range, a value twice, more than `MOST_VALUES`.
    UnitError : a value that is none of the kind.
    """
    if isinstance(said, Mapping):
        steps = _range(said, kind)
    elif isinstance(said, Sequence) and not isinstance(said, str):
        _allow(len(said))
        steps = tuple(_step(value, kind) for value in said)
    else:
        raise VaryError("type", f"{quote(said)} is neither a range nor a list; write {IN_A_FILE}")
    if not steps:
        raise VaryError("empty-range", f"there is no value; {ADVICE}")
    seen: set[object] = set()
    for step in steps:
        known = step.written if step.number is None else step.number
        if known in seen:
            raise VaryError("twice", f"{step.written} stands there twice")
        seen.add(known)
    return steps


def _allow(count: int) -> None:
    if count > MOST_VALUES:
        raise VaryError("too-many", f"{count:,} values are more than {MOST_VALUES:,}")


def _step(value: object, kind: Kind | None) -> Step:
    if kind is None:
        if isinstance(value, Mapping):
            raise VaryError("type", f"{quote(value)} is not a value; write {IN_A_FILE}")
        if value == "":
            raise VaryError("empty-range", f"a value is empty; {ADVICE}")
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return Step(written, value, None)
    number = kind.parse(value)
    return Step(kind.format(float(number)), kind.format(float(number)), float(number))


def _range(said: Mapping[str, object], kind: Kind | None) -> tuple[Step, ...]:
    unknown = [name for name in said if name not in RANGE]
    if unknown or not {"from", "to"} <= said.keys() or ("count" in said) == ("step" in said):
        raise VaryError("usage", f"a range has from, to and either count or step, as in {IN_A_FILE}")
    if kind is None:
        raise VaryError("not-a-number", f"only a number has a range; {ADVICE.rpartition(' or ')[2]}")
    low, high = (_exact(kind.parse(said[end])) for end in ("from", "to"))
    count = _count(said, kind, low, high)
    _allow(count)
    if count < 2 or low == high:
        message = f"from {kind.format(float(low))} to {kind.format(float(high))} in {count} values"
        raise VaryError("empty-range", f"{message} is no range; it needs two ends and two values or more")
    points = [low + (high - low) * i / (count - 1) for i in range(count)]
    if kind.whole and any(point.denominator != 1 for point in points):
        raise VaryError("not-whole", f"{count} values from {low} to {high} are not whole numbers")
    return tuple(_step(kind.format(float(point)), kind) for point in points)


def _count(said: Mapping[str, object], kind: Kind, low: Fraction, high: Fraction) -> int:
    if "count" in said:
        count = said["count"]
        if isinstance(count, bool) or not isinstance(count, int):
            raise VaryError("type", f"count: {quote(count)} is not a whole number")
        return count
    step = _exact(kind.parse(said["step"]))
    if step == 0 or (high - low) / step < 0:
        raise VaryError("empty-range", "the step does not lead from the first value to the last one")
    steps = (high - low) / step
    if steps.denominator != 1:
        raise VaryError("empty-range", "the last value is not a whole number of steps from the first one")
    return int(steps) + 1


def _exact(value: float | int) -> Fraction:
    """The decimal number that a float stands for."""
    return Fraction(Decimal(repr(value)))


def flatten(table: Mapping[str, Any]) -> dict[str, Any]:
    """The ranges and lists of a file by dotted key, whether it quotes the keys or nests them."""
    flat: dict[str, Any] = {}
    for name, inner in table.items():
        if isinstance(inner, Mapping) and not RANGE & inner.keys():
            flat |= {f"{name}.{rest}": leaf for rest, leaf in flatten(inner).items()}
        else:
            flat[name] = inner
    return flat
