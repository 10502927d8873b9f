"""The `deal` table: what the deal is called, when it closes, and which published terms it must reproduce."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from spv_sim.scenario.quantities import Metric, Rate
from spv_sim.scenario.table import Table, setting


def _flatten(value: Any) -> dict[str, Any]:
    """Settings by dotted key, whether the file quotes the keys or nests them."""
    if not isinstance(value, dict):
        raise PydanticKnownError("dict_type")
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        nested = _flatten(inner) if isinstance(inner, dict) else {"": inner}
        flat |= {f"{name}.{rest}" if rest else name: leaf for rest, leaf in nested.items()}
    return flat


Overrides = Annotated[dict[str, Any], BeforeValidator(_flatten), WithJsonSchema({"type": "object"})]


class PublishedTerm(Table):
    """A number published about the deal, which the base case is checked against."""

    metric: str = setting(
        "Metric", "Name of the base-case metric that is compared.", examples=("base_case.spv.average_dscr",)
    )
    expected: Metric = setting("Expected value", "The published number.", examples=(1.375, "22.7 %"))
    tolerance: Metric = setting(
        "Tolerance",
        "Largest difference at which the check passes, in the metric's unit.",
        gt=0,
        examples=(0.005,),
    )
    unit: str = setting("Unit", "Unit of the metric, for the reader.", default="", examples=("x", "1/year"))
    source: str = setting(
        "Source", "Where the number was published.", examples=("company release, 2026-01-07",)
    )
    set: Overrides = setting(
        "Overrides",
        "Settings changed for this check only, written as for --set.",
        make=dict,
        examples=('{ "lease.first_payment_to" = "trap" }',),
    )


class Deal(Table):
    """What the deal is called, when it closes and how its equity is discounted."""

    name: str = setting(
        "Name", "Short name of the deal; run folders and reports carry it.", examples=("VCI H100",)
    )
    description: str = setting("Description", "One or two sentences for the reader of a report.", default="")
    closing: datetime.date | None = setting(
        "Financial close",
        "Date of month 0. Months are equal twelfths of a year; the date labels them, and moves no number but "
        "index rates whose rates.day_count counts days.",
        default=None,
        examples=("2026-10-31",),
    )
    hurdle: Rate = setting(
        "Hurdle rate",
        "Effective annual rate at which equity cash flows are discounted for the net present value.",
        default=0.12,
        gt=-1,
        also=("discount_rate", "npv_rate"),
    )
    published: dict[str, PublishedTerm] = setting(
        "Published terms",
        "Numbers published about the deal, each checked against the base case.",
        make=dict,
        max_length=50,
    )
