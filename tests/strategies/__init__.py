"""Random valid scenarios for hypothesis, written as a file would say them, over every switch of the model."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read_text

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
Draw = st.DrawFn
Document = dict[str, Any]


class Size(NamedTuple):
    """What the tables of a deal must fit to.

    construction, term : months.  units, cost : of the whole fleet [1, USD].
    lease_every, debt_every : months between dates.
    yearly : whether the deal is on a grid of years.
    """

    construction: int
    term: int
    units: int
    cost: int
    lease_every: int
    debt_every: int
    yearly: bool = False

    @property
    def fair_rate(self) -> float:
        """Hourly rate at which the term's rents add up to the cost [USD/GPU-hour]."""
        return self.cost / self.units / self.term / 730


def examples(count: int) -> settings:
    """The same `count` examples on every run; many new ones where HYPOTHESIS_PROFILE is nightly."""
    return settings(
        max_examples=50 * count if NIGHTLY else count,
        derandomize=not NIGHTLY,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def between(low: float, high: float, digits: int = 4) -> st.SearchStrategy[float]:
    """Numbers with few digits, the ends included; hypothesis shrinks them to the lower end."""
    scale = 10**digits
    return st.integers(round(low * scale), round(high * scale)).map(lambda n: n / scale)


def mostly(usual: object, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual value in one half of the draws, so that features meet each other and are met alone."""
    return st.one_of(st.just(usual), other)


def percent(share: float) -> str:
    """A share or rate as a file says it."""
    return f"{share * 100:.6f} %"


def months(count: int) -> str:
    """A duration as a file says it."""
    return f"{count} months"


def usd(amount: float) -> str:
    """Money as a file says it."""
    return f"{amount:.2f} USD"


def hourly(rate: float) -> str:
    """The price of a GPU-hour as a file says it."""
    return f"{rate:.6f} USD/GPU-hour"


def write_toml(document: Document, at: str = "") -> Iterator[str]:
    """Lines of a TOML file; values of None are left out."""
    tables = {key: value for key, value in document.items() if isinstance(value, dict)}
    lists = {key: value for key, value in document.items() if _is_list_of_tables(value)}
    for key, value in document.items():
        if key not in tables and key not in lists and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in tables.items():
        yield f"[{at}{_key(key)}]"
        yield from write_toml(value, f"{at}{_key(key)}.")
    for key, value in lists.items():
        for table in value:
            yield f"[[{at}{_key(key)}]]"
            yield from write_toml(table)


def _value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else json.dumps(value)


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() else json.dumps(key)


def build(document: Document) -> Scenario:
    """The checked scenario of a document."""
    return read_text("\n".join(write_toml(document))).scenario
