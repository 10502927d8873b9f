"""The list of all settings, drawn from the model: key, title, unit, allowed range, default and examples."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from spv_sim.scenario.quantities import Unit
from spv_sim.scenario.table import Table
from spv_sim.scenario.units import is_plain

NAME = "<name>"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Entry:
    """One setting.

    Parameters
    ----------
    key : its path; `<name>` stands for a name that the user gives.
    field : its declaration.
    unit : how its value is written, where it is a quantity.
    tables : the tables it holds, empty for a value.
    choices : the allowed words, empty where there is no list.
    limits : allowed range: "ge", "gt", "le", "lt" -> stored value.
    kinds : for a setting of one kind of table only, that kind.
    named : whether it holds tables or values by a name that the user gives.
    words : type of the value in words, where it is neither a quantity nor a choice.
    """

    key: str
    field: FieldInfo
    unit: Unit | None = None
    tables: tuple[type[Table], ...] = ()
    choices: tuple[object, ...] = ()
    limits: dict[str, float] = dataclasses.field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    named: bool = False
    words: str = ""

    @property
    def title(self) -> str:
        """The market's term."""
        return self.field.title or self.key.rpartition(".")[2]

    @property
    def also(self) -> tuple[str, ...]:
        """Other words for it."""
        extra = self.field.json_schema_extra
        also = extra.get("x-also", []) if isinstance(extra, dict) else []
        return tuple(str(word) for word in also) if isinstance(also, list) else ()

    @property
    def required(self) -> bool:
        """Whether a scenario must say it."""
        return self.field.is_required()

    @property
    def range(self) -> str:
        """The allowed values, as text."""
        if self.choices:
            return " or ".join(show(choice, None) for choice in self.choices)
        low = next(
            (
                (word, self.limits[mark])
                for mark, word in (("ge", "at least "), ("gt", "above "))
                if mark in self.limits
            ),
            None,
        )
        high = next(
            (
                (word, self.limits[mark])
                for mark, word in (("le", "at most "), ("lt", "below "))
                if mark in self.limits
            ),
            None,
        )
        return " and ".join(word + show(limit, self.unit) for word, limit in filter(None, (low, high)))

    @property
    def default(self) -> str:
        """The default as one would write it; empty where there is none."""
        if self.required or self.tables:
            return ""
        value = self.field.get_default(call_default_factory=True)
        return "none" if value is None or value in ({}, [], "") else show(value, self.unit)


@cache
def list_settings() -> tuple[Entry, ...]:
    """All settings of a scenario in the order of the model."""
    from spv_sim.scenario.model import Scenario

    return tuple(_walk(Scenario, ""))


@cache
def settings_of(table: type[BaseModel]) -> dict[str, Entry]:
    """The settings of one table by name."""
    return {
        alias_of(name, info): _entry("", alias_of(name, info), info)
        for name, info in table.model_fields.items()
    }


def alias_of(name: str, info: FieldInfo) -> str:
    """The name of a field as a file spells it."""
    return info.alias or name


def find_setting(key: str) -> tuple[Entry, ...]:
    """The settings that a key names: several where kinds of a table share a word, none if unknown."""
    parts = key.split(".")
    return tuple(entry for entry in list_settings() if _matches(entry.key.split("."), parts))


def example_of(entry: Entry) -> str:
    """How a file would write the setting; empty for a table."""
    if entry.tables and not entry.field.examples:
        return ""
    if entry.field.examples:
        return _quoted(entry.field.examples[0])
    if entry.choices:
        return _quoted(entry.choices[0])
    if entry.unit is not None:
        return _quoted(entry.unit.kind.examples[0])
    return "true" if entry.words == "true or false" else ""


def _quoted(example: object) -> str:
    text = str(example)
    is_toml = not isinstance(example, str) or is_plain(text) or text.startswith(("{", "["))
    return text if is_toml or _DATE.fullmatch(text) else f'"{text}"'


def show(value: Any, unit: Unit | None) -> str:
    """A stored value as one would write it in a file, without quotes."""
    if (
        unit is not None
        and not isinstance(value, dict)
        and (isinstance(value, int | float) or not _is_list(value))
    ):
        return unit.format(value)
    if _is_list(value):
        items = [show(item, unit) for item in value]
        return (
            items[0]
            if len(items) == 1
            else "[" + ", ".join(f'"{item}"' if unit else item for item in items) + "]"
        )
    if isinstance(value, dict):
        items = [f"{name} = {show(item, unit)}" for name, item in value.items()]
        return "{ " + ", ".join(items) + " }" if items else "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "none" if value is None else str(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list) or type(value) is tuple


def _matches(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(a in (b, NAME) for a, b in zip(pattern, parts, strict=True))


def _walk(table: type[BaseModel], prefix: str, kinds: tuple[str, ...] = ()) -> Iterator[Entry]:
    for name, info in table.model_fields.items():
        entry = _entry(prefix, alias_of(name, info), info, kinds)
        yield entry
        inner = f"{entry.key}.{NAME}." if entry.named else f"{entry.key}."
        for child in entry.tables:
            yield from _walk(child, inner, _kind_of(child) if len(entry.tables) > 1 else kinds)


def _kind_of(table: type[BaseModel]) -> tuple[str, ...]:
    return tuple(str(choice) for choice in get_args(table.model_fields["kind"].annotation))


def _entry(prefix: str, name: str, info: FieldInfo, kinds: tuple[str, ...] = ()) -> Entry:
    found = _Found()
    found.add_all(info.metadata)
    found.look_into(info.annotation)
    return Entry(
        prefix + name,
        info,
        found.unit,
        tuple(found.tables),
        tuple(found.choices),
        found.limits,
        kinds,
        found.named,
        found.words,
    )


class _Found:
    def __init__(self) -> None:
        self.unit: Unit | None = None
        self.tables: list[type[Table]] = []
        self.choices: list[object] = []
        self.limits: dict[str, float] = {}
        self.named = False
        self.words = ""

    def add_all(self, metadata: Any) -> None:
        for item in metadata:
            if isinstance(item, Unit):
                self.unit = item
            elif isinstance(item, FieldInfo):
                self.add_all(item.metadata)
            else:
                for mark, of in (
                    ("ge", annotated_types.Ge),
                    ("gt", annotated_types.Gt),
                    ("le", annotated_types.Le),
                    ("lt", annotated_types.Lt),
                ):
                    if isinstance(item, of):
                        self.limits[mark] = getattr(item, mark)

    def look_into(self, annotation: Any) -> None:
        origin, inner = get_origin(annotation), get_args(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Table):
            self.tables.append(annotation)
        elif origin is Literal:
            self.choices.extend(inner)
        elif origin is dict:
            self.named = inner[1] is not Any
            self.words = "a table" if inner[1] is Any else self.words
            self.look_into(inner[1])
        elif hasattr(annotation, "__metadata__"):
            self.add_all(annotation.__metadata__)
            self.look_into(inner[0])
        elif origin in (tuple, list) or origin is Union or "Union" in type(annotation).__name__:
            self.words = "a list of texts" if origin is list else self.words
            for part in inner:
                self.look_into(part)
        elif annotation in (bool, str, datetime.date):
            self.words = {bool: "true or false", str: "text", datetime.date: "a date"}[annotation]
